import { defineApply } from '../kit/index.ts'
import { Notice } from './model.ts'

export const messagingApplies = [
  defineApply({
    name: 'messaging.notify',
    version: 1,
    context: 'messaging',
    summary: 'A message for the patient, once per (intake, template, subject).',
    input: Notice,
    emits: ['notification.written.v1'],
  }),
] as const
