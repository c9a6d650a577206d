import { checkDiffers, personCheckReference, ReceivedItem, verdictOn } from '@heliox/core/billing'
import type { ValueOf } from '@heliox/core/kit'
import { expect } from 'chai'
import { bytesOf } from '../fixtures/real-time.ts'
import { answer, bht, cells, clinic, interchange, member, payer, rows, trace } from '../fixtures/response.ts'
import { receivedItemsOf } from './received-items.ts'

type Item = ValueOf<typeof ReceivedItem>
const config = { traceOrigin: '9HELIOXHUB', usage: 'T', submitterId: 'HELIOXHUB' } as const
async function itemsIn(text: string): Promise<Item[]> {
  async function* pieces() {
    const bytes = bytesOf(text)
    for (let at = 0; at < bytes.length; at += 700) yield bytes.subarray(at, at + 700)
  }
  const items: Item[] = []
  for await (const item of receivedItemsOf(pieces(), config)) items.push(ReceivedItem.schema.parse(item))
  return items
}
async function onlyItem<K extends Item['kind']>(text: string, kind: K): Promise<Extract<Item, { kind: K }>> {
  const [only, another] = await itemsIn(text)
  if (!only || another || only.kind !== kind) throw new Error(`not one ${kind}`)
  return only as Extract<Item, { kind: K }>
}
const asAnswer = (text: string) => onlyItem(text, 'answer')

describe('An answer that came in a file', () => {
  it('is references, codes and amounts, and nobody', async () => {
    const item = await asAnswer(answer(rows('DTP*346*D8*20260101', 'EB*1**30*HM*HELIO GOLD', 'EB*B**98***27*25')))
    expect(item).to.deep.include({
      patient: 0,
      patients: 1,
      traces: [trace],
      bht03: trace,
      patientAccount: null,
      answeredAt: '2026-12-01T09:10:00Z',
      serviceDate: null,
      verdict: 'active',
      rule: 'plan-active',
      reasonCodes: [],
      notNow: false,
      copayCents: 2500,
      state: 'whole',
    })
    expect(item.source).to.include({ senderId: 'CLEARSIM', receiverId: 'HELIOXHUB', isa13: '000000905', gs06: '77', st02: '0001' })
    expect(JSON.stringify(item)).not.to.match(/MARLOWE|ROSA|HX4471002|19840617|1984-06-17|HELIO GOLD/)
  })
  it('says what it says on which days, because its reader does not know the day of the visit', async () => {
    const { days } = await asAnswer(answer(rows('DTP*346*D8*20260101', 'EB*1**30', 'DTP*349*D8*20261231')))
    expect(days).to.deep.equal([
      { from: null, to: '2026-12-31', verdict: 'active', rule: 'plan-active' },
      { from: '2027-01-01', to: null, verdict: 'unknown', rule: 'dates-exclude-day' },
    ])
    expect([verdictOn(days, '2026-12-31').verdict, verdictOn(days, '2027-01-01').verdict]).to.deep.equal(['active', 'unknown'])
  })
  it('says whom it is from, where that has the form of a payer’s number and so names nobody', async () => {
    const from = (id: string) => payer.map((row) => (row[0] === 'NM1' ? [...row.slice(0, -1), id] : row))
    const said = async (id: string) => (await asAnswer(interchange([[bht(), ...from(id), ...clinic, ...member(rows('EB*1**30'))]]))).payerId
    expect(await said('HELIO1')).to.equal('HELIO1')
    for (const other of ['ROSA MARLOWE', '1984-06-17', '']) expect(await said(other), other).to.equal(undefined)
  })
  it('lets its patient be told from a stranger without naming either', async () => {
    const { person, traces } = await asAnswer(answer(rows('EB*1**30')))
    const asked = { memberId: 'HX4471002', givenName: 'Rosa', familyName: 'Marlowe', birthDate: '1984-06-17' }
    if (!person) throw new Error('no check bits')
    expect(checkDiffers(person, traces[0] ?? '', asked)).to.equal(null)
    expect(checkDiffers(person, traces[0] ?? '', { ...asked, birthDate: '1950-01-01' })).to.equal('birth-date-differs')
  })
  describe('is checked against its patient whatever reference of ours it came with:', () => {
    const asked = { memberId: 'HX4471002', givenName: 'Rosa', familyName: 'Marlowe', birthDate: '1984-06-17' }
    const body = [bht(), ...payer, ...clinic, ...member(rows('EB*1**30'))]
    const untraced = body.filter(([tag]) => tag !== 'TRN')
    const account = [...untraced.slice(0, -1), cells(`REF*EJ*${trace}`), ...untraced.slice(-1)]
    const foreign = (list: string[][]) => list.map((row) => (row[0] === 'BHT' ? bht('THEIRS') : row))
    const cases: [by: string, body: string[][]][] = [
      ['the trace', body],
      ['BHT03 without a trace', untraced],
      ["BHT03 beside a trace of the payer's own", body.map((row) => (row[0] === 'TRN' ? cells('TRN*1*THEIRS*9OTHER') : row))],
      ['REF EJ', foreign(account)],
    ]
    for (const [by, rowsOfSet] of cases)
      it(by, async () => {
        const item = await asAnswer(interchange([rowsOfSet]))
        const reference = personCheckReference(item)
        expect(reference).to.equal(trace)
        if (!item.person || reference === undefined) throw new Error('no check bits')
        expect(checkDiffers(item.person, reference, asked)).to.equal(null)
        expect(checkDiffers(item.person, reference, { ...asked, birthDate: '1950-01-01' })).to.equal('birth-date-differs')
      })
    it('nobody, where none is ours', async () => expect(await asAnswer(interchange([foreign(untraced)]))).to.deep.include({ person: null, bht03: '#' }))
  })
  it('tells the reasons of a no, and who must act', async () => {
    expect(await asAnswer(answer(rows('AAA*N**72*C', 'AAA*N**51*C', 'AAA*N**72*C')))).to.deep.include({
      verdict: 'rejected',
      rule: 'rejected-patient',
      reasonCodes: ['72', '51'],
      notNow: false,
      copayCents: null,
      days: [{ from: null, to: null, verdict: 'rejected', rule: 'rejected-patient' }],
    })
    expect(await asAnswer(answer(rows('AAA*Y**42*R')))).to.include({ verdict: 'rejected', rule: 'rejected-payer', notNow: true })
  })
  it('is one item per patient', async () => {
    const text = interchange([[bht(), ...payer, ...clinic, ...member(rows('EB*1**30'), 'A', '3'), ...member(rows('EB*6**30'), trace, '4')]])
    const items = await itemsIn(text)
    expect(items.map((item) => item.kind === 'answer' && [item.patient, item.patients, item.verdict])).to.deep.equal([
      [0, 2, 'active'],
      [1, 2, 'inactive'],
    ])
  })
  it('is damaged, and says nothing but its traces, when its own set does not verify; its siblings stand', async () => {
    const set = (id: string) => [bht(), ...payer, ...clinic, ...member(rows('EB*1**30'), id)]
    const text = interchange([set(trace), set('8'.repeat(32))]).replace(/SE\*(\d+)\*0001/, 'SE*99*0001')
    const items = await itemsIn(text)
    const answers = items.flatMap((item) => (item.kind === 'answer' ? [item] : []))
    expect(answers.map(({ state, verdict, traces, days, person }) => [state, verdict, traces, days.length, person === null])).to.deep.equal([
      ['damaged', 'unknown', [trace], 0, true],
      [answers[1]?.state, 'active', ['8'.repeat(32)], 1, false],
    ])
  })
  it('is of a damaged file when the file ends too soon, and the file is told as well', async () => {
    const whole = answer(rows('EB*1**30'))
    const items = await itemsIn(whole.slice(0, whole.indexOf('IEA*')))
    expect(items.filter((item) => item.kind === 'answer').map((item) => item.kind === 'answer' && item.state)).to.deep.equal(['in-damaged-file'])
    expect(items.some((item) => item.kind === 'unreadable' && item.problem === 'truncated')).to.equal(true)
  })
  it('is the same items whenever it is read', async () => {
    const text = answer(rows('EB*1**30'))
    expect(await itemsIn(text)).to.deep.equal(await itemsIn(text))
  })
})

describe('Dates at the ends of the calendar', () => {
  for (const dtp of ['DTP*346*D8*00010101', 'DTP*347*D8*99981231', 'DTP*291*RD8*00010101-99991231', 'DTP*347*D8*00010101'])
    it(`make an item all the same: ${dtp}`, async () => {
      const { days, state } = await asAnswer(answer(rows(dtp, 'EB*1**30')))
      expect(state).to.equal('whole')
      expect(days.length).to.be.greaterThan(0)
    })
  it('that no calendar has are damage', async () => expect(await asAnswer(answer(rows('DTP*346*D8*00000101', 'EB*1**30')))).to.include({ state: 'damaged' }))
})

describe('References of an answer', () => {
  const account = (reference: string) => answer(rows(`REF*EJ*${reference}`, 'EB*1**30'))
  it('that are not in our form do not travel, not even as a hash', async () => {
    const item = await asAnswer(account('MARLOWE-1984').replaceAll(trace, 'MARLOWE-TRACE'))
    expect(item.patientAccount).to.equal(null)
    expect(item.traces).to.deep.equal(['#'])
    expect(item.person).to.equal(null)
  })
  it('of the patient account travel as they are where they are ours', async () => {
    expect(await asAnswer(account(trace))).to.include({ patientAccount: trace })
    expect((await asAnswer(account('ACC-1'))).patientAccount).to.equal('#')
  })
  it('count for nothing where the trace that was given back is not ours', async () => {
    expect(await asAnswer(interchange([[bht(), ...payer, ...clinic, ...member(rows('EB*1**30'), 'SOMEBODY')]]))).to.deep.include({
      bht03: null,
      patientAccount: null,
    })
  })
  it('count where the payer gives only a trace of its own', async () => {
    const text = interchange([[bht(), ...payer, ...clinic, ...member(rows('EB*1**30'), 'SOMEBODY')]]).replace('TRN*2', 'TRN*1')
    expect(await asAnswer(text)).to.deep.include({ bht03: trace })
  })
  it('stand in the order of their worth: our form, our origin, given back', async () => {
    const [a, b, c] = ['A', 'B', 'C'].map((letter) => letter.repeat(32))
    const traces = [`TRN*1*${a}*9OTHER`, 'TRN*2*THEIRS*9HELIOXHUB', `TRN*1*${b}*9HELIOXHUB`, `TRN*2*${c}*9HELIOXHUB`].map(cells)
    const text = interchange([[bht(), ...payer, ...clinic, ...member(rows('EB*1**30')).flatMap((row) => (row[0] === 'TRN' ? traces : [row]))]])
    const item = await asAnswer(text)
    expect(item.traces.slice(0, 3)).to.deep.equal([c, b, a])
    expect(item.traces[3]).to.equal('#')
  })
})

describe('Other things in a file', () => {
  it('TA1, alone and several in one', async () => {
    const text = interchange([], { ta1: cells('TA1*000000101*261201*0910*A*000') }).replace('TA1*', 'TA1*102*261201*0910*R*025~TA1*')
    const items = await itemsIn(text)
    expect(items.map((item) => item.kind === 'interchange-ack' && [item.isa13, item.outcome, item.note])).to.deep.equal([
      [102, 'rejected', '025'],
      [101, 'accepted', '000'],
    ])
    expect(new Set(items.map((item) => 'source' in item && item.source.sha256)).size).to.equal(2)
  })
  it('TA1 is not believed in a damaged interchange, which has no other count', async () => {
    const text = interchange([], { ta1: cells('TA1*000000101*261201*0910*A*000') })
    const items = await itemsIn(text.replace('IEA*0', 'IEA*7'))
    expect(items.find((item) => item.kind === 'interchange-ack')).to.include({ outcome: 'unreadable' })
  })
  it('999 with the sets that it rejects, and why', async () => {
    const text = interchange([rows('AK1*HS*77', 'AK2*270*0002', 'IK3*NM1*8*2100C*8', 'IK4*9*67*7*SECRET', 'IK5*R*5', 'AK9*P*3*3*2')], { set: '999' })
    const item = await onlyItem(text, 'group-ack')
    expect(item).to.deep.include({
      gs06: 77,
      functionalId: 'HS',
      outcome: 'partial',
      unnamed: 'accepted',
      sets: [{ st02: '0002', outcome: 'rejected', reasons: ['set-5', 'NM1@8 2100C 9:7'] }],
    })
  })
  it('999 with more sets than fit: those that fit, and nothing about the others', async () => {
    const sets = Array.from({ length: 501 }, (_, i) => [`AK2*270*${i}`, 'IK3*NM1*8*2100C*8', 'IK4*9**7', 'IK5*R*5']).flat()
    const item = await onlyItem(interchange([rows('AK1*HS*77', ...sets, 'AK9*P*900*900*399')], { set: '999' }), 'group-ack')
    expect(item.sets).to.have.length(500)
    expect(item.unnamed).to.equal('unknown')
    expect(JSON.stringify(item).length).to.be.lessThan(28_000)
  })
  const st02 = (i: number): string => String(i + 1).padStart(4, '0')
  /** As the database writes it: with a blank behind each comma and colon. */
  const bytesAsWritten = (item: Item): number => JSON.stringify(item, null, 1).replaceAll(/\n */g, ' ').length
  it('999 that rejects all 500 sets of a batch, with more reasons than fit: every set, and as many reasons as fit', async () => {
    const sets = Array.from({ length: 500 }, (_, i) => [`AK2*270*${st02(i)}`, 'IK3*NM1*8*2100C*8', 'IK4*9**7', 'IK4*3**7', 'IK5*R*5*6*7']).flat()
    const item = await onlyItem(interchange([rows('AK1*HS*77', ...sets, 'AK9*P*500*500*0')], { set: '999' }), 'group-ack')
    expect(item.sets.map((set) => set.st02)).to.deep.equal(Array.from({ length: 500 }, (_, i) => st02(i)))
    expect(item.sets[0]?.reasons).to.have.length(5)
    expect(item.unnamed).to.equal('accepted')
    expect(JSON.stringify(item).length).to.be.lessThan(28_000)
    expect(bytesAsWritten(item)).to.be.lessThan(32_000)
  })
  it('999 that accepts 500 sets with errors and rejects one: the one', async () => {
    const sets = Array.from({ length: 499 }, (_, i) => [`AK2*270*${st02(i)}`, 'IK5*E*5']).flat()
    const item = await onlyItem(interchange([rows('AK1*HS*77', ...sets, 'AK2*270*0500', 'IK5*R*5', 'AK9*P*500*500*499')], { set: '999' }), 'group-ack')
    expect(item).to.deep.include({ unnamed: 'accepted', sets: [{ st02: '0500', outcome: 'rejected', reasons: ['set-5'] }] })
  })
  it('999 whose counts prove nothing: the sets that it accepts as well, as they are not the ones it leaves out', async () => {
    const item = await onlyItem(
      interchange([rows('AK1*HS*77', 'AK2*270*0001', 'IK5*A', 'AK2*270*0002', 'IK5*R*5', 'AK9*P*3*3*0')], { set: '999' }),
      'group-ack',
    )
    expect(item.unnamed).to.equal('unknown')
    expect(item.sets.map((set) => [set.st02, set.outcome])).to.deep.equal([
      ['0002', 'rejected'],
      ['0001', 'accepted'],
    ])
  })
  it('999 that rejects and accepts one set: rejected', async () => {
    const texts = ['AK1*HS*77', 'AK2*270*0002', 'IK5*R*5', 'AK2*270*2', 'IK5*A', 'AK9*P*3*3*0']
    const item = await onlyItem(interchange([rows(...texts)], { set: '999' }), 'group-ack')
    expect(item.sets.map((set) => [set.st02, set.outcome])).to.deep.equal([['0002', 'rejected']])
  })
  it('999 that rejects a set by a number that is none: no other set counts as accepted', async () => {
    const item = await onlyItem(interchange([rows('AK1*HS*77', 'AK2*270*00X2', 'IK5*R*5', 'AK9*P*3*3*2')], { set: '999' }), 'group-ack')
    expect(item.unnamed).to.equal('unknown')
  })
  it('is told in printable characters, whatever stands in a number or a note', async () => {
    const set = await itemsIn(answer(rows('EB*1**30')).replace('CLEARSIM', 'CLEAR\xd6IM').replaceAll('*0001', '*0\x0001'))
    expect(set.flatMap((item) => (item.kind === 'answer' ? [item.source] : []))).to.have.length(1)
    for (const item of set) if (item.kind === 'answer') expect(item.source).to.include({ senderId: 'CLEAR?IM', st02: '0?01' })
    const [ta1] = await itemsIn(interchange([], { ta1: cells('TA1*000000101*261201*0910*R*0\x001') }))
    expect(ta1).to.include({ kind: 'interchange-ack', note: '0?1' })
  })
  it('277CA, by its outcome', async () => {
    expect(await onlyItem(interchange([rows('STC*A3:21*20261201*U')], { set: '277', version: '005010X214' }), 'claim-ack')).to.include({ outcome: 'rejected' })
  })
  it('a set that is none of ours', async () => {
    expect(await onlyItem(interchange([rows('BPR*I*1')], { set: '835', version: '005010X221A1' }), 'unreadable')).to.include({
      problem: 'unsupported-set',
      set: '835',
    })
  })
  it('what is no X12 at all', async () => {
    const items = await itemsIn('<html>Sign in</html>')
    expect(items.length).to.be.greaterThan(0)
    for (const item of items) expect(item).to.include({ kind: 'unreadable', set: null })
  })
  it('an empty file is unreadable, never nothing', async () => expect(await itemsIn('')).to.have.length(1))
})

describe('What is not meant for us', () => {
  const whole = answer(rows('EB*1**30'))
  const elsewhere = (text: string) => text.replace('ZZ*HELIOXHUB      ', 'ZZ*SOMEONEELSE    ')
  const ta1 = interchange([], { ta1: cells('TA1*000000101*261201*0910*R*025') })
  const ack = interchange([rows('AK1*HS*77', 'AK9*R*3*3*0')], { set: '999' })
  for (const [set, text] of [
    ['271', whole],
    ['TA1', ta1],
    ['999', ack],
  ] as const) {
    it(`is no answer and no acknowledgement: a ${set} marked for production in a test connection`, async () =>
      expect(await onlyItem(text.replace('*0*T*:', '*0*P*:'), 'unreadable')).to.include({ problem: 'wrong-usage', set }))
    it(`is no answer and no acknowledgement: a ${set} for another receiver`, async () =>
      expect(await onlyItem(elsewhere(text), 'unreadable')).to.include({ problem: 'not-for-us', set }))
  }
  it('does not touch the other interchanges of its file', async () => {
    expect((await itemsIn(elsewhere(whole) + whole)).map(({ kind }) => kind)).to.deep.equal(['unreadable', 'answer'])
  })
  it('is compared without the blanks that fill ISA08 up', async () => {
    const items: Item[] = []
    for await (const item of receivedItemsOf(
      (async function* () {
        yield bytesOf(whole)
      })(),
      { ...config, submitterId: 'HELIOXHUB ' },
    ))
      items.push(item)
    expect(items.map(({ kind }) => kind)).to.deep.equal(['answer'])
  })
})
