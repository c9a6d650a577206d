import { VisitChanged } from '../clinical/visit-changes.ts'
import { IntakeCorrected } from '../identity/events.ts'
import { defineApply } from '../kit/index.ts'
import { CaseFinding } from './cases.ts'
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
] as const
