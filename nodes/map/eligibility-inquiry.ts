import { EligibilityInquiry, EligibilityRequested } from '@heliox/core/billing'
import { defineMap } from '@heliox/core/kit'
import { patientFields } from './patient-fields.ts'

const patient = patientFields('memberId', 'givenName', 'familyName', 'birthDate', 'payerSex')

/** Health benefit plan coverage (X12 element 1365): the question every payer answers at plan level. */
const serviceTypes = ['30']

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
