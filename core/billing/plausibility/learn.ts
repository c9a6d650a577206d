import type { Suspicion } from '../model.ts'
import { dayOf, type Run, runAfter, speaks, toldAfter } from './active-rate.ts'
import { bodiesMax, daysMax, latenciesMax, type PayerHealth, weeksMax } from './health.ts'
import { habitAfter } from './no-dates-or-plan.ts'
import { fitted, type Numbers } from './numbers.ts'
import { bodyKey } from './same-body.ts'
import type { JudgedPayer, Seen } from './seen.ts'

/**
 * What is known after this answer. `suspicions`: what `judge` said of it against the same health. A suspicious answer is never learned as
 * usual; it only moves what tells how the payer does now. The answer about a canary is nobody's, and changes nothing here.
 */
export function learn(
  seen: Seen,
  suspicions: readonly Suspicion[],
  health: PayerHealth,
  payer: JudgedPayer,
  now: Date,
  numbers: Numbers = fitted,
): PayerHealth {
  if (seen.signs.canary !== undefined) return health
  const believed = suspicions.length === 0
  // What another rule has seen through is not the payer's word: it must not be held against the answers after it.
  const ofRate = believed || suspicions.every((name) => name === 'active-rate')
  const run = ofRate ? dated(runAfter(seen.signs, health, payer, now, numbers), health.run, now) : health.run
  const told = ofRate ? toldAfter(seen.signs, health, now, numbers) : health.told
  // A habit is told by its days: a payer that always answers so must get out of this doubt by itself.
  const ofHabit = believed || suspicions.every((name) => name === 'no-dates-or-plan')
  const days = ofHabit ? habitAfter(seen.signs, health.days, dayOf(payer, now).day, daysMax) : health.days
  const moved: PayerHealth = { ...health, run, ...(told ? { told } : {}), days, bodies: withBody(seen, health) }
  return believed ? withUsual(seen, moved, payer, now) : moved
}

function dated(run: Run, before: PayerHealth['run'], now: Date): NonNullable<PayerHealth['run']> {
  const at = now.toISOString()
  return { ...run, at, ...(speaks(run) ? { since: before?.since ?? at } : {}) }
}

function withBody({ signs }: Seen, { bodies }: PayerHealth): PayerHealth['bodies'] {
  const key = bodyKey(signs)
  if (signs.says !== 'yes' || !key) return bodies
  const others = bodies.filter(([body, subject]) => body !== key[0] || subject !== key[1])
  return [...others.slice(-(bodiesMax - 1)), key]
}

function withUsual({ signs, latencyMs }: Seen, moved: PayerHealth, payer: JudgedPayer, now: Date): PayerHealth {
  const latencies = latencyMs === null || signs.says !== 'yes' ? moved.latencies : [...moved.latencies.slice(-(latenciesMax - 1)), Math.round(latencyMs)]
  return { ...moved, latencies, weeks: weeksAfter(signs, moved, payer, now) }
}

/** While the run speaks against the payer, its answers to the other side are no measure of the usual either. */
function weeksAfter(signs: Seen['signs'], { weeks, run }: PayerHealth, payer: JudgedPayer, now: Date): PayerHealth['weeks'] {
  if (signs.says === 'neither' || (run && speaks(run))) return weeks
  const { week, kind } = dayOf(payer, now)
  const known = weeks[kind].find((one) => one.week === week) ?? { week, yes: 0, no: 0 }
  const counted = { week, yes: known.yes + (signs.says === 'yes' ? 1 : 0), no: known.no + (signs.says === 'no' ? 1 : 0) }
  const others = weeks[kind].filter((one) => one.week !== week)
  return { ...weeks, [kind]: [...others, counted].sort((a, b) => a.week - b.week).slice(-weeksMax) }
}
