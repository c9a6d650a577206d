import { afterDoubt } from '@heliox/core/billing'
import { nextOpen, type PayerCalendar } from '@heliox/core/catalog'
import type { Tx } from '../tenancy.ts'

/** Of one payer at one clinic, in one commit; there are more only where a lie lasted very long, and the newest visits matter most. */
const rowsMax = 5_000
const dayMs = 86_400_000

/** It is known by now to have answered falsely: whoever was believed since its last right answer is asked about again. What was told stays told until then. */
export async function doubtBelieved(tx: Tx, payerId: string, facts: { since: Date | null; calendar: PayerCalendar }, now: Date): Promise<void> {
  const since = facts.since ?? new Date(now.getTime() - dayMs)
  await tx.query(
    `UPDATE billing.eligibility_requests SET recheck_at = $4, recheck_why = 'payer-doubted' WHERE tenant_id = $1 AND id = ANY (ARRAY(
       SELECT id FROM billing.eligibility_requests WHERE tenant_id = $1 AND payer_id = $2 AND status = 'answered' AND answered_at > $3
         AND current_answer_id IS NOT NULL AND service_date >= $5::date AND (recheck_at IS NULL OR recheck_at > $4)
       ORDER BY answered_at DESC LIMIT ${rowsMax} FOR NO KEY UPDATE SKIP LOCKED))`,
    [tx.tenantId, payerId, since, nextOpen(facts.calendar, afterDoubt(1, now)), new Date(now.getTime() - dayMs)],
  )
}

/** It answers rightly again: who waits because it was doubted need not wait as long as a doubt would have it. */
export async function hastenDoubted(tx: Tx, payerId: string, { calendar }: { calendar: PayerCalendar }, now: Date): Promise<void> {
  await tx.query(
    `UPDATE billing.eligibility_requests SET recheck_at = $3 WHERE tenant_id = $1 AND id = ANY (ARRAY(
       SELECT id FROM billing.eligibility_requests WHERE tenant_id = $1 AND payer_id = $2 AND recheck_at > $3 AND recheck_why IN ('suspicious', 'payer-doubted')
       ORDER BY recheck_at LIMIT ${rowsMax} FOR NO KEY UPDATE SKIP LOCKED))`,
    [tx.tenantId, payerId, nextOpen(calendar, now)],
  )
}
