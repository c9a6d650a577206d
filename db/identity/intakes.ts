import { randomUUID } from 'node:crypto'
import type { SignatureRecord } from '@heliox/core/compliance'
import { IntakeOpened, type IntakeSubmission, proofEnd, proofLimits } from '@heliox/core/identity'
import { canonicalJson } from '@heliox/core/kit'
import type { IntakeStore, LinkFacts } from '@heliox/core/ports'
import type { z } from 'zod'
import { type Emission, emit } from '../outbox.ts'
import type { Pool } from '../pool.ts'
import type { Tx } from '../tenancy.ts'
import type { Vault } from '../vault.ts'
import { contactOfAnswers } from './contacts.ts'
import { documentPlace } from './documents.ts'
import { answersPlace } from './patients.ts'

type FoundLink = Omit<LinkFacts, 'startsAt' | 'endsAt' | 'expiresAt'> & Record<'startsAt' | 'endsAt' | 'expiresAt', Date>

/**
 * By hash, before the tenant is known, and with its visit in one statement: every request of a patient begins with it. `proofs`: hashes of what the browser
 * keeps, of whichever link.
 */
export async function findLink(pool: Pool, tokenSha256: string, now: Date, proofs: readonly string[] = []): Promise<LinkFacts | undefined> {
  const found = await pool.query<FoundLink>({
    name: 'look-up-link',
    text: `SELECT tenant_id AS "tenantId", region, intake_id AS "intakeId", visit_id AS "visitId", status, expires_at AS "expiresAt", proof,
      starts_at AS "startsAt", ends_at AS "endsAt", practitioner, visit_status AS "visitStatus" FROM identity.look_up_link($1, $2, $3)`,
    values: [tokenSha256, now, proofs],
  })
  const [link] = found.rows
  return link && { ...link, startsAt: link.startsAt.toISOString(), endsAt: link.endsAt.toISOString(), expiresAt: link.expiresAt.toISOString() }
}

/** False when it was open already, or ended. */
export async function markOpened(tx: Tx, link: { intakeId: string; visitId: string }, at: Emission): Promise<boolean> {
  const updated = await tx.query<{ version: number }>(
    `UPDATE identity.intake_sessions SET status = 'opened', version = version + 1, opened_at = $3
     WHERE tenant_id = $1 AND id = $2 AND status = 'created' AND expires_at > $3 RETURNING version`,
    [tx.tenantId, link.intakeId, at.now],
  )
  const version = updated.rows[0]?.version
  if (version === undefined) return false
  await emit(
    tx,
    {
      type: 'intake.opened.v1',
      contract: IntakeOpened,
      payload: { intakeId: link.intakeId, visitId: link.visitId },
      aggregateType: 'intake',
      aggregateId: link.intakeId,
      aggregateVersion: version,
      intakeId: link.intakeId,
    },
    at,
  )
  return true
}

/** Clinical's commit asks identity for the intake and its link. */
export async function openIntake(tx: Tx, intake: { intakeId: string; visitId: string; tokenSha256: string; expiresAt: Date }, at: Emission): Promise<void> {
  await tx.query('SELECT identity.open_intake($1, $2, $3, $4, $5, $6, $7, $8, $9)', [
    intake.intakeId,
    intake.visitId,
    intake.tokenSha256,
    intake.expiresAt,
    randomUUID(),
    at.process,
    tx.actor,
    at.now,
    at.traceparent,
  ])
}

export async function visitOfIntake(tx: Tx, intakeId: string): Promise<string | undefined> {
  const found = await tx.query<{ visitId: string }>('SELECT visit_id AS "visitId" FROM identity.intake_sessions WHERE tenant_id = $1 AND id = $2', [
    tx.tenantId,
    intakeId,
  ])
  return found.rows[0]?.visitId
}

/**
 * Submit: one statement, one round trip, one commit. What names the patient is sealed before it leaves the process; the body
 * itself is kept as a keyed hash only, to tell a replay from another body under the same key.
 */
export async function submitIntake(
  pool: Pool,
  vault: Vault,
  link: LinkFacts,
  submission: IntakeSubmission,
  meta: Parameters<IntakeStore['submit']>[2],
  at: Emission,
): ReturnType<IntakeStore['submit']> {
  const patientId = randomUUID()
  const signatureDocumentId = randomUUID()
  const { tenantId } = link
  const { givenName, familyName, guardian } = submission.answers
  const signed: z.input<typeof SignatureRecord> = {
    ...{ signature: submission.signature, consents: submission.consents, from: meta.signedFrom, at: at.now.toISOString() },
    ...{ timeZone: meta.timeZone, action: 'intake.submit', patient: { givenName, familyName }, signedAs: guardian?.relationship ?? null },
  }
  const visit = { tenantId, visitId: link.visitId, region: link.region, timeZone: meta.timeZone }
  const [mac, { match, sealed: contact, ...reach }, answers, signature] = await Promise.all([
    vault.fingerprint(tenantId, canonicalJson(submission)),
    contactOfAnswers(vault, visit, submission.answers, submission.signature.language),
    vault.seal(tenantId, answersPlace(patientId), canonicalJson(submission.answers)),
    vault.seal(tenantId, documentPlace(signatureDocumentId), canonicalJson(signed)),
  ])
  const document = {
    intakeId: link.intakeId,
    patientId,
    eventId: randomUUID(),
    signatureDocumentId,
    idempotencyKey: meta.idempotencyKey,
    payerId: submission.answers.payerId,
    payerName: meta.payerName,
    startsAt: link.startsAt,
    uploadIds: submission.uploadIds,
    consents: submission.consents.map(({ textId, textSha256 }) => ({ textId, textSha256 })),
    confirmationTokenId: submission.confirmationTokenId,
    match: match?.toString('hex') ?? null,
    contact: contact.toString('base64'),
    ...reach,
    proofs: meta.proofSha256s,
    ...{ proofId: randomUUID(), proofSha256: meta.browserSha256, proofUntil: proofEnd(at.now).toISOString(), proofsMax: proofLimits.proofsMax },
    now: at.now.toISOString(),
    traceparent: at.traceparent,
    correlationId: meta.correlationId,
    process: at.process,
  }
  const values = [tenantId, JSON.stringify(document), mac, answers.keyVersion, answers.bytes, signature.bytes]
  const result = await pool.query<{ outcome: Awaited<ReturnType<IntakeStore['submit']>> }>(
    meta.rememberedSha256 === null
      ? { name: 'submit-intake', text: 'SELECT identity.submit_intake($1, $2, $3, $4, $5, $6) AS outcome', values }
      : {
          name: 'submit-remembered',
          text: 'SELECT identity.submit_remembered($7, $8, $1, $2, $3, $4, $5, $6) AS outcome',
          values: [...values, meta.rememberedSha256, link.proof !== 'not-asked'],
        },
  )
  const outcome = result.rows[0]?.outcome
  if (!outcome) throw new Error('submit gave no outcome')
  return outcome
}
