import {
  foldMessage,
  MessageChanged,
  type MessageChannel,
  type MessageKind,
  type MessageReason,
  MessageRequested,
  type MessageState,
} from '@heliox/core/messaging'
import type { MessageView } from '@heliox/core/ports'
import { type Emission, emit } from '../outbox.ts'
import type { Tx } from '../tenancy.ts'

/**
 * Rows of messages. A row is one message by one channel; whatever happens to it is a version of it and an event in the same commit. What a
 * partner tells is folded by rank, so that receipts may come twice, late and in any order.
 */
export interface MessageRow {
  id: string
  intakeId: string
  visitId: string
  visitRevision: number
  kind: MessageKind
  n: number
  channel: MessageChannel
  status: MessageState
  reason: MessageReason | null
  code: string | null
  aboutId: string | null
  addressKey: string | null
  atOnce: boolean
  requestedBy: string
  dueAt: Date | null
  notAfter: Date | null
  createdAt: Date
  requestedVersion: number | null
  sentAt: Date | null
  statusAt: Date
  version: number
}
const columns = `id, intake_id AS "intakeId", visit_id AS "visitId", visit_revision AS "visitRevision", kind::text AS kind, n, channel::text AS channel,
  status::text AS status, reason::text AS reason, code, about_id AS "aboutId", address_key AS "addressKey", at_once AS "atOnce", requested_by AS "requestedBy",
  due_at AS "dueAt", not_after AS "notAfter", created_at AS "createdAt", requested_version AS "requestedVersion", sent_at AS "sentAt",
  status_at AS "statusAt", version`

export async function findMessage(tx: Tx, id: string): Promise<MessageRow | undefined> {
  return (await tx.query<MessageRow>(`SELECT ${columns} FROM messaging.messages WHERE tenant_id = $1 AND id = $2`, [tx.tenantId, id])).rows[0]
}
/** Answers and receipts of one message come one after the other. */
export async function lockMessage(tx: Tx, by: { id: string } | { providerId: string }): Promise<MessageRow | undefined> {
  const [where, value] = 'id' in by ? ['id = $2', by.id] : ['provider_id = $2', by.providerId]
  const found = await tx.query<MessageRow>(`SELECT ${columns} FROM messaging.messages WHERE tenant_id = $1 AND ${where} FOR UPDATE`, [tx.tenantId, value])
  return found.rows[0]
}
/** Planned ones whose time has come, behind the one that was read last; what another engine holds is left to it. */
export async function lockDue(tx: Tx, limit: number, now: Date, after: { at: string; id: string }): Promise<(MessageRow & { readAt: string })[]> {
  const found = await tx.query<MessageRow & { readAt: string }>(
    `SELECT ${columns}, due_at::text AS "readAt" FROM messaging.messages
     WHERE tenant_id = $1 AND due_at <= $2 AND (due_at, id) > ($4::timestamptz, $5::uuid) ORDER BY due_at, id LIMIT $3 FOR UPDATE SKIP LOCKED`,
    [tx.tenantId, now, limit, after.at, after.id],
  )
  return found.rows
}

export async function messagesOf(tx: Tx, intakeId: string, limit: number): Promise<MessageRow[]> {
  const found = await tx.query<MessageRow>(
    `SELECT ${columns} FROM messaging.messages WHERE tenant_id = $1 AND intake_id = $2 ORDER BY created_at DESC, n DESC LIMIT $3`,
    [tx.tenantId, intakeId, limit],
  )
  return found.rows
}
/** For a list: what was tried last. A reminder or news that waits, or that a rule held back, says nothing of what reached the patient before. */
export async function latestOf(tx: Tx, intakeIds: readonly string[]): Promise<MessageRow[]> {
  const found = await tx.query<MessageRow>(
    `SELECT m.* FROM unnest($2::uuid[]) AS i(id) CROSS JOIN LATERAL (
       SELECT ${columns} FROM messaging.messages WHERE tenant_id = $1 AND intake_id = i.id AND kind <> 'code'
         AND (kind = 'invitation' OR status NOT IN ('planned', 'suppressed')) ORDER BY created_at DESC, n DESC LIMIT 1) m`,
    [tx.tenantId, intakeIds],
  )
  return found.rows
}

/** Whether there is a message of this kind about this very thing; one that stands in for another is part of it. */
export async function isTold(tx: Tx, intakeId: string, kind: MessageKind, aboutId: string): Promise<boolean> {
  const found = await tx.query('SELECT 1 FROM messaging.messages WHERE tenant_id = $1 AND intake_id = $2 AND kind = $3 AND about_id = $4 LIMIT 1', [
    ...[tx.tenantId, intakeId, kind, aboutId],
  ])
  return found.rowCount !== 0
}

/** Whether a newer one of this kind went out, or is to. */
export async function isFollowed(tx: Tx, { id, intakeId, kind, createdAt }: MessageRow): Promise<boolean> {
  const found = await tx.query(
    `SELECT 1 FROM messaging.messages WHERE tenant_id = $1 AND intake_id = $2 AND kind = $3 AND id <> $4 AND created_at >= $5 AND status <> 'suppressed' LIMIT 1`,
    [tx.tenantId, intakeId, kind, id, createdAt],
  )
  return found.rowCount !== 0
}

/**
 * Invitations to the visit of this form that wait for the end of quiet hours, the first first. And for whoever wants one at once: those that waited and were
 * asked for a moment ago by somebody else. Only what waits is locked: one that is on its way is locked by who hears of it, and that one plans after it.
 */
export async function findWaiting(tx: Tx, { intakeId, atOnce }: { intakeId: string; atOnce: boolean }): Promise<MessageRow[]> {
  const rowsThat = `SELECT ${columns} FROM messaging.messages WHERE tenant_id = $1 AND intake_id = $2 AND kind = 'invitation' AND`
  const planned = await tx.query<MessageRow>(`${rowsThat} status = 'planned' ORDER BY created_at, id FOR UPDATE`, [tx.tenantId, intakeId])
  if (!atOnce) return planned.rows
  const onItsWay = await tx.query<MessageRow>(`${rowsThat} status = 'requested' AND requested_version > 1 ORDER BY created_at, id`, [tx.tenantId, intakeId])
  return [...planned.rows, ...onItsWay.rows]
}

export interface NewMessage
  extends Pick<
    MessageRow,
    'id' | 'intakeId' | 'visitId' | 'visitRevision' | 'kind' | 'n' | 'channel' | 'aboutId' | 'addressKey' | 'atOnce' | 'requestedBy' | 'notAfter'
  > {
  insteadOf: string | null
  is: { status: 'requested' } | { status: 'planned'; dueAt: Date } | { status: 'suppressed'; reason: MessageReason }
}
/** False: this very message is there already, or its stand-in is. */
export async function insertMessage(tx: Tx, message: NewMessage, at: Emission): Promise<boolean> {
  const { is } = message
  const requested = is.status === 'requested'
  const inserted = await tx.query(
    `INSERT INTO messaging.messages (tenant_id, id, intake_id, visit_id, visit_revision, kind, n, channel, status, reason, about_id, instead_of, address_key,
       at_once, requested_by, due_at, not_after, created_at, requested_at, requested_version, status_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $18) ON CONFLICT DO NOTHING`,
    [
      ...[tx.tenantId, message.id, message.intakeId, message.visitId, message.visitRevision, message.kind, message.n, message.channel, is.status],
      ...['reason' in is ? is.reason : null, message.aboutId, message.insteadOf, message.addressKey, message.atOnce, message.requestedBy],
      ...['dueAt' in is ? is.dueAt : null, message.notAfter, at.now, requested ? at.now : null, requested ? 1 : null],
    ],
  )
  if (inserted.rowCount !== 1) return false
  if (requested) await tellRequested(tx, message, 1, at)
  else await tellChanged(tx, message, { status: is.status, reason: 'reason' in is ? is.reason : null }, 1, at)
  return true
}

/** A planned one leaves now, about the visit and to the address as they are by now. */
export async function requestMessage(tx: Tx, row: MessageRow, as: Pick<MessageRow, 'visitRevision' | 'addressKey' | 'atOnce'>, at: Emission): Promise<void> {
  await tx.query(
    `UPDATE messaging.messages SET status = 'requested', due_at = NULL, visit_revision = $3, address_key = $4, requested_at = $5, status_at = $5, at_once = $6,
       version = version + 1, requested_version = version + 1 WHERE tenant_id = $1 AND id = $2`,
    [tx.tenantId, row.id, as.visitRevision, as.addressKey, at.now, as.atOnce],
  )
  await tellRequested(tx, row, row.version + 1, at)
}

export interface MessageChange {
  status: MessageState
  reason?: MessageReason | null
  code?: string | null
  providerId?: string | null
  dueAt?: Date
}
/** Only forward; true when it moved. `row` is locked. `back`: a request that does not leave yet waits again. */
export async function moveMessage(tx: Tx, row: MessageRow, change: MessageChange, at: Emission): Promise<boolean> {
  const back = row.status === 'requested' && change.status === 'planned'
  const moved = back ? change.status : foldMessage(row.status, change.status)
  if (!moved) {
    // Its number at the partner is worth knowing even where a receipt was faster than the answer.
    if (change.providerId) await keepProviderId(tx, row.id, change.providerId)
    return false
  }
  await tx.query(
    `UPDATE messaging.messages SET status = $3, reason = $4, code = $5, provider_id = coalesce(provider_id, $6), due_at = $7, status_at = $8,
       sent_at = CASE WHEN $9 THEN coalesce(sent_at, $8) ELSE sent_at END, version = version + 1 WHERE tenant_id = $1 AND id = $2`,
    [
      ...[tx.tenantId, row.id, moved, change.reason ?? null, change.code ?? null, change.providerId ?? null, change.dueAt ?? null, at.now],
      moved === 'sent' || moved === 'delivered',
    ],
  )
  await tellChanged(tx, row, { status: moved, reason: change.reason ?? null }, row.version + 1, at)
  return true
}
const keepProviderId = (tx: Tx, id: string, providerId: string) =>
  tx.query('UPDATE messaging.messages SET provider_id = $3 WHERE tenant_id = $1 AND id = $2 AND provider_id IS NULL', [tx.tenantId, id, providerId])

type Told = Pick<MessageRow, 'id' | 'intakeId' | 'visitId' | 'kind' | 'channel'>
const aggregateOf = ({ id, intakeId }: Told, aggregateVersion: number) => ({ aggregateType: 'message', aggregateId: id, aggregateVersion, intakeId })

async function tellRequested(tx: Tx, message: Told, version: number, at: Emission): Promise<void> {
  const { id: messageId, intakeId, visitId, kind, channel } = message
  const payload = { messageId, intakeId, visitId, kind, channel }
  await emit(tx, { type: 'message.requested.v1', contract: MessageRequested, payload, ...aggregateOf(message, version) }, at)
}
async function tellChanged(tx: Tx, message: Told, to: { status: MessageState; reason: MessageReason | null }, version: number, at: Emission): Promise<void> {
  const { id: messageId, intakeId, visitId, kind, channel } = message
  const payload = { messageId, intakeId, visitId, kind, channel, ...to }
  await emit(tx, { type: 'message.changed.v1', contract: MessageChanged, payload, ...aggregateOf(message, version) }, at)
}

const iso = (at: Date | null): string | null => at?.toISOString() ?? null
export const messageView = (row: MessageRow): MessageView => ({
  id: row.id,
  intakeId: row.intakeId,
  kind: row.kind,
  channel: row.channel,
  status: row.status,
  reason: row.reason,
  code: row.code,
  dueAt: iso(row.dueAt),
  createdAt: row.createdAt.toISOString(),
  sentAt: iso(row.sentAt),
  statusAt: row.statusAt.toISOString(),
  by: row.requestedBy.startsWith('user:') ? 'desk' : 'hub',
})
