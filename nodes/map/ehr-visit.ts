import { EligibilityOutcome, type Verdict } from '@heliox/core/billing'
import { EhrVisit } from '@heliox/core/clinical'
import { defineMap } from '@heliox/core/kit'
import { patientFields } from './patient-fields.ts'

const patient = patientFields('givenName', 'familyName', 'birthDate', 'payerSex', 'phone', 'email', 'address', 'memberId', 'groupNumber')

/** FHIR Coverage.status. Only what a payer said becomes active or cancelled; everything unclear stays a draft. */
export const coverageStatusOf: Record<Verdict, 'active' | 'cancelled' | 'draft'> = {
  active: 'active',
  inactive: 'cancelled',
  mixed: 'draft',
  rejected: 'draft',
  unknown: 'draft',
}

export const ehrVisit = defineMap({
  name: 'ehr-visit',
  version: 1,
  summary: 'Patient, Coverage and Appointment for the chart, with the status of the coverage from the verdict.',
  root: EligibilityOutcome,
  input: EligibilityOutcome,
  output: EhrVisit,
  reads: { patient: patient.names, visit: true, purpose: 'ehr-writeback' },
  map: (outcome, _facts, read) => {
    if (!read.visit) throw new Error('ehr-visit: the visit was not read')
    return {
      patientId: outcome.patientId,
      visitId: outcome.visitId,
      coverageId: outcome.coverageId,
      ...patient.of(read.patient),
      payerId: outcome.payerId,
      payerName: outcome.payerName,
      coverageStatus: coverageStatusOf[outcome.verdict],
      startsAt: read.visit.startsAt,
      endsAt: read.visit.endsAt,
      practitioner: read.visit.practitioner,
    }
  },
})
