import { z } from 'zod'
import { defineContract } from '../kit/index.ts'

export const uploadStatuses = ['expected', 'quarantined', 'clean', 'rejected'] as const
export const uploadKinds = ['card-front', 'card-back'] as const
/** What a patient may send; the magic bytes decide, not the header. */
export const uploadTypes = ['image/jpeg', 'image/png', 'image/webp'] as const

/** Scan one quarantined object; when it is clean, put the re-encoded, EXIF-free copy into the clean bucket (H-16, H-21). */
export const ClearUpload = defineContract({
  name: 'ClearUpload',
  version: 1,
  phi: false,
  schema: z.object({ uploadId: z.uuid(), quarantineKey: z.string().max(120), cleanKey: z.string().max(120), bytesMax: z.int() }),
})
export const UploadClean = defineContract({
  name: 'UploadClean',
  version: 1,
  phi: false,
  schema: z.object({
    /** Of what was scanned, and of what may be served. */
    quarantineSha256: z.string().length(64),
    cleanSha256: z.string().length(64),
    cleanBytes: z.int().min(1),
    contentType: z.enum(uploadTypes),
    widthPx: z.int().min(1),
    heightPx: z.int().min(1),
  }),
})
export const UploadRefused = defineContract({
  name: 'UploadRefused',
  version: 1,
  phi: false,
  schema: z.object({
    reason: z.enum(['malware', 'not-an-image', 'too-large', 'missing', 'unreadable']),
    /** The scanner's rule name. */
    finding: z.string().max(120).nullable(),
  }),
})
export const UploadRecord = defineContract({
  name: 'UploadRecord',
  version: 1,
  phi: false,
  schema: z.object({
    uploadId: z.uuid(),
    outcome: z.enum(['clean', 'rejected']),
    cleanKey: z.string().nullable(),
    clean: UploadClean.schema.nullable(),
    reason: z.string().max(40).nullable(),
    finding: z.string().max(120).nullable(),
  }),
})
