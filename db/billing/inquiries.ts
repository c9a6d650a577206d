import { type AckOutcome, ackState, EligibilityQueued, type InquiryFact, type InquiryState } from '@heliox/core/billing'
import { addOpenMinutes } from '@heliox/core/catalog'
import { payerHours } from '../catalog/payers.ts'
import { visitsOff } from '../clinical/visits.ts'
import { type Emission, emit } from '../outbox.ts'
import type { Tx } from '../tenancy.ts'
import { nextVersion, type RequestRow } from './requests.ts'

export interface InquiryRow {
  requestId: string
  round: number
  payerId: string
  why: string
  state: InquiryState
  batchId: string | null
  refused: boolean
  /** Its batch was sent without it. */
  leftOut: boolean
  st02: string | null
  sentAt: Date | null
  interchangeAck: AckOutcome | null
  setAck: AckOutcome | null
  answeredAt: Date | null
  answerDueAt: Date | null
}
type InquiryChange = Partial<Pick<InquiryRow, 'leftOut' | 'st02' | 'sentAt' | 'interchangeAck' | 'setAck' | 'answeredAt' | 'answerDueAt'>>

function factsOf(row: InquiryRow): InquiryFact[] {
  const facts: InquiryFact[] = []
  if (row.batchId) facts.push({ is: 'batched' })
  if (row.refused || row.leftOut) facts.push({ is: 'refused' })
  if (row.sentAt) facts.push({ is: 'sent' })
  if (row.interchangeAck) facts.push({ is: 'interchange', outcome: row.interchangeAck })
  if (row.setAck) facts.push({ is: 'set', outcome: row.setAck })
  if (row.answeredAt) facts.push({ is: 'answered' })
  return facts
}

const keys = { batch: 'batch_id', request: 'request_id' } as const
/**
 * Adds facts to the inquiries of one batch or one request, and folds each anew. Everything here locks in one order, so that two commits never
 * wait for each other: request or batch, then inquiries by their key, then incidents.
 */
export async function changeInquiries(tx: Tx, of: { is: 'batch' | 'request'; id: string }, change: (row: InquiryRow) => InquiryChange): Promise<InquiryRow[]> {
  const found = await tx.query<InquiryRow>(
    `SELECT i.request_id AS "requestId", i.round, i.payer_id AS "payerId", i.why::text AS why, i.state::text AS state, i.batch_id AS "batchId",
       coalesce(b.status = 'refused', false) AS refused, i.left_out AS "leftOut", i.st02, i.sent_at AS "sentAt", i.interchange_ack::text AS "interchangeAck",
       i.set_ack::text AS "setAck", i.answered_at AS "answeredAt", i.answer_due_at AS "answerDueAt"
     FROM billing.inquiries i LEFT JOIN billing.batches b ON b.tenant_id = i.tenant_id AND b.id = i.batch_id
     WHERE i.tenant_id = $1 AND i.${keys[of.is]} = $2 ORDER BY i.request_id, i.round FOR NO KEY UPDATE OF i`,
    [tx.tenantId, of.id],
  )
  const rows = found.rows.map((row) => {
    const changed = { ...row, ...change(row) }
    return { ...changed, state: ackState(factsOf(changed)) }
  })
  await tx.query(
    `UPDATE billing.inquiries i SET state = n.state::billing.inquiry_state, st02 = n.st02, left_out = n.left_out, sent_at = n.sent_at, answered_at = n.answered_at,
       interchange_ack = n.interchange_ack::billing.ack_outcome, set_ack = n.set_ack::billing.ack_outcome, answer_due_at = n.answer_due_at
     FROM unnest($2::uuid[], $3::int[], $4::text[], $5::text[], $6::timestamptz[], $7::text[], $8::text[], $9::timestamptz[], $10::timestamptz[],
         $11::boolean[])
       AS n(request_id, round, state, st02, sent_at, interchange_ack, set_ack, answered_at, answer_due_at, left_out)
     WHERE i.tenant_id = $1 AND i.request_id = n.request_id AND i.round = n.round`,
    [
      tx.tenantId,
      rows.map((row) => row.requestId),
      rows.map((row) => row.round),
      rows.map((row) => row.state),
      rows.map((row) => row.st02),
      rows.map((row) => row.sentAt),
      rows.map((row) => row.interchangeAck),
      rows.map((row) => row.setAck),
      rows.map((row) => row.answeredAt),
      rows.map((row) => row.answerDueAt),
      rows.map((row) => row.leftOut),
    ],
  )
  return rows
}

const over: readonly InquiryState[] = ['answered', 'not-sent', 'set-rejected']
type Why = 'payer-setting' | 'no-real-time-answer' | 'not-now'

/** The next round of a locked request, unless one is under way or it has its answer. Emits; false when there was nothing to do. */
export async function queueInquiry(tx: Tx, request: RequestRow, why: Why, notBefore: Date, at: Emission): Promise<boolean> {
  if (request.status === 'answered') return false
  const rounds = await roundsOf(tx, request.id)
  if (rounds.some((round) => !over.includes(round.state))) return false
  await tx.query(`INSERT INTO billing.inquiries (tenant_id, request_id, round, payer_id, why, queued_at, not_before) VALUES ($1, $2, $3, $4, $5, $6, $7)`, [
    tx.tenantId,
    request.id,
    rounds.length + 1,
    request.payerId,
    why,
    at.now,
    notBefore,
  ])
  const { id: requestId, intakeId, patientId, visitId, payerId } = request
  await emit(
    tx,
    {
      type: 'eligibility.queued.v1',
      contract: EligibilityQueued,
      payload: { intakeId, patientId, visitId, requestId, payerId, why },
      aggregateType: 'eligibility-request',
      aggregateId: requestId,
      aggregateVersion: await nextVersion(tx, request),
      intakeId,
    },
    at,
  )
  return true
}

async function roundsOf(tx: Tx, requestId: string): Promise<{ state: InquiryState; why: string }[]> {
  const found = await tx.query<{ state: InquiryState; why: string }>(
    'SELECT state::text AS state, why::text AS why FROM billing.inquiries WHERE tenant_id = $1 AND request_id = $2 ORDER BY round',
    [tx.tenantId, requestId],
  )
  return found.rows
}

/** A payer that is busy is asked so many times more; then its "not now" is the answer. */
export const notNowRoundsMax = 3
const notNowOpenMinutes = 60
const minuteMs = 60_000

/** The payer's door turned the request down for now: it waits for a later batch. False when it was asked often enough. */
export async function queueForLater(tx: Tx, request: RequestRow, at: Emission): Promise<boolean> {
  const rounds = await roundsOf(tx, request.id)
  if (rounds.filter((round) => round.why === 'not-now').length >= notNowRoundsMax) return false
  // Nobody comes to it: the "not now" is the end of it, until it is reopened.
  if ((await visitsOff(tx, [request.visitId])).size > 0) return false
  const hours = (await payerHours(tx, [request.payerId])).get(request.payerId)
  const notBefore = hours ? addOpenMinutes(hours.calendar, at.now, notNowOpenMinutes) : at.now
  await queueInquiry(tx, request, 'not-now', notBefore, at)
  return true
}

/** Whatever round and door an answer came by: nobody asks for it again. */
export async function markAnswered(tx: Tx, requestId: string, now: Date): Promise<void> {
  await changeInquiries(tx, { is: 'request', id: requestId }, (row) => ({ answeredAt: row.answeredAt ?? now }))
}

/**
 * Whether a later round was asked, or waits to be, after the payer said this: then it cannot be what that round was told. Payers write minutes, so the
 * minute of the sending counts as after it.
 */
export async function askedSince(tx: Tx, requestId: string, saidAt: Date): Promise<boolean> {
  const found = await tx.query(
    `SELECT 1 FROM billing.inquiries WHERE tenant_id = $1 AND request_id = $2 AND round > 1 AND answered_at IS NULL
       AND (state = 'waiting' OR date_trunc('minute', sent_at) > $3) LIMIT 1`,
    [tx.tenantId, requestId, saidAt],
  )
  return found.rowCount === 1
}

/**
 * Whether an answer is to a question from before the patient's data were corrected. Nothing was sent since, or it was sent to another payer
 * before, and the answer names that one, or names none of ours and was said before the new one was asked. Whose data it is about is compared
 * elsewhere. In doubt it is to the old question: then the new one is still waited for.
 */
export async function isToOldQuestion(tx: Tx, { id, payerId, correctedAt }: RequestRow, said: { payerId: string | null; at: Date | null }): Promise<boolean> {
  if (correctedAt === null) return false
  const found = await tx.query<{ payerId: string; sentAt: Date }>(
    'SELECT payer_id AS "payerId", sent_at AS "sentAt" FROM billing.inquiries WHERE tenant_id = $1 AND request_id = $2 AND sent_at IS NOT NULL ORDER BY sent_at',
    [tx.tenantId, id],
  )
  const since = found.rows.find((row) => row.sentAt >= correctedAt && row.payerId === payerId)
  if (!since) return true
  const others = found.rows.filter((row) => row.payerId !== payerId).map((row) => row.payerId)
  if (others.length === 0 || said.payerId === payerId) return false
  if (said.payerId !== null && others.includes(said.payerId)) return true
  // Payers write minutes.
  return said.at === null || Math.floor(said.at.getTime() / minuteMs) < Math.floor(since.sentAt.getTime() / minuteMs)
}
