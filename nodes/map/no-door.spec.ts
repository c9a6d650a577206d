import { EligibilityBatch, EligibilityInquiryV2, EligibilityRecordV2, EligibilityRouteV2 } from '@heliox/core/billing'
import type { MapReads, PayerFacts } from '@heliox/core/kit'
import { expect } from 'chai'
import { eligibilityBatchV2, eligibilityInquiryV3 } from './eligibility-inquiry.ts'
import { eligibilityRouteV2, nobodyAsked } from './eligibility-route.ts'

const uuid = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`
const root = {
  ...{ intakeId: uuid(1), patientId: uuid(2), visitId: uuid(3), requestId: uuid(4), coverageId: uuid(5) },
  ...{ payerId: 'HELIO1', payerName: 'Helio Health Plan', serviceDate: '2026-12-01' },
}
const tenant = { id: uuid(9), name: 'Lakeside Clinic', timeZone: 'America/Chicago', npi: '1234567893' }
const facts = { root, at: '2026-11-22T10:00:00.000Z', tenant, manual: false, suspicions: [] }
const nothing: MapReads = {
  patient: {},
  visit: null,
  chart: null,
  payer: null,
  secondPayer: null,
  signedIn: null,
  canary: null,
  batch: [],
  leave: null,
  letter: null,
}
const answers = { memberId: 'HX123', givenName: 'Amira', familyName: 'Haddad', nameOnCard: null, birthDate: '1984-05-06', payerSex: 'F' }

describe('the door of a payer', () => {
  const routeOf = (of: Partial<PayerFacts>, payerId = 'HELIO1') => {
    const payer = { id: payerId, name: 'Helio', route: 'batch', supported: true, ...of } as const
    return EligibilityRouteV2.schema.parse(eligibilityRouteV2.map({ ...root, payerId }, facts, { ...nothing, payer }))
  }
  it('is the one of its setting; without one a person asks, and reads why', () => {
    expect(routeOf({})).to.deep.equal({ requestId: uuid(4), route: 'batch', why: null })
    expect(routeOf({ supported: false })).to.deep.equal({ requestId: uuid(4), route: 'person', why: 'unsupported' })
    expect(routeOf({ supported: false }, 'not-listed')).to.deep.equal({ requestId: uuid(4), route: 'person', why: 'not-listed' })
  })
  it('is never knocked at where there is none, and never passed over where there is one', () => {
    const toPerson = { requestId: uuid(4), route: 'person', why: 'unsupported' } as const
    expect(() => eligibilityInquiryV3.map(toPerson, facts, { ...nothing, patient: answers })).to.throw('no door')
    expect(() => nobodyAsked.map({ requestId: uuid(4), route: 'real-time', why: null }, facts, nothing)).to.throw('can be asked')
    expect(EligibilityRecordV2.schema.parse(nobodyAsked.map(toPerson, facts, nothing))).to.deep.include({
      verdict: 'unknown',
      reasonCodes: ['unsupported'],
      manual: false,
    })
  })
})

describe('the name that a payer is asked by', () => {
  const route = { requestId: uuid(4), route: 'real-time', why: null } as const
  const nameOnCard = { givenName: 'Amira Leyla', familyName: 'Haddad-Ruiz' }
  const asked = (patient: Record<string, unknown>) => EligibilityInquiryV2.schema.parse(eligibilityInquiryV3.map(route, facts, { ...nothing, patient }))
  it('is the one on the card where that differs, and the patient’s own else', () => {
    expect(asked(answers)).to.include({ givenName: 'Amira', familyName: 'Haddad' }).and.not.have.property('nameOnCard')
    expect(asked({ ...answers, nameOnCard })).to.include({ ...nameOnCard, memberId: 'HX123' })
  })
  it('is never the one on the card of the second insurance', () => {
    const secondary = { payerId: 'NORTH9', payerText: null, memberId: 'NM-2', groupNumber: null, nameOnCard }
    expect(asked({ ...answers, secondary })).to.include({ givenName: 'Amira', familyName: 'Haddad', memberId: 'HX123' })
    expect(JSON.stringify(asked({ ...answers, secondary }))).to.not.contain('Ruiz')
    expect(eligibilityInquiryV3.reads?.patient).to.not.include('secondary')
  })
  it('is the same in a file', () => {
    const member = { requestId: uuid(4), payerId: 'HELIO1', payerName: 'Helio', serviceDate: '2026-12-01' }
    const closed = { batchId: uuid(7) } as Parameters<typeof eligibilityBatchV2.map>[0]
    const batch = [answers, { ...answers, nameOnCard }].map((patient) => ({ ...member, patient }))
    const file = EligibilityBatch.schema.parse(eligibilityBatchV2.map(closed, { ...facts, root: closed }, { ...nothing, batch }))
    expect(file.inquiries.map(({ familyName }) => familyName)).to.deep.equal(['Haddad', 'Haddad-Ruiz'])
  })
})
