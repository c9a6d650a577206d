import { randomUUID } from 'node:crypto'
import type { Tx } from '../tenancy.ts'
import type { Vault } from '../vault.ts'

/** Sealed documents of `identity`, reached by other contexts through its functions only: an id outside, bytes inside. */
export type DocumentKind = 'signature' | 'effect-input' | 'effect-answer' | 'late-answer' | 'ehr-references'
export const documentPlace = (id: string) => ({ table: 'identity.phi_documents', row: id })

export async function sealDocument(
  tx: Tx,
  vault: Vault,
  document: { kind: DocumentKind; intakeId: string | null; patientId?: string | null; text: string },
  now: Date,
): Promise<string> {
  const id = randomUUID()
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

/** Opens one document; the read is audited in the same commit, also when there is nothing. */
export async function openDocument(tx: Tx, vault: Vault, id: string, purpose: string, now: Date): Promise<string> {
  const found = await tx.query<{ sealed: Buffer | null }>('SELECT identity.open_document($1, $2, $3, $4) AS sealed', [id, purpose, tx.actor, now])
  const sealed = found.rows[0]?.sealed
  if (!sealed) throw new Error('a sealed document is not there')
  return vault.open(tx.tenantId, documentPlace(id), sealed)
}
