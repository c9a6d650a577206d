import type { BreakerCause, BreakerState } from '@heliox/core/messaging'
import type { BreakerRef, OpenBreaker, ProbeClaim, ProbeEnd } from '@heliox/core/ports'
import type { Pool } from '../pool.ts'
import type { Tx } from '../tenancy.ts'
import { settleAnswering } from './affected.ts'

/**
 * The shared state of breakers. Every step is one statement that says in its WHERE from which state it may be taken, so that of two
 * engines one takes it and the other reads what is there.
 */
interface Row {
  tenantId: string
  partner: string
  payerId: string
  operation: string
  state: BreakerState
  trips: number
  resetMs: number
  cause: BreakerCause
  probeAt: Date
  probeUntil: Date | null
}

/** For the whole partner. */
const everyPayer = '*'
const columns = `tenant_id AS "tenantId", partner, payer_id AS "payerId", operation, state::text AS state, trips, reset_ms AS "resetMs", cause::text AS cause,
  probe_at AS "probeAt", probe_until AS "probeUntil"`
const key = 'tenant_id = $1 AND partner = $2 AND payer_id = $3 AND operation = $4'
const keyOf = (ref: BreakerRef) => [ref.tenantId, ref.partner, ref.payerId ?? everyPayer, ref.operation] as const

/** Twice as long with each failure, up to sixteen times. */
const doublingsMax = 4
const resetNow = (trips: number, resetMs: number): number => resetMs * 2 ** Math.min(trips - 1, doublingsMax)
const resetSql = `(b.reset_ms * power(2, least(b.trips, ${doublingsMax}))) * interval '1 millisecond'`

function toOpen({ payerId, state, trips, resetMs, ...row }: Row): OpenBreaker {
  if (state === 'closed') throw new Error('the breaker is closed')
  return { ...row, payerId: payerId === everyPayer ? null : payerId, state, resetMs: resetNow(trips, resetMs) }
}

/** Of every tenant; ids and codes only. */
export async function notClosed(pool: Pool): Promise<OpenBreaker[]> {
  const found = await pool.query<Row>(`SELECT ${columns} FROM messaging.breakers_not_closed()`)
  return found.rows.map(toOpen)
}

async function find(tx: Tx, ref: BreakerRef): Promise<Row | undefined> {
  const found = await tx.query<Row>(`SELECT ${columns} FROM messaging.breakers WHERE ${key}`, keyOf(ref))
  return found.rows[0]
}

export async function tripBreaker(
  tx: Tx,
  ref: BreakerRef,
  cause: BreakerCause,
  { resetMs, plausibleToClose }: { resetMs: number; plausibleToClose: number },
  by: { process: string; now: Date },
): Promise<OpenBreaker> {
  const written = await tx.query<Row>(
    `INSERT INTO messaging.breakers AS b (tenant_id, partner, payer_id, operation, state, since, trips, reset_ms, plausible_to_close, cause, probe_at, changed_by, changed_at)
     VALUES ($1, $2, $3, $4, 'open', $5, 1, $6, $7, $8, $9, $10, $5)
     ON CONFLICT (tenant_id, partner, payer_id, operation) DO UPDATE SET state = 'open', since = excluded.since, trips = 1, reset_ms = excluded.reset_ms,
       plausible = 0, plausible_to_close = excluded.plausible_to_close, cause = excluded.cause, probe_at = excluded.probe_at, probe_until = NULL,
       changed_by = excluded.changed_by, changed_at = excluded.changed_at
     WHERE b.state = 'closed' RETURNING ${columns}`,
    [...keyOf(ref), by.now, resetMs, plausibleToClose, cause, new Date(by.now.getTime() + resetMs), by.process],
  )
  const row = written.rows[0] ?? (await find(tx, ref))
  if (!row) throw new Error('the breaker was not stored')
  // Closed again between the two statements: then it is open for this one failure more, not for ever.
  return toOpen(row.state === 'closed' ? { ...row, state: 'open' } : row)
}

export async function claimProbe(tx: Tx, ref: BreakerRef, leaseMs: number, by: { process: string; now: Date }): Promise<ProbeClaim> {
  const claimed = await tx.query<Row & { lease: number }>(
    `UPDATE messaging.breakers SET state = 'half-open', probe_lease = probe_lease + 1, probe_until = $6, changed_by = $7, changed_at = $5
     WHERE ${key} AND state <> 'closed' AND probe_at <= $5 AND (probe_until IS NULL OR probe_until <= $5) RETURNING ${columns}, probe_lease AS lease`,
    [...keyOf(ref), by.now, new Date(by.now.getTime() + leaseMs), by.process],
  )
  const mine = claimed.rows[0]
  if (mine) {
    const { lease, ...row } = mine
    return { is: 'probe', lease, breaker: toOpen(row) }
  }
  const row = await find(tx, ref)
  return !row || row.state === 'closed' ? { is: 'closed' } : { is: 'wait', breaker: toOpen(row) }
}

/** What each end of a try writes; `$5` is the moment, `$6` the lease. */
const ends = {
  plausible: `plausible = b.plausible + 1, probe_until = NULL, probe_at = $5::timestamptz,
    state = CASE WHEN b.plausible + 1 >= b.plausible_to_close THEN 'closed' ELSE 'half-open' END::messaging.breaker_state,
    since = CASE WHEN b.plausible + 1 >= b.plausible_to_close THEN $5::timestamptz ELSE b.since END`,
  failed: `plausible = 0, probe_until = NULL, probe_at = $5::timestamptz + ${resetSql}, state = 'open', trips = least(b.trips + 1, 1000000), cause = $8`,
  ignored: 'probe_until = NULL',
} as const

export async function endProbe(
  tx: Tx,
  ref: BreakerRef,
  lease: number,
  end: ProbeEnd,
  by: { process: string; now: Date },
): Promise<{ is: 'closed' | 'late' } | { is: 'not-closed'; breaker: OpenBreaker }> {
  const values = [...keyOf(ref), by.now, lease, by.process]
  const ended = await tx.query<Row>(
    `UPDATE messaging.breakers b SET ${ends[end.is]}, changed_by = $7, changed_at = $5
     WHERE ${key} AND state = 'half-open' AND probe_lease = $6 AND probe_until IS NOT NULL RETURNING ${columns}`,
    end.is === 'failed' ? [...values, end.cause] : values,
  )
  const row = ended.rows[0]
  if (!row) return { is: 'late' }
  if (row.state !== 'closed') return { is: 'not-closed', breaker: toOpen(row) }
  await settleAnswering(tx, ref.partner, ref.payerId, false, by.now)
  return { is: 'closed' }
}
