import type { Suspicion } from '@heliox/core/billing'
import { isOpen, nextOpen, type PayerSettings } from '@heliox/core/catalog'
import type { PayerListItem } from '@heliox/core/ports'
import { audit } from '../compliance/audit.ts'
import type { Tx } from '../tenancy.ts'
import { everyPayer, type KnownPayer, knownPayers } from './payers.ts'

interface SeenPayer {
  lastSeenAt: Date | null
  doubtedSince: Date | null
  suspicions: Suspicion[]
}
const unseen: SeenPayer = { lastSeenAt: null, doubtedSince: null, suspicions: [] }

export async function listPayersForAdmin(tx: Tx, now: Date): Promise<PayerListItem[]> {
  const payers = await everyPayer(tx)
  const seen = await seenPayers(
    tx,
    payers.map((payer) => payer.id),
  )
  return payers.map((payer) => listItem(payer, seen.get(payer.id) ?? unseen, now))
}

export async function findPayerForAdmin(tx: Tx, payerId: string, now: Date): Promise<{ payer: KnownPayer; item: PayerListItem } | undefined> {
  const payer = (await knownPayers(tx, [payerId])).get(payerId)
  if (!payer) return undefined
  return { payer, item: listItem(payer, (await seenPayers(tx, [payerId])).get(payerId) ?? unseen, now) }
}

/** What is learned of a payer is not read here: keyed hashes are for the rules alone. */
async function seenPayers(tx: Tx, payerIds: readonly string[]): Promise<Map<string, SeenPayer>> {
  const found = await tx.query<SeenPayer & { payerId: string }>(
    `SELECT payer_id AS "payerId", last_seen_at AS "lastSeenAt", doubted_since AS "doubtedSince", suspicions FROM catalog.payer_health
     WHERE tenant_id = $1 AND payer_id = ANY ($2)`,
    [tx.tenantId, payerIds],
  )
  return new Map(found.rows.map((row) => [row.payerId, row]))
}

function listItem({ id, name, rules, version, unreadable }: KnownPayer, { lastSeenAt, suspicions, ...seen }: SeenPayer, now: Date): PayerListItem {
  // Its settings cannot be read: nothing that it says is believed, whether it said anything yet or not.
  const doubtedSince = seen.doubtedSince ?? (unreadable ? now : null)
  const open = isOpen(rules.calendar, now)
  return {
    ...{ id, name, route: rules.route, timeZone: rules.calendar.timeZone, open, nextOpenAt: open ? null : nextOpen(rules.calendar, now).toISOString() },
    ...{ lastSeenAt: lastSeenAt?.toISOString() ?? null, suspiciousSince: doubtedSince?.toISOString() ?? null, suspicions, own: version > 0, version },
  }
}

/** Of two who changed the same version, the second is told, and nothing of theirs is written. */
export async function savePayerSettings(
  tx: Tx,
  payerId: string,
  { settings, version }: { settings: PayerSettings; version: number },
  now: Date,
): Promise<'saved' | 'not-found' | 'changed-meanwhile'> {
  if (!(await knownPayers(tx, [payerId])).has(payerId)) return 'not-found'
  const row = [tx.tenantId, payerId, JSON.stringify(settings), tx.actor, now]
  const saved =
    version === 0
      ? await tx.query(
          `INSERT INTO catalog.payer_settings (tenant_id, payer_id, settings, changed_by, changed_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING`,
          row,
        )
      : await tx.query(
          `UPDATE catalog.payer_settings SET settings = $3, changed_by = $4, changed_at = $5, version = version + 1
           WHERE tenant_id = $1 AND payer_id = $2 AND version = $6`,
          [...row, version],
        )
  if (saved.rowCount !== 1) return 'changed-meanwhile'
  await audit(tx, { action: 'payer.settings-changed', resource: `payer:${payerId}`, outcome: 'ok' }, now)
  return 'saved'
}
