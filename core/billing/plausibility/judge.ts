import { type Suspicion, suspicions } from '../model.ts'
import { activeRate } from './active-rate.ts'
import { canaryActive, canaryInactive } from './canary.ts'
import { closedCalendar } from './closed-calendar.ts'
import { echoMismatch } from './echo-mismatch.ts'
import { emptyAnswer } from './empty-answer.ts'
import { fastAnswer } from './fast-answer.ts'
import type { PayerHealth } from './health.ts'
import { noDatesOrPlan } from './no-dates-or-plan.ts'
import { fitted, type Numbers } from './numbers.ts'
import { sameBody } from './same-body.ts'
import type { Detector, JudgedPayer, Seen } from './seen.ts'
import { testMarks } from './test-marks.ts'

export const detectors: Readonly<Record<Suspicion, Detector>> = {
  'closed-calendar': closedCalendar,
  'test-marks': testMarks,
  'echo-mismatch': echoMismatch,
  'empty-answer': emptyAnswer,
  'no-dates-or-plan': noDatesOrPlan,
  'same-body': sameBody,
  'fast-answer': fastAnswer,
  'active-rate': activeRate,
  'canary-active': canaryActive,
  'canary-inactive': canaryInactive,
}

/** What each rule says, for whoever wants to see why; `judge` decides. */
export const scoresOf = (seen: Seen, health: PayerHealth, payer: JudgedPayer, now: Date, numbers: Numbers = fitted): Record<Suspicion, number> =>
  Object.fromEntries(suspicions.map((name) => [name, detectors[name](seen, health, payer, now, numbers)])) as Record<Suspicion, number>

/** Why this answer is not believed, the strongest reason first. Empty: it is. Asked before `learn`. */
export function judge(seen: Seen, health: PayerHealth, payer: JudgedPayer, now: Date, numbers: Numbers = fitted): Suspicion[] {
  return namesOf(scoresOf(seen, health, payer, now, numbers), numbers)
}

/** Scores add up: none of two weak reasons is enough, both may be. */
export function namesOf(scores: Readonly<Record<Suspicion, number>>, numbers: Numbers): Suspicion[] {
  const speaking = suspicions.filter((name) => scores[name] >= numbers.named)
  const together = speaking.reduce((sum, name) => sum + scores[name], 0)
  if (together < numbers.enough) return []
  return speaking.sort((a, b) => scores[b] - scores[a])
}
