import {
  BatchClosed,
  CanaryDue,
  EligibilityBatch,
  EligibilityInquiry,
  EligibilityInquiryV2,
  EligibilityRequested,
  EligibilityRoute,
  EligibilityRouteV2,
} from '@heliox/core/billing'
import { defineMap, PayerSex } from '@heliox/core/kit'
import { patientFields } from './patient-fields.ts'

const patient = patientFields('memberId', 'givenName', 'familyName', 'birthDate', 'payerSex')

/** Health benefit plan coverage (X12 element 1365): the question every payer answers at plan level. */
const serviceTypes = ['30']
/** An intake names the patient by the number on their own card: asked about as the subscriber. */
const asSubscriber = { holder: null, relationship: null }

export const eligibilityInquiry = defineMap({
  name: 'eligibility-inquiry',
  version: 1,
  summary: 'What the payer is asked: who, at which clinic, for the day of the visit.',
  root: EligibilityRequested,
  input: EligibilityRequested,
  output: EligibilityInquiry,
  reads: { patient: patient.names, visit: false, purpose: 'eligibility' },
  map: (request, { tenant }, read) => ({
    requestId: request.requestId,
    payerId: request.payerId,
    payerName: request.payerName,
    providerName: tenant.name,
    providerNpi: tenant.npi,
    ...patient.of(read.patient),
    // The day in the clinic's zone, fixed at the submit: a day computed here from a UTC time could be the day before (AAA 57).
    serviceDate: request.serviceDate,
    serviceTypes,
  }),
})

export const eligibilityInquiryV2 = defineMap({
  name: 'eligibility-inquiry',
  version: 2,
  summary: 'What the payer is asked at its real-time door: who, at which clinic, for the day of the visit; and whether a batch may follow.',
  root: EligibilityRequested,
  input: EligibilityRoute,
  output: EligibilityInquiryV2,
  reads: { patient: patient.names, visit: false, purpose: 'eligibility' },
  map: ({ route }, { root, tenant }, read) => ({
    requestId: root.requestId,
    route,
    payerId: root.payerId,
    payerName: root.payerName,
    providerName: tenant.name,
    providerNpi: tenant.npi,
    ...patient.of(read.patient),
    ...asSubscriber,
    serviceDate: root.serviceDate,
    serviceTypes,
  }),
})

/** As the payer has it: the name on the card, where the patient said that it differs; the chart keeps their own. */
const asOnCard = patientFields('memberId', 'givenName', 'familyName', 'nameOnCard', 'birthDate', 'payerSex')
function subscriberOf(read: unknown) {
  const { nameOnCard, givenName, familyName, ...rest } = asOnCard.of(read)
  return { ...rest, ...(nameOnCard ?? { givenName, familyName }) }
}

export const eligibilityInquiryV3 = defineMap({
  name: 'eligibility-inquiry',
  version: 3,
  summary: 'What the payer is asked at its real-time door: who, by the name on the card, at which clinic, for the day of the visit.',
  root: EligibilityRequested,
  input: EligibilityRouteV2,
  output: EligibilityInquiryV2,
  reads: { patient: asOnCard.names, visit: false, purpose: 'eligibility' },
  map: ({ route }, { root, tenant }, read) => {
    if (route === 'person') throw new Error('eligibility-inquiry: this payer has no door')
    return {
      ...{ requestId: root.requestId, route, payerId: root.payerId, payerName: root.payerName },
      ...{ providerName: tenant.name, providerNpi: tenant.npi },
      ...subscriberOf(read.patient),
      ...asSubscriber,
      serviceDate: root.serviceDate,
      serviceTypes,
    }
  },
})

export const eligibilityBatchV2 = defineMap({
  name: 'eligibility-batch',
  version: 2,
  summary: 'What the payers are asked with one file: each patient of the batch by the name on the card, in its order.',
  root: BatchClosed,
  input: BatchClosed,
  output: EligibilityBatch,
  reads: { patient: asOnCard.names, visit: false, batch: true, purpose: 'eligibility' },
  map: ({ batchId }, { tenant }, read) => ({
    batchId,
    inquiries: read.batch.map(({ requestId, payerId, payerName, serviceDate, patient: member }) => ({
      ...{ requestId, route: 'batch' as const, payerId, payerName, providerName: tenant.name, providerNpi: tenant.npi },
      ...subscriberOf(member),
      ...asSubscriber,
      ...{ serviceDate, serviceTypes },
    })),
  }),
})

export const eligibilityBatch = defineMap({
  name: 'eligibility-batch',
  version: 1,
  summary: 'What the payers are asked with one file: each patient of the batch, in its order.',
  root: BatchClosed,
  input: BatchClosed,
  output: EligibilityBatch,
  reads: { patient: patient.names, visit: false, batch: true, purpose: 'eligibility' },
  map: ({ batchId }, { tenant }, read) => ({
    batchId,
    inquiries: read.batch.map((member) => ({
      requestId: member.requestId,
      route: 'batch' as const,
      payerId: member.payerId,
      payerName: member.payerName,
      providerName: tenant.name,
      providerNpi: tenant.npi,
      ...patient.of(member.patient),
      ...asSubscriber,
      serviceDate: member.serviceDate,
      serviceTypes,
    })),
  }),
})

export const canaryInquiry = defineMap({
  name: 'canary-inquiry',
  version: 1,
  summary: 'What the payer is asked about a member whose answer is known, in the same words as about a patient.',
  root: CanaryDue,
  input: CanaryDue,
  output: EligibilityInquiryV2,
  reads: { patient: [], visit: false, canary: true, purpose: 'eligibility' },
  map: ({ requestId, payerId, payerName, known, serviceDate }, { tenant }, { canary }) => {
    if (!canary) throw new Error('canary-inquiry: the canary was not read')
    const { memberId, givenName, familyName, birthDate, payerSex } = canary
    return {
      requestId,
      // A door that does not answer has said nothing to learn from: "ask by batch" stands for that, and nobody is called for a canary.
      route: 'real-time-or-batch' as const,
      ...{ payerId, payerName, providerName: tenant.name, providerNpi: tenant.npi },
      ...{ memberId, givenName, familyName, birthDate, payerSex: PayerSex.parse(payerSex) },
      ...asSubscriber,
      serviceDate,
      serviceTypes,
      canary: known,
    }
  },
})
