import { limits } from '@heliox/core/kit'
import { announcedTypes, uploadKinds } from '@heliox/core/media'
import { z } from 'zod'
import { defineRoute } from '../../kit/route.ts'

const UploadTicket = z
  .object({
    uploadId: z.uuid(),
    /** In the order of the file; a part that has arrived already has no URL. */
    parts: z.array(z.object({ bytes: z.int(), putUrl: z.url().nullable() })),
    headers: z.record(z.string(), z.string()),
    expiresAt: z.iso.datetime(),
  })
  .meta({ id: 'UploadTicket' })

export const requestUpload = defineRoute({
  operationId: 'requestUpload',
  method: 'POST',
  url: '/api/intake/uploads',
  tag: 'intake',
  summary: 'Signed PUTs into quarantine for the parts of one card photo. Asked again for the same file, it goes on where that upload broke off.',
  access: { by: 'link', action: 'intake.upload' },
  body: z.strictObject({
    kind: z.enum(uploadKinds),
    contentType: z.enum(announcedTypes),
    bytes: z.int().min(1).max(limits.uploadBytesMax),
    /** Of the whole file: what arrives and has another one is refused. */
    sha256: z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 hexadecimal digits'),
  }),
  success: { status: 201, body: UploadTicket, description: 'Where to put each part, and the headers that the signatures cover.' },
  refusals: [404, 409, 410],
})

export const completeUpload = defineRoute({
  operationId: 'completeUpload',
  method: 'POST',
  url: '/api/intake/uploads/:uploadId/complete',
  tag: 'intake',
  summary: 'All parts are in quarantine: have the photo scanned.',
  access: { by: 'link', action: 'intake.upload' },
  params: z.object({ uploadId: z.uuid() }),
  success: { status: 202, body: z.object({ uploadId: z.uuid() }).meta({ id: 'UploadAccepted' }), description: 'Will be scanned.' },
  refusals: [404, 409, 410],
})

export const uploadRoutes = [requestUpload, completeUpload] as const
