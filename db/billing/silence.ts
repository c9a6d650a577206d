import { answerDueAt } from '@heliox/core/catalog'
import { payerHours } from '../catalog/payers.ts'
import { type Cause, openAbout, raiseIncident, settleIncident } from '../messaging/incidents.ts'
import type { Tx } from '../tenancy.ts'
import { partner } from './received-items.ts'

/** A closed batch leaves within minutes; an acknowledgement is at most so long ahead of our own record of the sending. */
const ownRecordMinutesMax = 60
const rowsMax = 5_000

/**
 * Who is silent that owes something: payers their answers, the clearinghouse its 999, ourselves the sending of a batch. Opens an incident
 * for what became overdue since the last look, so that a person who closed one is not called again for the same; closes one whose cause is gone. Sends nothing.
 */
export async function watchSilence(tx: Tx, now: Date): Promise<number> {
  const [batches, payers] = [await lateBatches(tx, now), await latePayers(tx, now)]
  const late = [batches.late, payers.late].flat().sort((a, b) => (keyOf(a.about) < keyOf(b.about) ? -1 : 1))
  const open = new Map((await openAbout(tx, 'silence', partner)).map((one) => [keyOf(one.about), one]))
  let opened = 0
  for (const { fresh, waiting, ...cause } of late) {
    const before = open.get(keyOf(cause.about))
    open.delete(keyOf(cause.about))
    const tell = before ? before.count !== waiting : fresh > 0
    if (tell && (await raiseIncident(tx, { ...cause, count: waiting, counts: 'now' }, now))) opened += 1
  }
  // Out of a list that was cut, nobody can tell that a cause is gone.
  if (!batches.cut && !payers.cut) for (const { about } of open.values()) await settleIncident(tx, { kind: 'silence', partner, about }, now)
  await settleOutweighed(tx, now)
  return opened + (await heldTooLong(tx, now))
}

/**
 * A batch that was called refused, and all its answers came all the same: the copy of it was refused, which a crash between sending and recording
 * leaves behind. Which of them comes first says nothing.
 */
async function settleOutweighed(tx: Tx, now: Date): Promise<void> {
  const open = (await openAbout(tx, 'batch-refused', partner)).flatMap(({ about }) => (about.is === 'batch' ? [about.id] : []))
  if (open.length === 0) return
  const answered = await tx.query<{ id: string }>(
    `SELECT batch_id AS id FROM billing.inquiries WHERE tenant_id = $1 AND batch_id = ANY ($2::uuid[])
     GROUP BY batch_id HAVING bool_and(answered_at IS NOT NULL) ORDER BY batch_id`,
    [tx.tenantId, open],
  )
  for (const { id } of answered.rows) await settleIncident(tx, { kind: 'batch-refused', partner, about: { is: 'batch', id } }, now)
}

const keyOf = (about: Cause['about']): string => `${about.is} ${about.id}`

/** Until a person sends it again: then the newer round is what is waited for. */
const newestRound = `NOT EXISTS (SELECT 1 FROM billing.inquiries n WHERE n.tenant_id = i.tenant_id AND n.request_id = i.request_id AND n.round > i.round)`

type Late = Omit<Cause, 'count' | 'counts'> & { fresh: number; waiting: number }
/** `cut`: there are more than were looked at; those nobody was told of come first. */
interface Watched {
  late: Late[]
  cut: boolean
}

/** Judged by the calendar as it is now: a window that was announced after the sending moves what falls due inside it. */
async function latePayers(tx: Tx, now: Date): Promise<Watched> {
  const found = await tx.query<{ requestId: string; round: number; payerId: string; sentAt: Date; told: boolean }>(
    `SELECT request_id AS "requestId", round, payer_id AS "payerId", sent_at AS "sentAt", overdue_at IS NOT NULL AS told FROM billing.inquiries i
     WHERE tenant_id = $1 AND state IN ('sent', 'received', 'accepted') AND answer_due_at <= $2 AND ${newestRound}
     ORDER BY overdue_at IS NOT NULL, answer_due_at LIMIT ${rowsMax}`,
    [tx.tenantId, now],
  )
  const hours = await payerHours(tx, [...new Set(found.rows.map((row) => row.payerId))])
  const dueOf = new Map<string, Date>()
  const byPayer = new Map<string, Late>()
  const moved: { requestId: string; round: number; due: Date }[] = []
  const told: { requestId: string; round: number }[] = []
  for (const row of found.rows) {
    const its = hours.get(row.payerId)
    const key = `${row.payerId} ${row.sentAt.getTime()}`
    const due = dueOf.get(key) ?? (its ? answerDueAt(its.rule, its.calendar, row.sentAt) : now)
    dueOf.set(key, due)
    if (due > now) {
      moved.push({ ...row, due })
      continue
    }
    const late = byPayer.get(row.payerId) ?? { kind: 'silence', partner, payerId: row.payerId, about: { is: 'payer', id: row.payerId }, fresh: 0, waiting: 0 }
    late.waiting += 1
    if (!row.told) {
      late.fresh += 1
      told.push(row)
    }
    byPayer.set(row.payerId, late)
  }
  await mark(tx, moved, 'answer_due_at = n.at')
  await mark(
    tx,
    told.map((row) => ({ ...row, due: now })),
    'overdue_at = n.at',
  )
  return { late: [...byPayer.values()], cut: found.rows.length >= rowsMax }
}

async function mark(
  tx: Tx,
  rows: readonly { requestId: string; round: number; due: Date }[],
  set: 'answer_due_at = n.at' | 'overdue_at = n.at',
): Promise<void> {
  if (rows.length === 0) return
  const keys = [tx.tenantId, rows.map((row) => row.requestId), rows.map((row) => row.round)]
  await tx.query(
    `SELECT 1 FROM billing.inquiries i JOIN unnest($2::uuid[], $3::int[]) AS n(request_id, round) ON i.request_id = n.request_id AND i.round = n.round
     WHERE i.tenant_id = $1 ORDER BY i.request_id, i.round FOR NO KEY UPDATE OF i`,
    keys,
  )
  await tx.query(
    `UPDATE billing.inquiries i SET ${set} FROM unnest($2::uuid[], $3::int[], $4::timestamptz[]) AS n(request_id, round, at)
     WHERE i.tenant_id = $1 AND i.request_id = n.request_id AND i.round = n.round`,
    [...keys, rows.map((row) => row.due)],
  )
}

/** Sent and not acknowledged in time, or closed and never sent. Who answers has accepted, whether or not a 999 came. */
async function lateBatches(tx: Tx, now: Date): Promise<Watched> {
  await tx.query(
    `UPDATE billing.batches b SET acknowledged_at = $2 WHERE b.id = ANY (ARRAY(
       SELECT l.id FROM billing.batches l WHERE l.tenant_id = $1 AND l.status = 'sent' AND l.acknowledged_at IS NULL AND l.ack_due_at <= $2
         AND EXISTS (SELECT 1 FROM billing.inquiries i WHERE i.tenant_id = l.tenant_id AND i.batch_id = l.id AND i.answered_at IS NOT NULL)
       ORDER BY l.id LIMIT ${rowsMax} FOR NO KEY UPDATE)) AND b.tenant_id = $1`,
    [tx.tenantId, now],
  )
  const before = new Date(now.getTime() - ownRecordMinutesMax * 60_000)
  const found = await tx.query<{ id: string; inquiries: number; told: boolean }>(
    `SELECT id, inquiries, told FROM (
       SELECT b.id, b.inquiries, b.overdue_at IS NOT NULL AS told, b.ack_due_at AS due FROM billing.batches b
       WHERE b.tenant_id = $1 AND b.status = 'sent' AND b.acknowledged_at IS NULL AND b.ack_due_at <= $2
         AND EXISTS (SELECT 1 FROM billing.inquiries i WHERE i.tenant_id = b.tenant_id AND i.batch_id = b.id AND ${newestRound})
       UNION ALL
       SELECT id, inquiries, overdue_at IS NOT NULL, closed_at FROM billing.batches WHERE tenant_id = $1 AND status = 'closed' AND closed_at <= $3) l
     ORDER BY told, due, id LIMIT ${rowsMax}`,
    [tx.tenantId, now, before],
  )
  const fresh = found.rows
    .filter((row) => !row.told)
    .map((row) => row.id)
    .sort()
  if (fresh.length > 0) await tx.query('UPDATE billing.batches SET overdue_at = $3 WHERE tenant_id = $1 AND id = ANY ($2::uuid[])', [tx.tenantId, fresh, now])
  const late = found.rows.map(
    (row): Late => ({
      ...{ kind: 'silence', partner, payerId: null, about: { is: 'batch', id: row.id } },
      ...{ fresh: row.told ? 0 : 1, waiting: row.inquiries },
    }),
  )
  return { late, cut: found.rows.length >= rowsMax }
}

/** Acknowledgements of something that we never recorded as sent. Answers without a request were told of when they came. */
async function heldTooLong(tx: Tx, now: Date): Promise<number> {
  const held = await tx.query<{ fileId: string }>(
    `UPDATE billing.received_items SET overdue_at = $2 WHERE tenant_id = $1 AND fate = 'orphan' AND kind IN ('interchange-ack', 'group-ack')
       AND received_at <= $3 AND overdue_at IS NULL RETURNING file_id AS "fileId"`,
    [tx.tenantId, now, new Date(now.getTime() - ownRecordMinutesMax * 60_000)],
  )
  let opened = 0
  for (const { fileId } of held.rows) {
    if (await raiseIncident(tx, { kind: 'unmatched-answer', partner, payerId: null, about: { is: 'file', id: fileId }, count: 1 }, now)) opened += 1
  }
  return opened
}
