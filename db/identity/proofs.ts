import { randomInt, randomUUID, timingSafeEqual } from 'node:crypto'
import {
  CodeAsked,
  type CodeChannel,
  type codeWays,
  maskedEmail,
  maskedPhone,
  PatientAnswers,
  type ProofAttempt,
  pauseMsAfter,
  proofEnd,
  proofLimits,
  type VisitContact,
} from '@heliox/core/identity'
import type { LinkFacts, ProofStore, ProofView } from '@heliox/core/ports'
import { takesCode } from '../messaging/way-facts.ts'
import { type Emission, emit } from '../outbox.ts'
import type { Tx } from '../tenancy.ts'
import type { Place, Vault } from '../vault.ts'
import { openContact } from './contacts.ts'
import { answersPlace } from './patients.ts'
import { reachKeys } from './reach.ts'
import { openDraft } from './sealed-draft.ts'

/**
 * The second factor. What guards it is counted in the database, under one lock per intake and in the commit that answers: a hundred guesses at a
 * hundred processes are a hundred guesses one behind the other, and the sixth finds the door closed. A wrong birth date and a wrong code are
 * one answer, after the same work.
 */
interface Facts {
  visitId: string
  contact: Buffer | null
  /** As the desk named them, beside what the form that was sent says. */
  named: Buffer | null
  draft: Buffer | null
  patientId: string | null
  answers: Buffer | null
  pausedUntil: Date | null
  codeId: string | null
  codeMac: Buffer | null
  codeExpiresAt: Date | null
  tries: number | null
}
async function factsOf(tx: Tx, intakeId: string, now: Date): Promise<Facts | undefined> {
  const found = await tx.query<Facts>(
    `SELECT visit_id AS "visitId", contact, named, draft, patient_id AS "patientId", answers, paused_until AS "pausedUntil", code_id AS "codeId", code_mac AS "codeMac",
       code_expires_at AS "codeExpiresAt", tries FROM identity.proof_facts($1, $2, $3)`,
    [intakeId, tx.actor, now],
  )
  return found.rows[0]
}

const codePlace = (codeId: string): Place => ({ table: 'identity.proof_codes', row: codeId })
/** Bound to the intake and to this one code: the same six digits elsewhere are another text. */
const codeText = (intakeId: string, codeId: string, code: string): string => `proof-code/1 ${intakeId} ${codeId} ${code}`

/** What is known to prove oneself by: of the contact, else of what was typed at this link, sent or not yet. */
interface Known {
  contact: VisitContact | null
  birthDate: string | null
}
async function knownOf(vault: Vault, tenantId: string, intakeId: string, facts: Facts): Promise<Known> {
  const contact = facts.contact && (await openContact(vault, tenantId, { visitId: facts.visitId, sealed: facts.contact, named: facts.named }))
  const draft = facts.draft && (await openDraft(vault, tenantId, intakeId, facts.draft))
  const birthDate = contact?.birthDate ?? draft?.birthDate ?? null
  const { patientId, answers } = facts
  if (birthDate !== null || patientId === null || answers === null) return { contact, birthDate }
  const { birthDate: sent } = PatientAnswers.schema.parse(JSON.parse(await vault.open(tenantId, answersPlace(patientId), answers)))
  return { contact, birthDate: sent }
}

const addressesOf = (contact: VisitContact | null): ProofView['to'] => [
  ...(contact?.phone ? [{ channel: 'sms' as const, masked: maskedPhone(contact.phone) }] : []),
  ...(contact?.email ? [{ channel: 'mail' as const, masked: maskedEmail(contact.email) }] : []),
]
/** Those that a code would leave for: no STOP and no mark of a refusal stands against it, and the clinic is connected. */
async function openAddresses(tx: Tx, vault: Vault, contact: VisitContact | null): Promise<ProofView['to']> {
  const { phoneKey, mailKey } = await reachKeys(vault, tx.tenantId, contact)
  const open = {
    sms: await takesCode(tx, 'sms', phoneKey),
    mail: await takesCode(tx, 'mail', mailKey),
  }
  return addressesOf(contact).filter(({ channel }) => open[channel])
}

export async function proofView(tx: Tx, vault: Vault, link: LinkFacts, now: Date): Promise<ProofView | undefined> {
  const facts = await factsOf(tx, link.intakeId, now)
  if (!facts) return undefined
  const { contact, birthDate } = await knownOf(vault, tx.tenantId, link.intakeId, facts)
  const { codeExpiresAt, tries } = facts
  return {
    asksBirthDate: birthDate !== null,
    to: await openAddresses(tx, vault, contact),
    language: contact?.language ?? null,
    code: codeExpiresAt && { expiresAt: codeExpiresAt.toISOString(), triesLeft: proofLimits.triesMax - (tries ?? 0) },
    pausedUntil: facts.pausedUntil?.toISOString() ?? null,
  }
}

interface NewCode {
  id: string
  code: string
  expiresAt: Date
}
/** A new code in place of the one that is out; `pausedUntil`: not now. */
async function makeCode(
  tx: Tx,
  vault: Vault,
  intakeId: string,
  way: (typeof codeWays)[number],
  now: Date,
): Promise<(NewCode & { visitId: string }) | { pausedUntil: Date } | undefined> {
  const id = randomUUID()
  const code = String(randomInt(10 ** proofLimits.codeDigits)).padStart(proofLimits.codeDigits, '0')
  const expiresAt = new Date(now.getTime() + proofLimits.codeMinutes * 60_000)
  const mac = await vault.fingerprint(tx.tenantId, codeText(intakeId, id, code))
  const sealed = await vault.seal(tx.tenantId, codePlace(id), code)
  const found = await tx.query<{ visitId: string; pausedUntil: Date | null }>(
    `SELECT visit_id AS "visitId", paused_until AS "pausedUntil" FROM identity.ask_code($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    [intakeId, id, way, mac, sealed.keyVersion, sealed.bytes, proofLimits.codeEverySeconds, proofLimits.codesPerHourMax, expiresAt, tx.actor, now],
  )
  const [made] = found.rows
  if (!made) return undefined
  return made.pausedUntil ? { pausedUntil: made.pausedUntil } : { id, code, expiresAt, visitId: made.visitId }
}

/** The code and the event that has it sent: one commit. A page that was open before STOP asks for a text: the code goes by mail, where it can. */
export async function sendCode(
  tx: Tx,
  vault: Vault,
  { intakeId }: LinkFacts,
  asked: CodeChannel,
  at: Emission,
): Promise<Awaited<ReturnType<ProofStore['sendCode']>>> {
  const facts = await factsOf(tx, intakeId, at.now)
  if (!facts) return 'not-found'
  const { contact } = await knownOf(vault, tx.tenantId, intakeId, facts)
  const isKnown = addressesOf(contact).some((address) => address.channel === asked)
  const open = (await openAddresses(tx, vault, contact)).map((address) => address.channel)
  const channel = open.includes(asked) ? asked : open[0]
  if (!isKnown || channel === undefined) return 'no-address'
  const made = await makeCode(tx, vault, intakeId, channel, at.now)
  if (!made) return 'not-found'
  if ('pausedUntil' in made) return { pausedUntil: made.pausedUntil.toISOString() }
  const expiresAt = made.expiresAt.toISOString()
  await emit(
    tx,
    {
      type: 'intake.code-asked.v1',
      contract: CodeAsked,
      payload: { intakeId, visitId: made.visitId, codeId: made.id, channel, expiresAt },
      ...{ aggregateType: 'code', aggregateId: made.id, aggregateVersion: 1, intakeId },
    },
    at,
  )
  return { expiresAt }
}

export async function showCode(tx: Tx, vault: Vault, intakeId: string, now: Date): Promise<{ code: string; expiresAt: string } | 'not-found'> {
  const made = await makeCode(tx, vault, intakeId, 'desk', now)
  if (!made) return 'not-found'
  if ('pausedUntil' in made) throw new Error('a code for the desk is never put off')
  return { code: made.code, expiresAt: made.expiresAt.toISOString() }
}

/** Of one length whatever was typed, so that comparing takes one time. */
async function isBirthDate(vault: Vault, tenantId: string, known: string | null, given: string | null): Promise<boolean> {
  const text = (date: string | null): string => `proof-birth-date/1 ${date ?? ''}`
  const [right, typed] = await Promise.all([vault.fingerprint(tenantId, text(known)), vault.fingerprint(tenantId, text(given))])
  return timingSafeEqual(right, typed) || known === null
}

export async function prove(
  tx: Tx,
  vault: Vault,
  { intakeId }: LinkFacts,
  attempt: ProofAttempt,
  tokenSha256: string,
  now: Date,
): Promise<Awaited<ReturnType<ProofStore['prove']>>> {
  await tx.query('SELECT identity.lock_proof($1)', [intakeId])
  const facts = await factsOf(tx, intakeId, now)
  const nothing = { triesLeft: 0, pausedUntil: null, provedUntil: null }
  if (facts?.pausedUntil) return { ...nothing, outcome: 'paused', pausedUntil: facts.pausedUntil.toISOString() }
  if (!facts?.codeId || !facts.codeMac) return { ...nothing, outcome: 'ended' }
  const { codeId, codeMac, tries } = facts
  const { birthDate } = await knownOf(vault, tx.tenantId, intakeId, facts)
  const mac = await vault.fingerprint(tx.tenantId, codeText(intakeId, codeId, attempt.code))
  // Both are looked at, always.
  const rightDate = await isBirthDate(vault, tx.tenantId, birthDate, attempt.birthDate)
  const rightCode = timingSafeEqual(mac, codeMac)
  if (rightDate && rightCode) {
    const provedUntil = proofEnd(now)
    const given = await tx.query<{ given: boolean }>('SELECT identity.give_proof($1, $2, $3, $4, $5, $6, $7, $8) AS given', [
      ...[intakeId, codeId, randomUUID(), tokenSha256, provedUntil, proofLimits.proofsMax, tx.actor, now],
    ])
    if (!given.rows[0]?.given) return { ...nothing, outcome: 'ended' }
    return { ...nothing, outcome: 'proved', provedUntil: provedUntil.toISOString() }
  }
  const counted = await tx.query<{ failures: number }>('SELECT identity.count_wrong($1, $2, $3, $4, $5) AS failures', [
    ...[intakeId, codeId, proofLimits.triesMax, tx.actor, now],
  ])
  const pauseMs = pauseMsAfter(counted.rows[0]?.failures ?? 0)
  const pausedUntil = pauseMs > 0 ? new Date(now.getTime() + pauseMs) : null
  if (pausedUntil) await tx.query('SELECT identity.pause_proof($1, $2)', [intakeId, pausedUntil])
  return { outcome: 'wrong', triesLeft: proofLimits.triesMax - (tries ?? 0) - 1, pausedUntil: pausedUntil?.toISOString() ?? null, provedUntil: null }
}

export async function endProofs(tx: Tx, intakeId: string, proofSha256s: readonly string[], now: Date): Promise<void> {
  await tx.query('SELECT identity.end_proofs($1, $2, $3)', [intakeId, proofSha256s, now])
}

/** For the step that sends it; audited. Undefined once it was used, replaced, or is over. */
export async function fetchCode(tx: Tx, codeId: string, purpose: string, now: Date): Promise<Buffer | undefined> {
  const found = await tx.query<{ sealed: Buffer | null }>('SELECT identity.open_code($1, $2, $3, $4) AS sealed', [codeId, purpose, tx.actor, now])
  return found.rows[0]?.sealed ?? undefined
}
export const openCode = (vault: Vault, tenantId: string, codeId: string, sealed: Buffer): Promise<string> => vault.open(tenantId, codePlace(codeId), sealed)

/** Codes that were asked for at this form's link, by which the audit names who showed or sent one. */
export async function codesOf(tx: Tx, intakeId: string): Promise<string[]> {
  const found = await tx.query<{ id: string }>('SELECT id FROM identity.codes_of($1)', [intakeId])
  return found.rows.map(({ id }) => id)
}
