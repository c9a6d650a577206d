import { limits } from '@heliox/core/kit'
import { partsOf, UploadOutcome } from '@heliox/core/media'
import type { QuarantineLeft, QuarantineStore } from '@heliox/core/ports'
import { emit } from '../outbox.ts'
import type { Deps } from '../store-deps.ts'
import { type Tx, withTenant } from '../tenancy.ts'

/** A URL may have been handed out in the last second of its minute, and clocks differ. */
const urlMarginSeconds = 60
const urlSeconds = limits.uploadUrlSecondsMax + urlMarginSeconds
/** An upload can be told complete for `uploadHoursMax`; what is taken away is older by this. */
const uploadHours = limits.uploadHoursMax + 1
const perRoundMax = 100

const before = (now: Date, seconds: number): Date => new Date(now.getTime() - seconds * 1000)
const day = 24 * 3600

async function expire(tx: Tx, now: Date, process: string): Promise<number> {
  const given = await tx.query<{ id: string; intakeId: string; kind: 'card-front' | 'card-back'; version: number }>(
    `UPDATE media.uploads SET status = 'rejected', reason = 'expired', version = version + 1, updated_at = $2
     WHERE tenant_id = $1 AND id IN (
       SELECT id FROM media.uploads WHERE tenant_id = $1 AND quarantine_removed_at IS NULL AND left_out_at IS NULL AND status = 'quarantined' AND first_requested_at < $3
       ORDER BY first_requested_at, id LIMIT $4 FOR UPDATE SKIP LOCKED)
     RETURNING id, intake_id AS "intakeId", kind::text AS kind, version`,
    [tx.tenantId, now, before(now, limits.quarantineDaysMax * day), perRoundMax],
  )
  for (const { id, intakeId, kind, version } of given.rows) {
    const payload = { uploadId: id, intakeId, kind, outcome: 'rejected' as const, reason: 'expired' }
    const about = { aggregateType: 'upload', aggregateId: id, aggregateVersion: version, intakeId }
    await emit(tx, { type: 'upload.rejected.v1', contract: UploadOutcome, payload, ...about }, { now, process, traceparent: null })
  }
  return given.rows.length
}

async function left(tx: Tx, now: Date): Promise<QuarantineLeft[]> {
  const found = await tx.query<{ id: string; quarantineKey: string; bytes: number | null; partBytes: number | null }>(
    `SELECT id, quarantine_key AS "quarantineKey", bytes, part_bytes AS "partBytes" FROM media.uploads
     WHERE tenant_id = $1 AND quarantine_removed_at IS NULL AND first_requested_at < $2
       AND (((status IN ('clean', 'rejected') OR left_out_at IS NOT NULL) AND requested_at < $2) OR (status = 'expected' AND first_requested_at < $3))
     ORDER BY first_requested_at, id LIMIT $4`,
    [tx.tenantId, before(now, urlSeconds), before(now, uploadHours * 3600), perRoundMax],
  )
  return found.rows.map(({ id, quarantineKey, bytes, partBytes }) => ({
    uploadId: id,
    quarantineKey,
    parts: bytes === null || partBytes === null ? null : partsOf(bytes, partBytes).length,
  }))
}

async function cleanLeft(tx: Tx, now: Date): Promise<string[]> {
  const found = await tx.query<{ id: string }>(
    `SELECT id FROM media.uploads WHERE tenant_id = $1 AND left_out_at IS NOT NULL AND clean_removed_at IS NULL AND quarantine_removed_at < $2
     ORDER BY quarantine_removed_at, id LIMIT $3`,
    [tx.tenantId, before(now, urlSeconds), perRoundMax],
  )
  return found.rows.map(({ id }) => id)
}

/** What lies in quarantine and has served, was never finished, or could not be scanned for too long (`hub/quarantine`). */
export function makeQuarantine({ pool, wake, process }: Deps): QuarantineStore {
  const engine = `service:${process}`
  return {
    async tenants(now) {
      const found = await pool.query<{ tenantId: string }>('SELECT tenant_id AS "tenantId" FROM media.tenants_with_quarantine($1, $2, $3, $4)', [
        now,
        urlSeconds,
        uploadHours,
        limits.quarantineDaysMax,
      ])
      return found.rows.map(({ tenantId }) => tenantId)
    },
    async expire(tenantId, now) {
      const given = await withTenant(pool, tenantId, engine, (tx) => expire(tx, now, process))
      if (given > 0) wake.outbox('media')
      return given
    },
    left: (tenantId, now) => withTenant(pool, tenantId, engine, (tx) => left(tx, now)),
    async removed(tenantId, uploadIds, now) {
      await withTenant(pool, tenantId, engine, (tx) =>
        tx.query('UPDATE media.uploads SET quarantine_removed_at = $3 WHERE tenant_id = $1 AND id = ANY ($2)', [tx.tenantId, uploadIds, now]),
      )
    },
    cleanLeft: (tenantId, now) => withTenant(pool, tenantId, engine, (tx) => cleanLeft(tx, now)),
    async cleanRemoved(tenantId, uploadIds, now) {
      await withTenant(pool, tenantId, engine, (tx) =>
        tx.query('UPDATE media.uploads SET clean_removed_at = $3 WHERE tenant_id = $1 AND id = ANY ($2)', [tx.tenantId, uploadIds, now]),
      )
    },
  }
}
