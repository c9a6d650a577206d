import { IntakeSubmitted } from '../identity/events.ts'
import { defineApply } from '../kit/index.ts'

export const complianceApplies = [
  defineApply({
    name: 'compliance.record-consents',
    version: 1,
    context: 'compliance',
    summary: 'Which texts were signed, bound to their hashes.',
    input: IntakeSubmitted,
    emits: [],
  }),
] as const
