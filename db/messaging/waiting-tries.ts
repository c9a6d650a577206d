import { totalMax } from '../page.ts'
import type { Tx } from '../tenancy.ts'

/** A step whose partner did not answer, and which is tried again by itself. */
interface WaitingTry {
  id: string
  intakeId: string | null
  flow: string
  step: string
  partner: string | null
  operation: string | null
  payerId: string | null
  cause: string | null
  tries: number
  since: Date
  nextTryAt: Date
}
/** A delivery that was settled meanwhile (its data were corrected) is tried no more, whatever its row says. */
const wanted = `e.tenant_id = $1 AND e.not_before IS NOT NULL AND e.port IS NULL AND ($2::text IS NULL OR e.payer_id = $2)
  AND EXISTS (SELECT 1 FROM messaging.pins p WHERE p.tenant_id = $1 AND p.root_id = e.root_id AND p.flow = e.flow AND p.state = 'retrying')`

/** Soonest first. */
export async function waitingTries(tx: Tx, payer: string | undefined, limit: number): Promise<{ rows: WaitingTry[]; total: number }> {
  const found = await tx.query<WaitingTry>(
    `SELECT id, intake_id AS "intakeId", flow, step, partner, operation, payer_id AS "payerId", cause::text AS cause, tries,
       coalesce(round_started_at, first_sent_at, not_before) AS since, not_before AS "nextTryAt"
     FROM messaging.effects e WHERE ${wanted} ORDER BY not_before, id LIMIT $3`,
    [tx.tenantId, payer ?? null, limit],
  )
  const total = await tx.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM (SELECT 1 FROM messaging.effects e WHERE ${wanted} LIMIT ${totalMax}) AS capped`,
    [tx.tenantId, payer ?? null],
  )
  return { rows: found.rows, total: total.rows[0]?.n ?? 0 }
}
