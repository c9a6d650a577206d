import { limits } from '@heliox/core/kit'
import { UploadCompleted } from '@heliox/core/media'
import { type Emission, emit } from '../outbox.ts'
import type { Tx } from '../tenancy.ts'

/** What was asked for and can no longer arrive, because its URL has ended, takes nobody's place; the tickets have a limit of their own. */
export async function requestUpload(
  tx: Tx,
  intakeId: string,
  upload: { id: string; kind: 'card-front' | 'card-back'; contentType: string; quarantineKey: string },
  now: Date,
): Promise<'ok' | 'too-many'> {
  // Two requests of one intake count one after the other.
  await tx.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`upload:${intakeId}`])
  const inserted = await tx.query(
    `INSERT INTO media.uploads (tenant_id, id, intake_id, kind, declared_type, quarantine_key, requested_at, updated_at)
     SELECT $1, $2, $3, $4, $5, $6, $7, $7
     WHERE (SELECT count(*) < $8 AND count(*) FILTER (WHERE status <> 'expected' OR requested_at > $9) < $10
            FROM media.uploads WHERE tenant_id = $1 AND intake_id = $3)`,
    [
      tx.tenantId,
      upload.id,
      intakeId,
      upload.kind,
      upload.contentType,
      upload.quarantineKey,
      now,
      limits.uploadTicketsPerIntakeMax,
      new Date(now.getTime() - limits.uploadUrlSecondsMax * 1000),
      limits.uploadsPerIntakeMax,
    ],
  )
  return inserted.rowCount === 1 ? 'ok' : 'too-many'
}

/** `expected -> quarantined`; a repeat finds it done and says the same. */
export async function completeUpload(tx: Tx, intakeId: string, uploadId: string, at: Emission): Promise<{ is: 'ok' | 'not-found'; wrote: boolean }> {
  const updated = await tx.query<{ kind: 'card-front' | 'card-back'; quarantine_key: string; version: number }>(
    `UPDATE media.uploads SET status = 'quarantined', version = version + 1, updated_at = $4
     WHERE tenant_id = $1 AND id = $2 AND intake_id = $3 AND status = 'expected' RETURNING kind::text AS kind, quarantine_key, version`,
    [tx.tenantId, uploadId, intakeId, at.now],
  )
  const row = updated.rows[0]
  if (!row) {
    const there = await tx.query('SELECT 1 FROM media.uploads WHERE tenant_id = $1 AND id = $2 AND intake_id = $3', [tx.tenantId, uploadId, intakeId])
    return { is: there.rowCount === 1 ? 'ok' : 'not-found', wrote: false }
  }
  await emit(
    tx,
    {
      type: 'upload.completed.v1',
      contract: UploadCompleted,
      payload: { uploadId, intakeId, kind: row.kind, quarantineKey: row.quarantine_key },
      aggregateType: 'upload',
      aggregateId: uploadId,
      aggregateVersion: row.version,
      intakeId,
    },
    at,
  )
  return { is: 'ok', wrote: true }
}

export async function uploadOfIntake(
  tx: Tx,
  intakeId: string,
  uploadId: string,
): Promise<{ quarantineKey: string; contentType: string; status: string } | undefined> {
  const found = await tx.query<{ quarantineKey: string; contentType: string; status: string }>(
    `SELECT quarantine_key AS "quarantineKey", declared_type AS "contentType", status::text AS status
     FROM media.uploads WHERE tenant_id = $1 AND id = $2 AND intake_id = $3`,
    [tx.tenantId, uploadId, intakeId],
  )
  return found.rows[0]
}

export async function uploadsOfIntake(
  tx: Tx,
  intakeId: string,
): Promise<{ id: string; kind: string; status: string; cleanKey: string | null; contentType: string | null; reason: string | null }[]> {
  const found = await tx.query<{ id: string; kind: string; status: string; cleanKey: string | null; contentType: string | null; reason: string | null }>(
    `SELECT id, kind::text AS kind, status::text AS status, clean_key AS "cleanKey", content_type AS "contentType", reason
     FROM media.uploads WHERE tenant_id = $1 AND intake_id = $2 ORDER BY requested_at, id LIMIT 100`,
    [tx.tenantId, intakeId],
  )
  return found.rows
}

/** Only what was scanned and re-encoded is ever served. */
export async function cleanUpload(tx: Tx, uploadId: string): Promise<{ intakeId: string; cleanKey: string; contentType: string } | undefined> {
  const found = await tx.query<{ intakeId: string; cleanKey: string; contentType: string }>(
    `SELECT intake_id AS "intakeId", clean_key AS "cleanKey", content_type AS "contentType"
     FROM media.uploads WHERE tenant_id = $1 AND id = $2 AND status = 'clean'`,
    [tx.tenantId, uploadId],
  )
  return found.rows[0]
}
