import { afterDoubt, canaryDoubts, type Suspicion, type Verdict } from '@heliox/core/billing'
import { nextOpen, type PayerCalendar } from '@heliox/core/catalog'
import { isEntered } from '../catalog/flows.ts'
import { healthNow, lockHealth } from '../catalog/payer-health.ts'
import { knownPayerOf } from '../catalog/payers.ts'
import type { Tx } from '../tenancy.ts'

/** Of one payer at one clinic, in one commit; there are more only where a lie lasted very long, and the newest visits matter most. */
const rowsMax = 5_000
const dayMs = 86_400_000

/** What an answer says of itself, as far as it can be doubted. */
interface Doubtable {
  verdict: Verdict
  rule: string
  reasonCodes: readonly string[]
  manual: boolean
  suspicions: readonly Suspicion[]
  /** When it was judged, where that was before it is recorded. */
  judgedAt?: Date | null
}

/**
 * The answer with what its payer's canaries told since it was judged: between judging and recording lie seconds, or hours after a crash. Under the
 * health's lock, so that a canary is either seen here or finds the recorded answer. A person is believed.
 */
export async function doubtedByNow<A extends Doubtable>(tx: Tx, payerId: string, answer: A, now: Date): Promise<A> {
  if (answer.manual || !isAboutMember(answer)) return answer
  const row = await lockHealth(tx, payerId)
  const health = row.lost ? healthNow(row, (await knownPayerOf(tx, payerId)).rules, now) : row.health
  const doubts = canaryDoubts(answer.verdict, answer.judgedAt ?? null, health)
  return doubts.length > 0 ? { ...answer, suspicions: [...new Set([...answer.suspicions, ...doubts])] } : answer
}

/** Turned down because of our own setup or the payer's, it says nothing of the member. AAA 52: not enrolled on that day. */
const isAboutMember = ({ verdict, rule, reasonCodes }: Doubtable): boolean =>
  verdict !== 'rejected' || rule === 'rejected-patient' || reasonCodes.includes('52')

/** A release that declares only outcomes, at a clinic where nothing asks again: what is doubted is for our team. */
export const isAskedAgain = async (tx: Tx, { outcomesOnly = false }: { outcomesOnly?: boolean }): Promise<boolean> =>
  !outcomesOnly || isEntered(tx, 'eligibility', 'eligibility.recheck.v1')

/** It is known by now to have answered falsely: whoever was believed since its last right answer is asked about again. What was told stays told until then. */
export async function doubtBelieved(tx: Tx, payerId: string, { since, calendar }: { since: Date; calendar: PayerCalendar }, now: Date): Promise<void> {
  await tx.query(
    `UPDATE billing.eligibility_requests SET recheck_at = $4, recheck_why = 'payer-doubted' WHERE tenant_id = $1 AND id = ANY (ARRAY(
       SELECT id FROM billing.eligibility_requests WHERE tenant_id = $1 AND payer_id = $2 AND status = 'answered' AND answered_at > $3
         AND current_answer_id IS NOT NULL AND doubts = 0 AND service_date >= $5::date AND (recheck_at IS NULL OR recheck_at > $4)
       ORDER BY answered_at DESC LIMIT ${rowsMax} FOR NO KEY UPDATE SKIP LOCKED))`,
    [tx.tenantId, payerId, since, nextOpen(calendar, afterDoubt(1, now)), new Date(now.getTime() - dayMs)],
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
