import { IntakeSubmitted } from '../identity/events.ts'
import { defineApply } from '../kit/index.ts'
import { AppointmentRecord, ChartRecord, EhrAppointmentReceived, WritebackRecordV2 } from './ehr.ts'
import { WritebackRecord } from './model.ts'

export const clinicalApplies = [
  defineApply({
    name: 'clinical.attach-patient',
    version: 1,
    context: 'clinical',
    summary: 'The visit gets its patient.',
    input: IntakeSubmitted,
    emits: ['visit.prepared.v1'],
  }),
  defineApply({
    name: 'clinical.record-writeback',
    version: 1,
    context: 'clinical',
    summary: 'References of what the EHR wrote, or that it refused.',
    input: WritebackRecord,
    emits: ['ehr.writeback.completed.v1', 'ehr.writeback.failed.v1'],
  }),
  defineApply({
    name: 'clinical.keep-chart',
    version: 1,
    context: 'clinical',
    summary: 'Which chart is the patient’s is known from now on.',
    input: ChartRecord,
    emits: [],
  }),
  defineApply({
    name: 'clinical.record-chart',
    version: 1,
    context: 'clinical',
    summary: 'What the EHR wrote or refused, what both agree on now, and whether the chart must be looked for or written again.',
    input: WritebackRecordV2,
    emits: ['ehr.writeback.completed.v1', 'ehr.writeback.failed.v1', 'ehr.writeback-again.v1'],
  }),
  defineApply({
    name: 'clinical.record-appointment',
    version: 1,
    context: 'clinical',
    summary: 'What the chart says of a changed visit now, or that it was changed there too.',
    input: AppointmentRecord,
    emits: [],
  }),
  defineApply({
    name: 'clinical.take-appointment',
    version: 1,
    context: 'clinical',
    summary: 'What the chart says of a visit becomes so here, unless both were changed.',
    input: EhrAppointmentReceived,
    emits: ['visit.changed.v1', 'visit.mirror-due.v1'],
  }),
] as const
