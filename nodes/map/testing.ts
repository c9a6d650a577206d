import { EligibilityOutcome, EligibilityRequested } from '@heliox/core/billing'
import type { BatchMember, CanaryFacts, Contract, MapFacts, MapSpec, PayerFacts, ValueOf } from '@heliox/core/kit'
import { expect } from 'chai'

/** What the specs of maps share: one visit with its patient, and a hub that hands a map what it asked for. */
export const uuid = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`
export const ids = { intakeId: uuid(1), patientId: uuid(2), visitId: uuid(3) }
export const request = EligibilityRequested.schema.parse({
  ...ids,
  requestId: uuid(4),
  coverageId: uuid(5),
  payerId: 'HELIO1',
  payerName: 'Helio Health Plan',
  serviceDate: '2026-12-01',
})
export const outcome = (verdict: string, reasonCodes: string[] = []): ValueOf<typeof EligibilityOutcome> =>
  EligibilityOutcome.schema.parse({ ...request, verdict, reasonCodes, manual: false })
export const answers = {
  givenName: 'Ana',
  familyName: 'Moreno',
  birthDate: '1980-02-29',
  payerSex: 'F',
  phone: '+1 512 555 0100',
  email: null,
  address: { line1: '1 Main St', line2: null, city: 'Austin', state: 'TX', postalCode: '78701' },
  memberId: 'HX123',
  groupNumber: null,
}
export const visit = {
  startsAt: '2026-12-01T15:20:00.000Z',
  endsAt: '2026-12-01T15:40:00.000Z',
  practitioner: 'Dr Okafor',
  status: 'booked' as const,
  agreed: null,
  patientKey: 'a'.repeat(64),
}
export const tenant = { id: uuid(9), name: 'Lakeside Clinic', timeZone: 'America/Chicago', npi: '1234567893' }

/** Runs a map as the hub does: exactly the fields it names, and what comes out must fit its contract to the letter. */
export function run<R extends Contract, I extends Contract, O extends Contract>(
  map: MapSpec<R, I, O>,
  root: ValueOf<R>,
  input: ValueOf<I>,
  options: {
    manual?: boolean
    suspicions?: readonly string[]
    patient?: Record<string, unknown>
    route?: PayerFacts['route']
    secondPayer?: PayerFacts | null
    signedIn?: 'en' | 'es' | null
    canary?: CanaryFacts
    batch?: readonly BatchMember[]
    visit?: typeof visit
  } = {},
): ValueOf<O> {
  const facts: MapFacts<ValueOf<R>> = { root, at: '2026-11-22T10:00:00.000Z', tenant, manual: options.manual ?? false, suspicions: options.suspicions ?? [] }
  const stored: Record<string, unknown> = options.patient ?? answers
  const patient = Object.fromEntries((map.reads?.patient ?? []).map((field) => [field, stored[field]]))
  const output = map.map(input, facts, {
    patient,
    visit: map.reads?.visit ? (options.visit ?? visit) : null,
    chart: map.reads?.chart ? { patientRef: null, forgottenRefs: ['Patient/4'] } : null,
    payer: map.reads?.payer && options.route ? { id: 'HELIO1', name: 'Helio Health Plan', route: options.route, supported: true } : null,
    secondPayer: map.reads?.secondPayer ? (options.secondPayer ?? null) : null,
    signedIn: map.reads?.signedIn ? (options.signedIn ?? null) : null,
    canary: map.reads?.canary ? (options.canary ?? null) : null,
    batch: map.reads?.batch ? (options.batch ?? []) : [],
    leave: null,
    letter: null,
  })
  expect(map.output.schema.parse(output), `${map.name} makes ${map.output.id}`).to.deep.equal(output)
  return output
}
