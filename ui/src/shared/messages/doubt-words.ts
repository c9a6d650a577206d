import type { Suspicion } from '@heliox/core/billing'

/** Why an answer is not believed, in words for staff; the name of the rule stands beside it where one may want to quote it. */
export const doubtWords: Record<Suspicion, string> = {
  'closed-calendar': 'The payer was closed when it answered.',
  'test-marks': 'The answer is marked as a test.',
  'echo-mismatch': 'The answer is about something other than what was asked.',
  'empty-answer': 'The answer says nothing, neither yes nor no.',
  'no-dates-or-plan': 'Dates or plan are missing, which this payer always gives.',
  'same-body': 'The same answer came for different members.',
  'fast-answer': 'The answer came far faster than this payer usually is.',
  'active-rate': 'Far more members than usual were answered alike in this hour.',
  'canary-active': 'The payer called a member covered that does not exist.',
  'canary-inactive': 'The payer did not know a member that it always knows.',
}
