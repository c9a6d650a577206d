import type { BreakerCause, BreakerState } from '@heliox/core/messaging'
import { totalMax } from '../page.ts'
import type { Tx } from '../tenancy.ts'

/** A breaker for those who look after it. */
interface BreakerListItem {
  partner: string
  /** Null: the whole partner. */
  payerId: string | null
  operation: string
  state: BreakerState
  /** Since when it has been closed, or has not been. */
  since: string
  nextProbeAt: string | null
  /** How often in a row it opened; believed answers in a row since, of how many. */
  trips: number
  plausible: number
  plausibleToClose: number
  /** Of the last opening. */
  cause: BreakerCause
}

/** Deliveries of one partner, or of one payer behind it, that a fault keeps waiting. */
interface WaitingGroup {
  partner: string
  payerId: string | null
  /** Tried again by themselves. */
  retrying: number
  /** Waiting for a person. */
  held: number
  /** The soonest. */
  nextTryAt: string | null
}

interface Row extends Omit<BreakerListItem, 'payerId' | 'since' | 'nextProbeAt'> {
  payerId: string
  since: Date
  nextProbeAt: Date | null
}

const rowsMax = 500

/** Those that ever opened, what is not closed first. */
export async function listBreakers(tx: Tx): Promise<BreakerListItem[]> {
  const found = await tx.query<Row>(
    `SELECT partner, payer_id AS "payerId", operation, state::text AS state, since, CASE WHEN state <> 'closed' THEN probe_at END AS "nextProbeAt",
       trips, plausible, plausible_to_close AS "plausibleToClose", cause::text AS cause
     FROM messaging.breakers WHERE tenant_id = $1 ORDER BY state = 'closed', since DESC, partner, payer_id, operation LIMIT ${rowsMax}`,
    [tx.tenantId],
  )
  return found.rows.map(({ payerId, since, nextProbeAt, ...row }) => ({
    ...row,
    payerId: payerId === '*' ? null : payerId,
    since: since.toISOString(),
    nextProbeAt: nextProbeAt?.toISOString() ?? null,
  }))
}

interface GroupRow extends Omit<WaitingGroup, 'nextTryAt'> {
  nextTryAt: Date | null
}

/** The soonest first, and of the held ones the oldest: what is cut off is what waits longest for its turn. */
export async function waitingGroups(tx: Tx): Promise<WaitingGroup[]> {
  const found = await tx.query<GroupRow>(
    `SELECT partner, payer_id AS "payerId", count(*) FILTER (WHERE retries)::int AS retrying, count(*) FILTER (WHERE NOT retries)::int AS held, min(next) AS "nextTryAt"
     FROM (
       (SELECT partner, payer_id, true AS retries, not_before AS next FROM messaging.effects
        WHERE tenant_id = $1 AND not_before IS NOT NULL AND port IS NULL ORDER BY not_before, id LIMIT ${totalMax})
       UNION ALL
       (SELECT partner, payer_id, false, NULL FROM messaging.overrides WHERE tenant_id = $1 AND status = 'open' ORDER BY opened_at, id LIMIT ${totalMax})
     ) AS waits WHERE partner IS NOT NULL GROUP BY partner, payer_id ORDER BY count(*) DESC, partner, payer_id LIMIT ${rowsMax}`,
    [tx.tenantId],
  )
  return found.rows.map(({ nextTryAt, ...row }) => ({ ...row, nextTryAt: nextTryAt?.toISOString() ?? null }))
}
