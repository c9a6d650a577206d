import { limits } from '@heliox/core/kit'
import { z } from 'zod'

/** The one shape of every failure. `fields` names what was wrong and never repeats the value. */
export const ApiError = z
  .strictObject({
    error: z.strictObject({
      /** For programs; a closed list in `kit/errors.ts`. */
      code: z.string(),
      /** For people. */
      message: z.string(),
      /** What to tell support; also in the `x-correlation-id` header. */
      correlationId: z.string(),
      fields: z.array(z.strictObject({ path: z.string(), message: z.string() })).optional(),
    }),
  })
  .meta({ id: 'ApiError' })
export type ApiError = z.output<typeof ApiError>

export const Cursor = z.string().max(200).optional()
export const PageLimit = z.coerce.number().int().min(1).max(limits.pageRowsMax).default(50)
/** JSON Schema (draft 2020-12) of a form. */
export const JsonSchema = z.record(z.string(), z.unknown()).meta({ id: 'JsonSchema' })

/** The caller's own key of what they send: the same again is answered as the first time. */
export const IdempotencyKeyHeader = z.object({
  'idempotency-key': z
    .string()
    .min(16)
    .max(100)
    .regex(/^[A-Za-z0-9_-]+$/, 'must be letters, digits, - or _'),
})
