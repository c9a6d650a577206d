import { randomUUID } from 'node:crypto'
import { proofEnd, withoutSignature } from '@heliox/core/identity'
import { canonicalJson } from '@heliox/core/kit'
import type { DraftStore, KeptDraft, LinkFacts } from '@heliox/core/ports'
import type { Pool } from '../pool.ts'
import type { Tx } from '../tenancy.ts'
import type { Vault } from '../vault.ts'
import { tellContact } from './contacts.ts'
import { keepReach } from './reach.ts'
import { draftPlace, openDraft } from './sealed-draft.ts'

interface DraftRow {
  version: number
  sealed: Buffer | null
  savedAt: Date
}
export async function readDraft(tx: Tx, vault: Vault, intakeId: string, now: Date): Promise<{ version: number; draft: KeptDraft | null }> {
  const found = await tx.query<DraftRow>(`SELECT version, sealed, saved_at AS "savedAt" FROM identity.read_draft($1, $2, $3)`, [intakeId, tx.actor, now])
  const [row] = found.rows
  if (!row) return { version: 0, draft: null }
  const { version, sealed, savedAt } = row
  if (!sealed) return { version, draft: null }
  const { data } = await openDraft(vault, tx.tenantId, intakeId, sealed)
  return { version, draft: { version, savedAt: savedAt.toISOString(), data: withoutSignature(data) } }
}

/** Over the version that the browser saw, and no other: a tab that was left open does not undo what was typed elsewhere since. */
export async function saveDraft(
  tx: Tx,
  vault: Vault,
  link: LinkFacts,
  { contact = null, ...save }: Parameters<DraftStore['save']>[1],
  seen: number,
  tokenSha256: string,
  now: Date,
): Promise<Awaited<ReturnType<DraftStore['save']>>> {
  const sealed = await vault.seal(tx.tenantId, draftPlace(link.intakeId), canonicalJson({ ...save, data: withoutSignature(save.data) }))
  const until = proofEnd(now)
  const done = await tx.query<{ is: 'saved' | 'first' | 'changed' | 'closed' | 'proof-needed'; version: number }>(
    `SELECT is_done AS "is", version FROM identity.save_draft($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [link.intakeId, seen, link.proof === 'given', sealed.keyVersion, sealed.bytes, randomUUID(), tokenSha256, until, now],
  )
  const [row] = done.rows
  if (!row) throw new Error('saving a draft gave no outcome')
  if (row.is !== 'saved' && row.is !== 'first') return row.is
  if (contact) await tellContact(tx, vault, link.visitId, contact, now)
  return { version: row.version, provedUntil: row.is === 'first' ? until.toISOString() : null }
}

export async function clearDraft(tx: Tx, vault: Vault, { intakeId, visitId }: LinkFacts, now: Date): Promise<void> {
  const found = await tx.query<{ cleared: boolean }>('SELECT identity.clear_draft($1, $2, $3) AS cleared', [intakeId, tx.actor, now])
  if (found.rows[0]?.cleared) await keepReach(tx, vault, visitId, null)
}

export async function tenantsWithEnded(pool: Pool, now: Date): Promise<string[]> {
  const found = await pool.query<{ tenantId: string }>('SELECT DISTINCT tenant_id AS "tenantId" FROM identity.tenants_with_ended($1)', [now])
  return found.rows.map(({ tenantId }) => tenantId)
}
export async function emptyEnded(tx: Tx, now: Date): Promise<number> {
  const emptied = await tx.query<{ n: number }>('SELECT identity.empty_ended($1) AS n', [now])
  return emptied.rows[0]?.n ?? 0
}
