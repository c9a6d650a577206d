import { limits } from '@heliox/core/kit'
import { partsOf, UploadCompleted } from '@heliox/core/media'
import type { CleanUpload, UploadFacts, UploadOfIntake, UploadWish } from '@heliox/core/ports'
import { type Emission, emit } from '../outbox.ts'
import type { Tx } from '../tenancy.ts'

const columns = `id, kind::text AS kind, status::text AS status, quarantine_key AS "quarantineKey", declared_type AS "contentType",
  bytes, declared_sha256 AS sha256, part_bytes AS "partBytes"`

/**
 * The same file asked for again (a page that was loaded anew, a ticket that ended) is the upload that was begun. What can no longer arrive,
 * because its URLs have ended, takes nobody's place, nor does what left with a draft; the tickets have a limit of their own.
 */
export async function requestUpload(tx: Tx, intakeId: string, wish: UploadWish, now: Date): Promise<{ upload: UploadFacts; begun: boolean } | 'too-many'> {
  // Two requests of one intake count one after the other.
  await tx.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`upload:${intakeId}`])
  const begun = await tx.query<UploadFacts>(
    `UPDATE media.uploads SET requested_at = $6, updated_at = $6
     WHERE tenant_id = $1 AND intake_id = $2 AND status = 'expected' AND left_out_at IS NULL AND kind = $3 AND declared_sha256 = $4 AND bytes = $5 AND part_bytes = $7
       AND declared_type = $8 AND first_requested_at > $9 RETURNING ${columns}`,
    [tx.tenantId, intakeId, wish.kind, wish.sha256, wish.bytes, now, wish.partBytes, wish.contentType, hoursBefore(now, limits.uploadHoursMax)],
  )
  const again = begun.rows[0]
  if (again) return { upload: again, begun: false }
  const inserted = await tx.query<UploadFacts>(
    `INSERT INTO media.uploads (tenant_id, id, intake_id, kind, declared_type, quarantine_key, requested_at, first_requested_at, updated_at, bytes, declared_sha256, part_bytes)
     SELECT $1, $2, $3, $4, $5, $6, $7, $7, $7, $11, $12, $13
     WHERE (SELECT count(*) < $8 AND count(*) FILTER (WHERE left_out_at IS NULL AND (status <> 'expected' OR requested_at > $9)) < $10
            FROM media.uploads WHERE tenant_id = $1 AND intake_id = $3) RETURNING ${columns}`,
    [
      tx.tenantId,
      wish.id,
      intakeId,
      wish.kind,
      wish.contentType,
      wish.quarantineKey,
      now,
      limits.uploadTicketsPerIntakeMax,
      new Date(now.getTime() - limits.uploadUrlSecondsMax * 1000),
      limits.uploadsPerIntakeMax,
      wish.bytes,
      wish.sha256,
      wish.partBytes,
    ],
  )
  const upload = inserted.rows[0]
  return upload ? { upload, begun: true } : 'too-many'
}

const hoursBefore = (now: Date, hours: number): Date => new Date(now.getTime() - hours * 3_600_000)

/** `expected -> quarantined`; a repeat finds it done and says the same. One that was begun too long ago is over: its parts may be gone. */
export async function completeUpload(tx: Tx, intakeId: string, uploadId: string, at: Emission): Promise<{ is: 'ok' | 'not-found'; wrote: boolean }> {
  const updated = await tx.query<UploadFacts & { version: number }>(
    `UPDATE media.uploads SET status = 'quarantined', version = version + 1, updated_at = $4
     WHERE tenant_id = $1 AND id = $2 AND intake_id = $3 AND status = 'expected' AND left_out_at IS NULL AND first_requested_at > $5 RETURNING ${columns}, version`,
    [tx.tenantId, uploadId, intakeId, at.now, hoursBefore(at.now, limits.uploadHoursMax)],
  )
  const row = updated.rows[0]
  if (!row) {
    const there = await tx.query(
      "SELECT 1 FROM media.uploads WHERE tenant_id = $1 AND id = $2 AND intake_id = $3 AND status <> 'expected' AND left_out_at IS NULL",
      [tx.tenantId, uploadId, intakeId],
    )
    return { is: there.rowCount === 1 ? 'ok' : 'not-found', wrote: false }
  }
  const { bytes, sha256, partBytes } = row
  const parts = bytes === null || sha256 === null || partBytes === null ? null : { count: partsOf(bytes, partBytes).length, bytes, sha256 }
  await emit(
    tx,
    {
      type: 'upload.completed.v1',
      contract: UploadCompleted,
      payload: { uploadId, intakeId, kind: row.kind, quarantineKey: row.quarantineKey, parts },
      aggregateType: 'upload',
      aggregateId: uploadId,
      aggregateVersion: row.version,
      intakeId,
    },
    at,
  )
  return { is: 'ok', wrote: true }
}

export async function uploadOfIntake(tx: Tx, intakeId: string, uploadId: string): Promise<UploadFacts | undefined> {
  const found = await tx.query<UploadFacts>(
    `SELECT ${columns} FROM media.uploads WHERE tenant_id = $1 AND id = $2 AND intake_id = $3 AND left_out_at IS NULL`,
    [tx.tenantId, uploadId, intakeId],
  )
  return found.rows[0]
}

/** First those that the form names, once it was sent; a photo that was taken again, or never sent, lies there too. */
export async function uploadsOfIntake(tx: Tx, intakeId: string): Promise<UploadOfIntake[]> {
  const found = await tx.query<UploadOfIntake>(
    `SELECT u.id, u.kind::text AS kind, u.status::text AS status, u.clean_key AS "cleanKey", u.content_type AS "contentType", u.reason,
       coalesce(p.submitted, false) AS sent
     FROM media.uploads u LEFT JOIN reporting.journey_photos p ON p.tenant_id = u.tenant_id AND p.intake_id = u.intake_id AND p.upload_id = u.id
     WHERE u.tenant_id = $1 AND u.intake_id = $2 AND u.left_out_at IS NULL ORDER BY sent DESC, u.requested_at, u.id LIMIT 100`,
    [tx.tenantId, intakeId],
  )
  return found.rows
}

/**
 * Only what was scanned and re-encoded is ever served, and only with the hash that it had then. Photos of before there were small copies have none.
 * And only once the form was sent, by its own row and no read model: the page promises its patient that the clinic gets it then.
 */
export async function cleanUpload(tx: Tx, uploadId: string): Promise<CleanUpload | 'form-not-sent' | undefined> {
  const found = await tx.query<{
    intakeId: string
    kind: UploadFacts['kind']
    key: string
    sha256: string
    thumbKey: string | null
    thumbSha256: string | null
    sent: boolean
  }>(
    `SELECT intake_id AS "intakeId", kind::text AS kind, clean_key AS key, clean_sha256 AS sha256, thumb_key AS "thumbKey", thumb_sha256 AS "thumbSha256",
       identity.submitted_at(intake_id) IS NOT NULL AS sent
     FROM media.uploads WHERE tenant_id = $1 AND id = $2 AND status = 'clean' AND left_out_at IS NULL`,
    [tx.tenantId, uploadId],
  )
  const row = found.rows[0]
  if (!row) return undefined
  if (!row.sent) return 'form-not-sent'
  const photo = { key: row.key, sha256: row.sha256 }
  const thumb = row.thumbKey !== null && row.thumbSha256 !== null ? { key: row.thumbKey, sha256: row.thumbSha256 } : photo
  return { intakeId: row.intakeId, kind: row.kind, photo, thumb }
}
