import { PartnerFault } from '@heliox/core/kit'
import { expect } from 'chai'
import { inquiry } from '../fixtures/inquiry.ts'
import { readAnswer } from '../fixtures/real-time.ts'
import { answer, bht, cells, clinic, interchange, member, payer, rows } from '../fixtures/response.ts'
import { type Action, aaaReasons, actionOf, isTransient, isUsual, type Loop, type ReasonClass, reasonOf, type Who } from './aaa.ts'

const read = (text: string) => readAnswer(text, inquiry, 'T')
const atMember = (...texts: string[]) => read(answer(rows(...texts)))

/** Written apart from the table: code, class, whose move. A changed row must be changed in both places. */
const expected = `
04 transient payer · 15 request us · 33 request us · 35 benefit us · 41 enrolment clinic · 42 transient payer · 43 provider clinic
44 provider clinic · 45 provider clinic · 46 provider clinic · 47 provider clinic · 48 provider clinic · 49 provider clinic
50 enrolment clinic · 51 enrolment clinic · 52 coverage clinic · 53 benefit us · 54 benefit us · 55 benefit us · 56 dates us
57 dates us · 58 patient-data patient · 60 dates clinic · 61 dates clinic · 62 dates clinic · 63 dates clinic
64 patient-data patient · 65 patient-data patient · 66 patient-data patient · 67 patient-data patient · 68 patient-data clinic
69 benefit clinic · 70 benefit clinic · 71 patient-data patient · 72 patient-data patient · 73 patient-data patient
74 patient-data patient · 75 patient-data patient · 76 patient-data clinic · 77 patient-data patient · 78 patient-data patient
79 enrolment us · 80 transient payer · 97 provider clinic · 98 benefit us · T4 request us
AA benefit clinic · AE benefit clinic · AF benefit us · AG benefit us · AO benefit clinic · CI benefit clinic · E8 benefit clinic
IA benefit us · MA benefit clinic`
  .split(/\s*[·\n]\s*/)
  .filter((row) => row !== '')
  .map((row) => row.split(' ') as [string, ReasonClass, Who])

describe("The payer's reasons for a no (AAA)", () => {
  it('are all in the expected list', () => {
    expect(Object.keys(aaaReasons).sort()).to.deep.equal(expected.map(([code]) => code).sort())
  })
  for (const [code, cls, who] of expected)
    it(`${code}: ${cls}, ${who} acts`, () => {
      expect(reasonOf(code)).to.include({ class: cls, who })
      expect(reasonOf(code).label).to.match(/^[a-z][^.]{8,70}$/)
      if (cls === 'transient')
        expect(() => atMember(`AAA*Y**${code}*R`))
          .to.throw(PartnerFault)
          .that.includes({ kind: 'unavailable', scope: 'payer' })
      else expect(atMember(`AAA*N**${code}*C`)).to.deep.equal({ is: 'rejected', value: { reasons: [{ loop: '2100C', code, followUp: 'C', who }] } })
    })
  it('keep a code that is not in the table, for us to look at', () => {
    expect(atMember('AAA*N**ZZ*C').value).to.deep.equal({ reasons: [{ loop: '2100C', code: 'ZZ', followUp: 'C', who: 'us' }] })
    expect(atMember('AAA*N').value).to.deep.equal({ reasons: [{ loop: '2100C', code: '-', followUp: '', who: 'us' }] })
    expect(reasonOf('constructor').class).to.equal('unknown')
  })
  it('are all shown, in order, and one lasting reason outweighs a passing one', () => {
    expect(atMember('AAA*Y**42*R', 'AAA*N**72*C', 'AAA*N**58*C').value).to.deep.equal({
      reasons: [
        { loop: '2100C', code: '42', followUp: 'R', who: 'payer' },
        { loop: '2100C', code: '72', followUp: 'C', who: 'patient' },
        { loop: '2100C', code: '58', followUp: 'C', who: 'patient' },
      ],
    })
  })
  it('are "not now" only when every one of them passes by itself', () => {
    for (const followUp of ['R', 'P', 'N', 'S', 'Y', ''])
      expect(() => atMember(`AAA*Y**80*${followUp}`), followUp)
        .to.throw(PartnerFault)
        .that.includes({ kind: 'unavailable', scope: 'payer' })
    for (const followUp of ['W', 'X']) expect(atMember(`AAA*Y**42*${followUp}`).is, 'a wait of days is an answer').to.equal('rejected')
  })
  it('79 is "not now" only when the payer calls the request valid, and never about the provider', () => {
    const atPayer = (aaa: string) => read(interchange([[bht(), ...payer.map((row) => (row[0] === 'HL' ? cells('HL*1**20*0') : row)), cells(aaa)]]))
    expect(() => atPayer('AAA*Y**79*P'))
      .to.throw(PartnerFault)
      .that.includes({ kind: 'unavailable', scope: 'payer' })
    expect(atPayer('AAA*N**79*C').is).to.equal('rejected')
    expect(read(interchange([[bht(), ...payer, ...clinic, cells('AAA*Y**79*N')]])).is).to.equal('rejected')
  })
  it('never leave a request active that was turned down, whatever benefits follow', () => {
    expect(atMember('AAA*N**75*C', 'EB*1**30').is).to.equal('rejected')
    expect(() => atMember('AAA*Y**42*R', 'EB*1**30')).to.throw(PartnerFault)
  })

  const scopes: [loop: string, body: string[][]][] = [
    ['2000A', [bht(), cells('HL*1**20*0'), cells('AAA*N**41*C'), ...payer.slice(1)]],
    ['2100A', [bht(), ...payer, cells('AAA*N**41*C')]],
    ['2100B', [bht(), ...payer, ...clinic, cells('AAA*N**41*C')]],
    ['2100B', [bht(), ...payer, ...clinic, cells('AAA*N**41*C'), ...member(rows('EB*1**30'))]],
    ['2100C', [bht(), ...payer, ...clinic, ...member(rows('AAA*N**41*C'))]],
  ]
  scopes.forEach(([loop, body], i) => {
    it(`turns the request down at ${loop} (case ${i + 1})`, () => {
      expect(read(interchange([body])).value).to.deep.equal({ reasons: [{ loop, code: '41', followUp: 'C', who: 'clinic' }] })
    })
  })
  it("does not touch the subscriber's answer with a dependent's reason", () => {
    const dependent = rows('HL*4*3*23*0', 'TRN*2*SOMEBODY*9HELIOXHUB', 'NM1*03*1*MARLOWE*LEO', 'AAA*N**67*C')
    expect(read(interchange([[bht(), ...payer, ...clinic, ...member(rows('EB*1**30')), ...dependent]])).value).to.deep.include({ verdict: 'active' })
  })
})

/** Written apart from the code: what follows from class and advice (AAA04: none, C, N, P, R, S, W, X, Y), in that order. */
const advice = ['', 'C', 'N', 'P', 'R', 'S', 'W', 'X', 'Y']
const follows: Record<string, Action[]> = {
  transient: ['retry', 'retry', 'retry', 'retry', 'retry', 'retry', 'retry-later', 'retry-later', 'retry'],
  correct: ['correct', 'correct', 'do-not-retry', 'correct', 'correct', 'do-not-retry', 'retry-later', 'retry-later', 'wait'],
  call: ['call', 'call', 'do-not-retry', 'call', 'call', 'do-not-retry', 'retry-later', 'retry-later', 'wait'],
  unknown: ['call', 'correct', 'do-not-retry', 'call', 'call', 'do-not-retry', 'retry-later', 'retry-later', 'wait'],
  coverage: ['do-not-retry', 'do-not-retry', 'do-not-retry', 'do-not-retry', 'do-not-retry', 'do-not-retry', 'retry-later', 'retry-later', 'wait'],
  nearerTheVisit: advice.map(() => 'retry-later'),
}
const rowOfClass = (code: string, cls: ReasonClass): Action[] | undefined => {
  if (code === '62' || code === '63') return follows.nearerTheVisit
  if (cls === 'transient' || cls === 'coverage' || cls === 'unknown') return follows[cls]
  return cls === 'enrolment' ? follows.call : follows.correct
}

describe('What follows from a no', () => {
  for (const [code, cls] of [...expected, ['ZZ', 'unknown', 'us'] as const])
    it(`${code}: for each advice of the payer`, () => {
      expect(advice.map((followUp) => actionOf({ loop: '2100C', valid: false, code, followUp }))).to.deep.equal(rowOfClass(code, cls))
    })
  it('of 79: the same again only where the payer calls the request valid and it is not about the provider', () => {
    const of = (loop: string, valid: boolean) => actionOf({ loop, valid, code: '79', followUp: 'P' })
    expect([of('2100A', true), of('2000A', true), of('2100B', true), of('2100A', false)]).to.deep.equal(['retry', 'retry', 'call', 'call'])
  })
  it('is to ask again exactly where it passes by itself', () => {
    for (const [code] of expected)
      for (const followUp of advice)
        for (const valid of [true, false]) {
          const rejection = { loop: '2100A', valid, code, followUp }
          expect(actionOf(rejection) === 'retry', `${code} ${followUp}`).to.equal(isTransient(rejection))
        }
  })
})

describe('Where a reason usually stands', () => {
  /** Only for a warning. */
  const places: Record<Loop, string> = {
    '2000A': '04 41 42 79',
    '2100A': '04 41 42 79 80 T4',
    '2100B': '15 41 43 44 45 46 47 48 50 51 79 97 T4',
    '2100C': '15 35 42 43 45 47 48 49 51 52 56 57 58 60 61 62 63 64 65 66 67 68 71 72 73 74 75 76 77 78',
    '2100D': '15 35 42 43 45 47 48 49 51 52 56 57 58 60 61 62 63 64 65 66 67 68 71 72 73 74 75 76 77 78',
    '2110C': '15 33 52 53 54 55 56 57 60 61 62 63 69 70 98 AA AE AF AG AO CI E8 IA MA',
    '2110D': '15 33 52 53 54 55 56 57 60 61 62 63 69 70 98 AA AE AF AG AO CI E8 IA MA',
  }
  for (const [loop, codes] of Object.entries(places) as [Loop, string][])
    it(loop, () => {
      expect(
        expected
          .map(([code]) => code)
          .filter((code) => isUsual(loop, code))
          .sort()
          .join(' '),
      ).to.equal(codes)
    })
  it('is somewhere, for every reason we know', () => {
    for (const [code] of expected)
      expect(
        (Object.keys(places) as Loop[]).some((loop) => isUsual(loop, code)),
        code,
      ).to.equal(true)
  })
})
