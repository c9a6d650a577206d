import { EligibilityOutcome } from '@heliox/core/billing'
import { notListedPayerId } from '@heliox/core/catalog'
import { ChartFound, ChartQuery, ChartRecord, EhrRefused, EhrVisitV2, EhrVisitV3, EhrWrittenV2, WritebackRecordV2 } from '@heliox/core/clinical'
import { isMinor } from '@heliox/core/identity'
import { defineMap, type MapFacts, type ValueOf } from '@heliox/core/kit'
import { coverageStatusOf } from './ehr-visit.ts'
import { patientFields } from './patient-fields.ts'

const asked = patientFields('givenName', 'familyName', 'birthDate', 'phone')
const patient = patientFields('givenName', 'familyName', 'birthDate', 'payerSex', 'phone', 'email', 'address', 'memberId', 'groupNumber')

const asShown = patientFields('givenName', 'familyName', 'birthDate', 'phone', 'payerSex', 'gender', 'email', 'address')
const asOfNow = patientFields(
  ...(['givenName', 'familyName', 'birthDate', 'payerSex', 'phone', 'email', 'address', 'memberId', 'groupNumber'] as const),
  ...(['gender', 'guardian', 'secondary', 'payerText'] as const),
)

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

export const chartQueryV2 = defineMap({
  ...chartQuery,
  version: 2,
  summary: 'Whose chart: as version 1, and for whoever compares what the patient says of themselves.',
  reads: { patient: asShown.names, visit: false, chart: true, purpose: 'ehr-writeback' },
  map: ({ patientId, visitId }, _facts, read) => ({
    patientId,
    visitId,
    knownRef: read.chart?.patientRef ?? null,
    forgottenRefs: [...(read.chart?.forgottenRefs ?? [])],
    ...asShown.of(read.patient),
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
    const { status, startsAt, endsAt, practitioner, agreed, patientKey } = read.visit
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
      patientKey,
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

/** Where there is no number, the form says so in this word; a chart says it in FHIR's. */
const noNumber = 'NONE'
const numberOf = (memberId: string): string | null => (memberId === noNumber ? null : memberId)

export const ehrVisitV3 = defineMap({
  ...ehrVisitV2,
  version: 3,
  summary: 'As version 2, with gender and language in the patient’s word, who signs for a child, and the second insurance.',
  output: EhrVisitV3,
  reads: { patient: asOfNow.names, visit: true, secondPayer: true, signedIn: true, purpose: 'ehr-writeback' },
  map: (record, facts, read) => {
    const { payerText, secondary, guardian, memberId, ...patient } = asOfNow.of(read.patient)
    const before = ehrVisitV2.map(record, facts, { ...read, patient: { ...patient, memberId } })
    const inWords = facts.root.payerId === notListedPayerId && payerText !== null
    const signsForAnother = guardian !== null && isMinor(patient.birthDate, dayIn(before.startsAt, facts.tenant.timeZone))
    return {
      ...before,
      ...(inWords ? { payerId: null, payerName: payerText } : {}),
      memberId: numberOf(memberId),
      gender: patient.gender,
      guardian: signsForAnother ? guardian : null,
      // Of whoever signed: where that was a parent it says nothing of the child.
      language: guardian === null ? read.signedIn : null,
      secondary: secondary && {
        payerId: secondary.payerId,
        payerName: read.secondPayer?.name ?? secondary.payerText ?? unnamed,
        memberId: numberOf(secondary.memberId),
        groupNumber: secondary.groupNumber,
      },
    }
  },
})
/** Never so by the form, which asks for one or the other. */
const unnamed = 'Insurer not named'

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
