import { defineApply } from '../kit/index.ts'
import { CaseFinding } from '../messaging/cases.ts'

export const identityApplies = [
  defineApply({
    name: 'identity.offer-correction',
    version: 1,
    context: 'identity',
    summary: 'The patient is asked for what the payer did not recognise, or no longer asked.',
    input: CaseFinding,
    emits: ['intake.correction-asked.v1'],
  }),
] as const
