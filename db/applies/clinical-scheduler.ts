import { LegacyAppointment, LegacyItemReceived, LegacyListed, LegacyModeIs, LegacyRefused, MirrorRecord } from '@heliox/core/clinical'
import { compareListed } from '../clinical/schedule-compare.ts'
import { handoverStepped, noteRefusal } from '../clinical/schedule-handover.ts'
import { noteItem, recordMirrored, takeAppointment } from '../clinical/schedule-take.ts'
import { type ApplyFunction, applyOf } from './context.ts'

export const schedulerFunctions: Readonly<Record<string, ApplyFunction>> = {
  'clinical.note-legacy-item': applyOf(LegacyItemReceived, (received, context) => noteItem(context.tx, received, context)),
  'clinical.take-legacy': applyOf(LegacyAppointment, (appointment, context) => takeAppointment(context.tx, context.vault, appointment, context)),
  'clinical.record-mirrored': applyOf(MirrorRecord, (record, context) => recordMirrored(context.tx, record, context)),
  'clinical.compare-listed': applyOf(LegacyListed, (page, context) => compareListed(context.tx, page, context)),
  'clinical.handover-stepped': applyOf(LegacyModeIs, (is, context) => handoverStepped(context.tx, is, context)),
  'clinical.record-legacy-refusal': applyOf(LegacyRefused, ({ code }, context) => noteRefusal(context.tx, code, context.now)),
}
