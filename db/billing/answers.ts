import { randomUUID } from 'node:crypto'
import { type AnswerFact, type AnswerState, currentAnswer, EligibilityOutcome, type Verdict } from '@heliox/core/billing'
import { type Emission, emit } from '../outbox.ts'
import type { Tx } from '../tenancy.ts'
import type { RequestRow } from './requests.ts'

export interface NewAnswer {
  verdict: Verdict
  rule: string
  reasonCodes: readonly string[]
  copayCents: number | null
  manual: boolean
  saidAt: Date | null
  receivedAt: Date
  state: AnswerState
  notNow: boolean
  contested: boolean
  itemId: string | null
}
type AnswerRow = AnswerFact & { verdict: Verdict; rule: string; reasonCodes: string[]; copayCents: number | null; manual: boolean }

/** FHIR Coverage.status from the verdict: only a clear answer moves it; everything else stays a draft. */
const coverageStatusOf = { active: 'active', inactive: 'cancelled', mixed: 'draft', rejected: 'draft', unknown: 'draft' } as const

/** More than anybody answers about one visit; the oldest of more could not be current anyway. */
const historyMax = 500

/**
 * Keeps an answer and asks the rule which one is current: an older one never writes over a newer one, whatever door it came by and
 * whenever it came. An event says so only where something changed that somebody can see. The request must be locked. Returns whether the
 * new answer is the current one.
 */
export async function recordAnswer(tx: Tx, request: RequestRow, answer: NewAnswer, at: Emission): Promise<boolean> {
  const id = randomUUID()
  // What does not verify says nothing: whatever could be made out of it stays in the sealed file.
  const told = answer.state === 'damaged' ? { verdict: 'unknown' as const, rule: 'damaged', reasonCodes: [], copayCents: null } : answer
  await tx.query(
    `INSERT INTO billing.eligibility_answers (tenant_id, id, request_id, verdict, rule, reason_codes, copay_cents, manual, answered_at, said_at, state,
       not_now, contested, item_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
    [
      ...[tx.tenantId, id, request.id, told.verdict, told.rule, told.reasonCodes, told.copayCents, answer.manual, answer.receivedAt, answer.saidAt],
      ...[answer.state, answer.notNow, answer.contested, answer.itemId],
    ],
  )
  const answers = await answersOf(tx, request.id)
  const current = currentAnswer(answers)
  if (current?.id !== id) return false
  const before = answers.find((one) => one.id === request.currentAnswerId)
  await tx.query(`UPDATE billing.eligibility_requests SET status = 'answered', answered_at = $3, current_answer_id = $4 WHERE tenant_id = $1 AND id = $2`, [
    tx.tenantId,
    request.id,
    at.now,
    id,
  ])
  if (before && visible(before) === visible(current)) return true
  await tellOutcome(tx, request, current, at)
  return true
}

const visible = ({ verdict, rule, reasonCodes, copayCents, manual }: AnswerRow): string => JSON.stringify([verdict, rule, reasonCodes, copayCents, manual])

async function answersOf(tx: Tx, requestId: string): Promise<AnswerRow[]> {
  const found = await tx.query<AnswerRow>(
    `SELECT id, verdict::text AS verdict, rule, reason_codes AS "reasonCodes", copay_cents AS "copayCents", manual, answered_at AS "receivedAt",
       said_at AS "saidAt", state::text AS state, not_now AS "notNow", contested
     FROM billing.eligibility_answers WHERE tenant_id = $1 AND request_id = $2 ORDER BY answered_at DESC LIMIT ${historyMax}`,
    [tx.tenantId, requestId],
  )
  return found.rows
}

async function tellOutcome(tx: Tx, request: RequestRow, { verdict, reasonCodes, manual }: AnswerRow, at: Emission): Promise<void> {
  const { id: requestId, intakeId, patientId, visitId, coverageId, payerId, payerName } = request
  await tx.query('UPDATE billing.eligibility_requests SET version = version + 1 WHERE tenant_id = $1 AND id = $2', [tx.tenantId, requestId])
  await tx.query('UPDATE billing.coverages SET status = $3, updated_at = $4 WHERE tenant_id = $1 AND id = $2', [
    tx.tenantId,
    coverageId,
    coverageStatusOf[verdict],
    at.now,
  ])
  await emit(
    tx,
    {
      type: verdict === 'rejected' || verdict === 'unknown' ? 'eligibility.failed.v1' : 'eligibility.succeeded.v1',
      contract: EligibilityOutcome,
      payload: { intakeId, patientId, visitId, requestId, coverageId, payerId, payerName, verdict, reasonCodes, manual },
      aggregateType: 'eligibility-request',
      aggregateId: requestId,
      aggregateVersion: request.version + 1,
      intakeId,
    },
    at,
  )
}
