import type { IncidentListItem, IncidentStore } from '@heliox/core/ports'
import { sendAgain, sendAgainPayer, silentOf, unsentOf } from './billing/unsent.ts'
import { payerNames } from './catalog/payers.ts'
import { closeIncident, findIncident, type IncidentRow, listIncidents, lockOpen } from './messaging/incidents.ts'
import type { Deps } from './store-deps.ts'
import { type Tx, withTenant } from './tenancy.ts'

/** The API's side of incidents. Each method is one transaction of one tenant; no SQL is written here. */
export function makeIncidents({ pool, process }: Deps): IncidentStore {
  const reader = `service:${process}`
  return {
    list: (tenantId, filter) =>
      withTenant(pool, tenantId, reader, async (tx) => {
        const { items, ...page } = await listIncidents(tx, filter)
        return { ...page, items: await withNames(tx, items) }
      }),
    find: (tenantId, id) =>
      withTenant(pool, tenantId, reader, async (tx) => {
        const row = await findIncident(tx, id)
        return row && (await withNames(tx, [row]))[0]
      }),
    close: (tenantId, id, reason, actor, now) =>
      withTenant(pool, tenantId, actor, async (tx) => {
        const row = await lockOpen(tx, id)
        if (typeof row === 'string') return row
        await closeIncident(tx, id, reason, now)
        return 'closed'
      }),
    sendAgain: (tenantId, id, actor, now) =>
      withTenant(pool, tenantId, actor, async (tx) => {
        const row = await lockOpen(tx, id)
        if (typeof row === 'string') return { is: row }
        const inquiries = await askAgain(tx, row, now)
        if (inquiries === 0) return { is: 'nothing-to-send' }
        await closeIncident(tx, id, 'sent-again', now)
        return { is: 'queued', inquiries }
      }),
  }
}

async function withNames(tx: Tx, rows: readonly IncidentRow[]): Promise<IncidentListItem[]> {
  const names = await payerNames(tx, [...new Set(rows.flatMap((row) => row.payerId ?? []))])
  const open = (is: 'batch' | 'payer') => [...new Set(rows.flatMap((row) => (row.status === 'open' && unsends(row, is) ? row.about.id : [])))]
  const unsent = {
    batch: await unsentOf(tx, open('batch')),
    payer: await silentOf(tx, open('payer')),
    file: noneUnsent,
    request: noneUnsent,
    partner: noneUnsent,
    refund: noneUnsent,
    visit: noneUnsent,
    plan: noneUnsent,
    charge: noneUnsent,
    payment: noneUnsent,
  }
  return rows.map((row) => ({
    ...row,
    payerName: (row.payerId && names.get(row.payerId)) || null,
    canSendAgain: row.status === 'open' && unsends(row, row.about.is) && unsent[row.about.is].has(row.about.id),
  }))
}
const noneUnsent: ReadonlyMap<string, number> = new Map()

/** A payer leaves inquiries unsent by its silence alone: those that it fails to answer at once are tried again by themselves. */
const unsends = ({ kind, about }: IncidentRow, is: IncidentRow['about']['is']): boolean => about.is === is && (is !== 'payer' || kind === 'silence')

async function askAgain(tx: Tx, row: IncidentRow, now: Date): Promise<number> {
  if (unsends(row, 'batch')) return sendAgain(tx, row.about.id, now)
  return unsends(row, 'payer') ? sendAgainPayer(tx, row.about.id, now) : 0
}
