import { createHash, randomUUID } from 'node:crypto'
import { canonicalJson } from '@heliox/core/kit'
import type { ReceiveStore } from '@heliox/core/ports'
import { eventByType } from '@heliox/core/registry'
import { fetchDocument, sealDocument } from '../identity/documents.ts'
import { type Emission, emit } from '../outbox.ts'
import type { Tx } from '../tenancy.ts'
import type { Vault } from '../vault.ts'
import { raiseIncident } from './incidents.ts'

/** A sealed document holds at most 1 MiB, its header and tag included. */
const partBytesMax = 1_000_000
export const fileBytesMax = 256 * 1024 * 1024
/** Our own reader failed: the file goes so far behind the others, each time. */
const putOffMinutes = 10

type File = Parameters<ReceiveStore['keepFile']>[2]

/** The file's row comes first: of two that bring the same bytes the second waits there, and then only counts. */
export async function keepFile(tx: Tx, vault: Vault, receiver: string, file: File, now: Date): Promise<'kept' | 'known'> {
  if (file.bytes.length > fileBytesMax) throw new Error(`a received file is larger than ${fileBytesMax} bytes`)
  if (createHash('sha256').update(file.bytes).digest('hex') !== file.sha256) throw new Error('a received file has another hash than was said')
  const id = randomUUID()
  const nameId = randomUUID()
  const inserted = await tx.query(
    `INSERT INTO messaging.received_files (tenant_id, id, receiver, sha256, bytes, name_document_id, not_before, received_at, cursor_text)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $7, $8) ON CONFLICT ON CONSTRAINT received_files_once DO NOTHING`,
    [tx.tenantId, id, receiver, file.sha256, file.bytes.length, nameId, now, file.cursor ?? null],
  )
  if (inserted.rowCount !== 1) {
    await tx.query('UPDATE messaging.received_files SET copies = copies + 1 WHERE tenant_id = $1 AND receiver = $2 AND sha256 = $3', [
      tx.tenantId,
      receiver,
      file.sha256,
    ])
    return 'known'
  }
  // The name is the partner's and may hold anything, so it is sealed like the rest.
  await sealDocument(tx, vault, { id: nameId, kind: 'received-file', intakeId: null, text: canonicalJson({ name: file.name }) }, now)
  for (let at = 0, part = 1; at < file.bytes.length; at += partBytesMax, part += 1) {
    const text = file.bytes.subarray(at, at + partBytesMax)
    const documentId = await sealDocument(tx, vault, { kind: 'received-file', intakeId: null, text }, now)
    await tx.query('INSERT INTO messaging.received_file_parts (tenant_id, file_id, part, document_id) VALUES ($1, $2, $3, $4)', [
      tx.tenantId,
      id,
      part,
      documentId,
    ])
  }
  return 'kept'
}

export async function unreadFiles(tx: Tx, receiver: string, limit: number, now: Date): Promise<{ fileId: string; items: number; receivedAt: string }[]> {
  const found = await tx.query<{ fileId: string; items: number; receivedAt: Date }>(
    `SELECT id AS "fileId", items, received_at AS "receivedAt" FROM messaging.received_files
     WHERE tenant_id = $1 AND status = 'kept' AND receiver = $2 AND not_before <= $3 ORDER BY not_before, id LIMIT $4`,
    [tx.tenantId, receiver, now, Math.min(limit, 1_000)],
  )
  return found.rows.map((row) => ({ ...row, receivedAt: row.receivedAt.toISOString() }))
}

/** Ids of the sealed parts, in order; the parts are opened one by one, so that a large file never lies whole in memory. */
export async function partsOf(tx: Tx, fileId: string): Promise<string[]> {
  const file = await tx.query<{ bytes: number }>('SELECT bytes FROM messaging.received_files WHERE tenant_id = $1 AND id = $2', [tx.tenantId, fileId])
  const parts = await tx.query<{ documentId: string }>(
    'SELECT document_id AS "documentId" FROM messaging.received_file_parts WHERE tenant_id = $1 AND file_id = $2 ORDER BY part',
    [tx.tenantId, fileId],
  )
  const bytes = file.rows[0]?.bytes
  if (bytes === undefined) throw new Error('the received file is not there')
  if (parts.rows.length !== Math.ceil(bytes / partBytesMax)) throw new Error('a part of a received file is not there')
  return parts.rows.map((row) => row.documentId)
}
export const fetchPart = (tx: Tx, documentId: string, now: Date) => fetchDocument(tx, documentId, 'read-received-file', now)

/** The file's row is locked: of two engines that read the same file the slower one finds another count and leaves. */
export async function recordItems(tx: Tx, fileId: string, batch: Parameters<ReceiveStore['recordItems']>[2], at: Emission): Promise<'recorded' | 'not-ours'> {
  const spec = eventByType.get(batch.eventType)
  if (!spec) throw new Error(`no event is called ${batch.eventType}`)
  const found = await tx.query<{ items: number; receivedAt: Date }>(
    `SELECT items, received_at AS "receivedAt" FROM messaging.received_files WHERE tenant_id = $1 AND id = $2 AND status = 'kept' FOR UPDATE`,
    [tx.tenantId, fileId],
  )
  const file = found.rows[0]
  if (file?.items !== batch.first) return 'not-ours'
  for (const [i, item] of batch.items.entries()) {
    const itemId = randomUUID()
    await emit(
      tx,
      {
        type: batch.eventType,
        contract: spec.contract,
        payload: { itemId, fileId, index: batch.first + i, receivedAt: file.receivedAt.toISOString(), item },
        aggregateType: 'received-item',
        aggregateId: itemId,
        aggregateVersion: 1,
        intakeId: null,
      },
      at,
    )
  }
  await tx.query(
    `UPDATE messaging.received_files SET items = items + $3, status = CASE WHEN $4 THEN 'read'::messaging.file_status ELSE status END,
       read_at = CASE WHEN $4 THEN $5::timestamptz END WHERE tenant_id = $1 AND id = $2`,
    [tx.tenantId, fileId, batch.items.length, batch.last, at.now],
  )
  return 'recorded'
}

export async function putOff(tx: Tx, receiver: string, fileId: string, now: Date): Promise<void> {
  const updated = await tx.query(
    `UPDATE messaging.received_files SET failures = failures + 1, not_before = $3::timestamptz + $4 * interval '1 minute'
     WHERE tenant_id = $1 AND id = $2 AND status = 'kept'`,
    [tx.tenantId, fileId, now, putOffMinutes],
  )
  if (updated.rowCount !== 1) return
  await raiseIncident(tx, { kind: 'unreadable-file', partner: partnerOf(receiver), payerId: null, about: { is: 'file', id: fileId }, count: 1 }, now)
}

/** `clearinghouse.collectFiles.v1` -> `clearinghouse`. */
const partnerOf = (receiver: string): string => receiver.split('.')[0] ?? receiver

export async function lastKept(tx: Tx, receiver: string): Promise<{ keptAt: Date; cursor: string | null } | null> {
  const { rows } = await tx.query<{ keptAt: Date; cursor: string | null }>(
    `SELECT received_at AS "keptAt", cursor_text AS cursor FROM messaging.received_files
     WHERE tenant_id = $1 AND receiver = $2 ORDER BY received_at DESC, cursor_text DESC NULLS LAST LIMIT 1`,
    [tx.tenantId, receiver],
  )
  return rows[0] ?? null
}
