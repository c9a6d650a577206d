import type { BulkRelease } from '../src/client.gen.ts'
import type { Answer } from './fake-data.ts'
import { soon, uuid } from './fake-kit.ts'
import { ok, refused, you } from './fake-ops-answer.ts'
import type { OpsData } from './fake-ops-data.ts'

export const bulkRelease = (n: number, change: Partial<BulkRelease> = {}): BulkRelease => ({
  id: uuid(n),
  action: 'retry',
  selection: { incidentId: uuid(89) },
  ratePerMinute: 60,
  reason: 'partner-is-back',
  status: 'running',
  progress: { total: 214, waiting: 150, decided: 60, carriedOut: 55, refused: 2, skipped: { claimed: 2, decided: 1, resolved: 1, 'not-allowed': 0 } },
  startedBy: 'Robin Ade',
  startedAt: soon(-0.02),
  changedBy: null,
  changedAt: null,
  finishedAt: null,
  endsAt: soon(0.05),
  ...change,
})

export function answerBulk(data: OpsData, method: string, path: string, body: unknown): Answer {
  if (path.endsWith('/plan')) {
    const { action, selection } = body as { action: string; selection: { incidentId?: string; cause?: string } }
    const items = data.overrides.filter(
      (item) => (!selection.incidentId || item.incidentId === selection.incidentId) && (!selection.cause || item.cause === selection.cause),
    )
    const left = action === 'drop' ? [] : items
    return ok({
      plan: {
        items: left.length,
        skipped: { claimed: 2, decided: 0, resolved: 0, 'not-allowed': items.length - left.length },
        more: false,
        soonestVisitAt: left[0]?.visitAt ?? null,
        visitsByDay:
          left.length > 0
            ? [
                { day: soon(1).slice(0, 10), items: left.length - 1 },
                { day: null, items: 1 },
              ]
            : [],
      },
      sample: left.slice(0, 10),
      ...{ reasons: ['partner-is-back', 'connection-fixed', 'software-fixed', 'other'], rateDefault: 60, rateMax: 600 },
    })
  }
  if (path === '/api/ops/bulk-releases' && method === 'POST') {
    const { bulkReleaseId, action, selection, ratePerMinute, reason } = body as { bulkReleaseId: string } & BulkRelease
    const made = bulkRelease(0, { id: bulkReleaseId, action, selection, ratePerMinute, reason })
    if (!data.bulk.some(({ id }) => id === made.id)) data.bulk.unshift(made)
    return ok(made)
  }
  if (path === '/api/ops/bulk-releases') return ok({ items: data.bulk, nextCursor: null })
  const one = data.bulk.find(({ id }) => path.includes(id))
  if (!one) return refused('not-found', 404)
  if (path.endsWith('/stop')) Object.assign(one, { status: 'stopped', changedBy: you.name, changedAt: soon(0), endsAt: null })
  if (path.endsWith('/resume')) Object.assign(one, { status: 'running', changedBy: you.name, changedAt: soon(0), endsAt: soon(0.05) })
  return ok(one)
}
