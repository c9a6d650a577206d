import { randomUUID } from 'node:crypto'
import { BatchClosed, type BatchRefused, type BatchSent } from '@heliox/core/billing'
import { ackDueAt, answerDueAt } from '@heliox/core/catalog'
import type { ValueOf } from '@heliox/core/kit'
import { payerHours } from '../catalog/payers.ts'
import { raiseIncident } from '../messaging/incidents.ts'
import { type Emission, emit } from '../outbox.ts'
import type { Tx } from '../tenancy.ts'
import { changeInquiries } from './inquiries.ts'
import { heldKey, lockKeys, partner } from './received-items.ts'
import { withdrawWaiting } from './withdrawn.ts'

/**
 * Makes one batch of what waits when the last one is long enough ago or there is enough for a full one; and its event. One engine
 * at a time per tenant: the lock ends with the transaction.
 */
export async function closeBatch(tx: Tx, rules: { everyMs: number; inquiriesMax: number }, at: Emission): Promise<string | undefined> {
  await tx.query(`SELECT pg_advisory_xact_lock(hashtextextended('billing.batches ' || $1, 0))`, [tx.tenantId])
  const last = await tx.query<{ closedAt: Date }>('SELECT closed_at AS "closedAt" FROM billing.batches WHERE tenant_id = $1 ORDER BY closed_at DESC LIMIT 1', [
    tx.tenantId,
  ])
  await withdrawWaiting(tx, rules.inquiriesMax, at)
  // Locked requests are being answered right now: they wait for the next batch, or need none.
  const waiting = await tx.query<{ requestId: string; round: number }>(
    `SELECT request_id AS "requestId", round FROM billing.inquiries WHERE tenant_id = $1 AND state = 'waiting' AND not_before <= $2
     ORDER BY not_before, request_id LIMIT $3 FOR NO KEY UPDATE SKIP LOCKED`,
    [tx.tenantId, at.now, rules.inquiriesMax],
  )
  const closedAt = last.rows[0]?.closedAt
  const due = closedAt === undefined || closedAt.getTime() + rules.everyMs <= at.now.getTime()
  const inquiries = waiting.rows.length
  if (inquiries === 0 || !(due || inquiries >= rules.inquiriesMax)) return undefined
  const batchId = randomUUID()
  await tx.query('INSERT INTO billing.batches (tenant_id, id, inquiries, closed_at) VALUES ($1, $2, $3, $4)', [tx.tenantId, batchId, inquiries, at.now])
  await tx.query(
    `UPDATE billing.inquiries i SET state = 'batched', batch_id = $2, position = n.position
     FROM unnest($3::uuid[], $4::int[]) WITH ORDINALITY AS n(request_id, round, position)
     WHERE i.tenant_id = $1 AND i.request_id = n.request_id AND i.round = n.round`,
    [tx.tenantId, batchId, waiting.rows.map((row) => row.requestId), waiting.rows.map((row) => row.round)],
  )
  const payload = { batchId, inquiries }
  await emit(
    tx,
    {
      ...{ type: 'eligibility.batch-closed.v1', contract: BatchClosed, payload },
      ...{ aggregateType: 'eligibility-batch', aggregateId: batchId, aggregateVersion: 1, intakeId: null },
    },
    at,
  )
  return batchId
}

export interface Member {
  requestId: string
  patientId: string
  payerId: string
  payerName: string
  serviceDate: string
}
export async function membersOf(tx: Tx, batchId: string): Promise<Member[]> {
  const found = await tx.query<Member & { status: string }>(
    `SELECT i.request_id AS "requestId", r.patient_id AS "patientId", r.payer_id AS "payerId", r.payer_name AS "payerName",
       to_char(r.service_date, 'YYYY-MM-DD') AS "serviceDate", b.status::text AS status
     FROM billing.inquiries i JOIN billing.eligibility_requests r ON r.tenant_id = i.tenant_id AND r.id = i.request_id
       JOIN billing.batches b ON b.tenant_id = i.tenant_id AND b.id = i.batch_id
     WHERE i.tenant_id = $1 AND i.batch_id = $2 ORDER BY i.position`,
    [tx.tenantId, batchId],
  )
  if (found.rows.length === 0) throw new Error('the batch is not there')
  // Given up or refused, its patients are asked anew under other numbers: a late delivery must not ask them beside that.
  if (found.rows.some((row) => row.status === 'refused')) throw new Error('the batch was refused')
  return found.rows.map(({ status: _, ...member }) => member)
}

/** Locks the batch: what is recorded of it as a whole stands in line here. */
export async function lockBatch(tx: Tx, batchId: string): Promise<void> {
  const found = await tx.query('SELECT 1 FROM billing.batches WHERE tenant_id = $1 AND id = $2 FOR NO KEY UPDATE', [tx.tenantId, batchId])
  if (found.rowCount !== 1) throw new Error('the batch is not there')
}

/** The numbers it left under, and by when each payer owes its answers. */
export async function recordSent(tx: Tx, sent: ValueOf<typeof BatchSent>, now: Date): Promise<void> {
  await lockKeys(tx, [heldKey.isa13(sent.isa13), heldKey.gs06(sent.gs06)])
  await lockBatch(tx, sent.batchId)
  const st02Of = new Map(sent.sets.map((set) => [set.requestId, set.st02]))
  const payers = await tx.query<{ payerId: string }>('SELECT DISTINCT payer_id AS "payerId" FROM billing.inquiries WHERE tenant_id = $1 AND batch_id = $2', [
    tx.tenantId,
    sent.batchId,
  ])
  const hours = await payerHours(
    tx,
    payers.rows.map((row) => row.payerId),
  )
  // The file has one 999: it is late when the slowest of its payers would be.
  const ackDueMs = Math.max(now.getTime(), ...[...hours.values()].map(({ rule, calendar }) => ackDueAt(rule, calendar, now).getTime()))
  await tx.query(
    `UPDATE billing.batches SET status = 'sent', refusal = NULL, sent_at = $3, isa13 = $4, gs06 = $5, sha256 = $6, ack_due_at = $7
     WHERE tenant_id = $1 AND id = $2`,
    [tx.tenantId, sent.batchId, now, sent.isa13, sent.gs06, sent.sha256, new Date(ackDueMs)],
  )
  const rows = await changeInquiries(tx, { is: 'batch', id: sent.batchId }, (row) => {
    const st02 = st02Of.get(row.requestId)
    // A person's correction, or a value that X12 cannot hold: not asked, and nobody else would notice.
    if (st02 === undefined) return { leftOut: true }
    const its = hours.get(row.payerId)
    return { st02, sentAt: now, answerDueAt: its ? answerDueAt(its.rule, its.calendar, now) : null }
  })
  const leftOut = rows.filter((row) => row.leftOut && row.state !== 'answered').length
  if (leftOut === 0) return
  await raiseIncident(tx, { kind: 'set-rejected', partner, payerId: null, about: { is: 'batch', id: sent.batchId }, count: leftOut, counts: 'now' }, now)
}

/** It did not leave. Nothing is sent again by itself: a folder that refuses would be asked for ever. */
export async function recordRefused(tx: Tx, batchId: string, code: ValueOf<typeof BatchRefused>['code'], now: Date): Promise<void> {
  await lockBatch(tx, batchId)
  const refused = await tx.query(`UPDATE billing.batches SET status = 'refused', refusal = $3 WHERE tenant_id = $1 AND id = $2 AND status = 'closed'`, [
    tx.tenantId,
    batchId,
    code,
  ])
  if (refused.rowCount !== 1) return
  const rows = await changeInquiries(tx, { is: 'batch', id: batchId }, () => ({}))
  await raiseIncident(tx, { kind: 'batch-refused', partner, payerId: null, about: { is: 'batch', id: batchId }, count: rows.length, counts: 'now' }, now)
}
