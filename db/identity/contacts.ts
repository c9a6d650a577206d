import { isAnotherPerson, isNotTheSender, PatientAnswers, personKey, toE164, VisitContact } from '@heliox/core/identity'
import { canonicalJson, clinicCountryOf } from '@heliox/core/kit'
import type { ContactStore } from '@heliox/core/ports'
import type { Tx } from '../tenancy.ts'
import type { Place, Vault } from '../vault.ts'
import { answersPlace } from './patients.ts'
import { keepReach, reachKeys } from './reach.ts'
import { openDraft } from './sealed-draft.ts'

const contactPlace = (visitId: string): Place => ({ table: 'identity.visit_contacts', row: visitId })

/** What two forms of one person have alike, under the clinic's key; null where too little is known. */
async function matchOf(vault: Vault, tenantId: string, person: Parameters<typeof personKey>[0]): Promise<Buffer | null> {
  const key = personKey(person)
  return key === null ? null : vault.fingerprint(tenantId, key)
}

interface TypedRow {
  intakeId: string
  contact: Buffer | null
  draft: Buffer | null
  patientId: string | null
  answers: Buffer | null
}
/** What is typed and photographed so far belongs to whom it was typed for: it is never handed to somebody else who gets the visit and its link. `sent`: too late for that. */
async function isForAnother(tx: Tx, vault: Vault, visitId: string, next: VisitContact, now: Date): Promise<'same' | 'another' | 'another-typed' | 'sent'> {
  const found = await tx.query<TypedRow>(
    `SELECT intake_id AS "intakeId", contact, draft, patient_id AS "patientId", answers FROM identity.typed_for($1, $2, $3)`,
    [visitId, tx.actor, now],
  )
  const [typed] = found.rows
  if (typed?.patientId && typed.answers) {
    const answers = PatientAnswers.schema.parse(JSON.parse(await vault.open(tx.tenantId, answersPlace(typed.patientId), typed.answers)))
    return isNotTheSender(next, answers) ? 'sent' : 'same'
  }
  if (!typed) return 'same'
  const former = typed.contact && (await openContact(vault, tx.tenantId, { visitId, sealed: typed.contact, named: null }))
  const draft = typed.draft && (await openDraft(vault, tx.tenantId, typed.intakeId, typed.draft))
  if (!isAnotherPerson(next, former, draft?.birthDate ?? null)) return 'same'
  return draft ? 'another-typed' : 'another'
}

/** How often each was changed; none: nobody said anything yet. */
export async function contactRevisions(tx: Tx, visitIds: readonly string[]): Promise<Map<string, { revision: number; byStaff: boolean }>> {
  if (visitIds.length === 0) return new Map()
  const found = await tx.query<{ visitId: string; revision: number; byStaff: boolean }>(
    'SELECT visit_id AS "visitId", revision, by_staff AS "byStaff" FROM identity.contact_revisions($1)',
    [visitIds],
  )
  return new Map(found.rows.map(({ visitId, ...row }) => [visitId, row]))
}

/** The vault must be warm. `asked`: left out by whoever makes the visit. */
export async function saveContact(
  tx: Tx,
  vault: Vault,
  visitId: string,
  contact: VisitContact | null,
  now: Date,
  asked?: { seen: number; clears: boolean },
): Promise<Awaited<ReturnType<ContactStore['save']>>> {
  if (asked) {
    const locked = await tx.query<{ revision: number }>('SELECT identity.lock_contact($1) AS revision', [visitId])
    if (locked.rows[0]?.revision !== asked.seen) return 'changed-meanwhile'
  }
  const whose = contact === null ? 'same' : await isForAnother(tx, vault, visitId, contact, now)
  if (whose === 'sent') return 'sent'
  if (whose === 'another-typed' && asked && !asked.clears) return 'typed'
  const sealed = contact && (await vault.seal(tx.tenantId, contactPlace(visitId), canonicalJson(contact)))
  const found = await tx.query<{ saved: boolean }>('SELECT identity.save_contact($1, $2, $3, $4, $5, $6, $7) AS saved', [
    ...[visitId, sealed?.keyVersion ?? 1, sealed?.bytes ?? null],
    ...[contact && (await matchOf(vault, tx.tenantId, contact)), whose !== 'same', tx.actor, now],
  ])
  if (!found.rows[0]?.saved) return 'not-found'
  await keepReach(tx, vault, visitId, contact)
  return 'saved'
}

/** As the patient types it; what the clinic has said stays. */
export async function tellContact(tx: Tx, vault: Vault, visitId: string, contact: VisitContact, now: Date): Promise<void> {
  const sealed = await vault.seal(tx.tenantId, contactPlace(visitId), canonicalJson(contact))
  const found = await tx.query<{ told: boolean }>('SELECT identity.tell_contact($1, $2, $3, $4, $5) AS told', [
    ...[visitId, sealed.keyVersion, sealed.bytes, await matchOf(vault, tx.tenantId, contact), now],
  ])
  if (found.rows[0]?.told) await keepReach(tx, vault, visitId, contact)
}

interface SealedContact {
  visitId: string
  /** Whose words they are. */
  source: 'staff' | 'patient'
  sealed: Buffer
  /** What the desk had named, where `sealed` is what the form that was sent says. */
  named: Buffer | null
}
/** What one line of the audit holds; a test of the database knows it too. */
const auditListMax = 500
/**
 * As they lie there; one line in the audit for all of them, which says whose were read. What a patient typed and did not send is left out: the
 * form promises that nobody gets it before. `typedToo` is for the code that lets them in again.
 */
export async function fetchContacts(tx: Tx, visitIds: readonly string[], purpose: string, now: Date, typedToo = false): Promise<SealedContact[]> {
  const rows: SealedContact[] = []
  for (let from = 0; from < visitIds.length; from += auditListMax) {
    const found = await tx.query<SealedContact>(`SELECT visit_id AS "visitId", source, sealed, named FROM identity.read_contacts($1, $2, $3, $4, $5)`, [
      ...[visitIds.slice(from, from + auditListMax), typedToo, purpose, tx.actor, now],
    ])
    rows.push(...found.rows)
  }
  return rows
}
/** Who the patient is, is the desk's word; how they are reached is the form's from when it was sent, and the desk's where the form leaves it out. */
export async function openContact(vault: Vault, tenantId: string, { visitId, sealed, named }: Omit<SealedContact, 'source'>): Promise<VisitContact> {
  const open = async (bytes: Buffer) => VisitContact.parse(JSON.parse(await vault.open(tenantId, contactPlace(visitId), bytes)))
  const contact = await open(sealed)
  if (named === null) return contact
  const desk = await open(named)
  const phone = contact.phone ?? desk.phone
  // The tick was said of one number.
  return { ...desk, phone, email: contact.email ?? desk.email, language: contact.language, smsAllowed: desk.smsAllowed && desk.phone === phone }
}

/** Of a form that is being sent: what finds its patient again, and how they are reached from then on. */
export async function contactOfAnswers(
  vault: Vault,
  visit: { tenantId: string; visitId: string; region: string; timeZone: string },
  answers: PatientAnswers,
  language: VisitContact['language'],
): Promise<{ match: Buffer | null; sealed: Buffer; phoneKey: string | null; mailKey: string | null; language: VisitContact['language'] }> {
  const { givenName, familyName, birthDate, email } = answers
  const phone = toE164(answers.phone, clinicCountryOf(visit))
  const contact: VisitContact = { givenName, familyName, birthDate, phone, email, language, smsAllowed: false }
  const { tenantId } = visit
  const [sealed, match, keys] = await Promise.all([
    vault.seal(tenantId, contactPlace(visit.visitId), canonicalJson(contact)),
    matchOf(vault, tenantId, contact),
    reachKeys(vault, tenantId, contact),
  ])
  return { match, sealed: sealed.bytes, ...keys, language }
}

/** After details were put right: from now on the patient is found, and proves who they are, by these. */
export async function rematchPatient(
  tx: Tx,
  vault: Vault,
  patient: { patientId: string; visitId: string },
  answers: PatientAnswers,
  clinic: { region: string; timeZone: string },
  now: Date,
): Promise<void> {
  const { patientId, visitId } = patient
  const { givenName, familyName, birthDate } = answers
  const match = await matchOf(vault, tx.tenantId, { ...answers, phone: toE164(answers.phone, clinicCountryOf(clinic)) })
  const [row] = await fetchContacts(tx, [visitId], 'correction', now)
  const contact = row && canonicalJson({ ...(await openContact(vault, tx.tenantId, row)), givenName, familyName, birthDate })
  const sealed = contact === undefined ? undefined : await vault.seal(tx.tenantId, contactPlace(visitId), contact)
  await tx.query('SELECT identity.set_match($1, $2, $3, $4, $5, $6)', [patientId, visitId, match, sealed?.keyVersion ?? 1, sealed?.bytes ?? null, now])
}
