import { EligibilityOutcome } from '@heliox/core/billing'
import { ChartFound, ChartQuery, ChartRecord, EhrRefused, EhrVisitV2, EhrWrittenV2, WritebackRecordV2 } from '@heliox/core/clinical'
import { defineMap, type MapFacts, type ValueOf } from '@heliox/core/kit'
import { coverageStatusOf } from './ehr-visit.ts'
import { patientFields } from './patient-fields.ts'

const asked = patientFields('givenName', 'familyName', 'birthDate', 'phone')
const patient = patientFields('givenName', 'familyName', 'birthDate', 'payerSex', 'phone', 'email', 'address', 'memberId', 'groupNumber')

const ids = ({ root }: MapFacts<ValueOf<typeof EligibilityOutcome>>) => ({ intakeId: root.intakeId, patientId: root.patientId, visitId: root.visitId })

export const chartQuery = defineMap({
  name: 'chart-query',
  version: 1,
  summary: 'Whose chart: by what is known of it, else by name, birth date and phone.',
  root: EligibilityOutcome,
  input: EligibilityOutcome,
  output: ChartQuery,
  reads: { patient: asked.names, visit: false, chart: true, purpose: 'ehr-writeback' },
  map: ({ patientId, visitId }, _facts, read) => ({
    patientId,
    visitId,
    knownRef: read.chart?.patientRef ?? null,
    forgottenRefs: [...(read.chart?.forgottenRefs ?? [])],
    ...asked.of(read.patient),
  }),
})

export const chartRecord = defineMap({
  name: 'chart-record',
  version: 1,
  summary: 'Which chart was found for the patient of this visit.',
  root: EligibilityOutcome,
  input: ChartFound,
  output: ChartRecord,
  reads: null,
  map: (found, facts) => ({ ...ids(facts), found }),
})

/** The day of the visit where the clinic is: FHIR's serviced date has no time, and the evening of one day is the next one in UTC. */
const dayIn = (iso: string, timeZone: string): string =>
  new Intl.DateTimeFormat('en-CA', { year: 'numeric', month: '2-digit', day: '2-digit', timeZone }).format(new Date(iso))

export const ehrVisitV2 = defineMap({
  name: 'ehr-visit',
  version: 2,
  summary: 'Everything the chart gets for one visit as it is now: Patient, Coverage, Appointment, and what the payer answered.',
  root: EligibilityOutcome,
  input: ChartRecord,
  output: EhrVisitV2,
  reads: { patient: patient.names, visit: true, purpose: 'ehr-writeback' },
  map: ({ found }, { root, at, tenant }, read) => {
    if (!read.visit) throw new Error('ehr-visit: the visit was not read')
    const { status, startsAt, endsAt, practitioner, agreed } = read.visit
    return {
      patientId: root.patientId,
      visitId: root.visitId,
      coverageId: root.coverageId,
      patientRef: found.patientRef,
      notRefs: found.notRefs,
      ...patient.of(read.patient),
      payerId: root.payerId,
      payerName: root.payerName,
      coverageStatus: coverageStatusOf[root.verdict],
      appointmentStatus: status,
      agreed,
      startsAt,
      endsAt,
      practitioner,
      eligibility: {
        requestId: root.requestId,
        serviceDate: dayIn(startsAt, tenant.timeZone),
        verdict: root.verdict,
        manual: root.manual,
        // Events from before answers had a time of their own.
        answeredAt: root.answeredAt ?? at,
        reasonCodes: root.reasonCodes,
      },
    }
  },
})

export const writebackRecordV2 = defineMap({
  name: 'writeback-record',
  version: 2,
  summary: 'Under which references the EHR keeps what was written, and what its appointment says.',
  root: EligibilityOutcome,
  input: EhrWrittenV2,
  output: WritebackRecordV2,
  reads: null,
  map: (written, facts) => ({ ...ids(facts), outcome: 'written' as const, refs: written, codes: [] }),
})

export const writebackRefusalRecordV2 = defineMap({
  name: 'writeback-refusal-record',
  version: 2,
  summary: 'That the EHR refused to find or to write, with the codes that say why.',
  root: EligibilityOutcome,
  input: EhrRefused,
  output: WritebackRecordV2,
  reads: null,
  map: (refused, facts) => ({ ...ids(facts), outcome: 'refused' as const, refs: null, codes: refused.codes }),
})
