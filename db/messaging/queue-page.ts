import type { Facet, ItemGroup, QueuePage } from '@heliox/core/ports'
import { type Counted, fits, type groupItems } from './list-items.ts'

/** The numbers around a page, from one count by cause and payer. Each list of choices leaves its own choice out of the narrowing. */
export function queuePage(
  counted: readonly Counted[],
  groups: Awaited<ReturnType<typeof groupItems>>,
  payers: ReadonlyMap<string, string>,
  filter: { cause?: string | undefined; payer?: string | undefined },
): Omit<QueuePage, 'items' | 'nextCursor'> {
  const ofCause = counted.filter((row) => filter.cause === undefined || row.cause === filter.cause)
  const ofPayer = counted.filter((row) => filter.payer === undefined || row.payerId === filter.payer)
  const both = counted.filter((row) => fits(row, filter))
  const sum = (rows: readonly Counted[], of: 'count' | 'mine' | 'proposed'): number => rows.reduce((all, row) => all + row[of], 0)
  return {
    total: sum(both, 'count'),
    mine: sum(both, 'mine'),
    proposed: sum(both, 'proposed'),
    byCause: facet(
      ofPayer,
      (row) => row.cause,
      () => null,
    ),
    byPayer: facet(
      ofCause,
      (row) => row.payerId,
      (id) => payers.get(id) ?? null,
    ),
    groups: groups.map(
      (group): ItemGroup => ({
        ...group,
        payerName: (group.payerId && payers.get(group.payerId)) || null,
        soonestVisitAt: group.soonestVisitAt?.toISOString() ?? null,
      }),
    ),
  }
}

/** The most first. */
function facet(rows: readonly Counted[], pick: (row: Counted) => string | null, named: (value: string) => string | null): Facet[] {
  const counts = new Map<string, number>()
  for (const row of rows) {
    const value = pick(row)
    if (value !== null) counts.set(value, (counts.get(value) ?? 0) + row.count)
  }
  return [...counts].map(([value, count]) => ({ value, name: named(value), count })).sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1))
}
