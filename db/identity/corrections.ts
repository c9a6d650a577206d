import { randomUUID } from 'node:crypto'
import {
  type CorrectableField,
  CorrectionAsked,
  changedFields,
  correctableFields,
  correctedAnswers,
  correctionLimits,
  type DeskAnswers,
  deskFields,
  fieldsToShow,
  hintsOf,
  IntakeCorrected,
  isHalfSecond,
  type OpenableField,
  PatientAnswers,
  type PatientCorrection,
  presentValues,
} from '@heliox/core/identity'
import { canonicalJson } from '@heliox/core/kit'
import type { CorrectionOffer } from '@heliox/core/ports'
import { type Emission, emit } from '../outbox.ts'
import type { Tx } from '../tenancy.ts'
import type { Vault } from '../vault.ts'
import { rematchPatient } from './contacts.ts'
import { answersPlace } from './patients.ts'
import { tenantFacts } from './tenants.ts'

interface LockedAnswers {
  patientId: string
  visitId: string
  sealed: Buffer
  /** Of the correction under the same key, when there was one. */
  bodyMac: Buffer | null
  byPatient: number
  byStaff: number
}

/** The sealed answers of a sent intake, locked until the commit; the read is audited with it. */
async function lockAnswers(
  tx: Tx,
  intakeId: string,
  read: { fields: readonly string[]; key: string; purpose: string },
  now: Date,
): Promise<LockedAnswers | undefined> {
  const found = await tx.query<LockedAnswers>(
    `SELECT patient_id AS "patientId", visit_id AS "visitId", sealed, body_mac AS "bodyMac", by_patient AS "byPatient", by_staff AS "byStaff"
     FROM identity.lock_answers($1, $2, $3, $4, $5, $6)`,
    [intakeId, read.fields, read.key, read.purpose, tx.actor, now],
  )
  return found.rows[0]
}
const openLocked = async (tx: Tx, vault: Vault, locked: LockedAnswers): Promise<PatientAnswers> =>
  PatientAnswers.schema.parse(JSON.parse(await vault.open(tx.tenantId, answersPlace(locked.patientId), locked.sealed)))

interface NewCorrection {
  id: string
  intakeId: string
  by: 'patient' | 'staff'
  fields: PatientCorrection
  /** The name of the new insurer, when it is another one. */
  payerName: string | null
  idempotencyKey: string
  correlationId: string | null
}
type CorrectionOutcome = 'corrected' | 'replayed' | 'conflict' | 'nothing-changed' | 'not-asked' | 'too-many' | 'not-found'

/**
 * New values in place of old ones, in one commit: the answers sealed anew, the former ones kept as they lay there, the audit, the event.
 * A patient changes only what is asked for; staff may change any. The vault must be warm.
 */
export async function correctAnswers(tx: Tx, vault: Vault, correction: NewCorrection, at: Emission): Promise<CorrectionOutcome> {
  const { intakeId, by, fields, idempotencyKey } = correction
  const given = correctableFields.filter((name) => fields[name] !== undefined)
  const locked = await lockAnswers(tx, intakeId, { fields: given, key: idempotencyKey, purpose: 'correction' }, at.now)
  if (!locked) return 'not-found'
  const mac = await vault.fingerprint(tx.tenantId, canonicalJson(fields))
  if (locked.bodyMac) return locked.bodyMac.equals(mac) ? 'replayed' : 'conflict'
  if (by === 'patient' && locked.byPatient >= correctionLimits.byPatientMax) return 'too-many'
  if (by === 'staff' && locked.byStaff >= correctionLimits.byStaffMax) return 'too-many'
  const answers = await openLocked(tx, vault, locked)
  if (by === 'patient') {
    const asked = new Set(fieldsToShow((await findOffer(tx, intakeId))?.fields ?? [], answers))
    if (!given.every((name) => asked.has(name))) return 'not-asked'
  }
  if (isHalfSecond(answers.secondary, fields)) return 'nothing-changed'
  const changed = changedFields(answers, fields)
  if (changed.length === 0) return 'nothing-changed'
  const payer = payerOf(answers, fields, correction.payerName)
  const corrected = correctedAnswers(answers, fields)
  const sealed = await vault.seal(tx.tenantId, answersPlace(locked.patientId), canonicalJson(corrected))
  const stored = await tx.query<{ version: number }>('SELECT identity.correct_answers($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) AS version', [
    ...[intakeId, correction.id, by, changed, idempotencyKey, mac],
    ...[sealed.keyVersion, sealed.bytes, tx.actor, correction.correlationId, at.now],
  ])
  const { patientId, visitId } = locked
  await rematchPatient(tx, vault, { patientId, visitId }, corrected, await tenantFacts(tx), at.now)
  await emitOf(tx, intakeId, stored.rows[0]?.version, at, {
    type: 'intake.corrected.v1',
    contract: IntakeCorrected,
    payload: { intakeId, patientId, visitId, correctionId: correction.id, by, fields: changed, payer, correctedAt: at.now.toISOString() },
  })
  return 'corrected'
}

function payerOf(answers: PatientAnswers, fields: PatientCorrection, name: string | null): { id: string; name: string } | null {
  if (fields.payerId === undefined || fields.payerId === answers.payerId) return null
  if (name === null) throw new Error('a new insurer needs its name')
  return { id: fields.payerId, name }
}

async function emitOf(
  tx: Tx,
  intakeId: string,
  version: number | null | undefined,
  at: Emission,
  event: Pick<Parameters<typeof emit>[1], 'type' | 'contract' | 'payload'>,
): Promise<void> {
  if (!version) throw new Error('the intake is not there')
  await emit(tx, { ...event, aggregateType: 'intake', aggregateId: intakeId, aggregateVersion: version, intakeId }, at)
}

interface Offer {
  fields: CorrectableField[]
  askedBy: 'payer-answer' | 'staff' | null
  askedAt: Date | null
  answerVersion: number
}
async function findOffer(tx: Tx, intakeId: string): Promise<Offer | undefined> {
  const found = await tx.query<Offer>(
    `SELECT fields, asked_by::text AS "askedBy", asked_at AS "askedAt", answer_version AS "answerVersion"
     FROM identity.correction_offers WHERE tenant_id = $1 AND intake_id = $2`,
    [tx.tenantId, intakeId],
  )
  return found.rows[0]
}
/** Which fields the patient is asked for now; empty: none. */
export const askedFields = async (tx: Tx, intakeId: string): Promise<CorrectableField[]> => (await findOffer(tx, intakeId))?.fields ?? []

/** Opens the form on the patient's link for these fields, and says so with an event; what was asked already stays asked. */
async function ask(tx: Tx, intakeId: string, fields: readonly CorrectableField[], askedBy: 'payer-answer' | 'staff', at: Emission): Promise<void> {
  const all = [...new Set([...(await askedFields(tx, intakeId)), ...fields])]
  await tx.query('UPDATE identity.correction_offers SET fields = $3, asked_by = $4, asked_at = $5 WHERE tenant_id = $1 AND intake_id = $2', [
    ...[tx.tenantId, intakeId, all, askedBy, at.now],
  ])
  const version = await tx.query<{ version: number | null }>('SELECT identity.next_intake_version($1) AS version', [intakeId])
  await emitOf(tx, intakeId, version.rows[0]?.version, at, {
    type: 'intake.correction-asked.v1',
    contract: CorrectionAsked,
    payload: { intakeId, fields: all, askedBy },
  })
}

/** The row of a locked intake, made when it is not there yet. */
async function offerRow(tx: Tx, intakeId: string): Promise<Offer> {
  await tx.query(`INSERT INTO identity.correction_offers (tenant_id, intake_id, fields) VALUES ($1, $2, '{}') ON CONFLICT DO NOTHING`, [tx.tenantId, intakeId])
  const offer = await findOffer(tx, intakeId)
  if (!offer) throw new Error('the offer of a correction was not stored')
  return offer
}

/** Locks the intake. How often the patient has put details right; null: there is no such intake, or it was not sent. */
async function lockCorrections(tx: Tx, intakeId: string): Promise<number | null> {
  const found = await tx.query<{ n: number | null }>('SELECT identity.lock_corrections($1) AS n', [intakeId])
  return found.rows[0]?.n ?? null
}

/** Staff asks the patient. Asking again for the same is harmless, and writes no second event. */
export async function askPatient(
  tx: Tx,
  request: { intakeId: string; fields: readonly CorrectableField[] },
  at: Emission,
): Promise<'asked' | 'not-found' | 'too-many'> {
  const { intakeId, fields } = request
  const made = await lockCorrections(tx, intakeId)
  if (made === null) return 'not-found'
  if (made >= correctionLimits.byPatientMax) return 'too-many'
  const offer = await offerRow(tx, intakeId)
  if (fields.every((field) => offer.fields.includes(field))) return 'asked'
  await ask(tx, intakeId, fields, 'staff', at)
  return 'asked'
}

/**
 * What an answer of the payer asks of the patient. Answers may be told in any order, so an older one changes nothing. One that asks for
 * nothing takes back what an answer asked; what a person asked only a clean one does.
 */
export async function offerCorrection(
  tx: Tx,
  { intakeId, fields, cause }: { intakeId: string; fields: readonly CorrectableField[]; cause: string | null },
  answerVersion: number,
  at: Emission,
): Promise<void> {
  const made = await lockCorrections(tx, intakeId)
  if (made === null) throw new Error('the intake of this answer was not sent')
  const offer = await offerRow(tx, intakeId)
  if (offer.answerVersion >= answerVersion) return
  const takenBack = fields.length === 0 && (cause === null || offer.askedBy === 'payer-answer')
  await tx.query('UPDATE identity.correction_offers SET answer_version = $3, fields = $4 WHERE tenant_id = $1 AND intake_id = $2', [
    ...[tx.tenantId, intakeId, answerVersion, takenBack ? [] : offer.fields],
  ])
  if (fields.length === 0 || made >= correctionLimits.byPatientMax) return
  if (!fields.every((field) => offer.fields.includes(field))) await ask(tx, intakeId, fields, 'payer-answer', at)
}

/** What the form of a patient shows: the fields, what is told of their present values, and how often it may still be sent. */
export async function offerOf(tx: Tx, vault: Vault, intakeId: string, now: Date): Promise<CorrectionOffer | undefined> {
  const offer = await findOffer(tx, intakeId)
  if (!offer?.askedBy || offer.fields.length === 0) return undefined
  const { askedBy } = offer
  const locked = await lockAnswers(tx, intakeId, { fields: offer.fields, key: randomUUID(), purpose: 'correction' }, now)
  if (!locked) return undefined
  const left = correctionLimits.byPatientMax - locked.byPatient
  if (left <= 0) return undefined
  const answers = await openLocked(tx, vault, locked)
  const fields = fieldsToShow(offer.fields, answers)
  return { fields, askedBy, hints: hintsOf(answers, fields), left }
}

/** For staff who put it right themselves, by the name that the payer is asked by: exactly these fields, audited with their purpose. */
export async function openAnswers(
  tx: Tx,
  vault: Vault,
  intakeId: string,
  fields: readonly OpenableField[],
  purpose: string,
  now: Date,
): Promise<Partial<Record<OpenableField, string>> | undefined> {
  const locked = await lockAnswers(tx, intakeId, { fields, key: randomUUID(), purpose }, now)
  if (!locked) return undefined
  const values: Partial<Record<OpenableField, string | null>> = presentValues(await openLocked(tx, vault, locked))
  // What the patient left out is left out.
  return Object.fromEntries(fields.flatMap((name) => (values[name] == null ? [] : [[name, values[name]]])))
}

/** For the front desk, read only: exactly these fields, audited. */
export async function answersAtDesk(tx: Tx, vault: Vault, intakeId: string, now: Date): Promise<DeskAnswers | undefined> {
  const locked = await lockAnswers(tx, intakeId, { fields: deskFields, key: randomUUID(), purpose: 'front desk' }, now)
  if (!locked) return undefined
  const answers = await openLocked(tx, vault, locked)
  return Object.fromEntries(deskFields.map((name) => [name, answers[name]])) as DeskAnswers
}
