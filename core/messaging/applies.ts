import { VisitChanged } from '../clinical/visit-changes.ts'
import { CodeAsked, CorrectionAsked, IntakeCorrected } from '../identity/events.ts'
import { defineApply } from '../kit/index.ts'
import { CaseFinding } from './cases.ts'
import { MessageItemReceived, MessageLeave, MessageRecord } from './messages.ts'
import { Notice } from './model.ts'

const messageEmits = ['message.requested.v1', 'message.changed.v1'] as const

export const messagingApplies = [
  defineApply({
    name: 'messaging.notify',
    version: 1,
    context: 'messaging',
    summary: 'A message for the patient, once per (intake, template, subject).',
    input: Notice,
    emits: ['notification.written.v1'],
  }),
  defineApply({
    name: 'messaging.record-case',
    version: 1,
    context: 'messaging',
    summary: 'A case for an answer that needs a person; a clean answer closes it.',
    input: CaseFinding,
    emits: ['case.opened.v1', 'case.closed.v1'],
  }),
  defineApply({
    name: 'messaging.close-waiting',
    version: 1,
    context: 'messaging',
    summary: 'What waits with the details of before is given up: it would be asked about somebody else.',
    input: IntakeCorrected,
    emits: ['case.closed.v1', 'override.resolved.v1'],
  }),
  defineApply({
    name: 'messaging.follow-visit',
    version: 1,
    context: 'messaging',
    summary: 'What waits for a person stands in the queue by the time that its visit has now.',
    input: VisitChanged,
    emits: [],
  }),
  defineApply({
    name: 'messaging.message-notice',
    version: 1,
    context: 'messaging',
    summary: 'A message beside a notice that asks for something or changes something; once per subject, by a channel that the patient wants.',
    input: Notice,
    emits: messageEmits,
  }),
  defineApply({
    name: 'messaging.message-correction',
    version: 1,
    context: 'messaging',
    summary: 'A message that details are to be put right, each time that they are asked for.',
    input: CorrectionAsked,
    emits: messageEmits,
  }),
  defineApply({
    name: 'messaging.message-visit',
    version: 1,
    context: 'messaging',
    summary: 'A message that a visit was moved or called off, to whoever knows it otherwise.',
    input: VisitChanged,
    emits: messageEmits,
  }),
  defineApply({
    name: 'messaging.plan-code',
    version: 1,
    context: 'messaging',
    summary: 'The code that a patient asked for, by the channel that they chose; by mail where texts are stopped.',
    input: CodeAsked,
    emits: messageEmits,
  }),
  defineApply({
    name: 'messaging.hold-back-message',
    version: 1,
    context: 'messaging',
    summary: 'A message does not leave, or not now.',
    input: MessageLeave,
    emits: messageEmits,
  }),
  defineApply({
    name: 'messaging.record-message',
    version: 1,
    context: 'messaging',
    summary: 'What the partner answered; a text that cannot be delivered becomes a mail.',
    input: MessageRecord,
    emits: messageEmits,
  }),
  defineApply({
    name: 'messaging.record-message-fact',
    version: 1,
    context: 'messaging',
    summary: 'A receipt, folded by rank; or a word of the patient: STOP ends texts, START takes that back.',
    input: MessageItemReceived,
    emits: messageEmits,
  }),
] as const
