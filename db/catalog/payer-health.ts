import { emptyHealth, PayerHealth, type Suspicion, unreadableHealth } from '@heliox/core/billing'
import type { PayerRules } from '@heliox/core/catalog'
import type { z } from 'zod'
import type { Tx } from '../tenancy.ts'

export interface HealthRow {
  health: z.output<typeof PayerHealth>
  /** Something was known that is not what this version reads, or is gone: it is learned anew, and `healthNow` says what may be believed until then. */
  lost: boolean
  doubtedSince: Date | null
  suspicions: string[]
}

/** Locked until the transaction ends: whoever judges the next answer sees what this one taught. Locks go request, then health, then canaries, then incidents. */
export async function lockHealth(tx: Tx, payerId: string): Promise<HealthRow> {
  await tx.query('INSERT INTO catalog.payer_health (tenant_id, payer_id) VALUES ($1, $2) ON CONFLICT DO NOTHING', [tx.tenantId, payerId])
  const found = await tx.query<{ health: unknown; doubtedSince: Date | null; suspicions: string[] }>(
    'SELECT health, doubted_since AS "doubtedSince", suspicions FROM catalog.payer_health WHERE tenant_id = $1 AND payer_id = $2 FOR NO KEY UPDATE',
    [tx.tenantId, payerId],
  )
  const row = found.rows[0]
  if (!row) throw new Error('the health of a payer is not there')
  const known = row.health === null ? undefined : PayerHealth.safeParse(row.health)
  const lost = known ? !known.success : row.doubtedSince !== null
  return { health: known?.success ? known.data : emptyHealth, lost, doubtedSince: row.doubtedSince, suspicions: row.suspicions }
}

/** What is known of a payer; of what was lost, the worst that its canaries can tell. One that has none to be asked about is learned like a new one. */
export function healthNow({ health, lost }: HealthRow, { canaries, route }: PayerRules, now: Date): HealthRow['health'] {
  if (!lost) return health
  return unreadableHealth(route === 'batch' ? [] : canaries.map(({ known }) => known), now)
}

/** What was learned of a patient's answer, and whether it was believed. One believed answer does not end what a canary tells of the others. */
export async function saveAnswered(tx: Tx, payerId: string, health: z.output<typeof PayerHealth>, suspicions: readonly Suspicion[], now: Date): Promise<void> {
  const doubts = suspicions.length > 0 ? suspicions : (health.canary?.doubts ?? [])
  await tx.query(
    `UPDATE catalog.payer_health SET health = $3, suspicions = $4, last_seen_at = greatest(last_seen_at, $5), answers = answers + 1,
       last_believed_at = CASE WHEN $6 THEN last_believed_at ELSE greatest(last_believed_at, $5) END,
       doubted_since = CASE WHEN $7 THEN coalesce(doubted_since, $5) END
     WHERE tenant_id = $1 AND payer_id = $2`,
    [tx.tenantId, payerId, JSON.stringify(health), doubts, now, suspicions.length > 0, doubts.length > 0],
  )
}

/** What a canary taught. `doubted`: it was answered falsely, and until it is answered as it must be nothing of this payer is believed. */
export async function saveCanary(tx: Tx, payerId: string, health: z.output<typeof PayerHealth>, doubts: readonly Suspicion[], now: Date): Promise<void> {
  await tx.query(
    `UPDATE catalog.payer_health SET health = $3, suspicions = $4, last_seen_at = greatest(last_seen_at, $5),
       doubted_since = CASE WHEN $6 THEN coalesce(doubted_since, $5) END
     WHERE tenant_id = $1 AND payer_id = $2`,
    [tx.tenantId, payerId, JSON.stringify(health), doubts, now, doubts.length > 0],
  )
}
