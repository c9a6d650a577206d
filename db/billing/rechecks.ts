import { recheckPerMinuteMax } from '@heliox/core/billing'
import { isOpen } from '@heliox/core/catalog'
import { isEntered } from '../catalog/flows.ts'
import { knownPayers } from '../catalog/payers.ts'
import type { Emission } from '../outbox.ts'
import type { Pool } from '../pool.ts'
import type { Tx } from '../tenancy.ts'
import { askAgain } from './ask-again.ts'
import { askCanaries, openingAfter } from './canaries.ts'
import { type RequestRow, requestColumns } from './requests.ts'
import { whoseVisitStands } from './visit-cover.ts'

const payersPerCommitMax = 200
const minuteMs = 60_000
/** Until somebody saved a payer's settings anew, who waits for it is looked at so often. */
const unreadableMs = 10 * minuteMs

/** Tenants in which somebody or a canary is due, through a listed function that says ids alone. */
export async function tenantsToAsk(pool: Pool, now: Date): Promise<string[]> {
  const found = await pool.query<{ tenantId: string }>('SELECT tenant_id AS "tenantId" FROM billing.tenants_to_ask($1)', [now])
  return found.rows.map((row) => row.tenantId)
}

/**
 * Writes the events of whoever is due, each with its new state, in one commit: killed anywhere, it was asked for or it is still due. One engine at a
 * time per tenant, so that together they keep to each payer's rate. Who is being answered at this moment is left for the next round.
 */
export async function askDue(tx: Tx, at: Emission): Promise<{ rechecks: number; canaries: number }> {
  await tx.query(`SELECT pg_advisory_xact_lock(hashtextextended('billing.rechecks ' || $1, 0))`, [tx.tenantId])
  const canaries = (await isEntered(tx, 'payer-canary', 'payer.canary-due.v1')) ? await askCanaries(tx, at) : 0
  // A clinic that went back to an earlier release: who is due stays due.
  if (!(await isEntered(tx, 'eligibility', 'eligibility.recheck.v1'))) return { rechecks: 0, canaries }
  const found = await tx.query<{ payerId: string }>(
    `SELECT DISTINCT payer_id AS "payerId" FROM billing.eligibility_requests WHERE tenant_id = $1 AND recheck_at <= $2 LIMIT ${payersPerCommitMax}`,
    [tx.tenantId, at.now],
  )
  const payerIds = found.rows.map((row) => row.payerId)
  const payers = await knownPayers(tx, payerIds)
  const asked = await askedInTheLastMinute(tx, at.now)
  let rechecks = 0
  for (const payerId of payerIds) {
    const payer = payers.get(payerId)
    const calendar = payer?.rules.calendar
    // What would be said now is what we would doubt again: its hours cannot be read, or changed since.
    if (payer?.unreadable) await putOff(tx, payerId, new Date(at.now.getTime() + unreadableMs), at.now)
    else if (calendar && !isOpen(calendar, at.now)) await putOff(tx, payerId, openingAfter(calendar, at.now), at.now)
    else rechecks += await askPayer(tx, payerId, recheckPerMinuteMax - (asked.get(payerId) ?? 0), at)
  }
  return { rechecks, canaries }
}

async function askedInTheLastMinute(tx: Tx, now: Date): Promise<Map<string, number>> {
  const found = await tx.query<{ payerId: string; asked: number }>(
    `SELECT payer_id AS "payerId", count(*)::int AS asked FROM billing.eligibility_requests WHERE tenant_id = $1 AND asked_again_at > $2 AND asked_again_at <= $3
     GROUP BY payer_id`,
    [tx.tenantId, new Date(now.getTime() - minuteMs), now],
  )
  return new Map(found.rows.map((row) => [row.payerId, row.asked]))
}

/** The soonest visit first: who comes today must not wait behind whoever comes next month. Who does not come at all is not asked about. */
async function askPayer(tx: Tx, payerId: string, left: number, at: Emission): Promise<number> {
  if (left <= 0) return 0
  const due = await tx.query<RequestRow>(
    `SELECT ${requestColumns} FROM billing.eligibility_requests WHERE tenant_id = $1 AND payer_id = $2 AND recheck_at <= $3
     ORDER BY service_date, recheck_at, id LIMIT $4 FOR NO KEY UPDATE SKIP LOCKED`,
    [tx.tenantId, payerId, at.now, left],
  )
  const standing = await whoseVisitStands(tx, due.rows)
  for (const request of standing) await askAgain(tx, request, {}, at)
  return standing.length
}

const putOff = (tx: Tx, payerId: string, until: Date, now: Date) =>
  tx.query(
    `UPDATE billing.eligibility_requests SET recheck_at = $3 WHERE tenant_id = $1 AND id = ANY (ARRAY(
       SELECT id FROM billing.eligibility_requests WHERE tenant_id = $1 AND payer_id = $2 AND recheck_at <= $4 FOR NO KEY UPDATE SKIP LOCKED))`,
    [tx.tenantId, payerId, until, now],
  )
