import { randomUUID } from 'node:crypto'
import type { Tx } from '../tenancy.ts'
import type { Vault } from '../vault.ts'

/** Sealed documents of `identity`, reached by other contexts through its functions only: an id outside, bytes inside. */
type DocumentKind =
  | 'signature'
  | 'effect-input'
  | 'effect-answer'
  | 'late-answer'
  | 'ehr-references'
  | 'override-note'
  | 'received-file'
  | 'decision-content'
  | 'choice-options'
  | 'payment-action'
export const documentPlace = (id: string) => ({ table: 'identity.phi_documents', row: id })

export async function sealDocument(
  tx: Tx,
  vault: Vault,
  document: { id?: string; kind: DocumentKind; intakeId: string | null; patientId?: string | null; text: string | Uint8Array },
  now: Date,
): Promise<string> {
  const id = document.id ?? randomUUID()
  const sealed = await vault.seal(tx.tenantId, documentPlace(id), document.text)
  await tx.query('SELECT identity.seal_document($1, $2, $3, $4, $5, $6, $7)', [
    id,
    document.kind,
    document.intakeId,
    document.patientId ?? null,
    sealed.keyVersion,
    sealed.bytes,
    now,
  ])
  return id
}

/** One document as it lies there; nothing of it is readable yet. */
export interface SealedDocument {
  id: string
  bytes: Buffer | undefined
}

/**
 * Fetches one document to open it after the commit: the audit row of the same commit then stands whatever becomes of the
 * opening, and also when there is nothing.
 */
export async function fetchDocument(tx: Tx, id: string, purpose: string, now: Date): Promise<SealedDocument> {
  const found = await tx.query<{ sealed: Buffer | null }>('SELECT identity.open_document($1, $2, $3, $4) AS sealed', [id, purpose, tx.actor, now])
  return { id, bytes: found.rows[0]?.sealed ?? undefined }
}

/** After the commit that fetched it. */
export async function openDocument(vault: Vault, tenantId: string, { id, bytes }: SealedDocument): Promise<string> {
  if (!bytes) throw new Error('a sealed document is not there')
  return vault.open(tenantId, documentPlace(id), bytes)
}

/** The same, for bytes that are no text. */
export async function openDocumentBytes(vault: Vault, tenantId: string, { id, bytes }: SealedDocument): Promise<Buffer> {
  if (!bytes) throw new Error('a sealed document is not there')
  return vault.openBytes(tenantId, documentPlace(id), bytes)
}
