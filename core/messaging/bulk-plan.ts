import { localTime } from '../catalog/local-time.ts'
import { type BulkAction, type BulkPlan, type BulkSkips, bulkLimits, bulkSkips } from './bulk-releases.ts'

/** What the plan needs to know of an item. */
interface Candidate {
  overrideId: string
  visitAt: string | null
  claimed: boolean
  decided: boolean
}

export const noSkips = (): BulkSkips => Object.fromEntries(bulkSkips.map((why) => [why, 0])) as BulkSkips

/**
 * Who is taken of the candidates (soonest visit first), and how many are left out. What may not be done is said before who holds it:
 * the first will not change, the second may.
 */
export function sortOut<C extends Candidate>(
  candidates: readonly C[],
  action: BulkAction,
  may: (item: C, action: BulkAction) => boolean,
): { taken: C[]; skipped: BulkSkips } {
  const skipped = noSkips()
  const taken = candidates.filter((item) => {
    const why = !may(item, action) ? 'not-allowed' : item.decided ? 'decided' : item.claimed ? 'claimed' : null
    if (why) skipped[why] += 1
    return why === null
  })
  return { taken, skipped }
}

/** The dry run in numbers. `more`: not every open item that fits was looked at. */
export function planOf(taken: readonly Candidate[], skipped: BulkSkips, more: boolean, timeZone: string): BulkPlan {
  const days = new Map<string | null, number>()
  for (const { visitAt } of taken) {
    const day = visitAt === null ? null : localTime(new Date(visitAt), timeZone).date
    days.set(day, (days.get(day) ?? 0) + 1)
  }
  const sorted = [...days].map(([day, items]) => ({ day, items })).sort(byDay)
  const visits = taken.flatMap(({ visitAt }) => visitAt ?? []).sort()
  return { items: taken.length, skipped, more, soonestVisitAt: visits[0] ?? null, visitsByDay: cut(sorted) }
}

type Day = BulkPlan['visitsByDay'][number]
const byDay = (a: Day, b: Day): number => {
  if (a.day === null || b.day === null) return Number(a.day === null) - Number(b.day === null)
  return a.day < b.day ? -1 : 1
}

/** Days past the limit are counted in the last of them; items without a visit keep their own row. */
function cut(days: readonly Day[]): Day[] {
  const dated = days.filter(({ day }) => day !== null)
  const kept = dated.slice(0, bulkLimits.daysMax).map((row) => ({ ...row }))
  const last = kept.at(-1)
  if (last) for (const { items } of dated.slice(bulkLimits.daysMax)) last.items += items
  return [...kept, ...days.filter(({ day }) => day === null)]
}

/** Turns of so many seconds may be made up at once; what an engine missed beyond that is not. */
const burstMs = 2_000

/**
 * How many turns are due, and when the next one is. An engine that was away does not send what it missed in one go: the rate is
 * there because a partner has just come back.
 */
export function turnsDue(nextAt: Date, ratePerMinute: number, now: Date): { turns: number; nextAt: Date } {
  const nowMs = now.getTime()
  const everyMs = 60_000 / ratePerMinute
  const lateMs = nowMs - nextAt.getTime()
  if (lateMs < 0) return { turns: 0, nextAt }
  const due = Math.floor(lateMs / everyMs) + 1
  const most = Math.max(1, Math.ceil(burstMs / everyMs))
  if (due > most) return { turns: most, nextAt: new Date(nowMs + everyMs) }
  return { turns: due, nextAt: new Date(nextAt.getTime() + due * everyMs) }
}

/** When the last of so many waiting items has its turn. */
export function lastTurnAt(nextAt: Date, ratePerMinute: number, waiting: number, now: Date): Date {
  const from = Math.max(nextAt.getTime(), now.getTime())
  return new Date(from + (Math.max(waiting, 1) - 1) * (60_000 / ratePerMinute))
}
