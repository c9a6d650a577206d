import { IntakeSubmitted } from '../identity/events.ts'
import { defineApply } from '../kit/index.ts'
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
] as const
