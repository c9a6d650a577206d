import { z } from 'zod'
import { defineContract, defineEvent } from '../kit/index.ts'
import { uploadKinds } from './model.ts'

export const UploadCompleted = defineContract({
  name: 'UploadCompleted',
  version: 1,
  phi: false,
  schema: z.object({
    uploadId: z.uuid(),
    intakeId: z.uuid(),
    kind: z.enum(uploadKinds),
    quarantineKey: z.string().max(120),
    /** Null: one object, and nothing was said of it. */
    parts: z
      .object({ count: z.int().min(1).max(64), bytes: z.int().min(1), sha256: z.string().length(64) })
      .nullable()
      .default(null),
  }),
})
export const UploadOutcome = defineContract({
  name: 'UploadOutcome',
  version: 1,
  phi: false,
  schema: z.object({
    uploadId: z.uuid(),
    intakeId: z.uuid(),
    kind: z.enum(uploadKinds),
    outcome: z.enum(['clean', 'rejected']),
    reason: z.string().max(40).nullable(),
  }),
})
export const mediaEvents = [
  defineEvent({ type: 'upload.completed.v1', contract: UploadCompleted, context: 'media', summary: 'A photo is in the quarantine bucket.' }),
  defineEvent({ type: 'upload.cleared.v1', contract: UploadOutcome, context: 'media', summary: 'The photo is clean and may be served.' }),
  defineEvent({ type: 'upload.rejected.v1', contract: UploadOutcome, context: 'media', summary: 'The photo may never be served.' }),
] as const
