import { type AskedAgain, nextAskAt } from './ageing.ts'

/** Why somebody is asked about again. `payer-doubted`: believed at a time in which the payer is known by now to have said yes to anybody. */
export const recheckReasons = ['suspicious', 'ageing', 'payer-doubted', 'asked'] as const
export type RecheckReason = (typeof recheckReasons)[number]

/** Questions of one clinic to one payer in a minute that nobody waits for; those of a form that was just sent go before, and are not counted. */
export const recheckPerMinuteMax = 30

/** So many answers in a row that are not believed, and our team has it: nobody is left with "we doubt it" until the visit. */
export const doubtsMax = 12
/** After the visit nobody waits any more; the bill does, for a few days. */
const doubtDaysAfterVisitMax = 3
const firstDoubtMinutes = 15
const doubtMinutesMax = 720
const dayMs = 86_400_000

/** Before this moment a payer that lies is not asked again: each doubt in a row doubles the wait, so that no open payer is asked in a loop. */
export function afterDoubt(doubts: number, now: Date): Date {
  const minutes = Math.min(firstDoubtMinutes * 2 ** Math.min(Math.max(doubts, 1) - 1, 20), doubtMinutesMax)
  return new Date(now.getTime() + minutes * 60_000)
}

/** When a doubted answer is asked for again: at the payer's next opening from then on. Null: often enough, or too long after the visit. */
export function doubtAgainAt(doubts: number, about: Omit<AskedAgain, 'suspicious'>, now: Date): Date | null {
  if (doubts > doubtsMax || now.getTime() > Date.parse(about.serviceDate) + (1 + doubtDaysAfterVisitMax) * dayMs) return null
  return nextAskAt({ ...about, suspicious: true }, afterDoubt(doubts, now))
}
