import type { PayerCalendar } from '../../catalog/calendar.ts'
import type { AnswerSigns } from '../../kit/index.ts'
import type { PayerHealth } from './health.ts'
import type { Numbers } from './numbers.ts'

/** Signs as they are kept: what may name a patient is a keyed hash; null where none was made (a file). */
export type SeenSigns = Omit<AnswerSigns, 'body' | 'subject'> & { body: string | null; subject: string | null }

/** One answer, as far as it can be judged. `latencyMs`: from question to answer; null where nobody waited. */
export interface Seen {
  signs: SeenSigns
  latencyMs: number | null
}

/** What is known of a payer as data. An empty calendar is open always: then `closed-calendar` never speaks. */
export interface JudgedPayer {
  calendar: PayerCalendar
}

/**
 * One rule. Says how much speaks against an answer: 0 nothing, 1 enough alone; scores of several add up. Pure, and told the time: the
 * same answer against the same health is judged alike, for ever.
 */
export type Detector = (seen: Seen, health: PayerHealth, payer: JudgedPayer, now: Date, numbers: Numbers) => number
