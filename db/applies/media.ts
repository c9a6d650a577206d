import type { ValueOf } from '@heliox/core/kit'
import { PhotoRecord, UploadOutcome, UploadRecord } from '@heliox/core/media'
import { emit } from '../outbox.ts'
import { type ApplyContext, type ApplyFunction, applyOf } from './context.ts'

interface Judged {
  version: number
  intakeId: string
  kind: 'card-front' | 'card-back'
}
type Verdict = Pick<ValueOf<typeof UploadOutcome>, 'uploadId' | 'outcome' | 'reason'>

function tell(verdict: Verdict, { version, intakeId, kind }: Judged, context: ApplyContext): Promise<unknown> {
  return emit(
    context.tx,
    {
      type: verdict.outcome === 'clean' ? 'upload.cleared.v1' : 'upload.rejected.v1',
      contract: UploadOutcome,
      payload: { ...verdict, intakeId, kind },
      ...{ aggregateType: 'upload', aggregateId: verdict.uploadId, aggregateVersion: version, intakeId },
    },
    context,
  )
}

const recordScan = applyOf(UploadRecord, async ({ uploadId, outcome, cleanKey, clean, reason, finding }, context) => {
  if (outcome === 'clean' && !(clean && cleanKey)) throw new Error('a clean upload needs its hash and its key')
  const { tx } = context
  const updated = await tx.query<Judged>(
    `UPDATE media.uploads SET status = $3, clean_key = $4, content_type = $5, quarantine_sha256 = $6, clean_sha256 = $7, clean_bytes = $8,
       width_px = $9, height_px = $10, reason = $11, finding = $12, version = version + 1, updated_at = $13
     WHERE tenant_id = $1 AND id = $2 RETURNING version, intake_id AS "intakeId", kind::text AS kind`,
    [
      tx.tenantId,
      uploadId,
      outcome,
      outcome === 'clean' ? cleanKey : null,
      clean?.contentType ?? null,
      clean?.quarantineSha256 ?? null,
      outcome === 'clean' ? clean?.cleanSha256 : null,
      clean?.cleanBytes ?? null,
      clean?.widthPx ?? null,
      clean?.heightPx ?? null,
      reason,
      finding,
      context.now,
    ],
  )
  const upload = updated.rows[0]
  if (!upload) throw new Error('the upload is not there')
  await tell({ uploadId, outcome, reason }, upload, context)
})

/** A verdict that comes after the photo was given up, or left with its draft, changes nothing: what was said to patient and desk stands. */
const recordPhoto = applyOf(PhotoRecord, async ({ uploadId, verdict }, context) => {
  const { tx } = context
  const { reason, finding } = verdict.is === 'refused' ? verdict.refused : { reason: null, finding: null }
  const photo = verdict.is === 'clean' ? verdict.photo : null
  const updated = await tx.query<Judged>(
    `UPDATE media.uploads SET status = $3, clean_key = $4, content_type = $5, quarantine_sha256 = $6, clean_sha256 = $7, clean_bytes = $8,
       width_px = $9, height_px = $10, thumb_key = $11, thumb_sha256 = $12, source_type = $13, reason = $14, finding = $15, version = version + 1, updated_at = $16
     WHERE tenant_id = $1 AND id = $2 AND status = 'quarantined' AND left_out_at IS NULL RETURNING version, intake_id AS "intakeId", kind::text AS kind`,
    [
      tx.tenantId,
      uploadId,
      verdict.is === 'clean' ? 'clean' : 'rejected',
      verdict.is === 'clean' ? verdict.cleanKey : null,
      photo?.contentType ?? null,
      photo?.quarantineSha256 ?? null,
      photo?.clean.sha256 ?? null,
      photo?.clean.bytes ?? null,
      photo?.clean.widthPx ?? null,
      photo?.clean.heightPx ?? null,
      verdict.is === 'clean' ? verdict.thumbKey : null,
      photo?.thumb.sha256 ?? null,
      photo?.sourceType ?? null,
      reason,
      finding,
      context.now,
    ],
  )
  const upload = updated.rows[0]
  if (!upload) {
    const there = await tx.query('SELECT 1 FROM media.uploads WHERE tenant_id = $1 AND id = $2', [tx.tenantId, uploadId])
    if (there.rowCount === 1) return
    throw new Error('the upload is not there')
  }
  const outcome = verdict.is === 'clean' ? ('clean' as const) : ('rejected' as const)
  await tell({ uploadId, outcome, reason }, upload, context)
})

export const mediaFunctions: Readonly<Record<string, ApplyFunction>> = { 'media.record-scan': recordScan, 'media.record-photo': recordPhoto }
