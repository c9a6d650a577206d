import type { ChartCandidates, ChartQuery } from '@heliox/core/clinical'
import type { KeptItem } from './fake-queue.ts'

/** A patient, and two charts of an EHR that look like theirs. */
export const asked: ChartQuery = {
  ...{ patientId: '0198f2a0-0000-7000-8000-000000000002', visitId: '0198f2a0-0000-7000-8000-000000000003', knownRef: null, forgottenRefs: [] },
  ...{ givenName: 'Ruth', familyName: 'Okafor', birthDate: '1981-04-09', phone: '+1 312 555 0100' },
}
const candidate: ChartCandidates['candidates'][number] = {
  ...{ patientRef: 'Patient/7', givenName: 'Ruth', familyName: 'Okafor', birthDate: '1981-04-09', gender: 'female', phone: null, email: null },
  ...{ address: null, addressCountry: null, mrn: 'MRN-7', updatedAt: '2025-11-03T10:00:00.000Z', foundBy: ['name-and-birth-date'] },
}
export const options: ChartCandidates = { candidates: [candidate, { ...candidate, patientRef: 'Patient/8', birthDate: '1981-09-04' }], more: false }

/** What such an item is. */
export const aChoice: Partial<KeptItem> = {
  ...{ partner: 'fhir', operation: 'findChart', cause: 'choice', flow: 'ehr-writeback' },
  ...{ payerId: null, payerName: null, payerRoute: null },
}
