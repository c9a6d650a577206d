import { UploadOutcome, UploadRecord } from '@heliox/core/media'
import { emit } from '../outbox.ts'
import { type ApplyFunction, applyOf } from './context.ts'

const recordScan = applyOf(UploadRecord, async ({ uploadId, outcome, cleanKey, clean, reason, finding }, context) => {
  if (outcome === 'clean' && !(clean && cleanKey)) throw new Error('a clean upload needs its hash and its key')
  const { tx } = context
  const updated = await tx.query<{ version: number; intakeId: string; kind: 'card-front' | 'card-back' }>(
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
  await emit(
    tx,
    {
      type: outcome === 'clean' ? 'upload.cleared.v1' : 'upload.rejected.v1',
      contract: UploadOutcome,
      payload: { uploadId, intakeId: upload.intakeId, kind: upload.kind, outcome, reason },
      aggregateType: 'upload',
      aggregateId: uploadId,
      aggregateVersion: upload.version,
      intakeId: upload.intakeId,
    },
    context,
  )
})

export const mediaFunctions: Readonly<Record<string, ApplyFunction>> = { 'media.record-scan': recordScan }
