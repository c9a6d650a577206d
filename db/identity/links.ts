import type { NewLink } from '@heliox/core/ports'
import type { Tx } from '../tenancy.ts'
import type { Place, Vault } from '../vault.ts'

const linkPlace = (intakeId: string): Place => ({ table: 'identity.intake_links', row: intakeId })

/** The token beside its hash, sealed, so that a message may carry the link later. The vault must be warm. */
export async function sealLink(tx: Tx, vault: Vault, intakeId: string, { token }: Pick<NewLink, 'token'>, now: Date): Promise<void> {
  const sealed = await vault.seal(tx.tenantId, linkPlace(intakeId), token)
  await tx.query('SELECT identity.keep_link($1, $2, $3, $4)', [intakeId, sealed.keyVersion, sealed.bytes, now])
}

/** Another link in place of the one that is out: its hash is replaced, so the old one is unknown from this commit on, and so is what it proved. */
export async function renewLink(
  tx: Tx,
  vault: Vault,
  intakeId: string,
  link: NewLink,
  correlationId: string,
  now: Date,
): Promise<'renewed' | 'submitted' | 'not-found'> {
  const found = await tx.query<{ outcome: 'renewed' | 'submitted' | 'not-found' }>('SELECT identity.renew_link($1, $2, $3, $4, $5, $6) AS outcome', [
    ...[intakeId, link.tokenSha256, link.expiresAt, tx.actor, correlationId, now],
  ])
  const outcome = found.rows[0]?.outcome
  if (!outcome) throw new Error('renewing a link gave no outcome')
  if (outcome === 'renewed') await sealLink(tx, vault, intakeId, link, now)
  return outcome
}

export async function revokeLink(tx: Tx, intakeId: string, correlationId: string, now: Date): Promise<'revoked' | 'not-found'> {
  const found = await tx.query<{ revoked: boolean }>('SELECT identity.revoke_link($1, $2, $3, $4) AS revoked', [intakeId, tx.actor, correlationId, now])
  return found.rows[0]?.revoked ? 'revoked' : 'not-found'
}

/** Those of these intakes whose link opens nothing any more: ended here, or by its time before the form was sent. */
export async function endedLinks(tx: Tx, intakeIds: readonly string[], now: Date): Promise<Set<string>> {
  const found = await tx.query<{ intakeId: string }>('SELECT intake_id AS "intakeId" FROM identity.ended_links($1, $2)', [intakeIds, now])
  return new Set(found.rows.map(({ intakeId }) => intakeId))
}

/** The link as it lies there, for the step that sends it; audited. Undefined: it was made before links were kept, or there is none. */
interface SealedLink {
  sealed: Buffer
  /** Not revoked, not ended. */
  usable: boolean
  expiresAt: Date
}
export async function fetchLink(tx: Tx, intakeId: string, purpose: string, now: Date): Promise<SealedLink | undefined> {
  const found = await tx.query<SealedLink>(`SELECT sealed, usable, expires_at AS "expiresAt" FROM identity.open_link($1, $2, $3, $4)`, [
    ...[intakeId, purpose, tx.actor, now],
  ])
  return found.rows[0]
}
export const openLinkToken = (vault: Vault, tenantId: string, intakeId: string, { sealed }: Pick<SealedLink, 'sealed'>): Promise<string> =>
  vault.open(tenantId, linkPlace(intakeId), sealed)
