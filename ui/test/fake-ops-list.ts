import type { OverrideItem } from '../src/client.gen.ts'
import type { Answer } from './fake-data.ts'
import { ok, you } from './fake-ops-answer.ts'
import type { OpsData } from './fake-ops-data.ts'
import { override } from './fake-ops-items.ts'

type Facet = { value: string; name: string | null; count: number }[]

function facet(items: readonly OverrideItem[], keyOf: (item: OverrideItem) => string | null, nameOf: (item: OverrideItem) => string | null): Facet {
  const found = new Map<string, Facet[number]>()
  for (const item of items) {
    const value = keyOf(item)
    if (value === null) continue
    const row = found.get(value) ?? { value, name: nameOf(item), count: 0 }
    row.count += 1
    found.set(value, row)
  }
  return [...found.values()].sort((a, b) => b.count - a.count)
}

export function listOf(data: OpsData, query: URLSearchParams): Answer {
  const is = (name: string, value: string | null): boolean => !query.get(name) || query.get(name) === value
  const fits = (item: OverrideItem): boolean =>
    item.status === (query.get('status') ?? 'open') &&
    is('owner', item.owner) &&
    is('kind', item.kind) &&
    is('incident', item.incidentId) &&
    is('flow', item.flow) &&
    (!query.get('mine') || item.claim?.userId === you.userId) &&
    (!query.get('proposed') || item.decision?.state === 'proposed')
  const wide = data.overrides.filter(fits)
  const all = wide.filter((item) => is('cause', item.cause) && is('payer', item.payerId))
  const grouped = query.get('grouped')
    ? facet(
        all,
        (item) => item.incidentId,
        () => null,
      ).filter(({ count }) => count > 1)
    : []
  const shown = all.filter((item) => !grouped.some(({ value }) => value === item.incidentId))
  const from = Number(query.get('cursor') ?? 0)
  const limit = Number(query.get('limit') ?? 50)
  return ok({
    items: shown.slice(from, from + limit),
    total: all.length,
    mine: all.filter(({ claim }) => claim?.userId === you.userId).length,
    proposed: all.filter(({ decision }) => decision?.state === 'proposed').length,
    byCause: facet(
      wide.filter((item) => is('payer', item.payerId)),
      (item) => item.cause,
      () => null,
    ),
    byPayer: facet(
      wide.filter((item) => is('cause', item.cause)),
      (item) => item.payerId,
      (item) => item.payerName,
    ),
    groups: grouped.map(({ value, count }) => {
      const first = all.find(({ incidentId }) => incidentId === value) ?? override(0)
      return {
        incidentId: value,
        kind: 'not-answering',
        partner: first.partner ?? '',
        payerId: first.payerId,
        payerName: first.payerName,
        cause: first.cause,
        items: count,
        soonestVisitAt: first.visitAt,
      }
    }),
    nextCursor: from + limit < shown.length ? String(from + limit) : null,
  })
}
