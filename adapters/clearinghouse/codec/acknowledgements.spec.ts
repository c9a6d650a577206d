import { expect } from 'chai'
import { transactionsIn } from '../fixtures/found.ts'
import { cells, interchange, rows } from '../fixtures/response.ts'
import { readClaimAck } from './claim-ack.ts'
import { readFunctionalAck, reasonsOfSet } from './functional-ack.ts'
import { labels } from './labels.ts'
import { readTa1 } from './ta1.ts'

describe('A TA1', () => {
  const cases: [title: string, ta1: string, isa13: number | null, outcome: string][] = [
    ['accepts', 'TA1*000000101*261201*0910*A*000', 101, 'accepted'],
    ['accepts with errors', 'TA1*000000101*261201*0910*E*014', 101, 'accepted-with-errors'],
    ['rejects', 'TA1*000000101*261201*0910*R*025', 101, 'rejected'],
    ['names our number without its zeros', 'TA1*101*261201*0910*A*000', 101, 'accepted'],
    ['names no number that is one', 'TA1*00000010X*261201*0910*A*000', null, 'accepted'],
    ['says a code that nobody knows, which is no acceptance', 'TA1*000000101*261201*0910*Q*000', 101, 'unreadable'],
    ['says nothing', 'TA1*000000101', 101, 'unreadable'],
    ['says what an object has from its prototype', 'TA1*000000101*261201*0910*constructor*000', 101, 'unreadable'],
  ]
  for (const [title, ta1, isa13, outcome] of cases) it(title, () => expect(readTa1(cells(ta1))).to.include({ isa13, outcome }))
  it('has a note in our own words for each of 000 to 031, and keeps one that is not known', () => {
    for (let i = 0; i <= 31; i += 1) expect(readTa1(cells(`TA1*1*1*1*R*${String(i).padStart(3, '0')}`)).note.label, String(i)).to.match(/^[a-z]/)
    expect(Object.keys(labels.interchangeNote)).to.have.length(32)
    expect(readTa1(cells('TA1*1*1*1*R*099')).note).to.deep.equal({ code: '099' })
  })
})

const ack = (set: '999' | '997', ...texts: string[]) => {
  const [only] = transactionsIn(interchange([rows(...texts)], { set, version: '005010X231A1' }))
  if (!only) throw new Error('no set')
  return readFunctionalAck(only)
}
const set = (st02: string, code: string) => [`AK2*270*${st02}`, `IK5*${code}`]
const outcomesOf = ({ sets }: ReturnType<typeof ack>) => sets.map(({ st02, outcome }) => `${st02} ${outcome}`)

describe('A 999', () => {
  const groups: [title: string, rows: string[], outcome: string, sets: string[], unnamed: string][] = [
    ['A: all sets are accepted', ['AK1*HS*77', 'AK9*A*3*3*3'], 'accepted', [], 'accepted'],
    ['E: accepted, errors and all', ['AK1*HS*77', 'AK9*E*3*3*3'], 'accepted-with-errors', [], 'accepted'],
    ['R without AK2: all are rejected', ['AK1*HS*77', 'AK9*R*3*3*0'], 'rejected', [], 'rejected'],
    ['R takes a set with it that is called accepted', ['AK1*HS*77', ...set('0001', 'A'), 'AK9*R*3*3*0'], 'rejected', ['0001 rejected'], 'rejected'],
    ['P: the others are accepted, as the counts prove', ['AK1*HS*77', ...set('0002', 'R'), 'AK9*P*3*3*2'], 'partial', ['0002 rejected'], 'accepted'],
    ['P: unknown where the counts do not prove it', ['AK1*HS*77', ...set('0002', 'R'), 'AK9*P*3*3*1'], 'partial', ['0002 rejected'], 'unknown'],
    ['P: unknown without counts', ['AK1*HS*77', ...set('0002', 'R'), 'AK9*P'], 'partial', ['0002 rejected'], 'unknown'],
    ['P: unknown where a count is no number', ['AK1*HS*77', ...set('0002', 'R'), 'AK9*P*3X*3*2'], 'partial', ['0002 rejected'], 'unknown'],
    ['M, W, X: security, rejected', ['AK1*HS*77', 'AK9*W*3*3*0'], 'rejected', [], 'rejected'],
    ['a code that nobody knows is rejected', ['AK1*HS*77', 'AK9*Q*3*3*3'], 'rejected', [], 'rejected'],
    ['A with one set named as rejected', ['AK1*HS*77', ...set('0002', 'R'), 'AK9*A*3*3*3'], 'accepted', ['0002 rejected'], 'accepted'],
  ]
  for (const [title, texts, outcome, sets, unnamed] of groups)
    it(title, () => {
      const read = ack('999', ...texts)
      expect(read).to.include({ outcome, unnamed, gs06: 77, functionalId: 'HS', damage: null })
      expect(outcomesOf(read)).to.deep.equal(sets)
    })
  for (const [code, outcome] of [
    ['A', 'accepted'],
    ['E', 'accepted-with-errors'],
    ['R', 'rejected'],
    ['M', 'rejected'],
    ['W', 'rejected'],
    ['X', 'rejected'],
    ['P', 'rejected'],
    ['Q', 'rejected'],
    ['', 'rejected'],
  ])
    it(`IK5 "${code}": the set is ${outcome}`, () => {
      expect(outcomesOf(ack('999', 'AK1*HS*77', ...set('0001', code ?? ''), 'AK9*P*2*2*1'))).to.deep.equal([`0001 ${outcome}`])
    })
  it('is read from a 997 alike', () => {
    const read = ack('997', 'AK1*HS*77', 'AK2*270*0002', 'AK3*NM1*8*2100C*8', 'AK4*9**7*SECRET', 'AK5*R*5', 'AK9*P*3*3*2')
    expect(read).to.include({ set: '997', outcome: 'partial', unnamed: 'accepted' })
    expect(read.sets.map(reasonsOfSet)).to.deep.equal([['set-5', 'NM1@8 2100C 9:7']])
  })
  it('says where something is wrong, and never what stood there', () => {
    const texts = [
      'AK1*HS*77*005010X279A1',
      'AK2*270*0002*005010X279A1',
      'IK3*NM1*8*2100C*8',
      'CTX*SITUATIONAL TRIGGER*NM1*8',
      'IK4*9:2*67*7*SECRET',
      'IK4*3**1',
      'IK3*DTP*11**I9',
      'IK5*R*5*I5',
      'AK9*P*2*2*1',
    ]
    const read = ack('999', ...texts)
    expect(read.sets.map(reasonsOfSet)).to.deep.equal([['set-5', 'set-I5', 'NM1@8 2100C 9.2:7', 'NM1@8 2100C 3:1', 'DTP@11 I9']])
    expect(JSON.stringify(read)).not.to.include('SECRET')
    expect(read.version).to.equal('005010X279A1')
  })
  it('puts nothing into a reason that is no code', () => {
    const read = ack('999', 'AK1*HS*77', 'AK2*270*0002', 'IK3*ROSA MARLOWE*8*HX4471002*MARLOWE', 'IK5*R*ROSA MARLOWE', 'AK9*R*1*1*0')
    expect(read.sets.flatMap(reasonsOfSet)).to.deep.equal(['set-?', '?@8 ? ?'])
  })
  const damaged: [title: string, rows: string[], damage: string][] = [
    ['no AK9', ['AK1*HS*77', ...set('0001', 'A')], 'missing-segment'],
    ['no AK1', ['AK9*A*1*1*1'], 'missing-segment'],
    ['two AK9', ['AK1*HS*77', 'AK9*A*1*1*1', 'AK9*R*1*1*0'], 'missing-segment'],
    ['AK2 without its IK5', ['AK1*HS*77', 'AK2*270*0001', 'AK2*270*0002', 'IK5*A', 'AK9*A*2*2*2'], 'missing-segment'],
    ['IK5 without its AK2', ['AK1*HS*77', 'IK5*R', 'AK9*A*2*2*2'], 'missing-segment'],
    ['a tag that it does not have', ['AK1*HS*77', 'AK2*270*0001', 'IK6*R', 'AK9*A*2*2*2'], 'bad-segment'],
  ]
  for (const [title, texts, damage] of damaged)
    it(`says nothing about any set: ${title}`, () => {
      expect(ack('999', ...texts)).to.deep.include({ outcome: 'unreadable', unnamed: 'unknown', sets: [], damage })
    })
  it('says nothing when it does not verify', () => {
    const [only] = transactionsIn(interchange([rows('AK1*HS*77', 'AK9*A*3*3*3')], { set: '999' }).replace(/SE\*\d+/, 'SE*9'))
    expect(only && readFunctionalAck(only)).to.include({ outcome: 'unreadable', damage: 'count-mismatch' })
  })
  it('gives no number where AK102 is none', () => expect(ack('999', 'AK1*HS*7X', 'AK9*A*1*1*1').gs06).to.equal(null))
})

describe('A 277CA', () => {
  const read = (...texts: string[]) => {
    const [only] = transactionsIn(interchange([rows(...texts)], { set: '277', version: '005010X214' }))
    return only && readClaimAck(only).outcome
  }
  const cases: [title: string, rows: string[], outcome: string][] = [
    ['accepted', ['STC*A1:19:PR*20261201*WQ*100', 'STC*A2:20:PR*20261201*WQ*100'], 'accepted'],
    ['rejected', ['STC*A3:21:PR*20261201*U*100'], 'rejected'],
    ['mixed', ['STC*A2:20*20261201*WQ', 'STC*A3:21*20261201*U'], 'mixed'],
    ['unknown: no word', ['HL*1**20*1'], 'unknown'],
    ['unknown: another word', ['STC*A2:20*20261201*WQ', 'STC*A2:20*20261201*ZZ'], 'unknown'],
  ]
  for (const [title, texts, outcome] of cases) it(title, () => expect(read(...texts)).to.equal(outcome))
})
