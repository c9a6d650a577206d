import type { AnswerRejection } from './answer.ts'

/** Who must act, the nearest to the patient first: what the patient can put right is asked of the patient before anyone else. */
const whoFirst = ['patient', 'clinic', 'us', 'payer'] as const

/** The rule under which a rejected check is recorded: `rejected-patient`, and so on. */
export const rejectionRule = (reasons: readonly { who: AnswerRejection['who'] }[]): string =>
  `rejected-${whoFirst.find((who) => reasons.some((reason) => reason.who === who)) ?? 'us'}`
