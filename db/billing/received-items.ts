import type { ItemReceived, ReceivedItem } from '@heliox/core/billing'
import type { ValueOf } from '@heliox/core/kit'
import { raiseIncident, settleIncident } from '../messaging/incidents.ts'
import type { Tx } from '../tenancy.ts'
import type { Vault } from '../vault.ts'
import type { Telling } from './telling.ts'

/** Who sends our files and takes theirs. */
export const partner = 'clearinghouse'

export type Item = ValueOf<typeof ReceivedItem>
export type Received = ValueOf<typeof ItemReceived>
export type ItemOf<K extends Item['kind']> = Extract<Item, { kind: K }>
export type Fate = 'applied' | 'orphan' | 'ambiguous' | 'conflict' | 'kept'

/** What taking an item needs: its commit, the keys to compare a person with, the time and name that go into events. */
export interface Taking extends Telling {
  tx: Tx
  vault: Vault
}
export interface Kept {
  id: string
  fileId: string
  receivedAt: Date
  /** There are others under the same numbers with other bytes, neither damaged. */
  rivals: boolean
}

/**
 * The partner's numbers for it, which it must not use twice; several TA1s share one interchange, several patients one ST. Null where the numbers themselves
 * are lost.
 */
function numbersOf(item: Item): string | null {
  if (item.kind === 'unreadable' || item.source.isa13 === '') return null
  const { senderId, receiverId, isa13, gs06, st02 } = item.source
  const within = item.kind === 'answer' ? item.patient : item.kind === 'interchange-ack' ? (item.isa13 ?? '') : ''
  return [item.kind, senderId, receiverId, isa13, gs06, st02, within].join('*')
}

/**
 * Keeps an item once. The same numbers and bytes again: counted, undefined. The same bytes that now came in a file that is whole:
 * taken up where the damaged file left it. The same numbers with other bytes: kept beside the first, as its rival.
 */
export async function keepItem(tx: Tx, { itemId, fileId, index, receivedAt, item }: Received): Promise<Kept | undefined> {
  const numbers = numbersOf(item)
  const sha256 = item.kind === 'unreadable' ? null : item.source.sha256
  const state = item.kind === 'answer' ? item.state : null
  // Of two that come at once under the same numbers, the second must see the first.
  if (numbers !== null) await lockKeys(tx, [numbers])
  const inserted = await tx.query(
    `INSERT INTO billing.received_items (tenant_id, id, file_id, position, kind, fate, numbers, sha256, state, item, received_at)
     VALUES ($1, $2, $3, $4, $5, 'kept', $6, $7, $8, $9, $10) ON CONFLICT ON CONSTRAINT received_items_once DO NOTHING`,
    [tx.tenantId, itemId, fileId, index, item.kind, numbers, sha256, state, JSON.stringify(item), receivedAt],
  )
  const kept = { id: itemId, fileId, receivedAt: new Date(receivedAt), rivals: false }
  if (numbers === null) return kept
  if (inserted.rowCount === 1) return { ...kept, rivals: await hasRivals(tx, itemId) }
  const known = await tx.query<{ id: string; healed: boolean }>(
    `UPDATE billing.received_items n SET copies = n.copies + 1, state = CASE WHEN o.heals THEN 'whole' ELSE n.state END
     FROM (SELECT id, state = 'in-damaged-file' AND $4 AS heals FROM billing.received_items WHERE tenant_id = $1 AND numbers = $2 AND sha256 = $3) o
     WHERE n.tenant_id = $1 AND n.id = o.id RETURNING n.id, o.heals AS healed`,
    [tx.tenantId, numbers, sha256, state === 'whole'],
  )
  const [row] = known.rows
  if (!row?.healed) return undefined
  return { ...kept, id: row.id, rivals: await hasRivals(tx, row.id) }
}

/** A damaged one is nobody's rival: its partner sends it again under the same numbers, whole. */
const rivals = `FROM billing.received_items n JOIN billing.received_items o ON o.tenant_id = n.tenant_id AND o.numbers = n.numbers AND o.sha256 <> n.sha256
  WHERE n.tenant_id = $1 AND n.id = $2 AND n.state IS DISTINCT FROM 'damaged' AND o.state IS DISTINCT FROM 'damaged'`

async function hasRivals(tx: Tx, itemId: string): Promise<boolean> {
  const found = await tx.query(`SELECT 1 ${rivals} LIMIT 1`, [tx.tenantId, itemId])
  return found.rowCount === 1
}

/** The rivals that went to this request, which must be locked: the lock is what makes the second of two see the first. */
export async function rivalsFor(tx: Tx, itemId: string, requestId: string): Promise<string[]> {
  const found = await tx.query<{ id: string }>(`SELECT o.id ${rivals} AND o.request_id = $3`, [tx.tenantId, itemId, requestId])
  return found.rows.map((row) => row.id)
}

export async function setFate(tx: Tx, itemId: string, fate: Fate, about: { requestId?: string; batchId?: string }, now: Date): Promise<void> {
  await tx.query(
    `UPDATE billing.received_items SET fate = $3::billing.item_fate, request_id = coalesce($4, request_id), batch_id = coalesce($5, batch_id),
       applied_at = CASE WHEN $3::billing.item_fate = 'applied' THEN $6::timestamptz ELSE applied_at END WHERE tenant_id = $1 AND id = $2`,
    [tx.tenantId, itemId, fate, about.requestId ?? null, about.batchId ?? null, now],
  )
}

/** What an item is kept under until something of ours appears that it can belong to. */
export const heldKey = {
  request: (requestId: string): string => `request:${requestId}`,
  isa13: (number: number): string => `isa13:${number}`,
  gs06: (number: number): string => `gs06:${number}`,
}

/**
 * Until the transaction ends, nobody else looks for what belongs under this key, or makes it appear: an acknowledgement that is put aside and the record of
 * its sending, at the same moment, would miss each other for ever.
 */
export async function lockKeys(tx: Tx, keys: readonly string[]): Promise<void> {
  for (const key of keys) await tx.query(`SELECT pg_advisory_xact_lock(hashtextextended($1 || ' ' || $2, 0))`, [tx.tenantId, key])
}

export async function hold(tx: Tx, kept: Kept, keys: readonly string[], now: Date): Promise<void> {
  await setFate(tx, kept.id, 'orphan', {}, now)
  for (const key of keys) {
    await tx.query('INSERT INTO billing.received_keys (tenant_id, key, item_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING', [tx.tenantId, key, kept.id])
  }
}

/** Items that wait under one of these keys, oldest first, locked. */
export async function heldUnder(tx: Tx, keys: readonly string[]): Promise<{ kept: Kept; item: Item }[]> {
  const found = await tx.query<{ id: string; fileId: string; receivedAt: Date; item: Item }>(
    `SELECT i.id, i.file_id AS "fileId", i.received_at AS "receivedAt", i.item FROM billing.received_items i
     WHERE i.tenant_id = $1 AND i.id = ANY (ARRAY(SELECT k.item_id FROM billing.received_keys k WHERE k.tenant_id = $1 AND k.key = ANY ($2)))
       AND i.fate = 'orphan' ORDER BY i.received_at, i.position FOR NO KEY UPDATE`,
    [tx.tenantId, keys],
  )
  const held: { kept: Kept; item: Item }[] = []
  for (const { item, ...row } of found.rows) held.push({ kept: { ...row, rivals: await hasRivals(tx, row.id) }, item })
  return held
}

/** Requests that held answers name, the longest held first. */
export async function heldAnswerKeys(tx: Tx): Promise<string[]> {
  const found = await tx.query<{ requestId: string }>(
    `SELECT substr(k.key, 9) AS "requestId" FROM billing.received_items i JOIN billing.received_keys k ON k.tenant_id = i.tenant_id AND k.item_id = i.id
     WHERE i.tenant_id = $1 AND i.fate = 'orphan' AND starts_with(k.key, 'request:') ORDER BY i.received_at LIMIT 1000`,
    [tx.tenantId],
  )
  return found.rows.map((row) => row.requestId)
}

export const tellUnmatched = (tx: Tx, fileId: string, now: Date): Promise<boolean> =>
  raiseIncident(tx, { kind: 'unmatched-answer', partner, payerId: null, about: { is: 'file', id: fileId }, count: 1 }, now)
export const tellUnreadable = (tx: Tx, fileId: string, now: Date): Promise<boolean> =>
  raiseIncident(tx, { kind: 'unreadable-file', partner, payerId: null, about: { is: 'file', id: fileId }, count: 1 }, now)

/** Nothing of this file waits for a match any more: its incident has nothing left to say. */
export async function settleMatched(tx: Tx, fileId: string, now: Date): Promise<void> {
  const left = await tx.query(
    `SELECT 1 FROM billing.received_items WHERE tenant_id = $1 AND file_id = $2 AND (fate IN ('orphan', 'ambiguous') OR kind = 'claim-ack') LIMIT 1`,
    [tx.tenantId, fileId],
  )
  if (left.rowCount === 0) await settleIncident(tx, { kind: 'unmatched-answer', partner, about: { is: 'file', id: fileId } }, now)
}
