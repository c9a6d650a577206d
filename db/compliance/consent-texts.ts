import { randomUUID } from 'node:crypto'
import { type ConsentKind, type ConsentPublication, type ConsentText, consentKinds } from '@heliox/core/compliance'
import { languageTags, sha256Hex } from '@heliox/core/kit'
import type { KnownConsentText, SignedCount } from '@heliox/core/ports'
import type { Tx } from '../tenancy.ts'
import { audit } from './audit.ts'

/** What a signature binds to. */
const wordingSha256 = ({ title, body }: Pick<ConsentText, 'title' | 'body'>): string => sha256Hex(`${title}\n\n${body}`)

/** Who published it as the audit writes it: the names of people are another context's. */
type TextRow = KnownConsentText
interface FoundText extends Omit<TextRow, 'from' | 'until'> {
  from: Date
  until: Date | null
}
const columns = `id, kind::text AS kind, language, version, title, body, covers_bank_accounts AS "coversBankAccounts", in_force_from AS "from",
  in_force_until AS "until", published_by AS "publishedBy"`
const rowOf = ({ from, until, ...row }: FoundText): TextRow => ({ ...row, from: from.toISOString(), until: until?.toISOString() ?? null })

/** One text of each kind and language at most is in force. */
export async function textsInForce(tx: Tx): Promise<TextRow[]> {
  const found = await tx.query<FoundText>(
    `SELECT ${columns} FROM compliance.consent_texts WHERE tenant_id = $1 AND in_force_until IS NULL ORDER BY consent_texts.kind, language LIMIT $2`,
    [tx.tenantId, consentKinds.length * languageTags.length],
  )
  return found.rows.map(rowOf)
}

/** So many are shown; older ones stay where they are, for who signed them. */
const versionsMax = 20
/** Counting further tells an administrator nothing more. */
const signedMax = 10_000

export async function versionsOf(tx: Tx, kind: ConsentKind): Promise<(TextRow & { signed: SignedCount })[]> {
  const found = await tx.query<FoundText & { signed: number }>(
    `SELECT ${columns}, (SELECT count(*)::integer FROM (SELECT 1 FROM compliance.consents c WHERE c.tenant_id = t.tenant_id AND c.text_id = t.id LIMIT $5) s) AS signed
     FROM compliance.consent_texts t WHERE tenant_id = $1 AND kind = $2::compliance.consent_kind
       AND version > (SELECT max(version) FROM compliance.consent_texts WHERE tenant_id = $1 AND kind = $2::compliance.consent_kind) - $3
     ORDER BY version DESC, language LIMIT $4`,
    [tx.tenantId, kind, versionsMax, versionsMax * languageTags.length, signedMax + 1],
  )
  return found.rows.map(({ signed, ...row }) => ({ ...rowOf(row), signed: { count: Math.min(signed, signedMax), more: signed > signedMax } }))
}

/** The number of the newest version; two who change texts of one clinic come one after the other. */
async function lockNewest(tx: Tx, kind: ConsentKind): Promise<number> {
  await tx.query(`SELECT pg_advisory_xact_lock(hashtextextended('compliance.consent_texts ' || $1, 0))`, [tx.tenantId])
  const found = await tx.query<{ version: number }>(
    'SELECT coalesce(max(version), 0) AS version FROM compliance.consent_texts WHERE tenant_id = $1 AND kind = $2::compliance.consent_kind',
    [tx.tenantId, kind],
  )
  return found.rows[0]?.version ?? 0
}
async function endInForce(tx: Tx, kind: ConsentKind, now: Date): Promise<boolean> {
  const ended = await tx.query(
    'UPDATE compliance.consent_texts SET in_force_until = $3 WHERE tenant_id = $1 AND kind = $2::compliance.consent_kind AND in_force_until IS NULL',
    [tx.tenantId, kind, now],
  )
  return ended.rowCount !== 0
}

/** From now on nobody is asked it. Who signed it keeps what they signed, with the words and the way to take it back. */
export async function endTexts(tx: Tx, { kind, seen }: { kind: ConsentKind; seen: number }, now: Date): Promise<{ version: number } | 'changed-meanwhile'> {
  const newest = await lockNewest(tx, kind)
  if (newest !== seen) return 'changed-meanwhile'
  if (await endInForce(tx, kind, now)) await audit(tx, { action: 'consent-text.end', resource: `consent-text:${kind} ${newest}`, outcome: 'ok' }, now)
  return { version: newest }
}

/**
 * From now on these words are signed in place of the ones before, which stay as they are for whoever signed them: one number and one commit for all
 * languages. A language that the clinic gave up ends too, so that it does not come back in words of another version.
 */
export async function publishTexts(
  tx: Tx,
  { kind, seen, texts, coversBankAccounts }: { kind: ConsentKind; seen: number } & ConsentPublication,
  now: Date,
): Promise<{ version: number } | 'changed-meanwhile' | 'nothing-changed'> {
  const newest = await lockNewest(tx, kind)
  if (newest !== seen) return 'changed-meanwhile'
  const wanted = Object.entries(texts).map(([language, { title, body }]) => ({ language, title, body, sha256: wordingSha256({ title, body }) }))
  const inForce = (await textsInForce(tx)).filter((text) => text.kind === kind)
  const isSame = (one: (typeof wanted)[number]): boolean =>
    inForce.some((text) => text.language === one.language && wordingSha256(text) === one.sha256 && text.coversBankAccounts === coversBankAccounts)
  if (inForce.length === wanted.length && wanted.every(isSame)) return 'nothing-changed'
  await endInForce(tx, kind, now)
  for (const { language, title, body, sha256 } of wanted) {
    await tx.query(
      `INSERT INTO compliance.consent_texts (tenant_id, id, kind, language, version, title, body, sha256, in_force_from, published_by, covers_bank_accounts)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
      [...[tx.tenantId, randomUUID(), kind, language, newest + 1, title, body, sha256], ...[now, tx.actor, coversBankAccounts]],
    )
  }
  const languages = wanted.map(({ language }) => language).join(',')
  await audit(tx, { action: 'consent-text.publish', resource: `consent-text:${kind} ${newest + 1} ${languages}`, outcome: 'ok' }, now)
  return { version: newest + 1 }
}
