import { copayCentsOf } from '@heliox/core/billing'
import { expect } from 'chai'
import { onlyAnswer, told } from '../fixtures/found.ts'
import { answer, rows } from '../fixtures/response.ts'

const shares = (...texts: string[]) => told(onlyAnswer(answer(rows(...texts))).costShare) as Record<string, unknown>[]
const cents = (...texts: string[]) => copayCentsOf(onlyAnswer(answer(rows(...texts))))

describe('What the patient pays', () => {
  for (const [code, kind] of [
    ['A', 'coinsurance'],
    ['B', 'copay'],
    ['C', 'deductible'],
    ['F', 'limitation'],
    ['G', 'out-of-pocket'],
    ['Y', 'spend-down'],
  ])
    it(`EB ${code} is ${kind}`, () => expect(shares(`EB*${code}*IND*30***23*100`)[0]).to.include({ kind, amount: '100', total: '100' }))
  it('is in no other benefit', () => {
    for (const code of ['1', '6', 'D', 'E', 'I', 'L', 'R', 'U', 'V', 'W', 'X', 'Q9']) expect(shares(`EB*${code}**30***23*100`), code).to.deep.equal([])
  })
  it('is not in a benefit that the payer turned down', () => expect(shares('EB*B**98***27*25', 'AAA*N**69*C')).to.deep.equal([]))
  for (const [code, network] of [
    ['Y', 'in'],
    ['N', 'out'],
    ['W', 'both'],
    ['U', 'unknown'],
    ['', 'unknown'],
    ['Q', 'unknown'],
  ])
    it(`EB12 "${code}" is network ${network}`, () => expect(shares(`EB*B**98***27*25*****${code}`)[0]).to.include({ network }))
  for (const [code, authorization] of [
    ['Y', 'required'],
    ['N', 'not-required'],
    ['U', 'unknown'],
    ['', 'unknown'],
  ])
    it(`EB11 "${code}" is authorization ${authorization}`, () => expect(shares(`EB*B**98***27*25****${code}*Y`)[0]).to.include({ authorization }))
  it('keeps a percentage apart from an amount, and a zero apart from nothing', () => {
    expect(shares('EB*A**98*****0')[0]).to.include({ percent: '0' })
    expect(shares('EB*A**98')[0]).not.to.have.property('percent')
    expect(shares('EB*B**98***27*0')[0]).to.include({ amount: '0' })
  })
  it('carries what changes its meaning: message, procedure, place', () => {
    expect(shares('EB*B**98***27*25******HC:99213', 'MSG*SPECIALIST', 'III*ZZ*11')[0]).to.deep.include({
      notes: ['SPECIALIST'],
      procedure: { qualifier: 'HC', code: '99213', modifiers: [], rest: [] },
      placeOfService: ['11'],
    })
  })
})

describe('A total and what is left of it', () => {
  const total = 'EB*C*IND*30*HM*GOLD*23*1500*****Y'
  const joined: [title: string, rows: string[], expected: Record<string, unknown>][] = [
    ['what is left', [total, 'EB*C*IND*30*HM*GOLD*29*700*****Y'], { total: '1500', remaining: '700', eb: [0, 1] }],
    ['in the other order', ['EB*C*IND*30*HM*GOLD*29*700*****Y', total], { total: '1500', remaining: '700', eb: [1, 0] }],
    ['what was used', [total, 'EB*C*IND*30*HM*GOLD*24*800*****Y'], { total: '1500', met: '800', eb: [0, 1] }],
    ['both', [total, 'EB*C*IND*30*HM*GOLD*24*800*****Y', 'EB*C*IND*30*HM*GOLD*29*700*****Y'], { total: '1500', met: '800', remaining: '700', eb: [0, 1, 2] }],
    ['of a lifetime', ['EB*G*IND*30***32*9000', 'EB*G*IND*30***33*8000'], { total: '9000', remaining: '8000', eb: [0, 1] }],
    ['of visits', ['EB*F**33***23***VS*20', 'EB*F**33***29***VS*14'], { total: '20', remaining: '14', eb: [0, 1] }],
    ['of service types in another order', ['EB*C**30^98***23*100', 'EB*C**98^30***29*50'], { total: '100', remaining: '50', eb: [0, 1] }],
  ]
  for (const [title, texts, expected] of joined)
    it(`are one: ${title}`, () => {
      const found = shares(...texts)
      expect(found).to.have.length(1)
      expect(found[0]).to.deep.include(expected)
    })
  const apart: [title: string, first: string[], second: string[]][] = [
    ['another kind', ['EB*C*IND*30***23*100'], ['EB*G*IND*30***29*50']],
    ['another level', ['EB*C*IND*30***23*100'], ['EB*C*FAM*30***29*50']],
    ['another network', ['EB*C*IND*30***23*100*****Y'], ['EB*C*IND*30***29*50*****N']],
    ['network told only once', ['EB*C*IND*30***23*100*****Y'], ['EB*C*IND*30***29*50']],
    ['other service types', ['EB*C*IND*30***23*100'], ['EB*C*IND*98***29*50']],
    ['another insurance', ['EB*C*IND*30*HM**23*100'], ['EB*C*IND*30*PR**29*50']],
    ['another plan', ['EB*C*IND*30**GOLD*23*100'], ['EB*C*IND*30**SILVER*29*50']],
    ['another message', ['EB*C*IND*30***23*100', 'MSG*TIER 1'], ['EB*C*IND*30***29*50', 'MSG*TIER 2']],
    ['another procedure', ['EB*C*IND*30***23*100******HC:1'], ['EB*C*IND*30***29*50******HC:2']],
    ['another place', ['EB*C*IND*30***23*100', 'III*ZZ*11'], ['EB*C*IND*30***29*50', 'III*ZZ*22']],
    ['left of a year, total of a lifetime', ['EB*C*IND*30***32*100'], ['EB*C*IND*30***29*50']],
    ['left of a lifetime, total of a year', ['EB*C*IND*30***23*100'], ['EB*C*IND*30***33*50']],
    ['money and visits', ['EB*F**33***23*100'], ['EB*F**33***29***VS*14']],
    ['visits and days', ['EB*F**33***23***VS*20'], ['EB*F**33***29***DY*14']],
  ]
  for (const [title, first, second] of apart)
    it(`stay two: ${title}`, () => {
      const found = shares(...first, ...second)
      expect(found.map(({ total: all, remaining }) => [all !== undefined, remaining !== undefined])).to.deep.equal([
        [true, false],
        [false, true],
      ])
      expect(found[1]).not.to.have.property('amount')
    })
  it('stay apart where two totals would do', () => {
    expect(shares('EB*C*IND*30***23*100', 'EB*C*IND*30***22*200', 'EB*C*IND*30***29*50')).to.have.length(3)
  })
  it('stay apart where something is left of it already', () => {
    expect(shares('EB*C*IND*30***23*100', 'EB*C*IND*30***29*50', 'EB*C*IND*30***29*40')).to.have.length(2)
  })
  it('stay apart in a list that is longer than any plan has, rather than being compared each with each', () => {
    const pairs = (count: number) => Array.from({ length: count }, (_, i) => [`EB*C**30**P${i}*23*100`, `EB*C**30**P${i}*29*50`]).flat()
    expect(shares(...pairs(500))).to.have.length(500)
    expect(shares(...pairs(501))).to.have.length(1_002)
  })
})

describe('The copay of a visit, from an answer', () => {
  const cases: [title: string, rows: string[], cents: number | null][] = [
    ['the office visit', ['EB*B**98***27*25.50*****Y'], 2550],
    ['the office visit before the plan', ['EB*B**30***27*50', 'EB*B**98***27*25'], 2500],
    ['never out of network', ['EB*B**98***27*60*****N'], null],
    ['never what is left of one', ['EB*B**98***29*10'], null],
    ['never that of a single procedure', ['EB*B**98***27*25******HC:99213'], null],
    ['never one that was turned down', ['EB*B**98***27*25', 'AAA*N**69*C'], null],
    ['none where two differ', ['EB*B**98***27*25', 'EB*B**98***27*40', 'MSG*SPECIALIST'], null],
    ['none where the amount is a word', ['EB*B**98***27*FREE'], null],
    ['none where none is told', ['EB*1**30'], null],
  ]
  for (const [title, texts, expected] of cases) it(`is ${expected ?? 'open'}: ${title}`, () => expect(cents(...texts)).to.equal(expected))
})
