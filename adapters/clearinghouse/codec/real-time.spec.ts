import { EligibilityAnswerV2, EligibilityRejectionV2 } from '@heliox/core/billing'
import { faultPolicy, PartnerFault } from '@heliox/core/kit'
import { expect } from 'chai'
import { told } from '../fixtures/found.ts'
import { inquiry as first } from '../fixtures/inquiry.ts'
import { bytesOf } from '../fixtures/real-time.ts'
import { answer, bht, cells, clinic, interchange, member, payer, rows, trace } from '../fixtures/response.ts'
import { readRealTimeAnswer, refuseMarked, toInquiryV2 } from './real-time.ts'
import type { Inquiry } from './write270.ts'

const asked = toInquiryV2(first)
const holder = { memberId: 'HX4471001', givenName: 'Ana', familyName: 'Marlowe', birthDate: '1955-02-03', payerSex: 'F' as const }
const askedAsDependent: Inquiry = { ...asked, memberId: null, holder, relationship: '19' }
const read = (text: string, about = asked) => readRealTimeAnswer(bytesOf(text), about, { usage: 'T' })
const answeredIn = (result: ReturnType<typeof read>): EligibilityAnswerV2 => {
  if (result.is !== 'ok') throw new Error('rejected')
  return EligibilityAnswerV2.schema.parse(result.value)
}
const faultOf = (text: string, about = asked): PartnerFault => {
  try {
    read(text, about)
  } catch (error) {
    if (error instanceof PartnerFault) return error
    throw error
  }
  throw new Error('no fault')
}

describe('An answer in real time', () => {
  it('is the whole answer of its contract', () => {
    const result = read(answer(rows('DTP*346*D8*20260101', 'EB*1**30*HM*HELIO GOLD', 'EB*B**98***27*25')))
    if (result.is !== 'ok') throw new Error('rejected')
    expect(told(EligibilityAnswerV2.schema.parse(result.value))).to.deep.equal(told(result.value))
    expect(result.value).to.include({ verdict: 'active', manual: false })
    expect(result.value).not.to.have.any.keys('notNow', 'damage', 'told', 'facts')
  })
  it('is a no about this patient, with the reasons of the request before those of a benefit', () => {
    const result = read(answer(rows('AAA*N**72*C', 'EB*1**30', 'AAA*N**52*C')))
    expect(result).to.deep.equal({ is: 'rejected', value: { next: 'record', reasons: [{ loop: '2100C', code: '72', followUp: 'C', who: 'patient' }] } })
    expect(EligibilityRejectionV2.schema.parse(result.value)).to.deep.equal(result.value)
  })
  it('is that payer’s outage when every reason passes by itself, and no other payer’s', () => {
    for (const code of ['42', '80']) {
      const { kind, scope } = faultOf(answer(rows(`AAA*Y**${code}*R`)))
      expect([kind, scope, faultPolicy[kind].tripsBreaker, faultPolicy[kind].retry]).to.deep.equal(['unavailable', 'payer', true, 'yes'])
    }
  })

  describe('about a dependent', () => {
    const family = (name: string, ...more: string[]) =>
      interchange([
        [
          bht(),
          ...payer,
          ...clinic,
          cells('HL*3*2*22*1'),
          cells('NM1*IL*1*MARLOWE*ANA****MI*HX4471001'),
          cells('HL*4*3*23*0'),
          ['TRN', '2', trace, '9HELIOXHUB'],
          cells(name),
          ...rows(...more, 'EB*1**30'),
        ],
      ])
    const verdictOf = (text: string) => {
      const result = read(text, askedAsDependent)
      return result.is === 'ok' ? [result.value.verdict, result.value.basis.rule] : result.is
    }
    it('is ours by its birth date', () => expect(verdictOf(family('NM1*03*1*MARLOWE*ROSA', 'DMG*D8*19840617'))).to.deep.equal(['active', 'plan-active']))
    it('is another child of the family, by its birth date', () =>
      expect(verdictOf(family('NM1*03*1*MARLOWE*ROSA', 'DMG*D8*19900101'))).to.deep.equal(['unknown', 'birth-date-differs']))
    it("is ours by the holder's number, where no birth date is told", () =>
      expect(verdictOf(family('NM1*03*1*SMITH*R'))).to.deep.equal(['active', 'plan-active']))
    it('is a stranger under another number and name', () =>
      expect(verdictOf(family('NM1*03*1*OKAFOR*JUAN').replace('HX4471001', 'ZZ9'))).to.deep.equal(['unknown', 'member-differs']))
    it('is not active for a birth date that cannot be read', () =>
      expect(verdictOf(family('NM1*03*1*MARLOWE*ROSA', 'DMG*D8*19841317'))).to.deep.equal(['unknown', 'birth-date-differs']))
  })

  const foreign = interchange([[bht('THEIRS'), ...payer, ...clinic, ...member(rows('EB*1**30'), 'SOMEBODY')]])
  it('to another question is unknown, and nothing of whom it is about is kept', () => {
    const value = answeredIn(read(foreign))
    expect(value).to.include({ verdict: 'unknown' })
    expect(value.basis.rule).to.equal('foreign-answer')
    expect(value.marks).to.deep.equal(['foreign'])
    expect(JSON.stringify(value)).not.to.match(/MARLOWE|ROSA|HX4471002|SOMEBODY|THEIRS/)
  })
  it('that is marked for production or as a mock is unknown, whatever it says', () => {
    const marked = (text: string, mock: boolean) => answeredIn(readRealTimeAnswer(bytesOf(text), asked, { usage: 'T', mock }))
    for (const said of ['EB*1**30', 'EB*6**30', 'AAA*N**72*C']) {
      expect(marked(answer(rows(said), { usage: 'P' }), false), said).to.deep.include({ verdict: 'unknown', marks: ['test'] })
      expect(marked(answer(rows(said)), true), said).to.deep.include({ verdict: 'unknown', marks: ['mock'] })
    }
    expect(marked(answer(rows('EB*1**30')), false).marks).to.equal(undefined)
  })
  it('for the first major stays a fault where it is marked', () => {
    for (const text of [foreign, answer(rows('EB*1**30'), { usage: 'P' })])
      expect(() => refuseMarked(answeredIn(read(text))))
        .to.throw(PartnerFault)
        .with.property('kind', 'contract')
  })

  const faults: [title: string, text: string, text2: RegExp][] = [
    ['a TA1 that refuses', interchange([], { ta1: cells('TA1*000000905*261201*0910*R*018') }), /TA1/],
    ['a TA1 with a code that nobody knows', answer(rows('EB*1**30'), { ta1: cells('TA1*000000905*261201*0910*Q*000') }), /TA1/],
    ['a 999 in place of a 271', interchange([rows('AK1*HS*1', 'AK9*A*1*1*1')], { set: '999' }), /999/],
    ['another set in place of a 271', interchange([rows('BPR*I')], { set: '835' }), /without a 271/],
    ['a second interchange', answer(rows('EB*1**30')) + answer(rows('EB*1**30')), /several-interchanges/],
    [
      'damage in a patient beside ours',
      interchange([[bht(), ...payer, ...clinic, ...member(rows('EB*1**30')), ...member(rows('XX1*A'), 'B', '4')]]),
      /bad-segment/,
    ],
  ]
  for (const [title, text, message] of faults)
    it(`is a fault of the contract: ${title}`, () => {
      const fault = faultOf(text)
      expect(fault.kind).to.equal('contract')
      expect(fault.message).to.match(message)
      expect(`${fault.message} ${fault.detail ?? ''}`).not.to.match(/MARLOWE|ROSA|HX4471002|SOMEBODY/)
    })
})
