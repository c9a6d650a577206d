import { randomUUID } from 'node:crypto'
import type { ConsentKind, ConsentText, GivenConsent, WithdrawalWay } from '@heliox/core/compliance'
import { staffNames } from '../identity/people.ts'
import { reachOf } from '../identity/reach.ts'
import { raiseIncident } from '../messaging/incidents.ts'
import { optOut } from '../messaging/opt-outs.ts'
import type { Tx } from '../tenancy.ts'
import { audit } from './audit.ts'

/** The texts a patient signs today, in every language. */
export async function consentTexts(tx: Tx, now: Date): Promise<ConsentText[]> {
  const found = await tx.query<ConsentText>(
    `SELECT id, kind::text AS kind, language, version, title, body, sha256 FROM compliance.consent_texts
     WHERE tenant_id = $1 AND in_force_from <= $2 AND (in_force_until IS NULL OR in_force_until > $2)
     ORDER BY language, consent_texts.kind LIMIT 100`,
    [tx.tenantId, now],
  )
  return found.rows
}

interface GivenRow extends ConsentText {
  consentId: string
  signatureDocumentId: string
  signedAt: Date
  withdrawnAt: Date | null
  withdrawnBy: string | null
  cameBy: WithdrawalWay | null
}

/** A form's own, and one for each card that was left after it. */
const consentsMax = 50
/** One sealed record, and what was agreed to with it. */
export interface RecordOf {
  documentId: string
  consentIds: string[]
}
/** What was signed with one form and after it, in the words that were signed, and what of it was taken back. `records`: the form's first. */
export async function consentsOf(tx: Tx, intakeId: string): Promise<{ given: GivenConsent[]; records: RecordOf[] }> {
  const found = await tx.query<GivenRow>(
    `SELECT c.id AS "consentId", c.signature_document_id AS "signatureDocumentId", c.signed_at AS "signedAt", w.withdrawn_at AS "withdrawnAt",
       w.withdrawn_by AS "withdrawnBy", w.came_by AS "cameBy",
       t.id, t.kind::text AS kind, t.language, t.version, t.title, t.body, t.sha256
     FROM compliance.consents c JOIN compliance.consent_texts t ON t.tenant_id = c.tenant_id AND t.id = c.text_id AND t.sha256 = c.text_sha256
       LEFT JOIN compliance.consent_withdrawals w ON w.tenant_id = c.tenant_id AND w.consent_id = c.id
     WHERE c.tenant_id = $1 AND c.intake_id = $2 ORDER BY t.kind, c.signed_at, c.id LIMIT ${consentsMax}`,
    [tx.tenantId, intakeId],
  )
  const staff = (by: string | null): string => /^user:([0-9a-f-]{36})$/.exec(by ?? '')?.[1] ?? ''
  const names = await staffNames(
    tx,
    found.rows.flatMap(({ withdrawnBy, cameBy }) => (cameBy === null || staff(withdrawnBy) === '' ? [] : [staff(withdrawnBy)])),
  )
  const given = found.rows.map(({ consentId, signatureDocumentId: _, signedAt, withdrawnAt, withdrawnBy, cameBy, ...text }) => ({
    ...{ id: consentId, text, signedAt: signedAt.toISOString() },
    withdrawnAt: withdrawnAt?.toISOString() ?? null,
    ...(cameBy === null ? {} : { recorded: { name: names.get(staff(withdrawnBy)) ?? null, cameBy } }),
  }))
  const records = new Map<string, RecordOf>()
  for (const { signatureDocumentId: documentId, consentId } of found.rows.toSorted((a, b) => a.signedAt.getTime() - b.signedAt.getTime())) {
    const record = records.get(documentId) ?? { documentId, consentIds: [] }
    record.consentIds.push(consentId)
    records.set(documentId, record)
  }
  return { given, records: [...records.values()] }
}

/** The language that a form was signed in; all its texts are of one. What is agreed to after it may be in another. */
export async function signedIn(tx: Tx, intakeId: string): Promise<ConsentText['language'] | null> {
  const found = await tx.query<Pick<ConsentText, 'language'>>(
    `SELECT t.language FROM compliance.consents c JOIN compliance.consent_texts t ON t.tenant_id = c.tenant_id AND t.id = c.text_id
     WHERE c.tenant_id = $1 AND c.intake_id = $2 ORDER BY c.signed_at LIMIT 1`,
    [tx.tenantId, intakeId],
  )
  return found.rows[0]?.language ?? null
}

/**
 * Taken back from now on: what was done before stays lawful. The clinic hears of it in the same commit; asked twice, it is one. Who agreed to the same more
 * than once takes all of it back, but what they agree to after that stands. `cameBy`: how the clinic was told, where it records this for the patient; null:
 * they did it themselves.
 */
export async function withdrawConsent(
  tx: Tx,
  of: { intakeId: string; visitId: string; consentId: string },
  cameBy: WithdrawalWay | null,
  now: Date,
): Promise<ConsentKind | undefined> {
  const { given } = await consentsOf(tx, of.intakeId)
  const consent = given.find(({ id }) => id === of.consentId)
  if (!consent) return undefined
  const { kind } = consent.text
  if (consent.withdrawnAt !== null) return kind
  let isNew = false
  for (const { id } of given.filter(({ text, withdrawnAt }) => text.kind === kind && withdrawnAt === null)) {
    const done = await tx.query(
      `INSERT INTO compliance.consent_withdrawals (tenant_id, id, consent_id, intake_id, withdrawn_by, withdrawn_at, came_by) VALUES ($1, $2, $3, $4, $5, $6, $7)
       ON CONFLICT ON CONSTRAINT consent_withdrawals_once DO NOTHING`,
      [tx.tenantId, randomUUID(), id, of.intakeId, tx.actor, now, cameBy],
    )
    isNew ||= done.rowCount === 1
  }
  if (!isNew) return kind
  await audit(
    tx,
    {
      action: 'consent.withdraw',
      resource: `intake:${of.intakeId} consent:${kind}`,
      ...(cameBy === null ? {} : { purpose: `told by ${cameBy}` }),
      outcome: 'ok',
    },
    now,
  )
  // Texts stop by themselves, to that number and for every visit; everything else is for a person to act on.
  if (kind === 'sms') await stopTexts(tx, of.intakeId, now)
  else {
    await raiseIncident(tx, { kind: 'consent-withdrawn', partner: 'patient', payerId: null, about: { is: 'visit', id: of.visitId }, count: 1 }, now)
  }
  return kind
}

/** Kept as the patient's own word, whoever wrote it down: the same patient's next consent or START gives texts back, and nobody else. */
async function stopTexts(tx: Tx, intakeId: string, now: Date): Promise<void> {
  const addressKey = (await reachOf(tx, intakeId, now))?.phoneKey
  if (!addressKey || !(await optOut(tx, { channel: 'sms', addressKey, at: now }, 'patient', `patient:${intakeId}`))) return
  await audit(tx, { action: 'opt-out.set', resource: `intake:${intakeId} sms`, outcome: 'ok' }, now)
}

/** Of many forms at once: what was taken back and not given anew, for lists of visits. */
export async function withdrawnOf(tx: Tx, intakeIds: readonly string[]): Promise<Map<string, ConsentKind[]>> {
  const found = await tx.query<{ intakeId: string; kinds: ConsentKind[] }>(
    `SELECT "intakeId", array_agg(kind::text ORDER BY kind) AS kinds FROM (
       SELECT DISTINCT w.intake_id AS "intakeId", t.kind FROM compliance.consent_withdrawals w
         JOIN compliance.consents c ON c.tenant_id = w.tenant_id AND c.id = w.consent_id
         JOIN compliance.consent_texts t ON t.tenant_id = c.tenant_id AND t.id = c.text_id
       WHERE w.tenant_id = $1 AND w.intake_id = ANY ($2) AND NOT EXISTS (
         SELECT 1 FROM compliance.consents n JOIN compliance.consent_texts nt ON nt.tenant_id = n.tenant_id AND nt.id = n.text_id AND nt.kind = t.kind
         WHERE n.tenant_id = $1 AND n.intake_id = w.intake_id
           AND NOT EXISTS (SELECT 1 FROM compliance.consent_withdrawals nw WHERE nw.tenant_id = $1 AND nw.consent_id = n.id))) AS back
     GROUP BY "intakeId"`,
    [tx.tenantId, intakeIds],
  )
  return new Map(found.rows.map(({ intakeId, kinds }) => [intakeId, kinds]))
}

/** `not-asked`: the form was not sent yet, or its clinic does not ask. `not-given`: the patient saw it and left it unticked. */
export type Standing = 'given' | 'withdrawn' | 'not-given' | 'not-asked'
export async function standingOf(tx: Tx, intakeId: string, kind: ConsentKind): Promise<Standing> {
  const found = await tx.query<{ standing: Standing }>(
    `SELECT CASE
       WHEN bool_or(t.kind::text = $3 AND w.id IS NULL) THEN 'given'
       WHEN bool_or(t.kind::text = $3) THEN 'withdrawn'
       WHEN count(*) > 0 AND EXISTS (SELECT 1 FROM compliance.consent_texts o WHERE o.tenant_id = $1 AND o.kind::text = $3
         AND o.in_force_from <= min(c.signed_at) AND (o.in_force_until IS NULL OR o.in_force_until > min(c.signed_at))) THEN 'not-given'
       ELSE 'not-asked' END AS standing
     FROM compliance.consents c JOIN compliance.consent_texts t ON t.tenant_id = c.tenant_id AND t.id = c.text_id
       LEFT JOIN compliance.consent_withdrawals w ON w.tenant_id = c.tenant_id AND w.consent_id = c.id
     WHERE c.tenant_id = $1 AND c.intake_id = $2`,
    [tx.tenantId, intakeId, kind],
  )
  return found.rows[0]?.standing ?? 'not-asked'
}
