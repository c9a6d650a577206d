import { Form, type FormDefinition, formsMax } from '@heliox/core/catalog'
import { canonicalJson } from '@heliox/core/kit'
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
