import { defineApply } from '../kit/index.ts'
import { LegacyAppointment, LegacyItemReceived, LegacyListed, LegacyModeIs, LegacyRefused, MirrorRecord } from './scheduler.ts'

export const schedulerApplies = [
  defineApply({
    name: 'clinical.note-legacy-item',
    version: 1,
    context: 'clinical',
    summary: 'Whether an entry of the old scheduler’s feed says something new.',
    input: LegacyItemReceived,
    emits: ['legacy.appointment-due.v1'],
  }),
  defineApply({
    name: 'clinical.take-legacy',
    version: 1,
    context: 'clinical',
    summary: 'An appointment of the old scheduler becomes a visit, or changes it, while it owns them.',
    input: LegacyAppointment,
    emits: ['visit.created.v1', 'visit.changed.v1'],
  }),
  defineApply({
    name: 'clinical.record-mirrored',
    version: 1,
    context: 'clinical',
    summary: 'What became of the copy of a visit.',
    input: MirrorRecord,
    emits: [],
  }),
  defineApply({
    name: 'clinical.compare-listed',
    version: 1,
    context: 'clinical',
    summary: 'A page of the old scheduler beside our visits: differences, what mends them, and the switch when there are none left.',
    input: LegacyListed,
    emits: ['schedule.compare-due.v1', 'visit.mirror-due.v1', 'legacy.appointment-due.v1', 'schedule.handover-step.v1'],
  }),
  defineApply({
    name: 'clinical.handover-stepped',
    version: 1,
    context: 'clinical',
    summary: 'The old scheduler is closed for people, or open again.',
    input: LegacyModeIs,
    emits: ['schedule.handover-step.v1'],
  }),
  defineApply({
    name: 'clinical.record-legacy-refusal',
    version: 1,
    context: 'clinical',
    summary: 'That the old scheduler said no, for the screen.',
    input: LegacyRefused,
    emits: [],
  }),
] as const
