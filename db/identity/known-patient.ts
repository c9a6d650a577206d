import { PatientAnswers } from '@heliox/core/identity'
import type { KnownBefore, LinkFacts } from '@heliox/core/ports'
import type { Tx } from '../tenancy.ts'
import type { Vault } from '../vault.ts'
import { fetchContacts, openContact } from './contacts.ts'
import { answersPlace } from './patients.ts'

/** Older answers help nobody: people move, and plans change every year. */
const previousDaysMax = 730

/** Every condition is looked at by the database, in the statement that hands the answers out: proof, link, and whose they are. */
export async function knownBefore(tx: Tx, vault: Vault, link: LinkFacts, proofSha256s: readonly string[], now: Date): Promise<KnownBefore> {
  if (link.proof !== 'given') return { contact: null, previous: null }
  const [row] = await fetchContacts(tx, [link.visitId], 'intake', now)
  // What was typed at this very link is no news to who typed it.
  const kept = row?.source === 'staff' ? await openContact(vault, tx.tenantId, row) : null
  // Without a birth date the code was all that was asked for, and that may have gone to whoever has the number now.
  const contact = kept?.birthDate ? kept : null
  const since = new Date(now.getTime() - previousDaysMax * 86_400_000)
  const found = await tx.query<{ patientId: string; sealed: Buffer; givenAt: Date }>(
    `SELECT patient_id AS "patientId", sealed, submitted_at AS "givenAt" FROM identity.open_previous($1, $2, $3, $4, $5)`,
    [link.intakeId, proofSha256s, since, tx.actor, now],
  )
  const [former] = found.rows
  if (!former) return { contact, previous: null }
  const answers = PatientAnswers.schema.parse(JSON.parse(await vault.open(tx.tenantId, answersPlace(former.patientId), former.sealed)))
  // The clinic's own questions are about one visit.
  return { contact, previous: { answers: { ...answers, forms: {}, formVersions: {} }, givenAt: former.givenAt.toISOString() } }
}
