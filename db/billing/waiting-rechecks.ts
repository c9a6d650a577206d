import { totalMax } from '../page.ts'
import type { Tx } from '../tenancy.ts'

/** A request whose answer is not believed, or grows old, and which is asked again by itself. */
interface WaitingRecheck {
  id: string
  intakeId: string
  payerId: string
  why: string
  doubts: number
  since: Date
  nextTryAt: Date
}
const wanted = `tenant_id = $1 AND recheck_at IS NOT NULL AND ($2::text IS NULL OR payer_id = $2)`

/** Soonest first. */
export async function waitingRechecks(tx: Tx, payer: string | undefined, limit: number): Promise<{ rows: WaitingRecheck[]; total: number }> {
  const found = await tx.query<WaitingRecheck>(
    `SELECT id, intake_id AS "intakeId", payer_id AS "payerId", recheck_why::text AS why, doubts, coalesce(asked_again_at, created_at) AS since,
       recheck_at AS "nextTryAt"
     FROM billing.eligibility_requests WHERE ${wanted} ORDER BY recheck_at, id LIMIT $3`,
    [tx.tenantId, payer ?? null, limit],
  )
  const total = await tx.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM (SELECT 1 FROM billing.eligibility_requests WHERE ${wanted} LIMIT ${totalMax}) AS capped`,
    [tx.tenantId, payer ?? null],
  )
  return { rows: found.rows, total: total.rows[0]?.n ?? 0 }
}

/** When the payer is asked about it again by itself. */
export async function nextAskingOf(tx: Tx, requestId: string): Promise<Date | null> {
  const found = await tx.query<{ at: Date | null }>('SELECT recheck_at AS at FROM billing.eligibility_requests WHERE tenant_id = $1 AND id = $2', [
    tx.tenantId,
    requestId,
  ])
  return found.rows[0]?.at ?? null
}
