import type { AnswerDays } from '@heliox/core/billing'
import { decide, type Facts } from './verdict.ts'

const daysMax = 20
const dayMs = 86_400_000
const shifted = (day: string, days: number): string => new Date(Date.parse(`${day}T00:00:00Z`) + days * dayMs).toISOString().slice(0, 10)

/**
 * The verdict for every day there is, as spans without gaps: whoever knows the day of the visit picks one. It can only change where a
 * period begins or ends.
 */
export function daysOf(facts: Facts | null): AnswerDays[] {
  if (facts === null) return []
  const begins = new Set<string>()
  for (const { from, to } of [...facts.periods, ...facts.statements.flatMap((statement) => statement.periods)]) {
    if (from !== null) begins.add(from)
    if (to !== null) begins.add(shifted(to, 1))
  }
  const starts = [...begins].sort()
  const first = starts[0]
  const days: AnswerDays[] = [span(facts, null, first === undefined ? '2000-01-01' : shifted(first, -1))]
  for (const start of starts) {
    const next = span(facts, start, start)
    const last = days.at(-1)
    if (!last || (last.verdict === next.verdict && last.rule === next.rule)) continue
    last.to = shifted(start, -1)
    days.push(next)
  }
  // More changes than any plan has: no day of it can be vouched for.
  return days.length > daysMax ? [] : days
}
function span(facts: Facts, from: string | null, day: string): AnswerDays {
  const { verdict, basis } = decide(facts, day)
  return { from, to: null, verdict, rule: basis.rule }
}
