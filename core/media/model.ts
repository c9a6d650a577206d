import { z } from 'zod'
import { defineContract, limits } from '../kit/index.ts'

export const uploadStatuses = ['expected', 'quarantined', 'clean', 'rejected'] as const
export const uploadKinds = ['card-front', 'card-back'] as const
/** What a patient may send; the magic bytes decide, not the header. */
export const uploadTypes = ['image/jpeg', 'image/png', 'image/webp'] as const
/**
 * What a browser may announce. HEIC is not among the types that the file input asks for, so that an iPhone goes on converting its photos itself;
 * what comes as HEIC all the same, from a browser that cannot read it, is converted by us.
 */
export const announcedTypes = [...uploadTypes, 'image/heic', 'image/heif'] as const

/** How many parts a file has; each but the last has `limits.uploadPartBytes` bytes. */
export const partsOf = (bytes: number, partBytes: number = limits.uploadPartBytes): number[] =>
  Array.from({ length: Math.ceil(bytes / partBytes) }, (_, at) => Math.min(partBytes, bytes - at * partBytes))
/** Each part is an object of its own beside the others: a store joins parts of 5 MiB and more only, and a photo is smaller. */
export const partKey = (quarantineKey: string, at: number): string => `${quarantineKey}/${String(at).padStart(3, '0')}`
/** Where the bytes of an upload lie, in their order; without parts it is one object. */
export const quarantineKeysOf = (quarantineKey: string, parts: number | null): string[] =>
  parts === null ? [quarantineKey] : Array.from({ length: parts }, (_, at) => partKey(quarantineKey, at))

/** Where the copy that may be served lies, and the small one beside it. */
export const cleanKeyOf = (tenantId: string, uploadId: string): string => `${tenantId}/${uploadId}`
export const thumbKeyOf = (tenantId: string, uploadId: string): string => `${cleanKeyOf(tenantId, uploadId)}.thumb`

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

/** Put the parts together, scan, and when clean put a copy of nothing but pixels, and a small one, into the clean bucket (H-16, H-21). */
export const ClearPhoto = defineContract({
  name: 'ClearPhoto',
  version: 1,
  phi: false,
  schema: z.object({
    uploadId: z.uuid(),
    quarantineKeys: z.array(z.string().max(124)).min(1).max(64),
    /** What the browser said of the whole file before it sent the first byte; null in tickets of before there were parts. */
    announced: z.object({ bytes: z.int().min(1), sha256: z.string().length(64) }).nullable(),
    cleanKey: z.string().max(120),
    thumbKey: z.string().max(120),
    bytesMax: z.int(),
  }),
})
const sha256 = z.string().regex(/^[0-9a-f]{64}$/)
const picture = { sha256, bytes: z.int().min(1), widthPx: z.int().min(1), heightPx: z.int().min(1) }
export const PhotoClean = defineContract({
  name: 'PhotoClean',
  version: 1,
  phi: false,
  schema: z.object({
    /** Of the bytes that were scanned. Both copies are made of these and of no others. */
    quarantineSha256: sha256,
    sourceType: z.string().max(40),
    contentType: z.literal('image/jpeg'),
    clean: z.object(picture),
    thumb: z.object(picture),
  }),
})
const photoRefusals = ['malware', 'not-an-image', 'animated', 'too-large', 'missing', 'incomplete', 'unreadable'] as const
export const PhotoRefused = defineContract({
  name: 'PhotoRefused',
  version: 1,
  phi: false,
  schema: z.object({
    reason: z.enum(photoRefusals),
    /** The scanner's rule name. */
    finding: z.string().max(120).nullable(),
  }),
})
export const PhotoRecord = defineContract({
  name: 'PhotoRecord',
  version: 1,
  phi: false,
  schema: z.object({
    uploadId: z.uuid(),
    verdict: z.discriminatedUnion('is', [
      z.object({ is: z.literal('clean'), cleanKey: z.string().max(120), thumbKey: z.string().max(120), photo: PhotoClean.schema }),
      z.object({ is: z.literal('refused'), refused: PhotoRefused.schema }),
    ]),
  }),
})
