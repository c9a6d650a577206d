import { Form, FormDefinition, formsMax } from '@heliox/core/catalog'
import { canonicalJson } from '@heliox/core/kit'
import type { KnownForm } from '@heliox/core/ports'
import { audit } from '../compliance/audit.ts'
import type { Tx } from '../tenancy.ts'

/** As they are asked now. What was asked before stays, so that a form that was sent can always be read beside its questions. */
export async function activeForms(tx: Tx): Promise<Form[]> {
  const found = await tx.query<{ id: string; version: number; definition: object }>(
    'SELECT id, version, definition FROM catalog.forms WHERE tenant_id = $1 AND ended_at IS NULL ORDER BY id LIMIT $2',
    [tx.tenantId, formsMax],
  )
  return found.rows.map(({ id, version, definition }) => Form.parse({ ...definition, id, version }))
}

/** So many are listed: all that are asked, then what ended last. */
const listedMax = 50

/** Who saved it as the audit writes it: the names of people are another context's. */
const known = `id, version, definition, asked_from AS "askedFrom", ended_at AS "endedAt", saved_by AS "savedBy"`
interface FoundForm extends Pick<KnownForm, 'id' | 'version' | 'savedBy'> {
  definition: object
  askedFrom: Date
  endedAt: Date | null
}
const knownOf = ({ id, version, definition, askedFrom, endedAt, savedBy }: FoundForm): KnownForm => ({
  ...{ id, version, savedBy, definition: FormDefinition.parse(definition) },
  askedFrom: askedFrom.toISOString(),
  endedAt: endedAt?.toISOString() ?? null,
})

/** The newest version of each form, asked or not. */
export async function knownForms(tx: Tx): Promise<KnownForm[]> {
  const found = await tx.query<FoundForm>(
    `SELECT * FROM (SELECT DISTINCT ON (id) ${known} FROM catalog.forms WHERE tenant_id = $1 ORDER BY id, version DESC) newest
     ORDER BY "endedAt" DESC NULLS FIRST, id LIMIT $2`,
    [tx.tenantId, listedMax],
  )
  return found.rows.map(knownOf)
}

export async function knownForm(tx: Tx, id: string): Promise<KnownForm | undefined> {
  const found = await tx.query<FoundForm>(`SELECT ${known} FROM catalog.forms WHERE tenant_id = $1 AND id = $2 ORDER BY version DESC LIMIT 1`, [
    tx.tenantId,
    id,
  ])
  return found.rows.map(knownOf)[0]
}

/** As it was asked, whether it is asked now or not. */
export async function formInVersion(tx: Tx, id: string, version: number): Promise<Form | undefined> {
  const found = await tx.query<{ definition: object }>('SELECT definition FROM catalog.forms WHERE tenant_id = $1 AND id = $2 AND version = $3', [
    ...[tx.tenantId, id, version],
  ])
  return found.rows.map(({ definition }) => Form.parse({ ...definition, id, version }))[0]
}

/** Enough to find the one that was answered: nobody publishes often within seconds. */
const recentMax = 5

/** The versions of a form, the likeliest to have been answered then first: the newest that was asked by then, older ones, then what came after it by the clock of another process. */
export async function versionsAround(tx: Tx, id: string, at: Date): Promise<Form[]> {
  const found = await tx.query<{ version: number; definition: object }>(
    `SELECT version, definition FROM catalog.forms WHERE tenant_id = $1 AND id = $2
     ORDER BY asked_from > $3, CASE WHEN asked_from > $3 THEN version ELSE -version END LIMIT $4`,
    [tx.tenantId, id, at, recentMax],
  )
  return found.rows.map(({ version, definition }) => Form.parse({ ...definition, id, version }))
}

/** The next version in place of the one that was seen; null: it is not asked any more. */
export async function saveForm(
  tx: Tx,
  { id, seen, definition }: { id: string; seen: number; definition: FormDefinition | null },
  now: Date,
): Promise<{ version: number } | 'changed-meanwhile' | 'too-many-forms'> {
  await tx.query(`SELECT pg_advisory_xact_lock(hashtextextended('catalog.forms ' || $1, 0))`, [tx.tenantId])
  const found = await tx.query<{ version: number; others: string }>(
    `SELECT coalesce(max(version) FILTER (WHERE id = $2), 0) AS version, count(*) FILTER (WHERE id <> $2 AND ended_at IS NULL) AS others
     FROM catalog.forms WHERE tenant_id = $1`,
    [tx.tenantId, id],
  )
  const { version = 0, others = '0' } = found.rows[0] ?? {}
  if (version !== seen) return 'changed-meanwhile'
  if (definition && Number(others) >= formsMax) return 'too-many-forms'
  await tx.query('UPDATE catalog.forms SET ended_at = $3 WHERE tenant_id = $1 AND id = $2 AND ended_at IS NULL', [tx.tenantId, id, now])
  if (definition)
    await tx.query('INSERT INTO catalog.forms (tenant_id, id, version, definition, saved_by, asked_from) VALUES ($1, $2, $3, $4, $5, $6)', [
      ...[tx.tenantId, id, version + 1, canonicalJson(definition), tx.actor, now],
    ])
  await audit(tx, { action: 'form.save', resource: `form:${id}`, outcome: 'ok' }, now)
  return { version: definition ? version + 1 : version }
}
