import { createHash } from 'node:crypto'
import type { Pool } from '../pool.ts'
import type { Tx } from '../tenancy.ts'

/** Active versions, newest first, and whether this event enters them: an older one may know nothing of it. One that no engine registered yet is taken to. */
async function activeVersions(tx: Tx, flow: string, eventType: string): Promise<{ version: number; percent: number; entered: boolean }[]> {
  const found = await tx.query<{ version: number; percent: number; entered: boolean }>(
    `SELECT a.version, a.percent, coalesce(jsonb_path_exists(r.release, '$[*].hub.enters[*] ? (@ == $type)', jsonb_build_object('type', $3::text)), true) AS entered
     FROM catalog.flow_activations a LEFT JOIN catalog.flow_releases r ON r.flow = a.flow AND r.version = a.version
     WHERE a.tenant_id = $1 AND a.flow = $2 AND a.percent > 0 ORDER BY a.version DESC LIMIT 100`,
    [tx.tenantId, flow, eventType],
  )
  return found.rows
}

/** Whether anything of this flow that the tenant runs is entered by this event; else writing it is of no use. */
export async function isEntered(tx: Tx, flow: string, eventType: string): Promise<boolean> {
  return (await activeVersions(tx, flow, eventType)).some(({ entered }) => entered)
}

/**
 * Which version an aggregate enters: the same one each time it is asked, spread over the tenant's activations by their
 * percentages. Newest first; what the percentages leave over goes to the oldest active one. An event that came with a later version goes to
 * the newest that it enters.
 */
export async function activeVersion(tx: Tx, flow: string, aggregateId: string, eventType: string): Promise<number> {
  const active = await activeVersions(tx, flow, eventType)
  const entered = active.filter((row) => row.entered)
  // None is entered by it: whoever it is handed to says so.
  const versions = entered.length > 0 ? entered : active
  const chosen = spread(active, flow, aggregateId)
  if (chosen === undefined) throw new Error(`no activation of flow ${flow} for this tenant`)
  return versions.some(({ version }) => version === chosen) ? chosen : (versions[0]?.version ?? chosen)
}

function spread(active: readonly { version: number; percent: number }[], flow: string, aggregateId: string): number | undefined {
  const bucket = createHash('sha256').update(`${flow}:${aggregateId}`).digest().readUInt32BE(0) % 100
  let upTo = 0
  for (const row of active) {
    upTo += row.percent
    if (bucket < upTo) return row.version
  }
  return active.at(-1)?.version
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
