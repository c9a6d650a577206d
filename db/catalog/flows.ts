import { createHash } from 'node:crypto'
import type { Pool } from '../pool.ts'
import type { Tx } from '../tenancy.ts'

/**
 * Which version an aggregate enters: the same one each time it is asked, spread over the tenant's activations by their
 * percentages. Newest first; what the percentages leave over goes to the oldest active one.
 */
export async function activeVersion(tx: Tx, flow: string, aggregateId: string): Promise<number> {
  const found = await tx.query<{ version: number; percent: number }>(
    'SELECT version, percent FROM catalog.flow_activations WHERE tenant_id = $1 AND flow = $2 AND percent > 0 ORDER BY version DESC LIMIT 100',
    [tx.tenantId, flow],
  )
  const oldest = found.rows.at(-1)
  if (!oldest) throw new Error(`no activation of flow ${flow} for this tenant`)
  const bucket = createHash('sha256').update(`${flow}:${aggregateId}`).digest().readUInt32BE(0) % 100
  let upTo = 0
  for (const row of found.rows) {
    upTo += row.percent
    if (bucket < upTo) return row.version
  }
  return oldest.version
}

/** A released version never changes: another hash under the same number is refused by the caller. */
export async function registerRelease(
  pool: Pool,
  release: { flow: string; version: number; sha256: string; content: unknown },
  now: Date,
): Promise<'new' | 'same' | 'changed'> {
  const inserted = await pool.query(
    'INSERT INTO catalog.flow_releases (flow, version, sha256, release, registered_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING',
    [release.flow, release.version, release.sha256, JSON.stringify(release.content), now],
  )
  if (inserted.rowCount === 1) return 'new'
  const found = await pool.query<{ sha256: string }>('SELECT sha256 FROM catalog.flow_releases WHERE flow = $1 AND version = $2', [
    release.flow,
    release.version,
  ])
  return found.rows[0]?.sha256 === release.sha256 ? 'same' : 'changed'
}

export async function findRelease(pool: Pool, flow: string, version: number): Promise<unknown | undefined> {
  const found = await pool.query<{ release: unknown }>('SELECT release FROM catalog.flow_releases WHERE flow = $1 AND version = $2', [flow, version])
  return found.rows[0]?.release
}
