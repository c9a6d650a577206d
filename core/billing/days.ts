import type { Verdict } from './model.ts'

/** On which days an answer says what: its reader does not know the day of the visit. ISO dates, both included; null is open. */
export interface AnswerDays {
  from: string | null
  to: string | null
  verdict: Verdict
  rule: string
}

/** The answer for one day. What no span holds (a damaged answer has none) is not known. */
export function verdictOn(days: readonly AnswerDays[], day: string): { verdict: Verdict; rule: string } {
  const found = days.find(({ from, to }) => (from === null || from <= day) && (to === null || day <= to))
  return found ? { verdict: found.verdict, rule: found.rule } : { verdict: 'unknown', rule: 'dates-exclude-day' }
}
