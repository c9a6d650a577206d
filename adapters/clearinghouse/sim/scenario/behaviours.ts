import { z } from 'zod'
import { loops } from '../answers/truthful.ts'

/** What a rule may make the clearinghouse or a payer do (README.md has the table of what each does at which door). */
const delayMs = z
  .number()
  .min(0)
  .max(30 * 86_400_000)
  .optional()
const plain = <const N extends string>(behaviour: N) => z.strictObject({ behaviour: z.literal(behaviour), delayMs })
const share = z.number().min(0.01).max(0.99)
const shortMs = z.number().min(0).max(86_400_000)

export const Behaviour = z.discriminatedUnion('behaviour', [
  plain('active'),
  plain('inactive'),
  plain('mixed'),
  plain('corrected'),
  z.strictObject({
    behaviour: z.literal('rejected'),
    // Open: an unknown code is a case too.
    code: z.string().regex(/^[0-9A-Z]{2}$/, 'must be two digits or capital letters (AAA03)'),
    loop: z.enum(loops).optional(),
    valid: z.enum(['Y', 'N']).optional(),
    followUp: z
      .string()
      .regex(/^[0-9A-Z]$/, 'must be one capital letter or digit (AAA04)')
      .optional(),
    delayMs,
  }),
  plain('unable-now'),
  z.strictObject({
    behaviour: z.literal('only-under-subscriber'),
    code: z
      .string()
      .regex(/^[0-9A-Z]{2}$/)
      .optional(),
    delayMs,
  }),
  z.strictObject({ behaviour: z.literal('canned-answer'), echoTrace: z.boolean().optional(), delayMs }),
  z.strictObject({ behaviour: z.literal('stale-replica'), ageDays: z.int().min(1).max(20_000).optional(), tellsDay: z.boolean().optional(), delayMs }),
  plain('gateway-default'),
  plain('echo-of-another'),
  plain('other-patient'),
  plain('empty'),
  z.strictObject({ behaviour: z.literal('test-marked'), by: z.enum(['interchange', 'header']).optional(), delayMs }),
  z.strictObject({ behaviour: z.literal('outage'), status: z.union([z.literal(500), z.literal(502), z.literal(503), z.literal(504)]).optional(), delayMs }),
  plain('silence'),
  plain('timeout-after-accepting'),
  plain('failure-document'),
  plain('slow'),
  z.strictObject({ behaviour: z.literal('pending'), readyAfterMs: shortMs.optional(), polls: z.int().min(0).max(1000).optional(), delayMs }),
  z.strictObject({ behaviour: z.literal('duplicate-answer'), as: z.enum(['same-bytes', 'same-numbers', 'new-numbers']).optional(), delayMs }),
  z.strictObject({ behaviour: z.literal('truncated'), share: share.optional(), restAfterMs: shortMs.optional(), delayMs }),
  plain('ta1-only'),
  z.strictObject({
    behaviour: z.literal('ta1-reject'),
    note: z
      .string()
      .regex(/^\d{3}$/, 'must be three digits (TA105)')
      .optional(),
    delayMs,
  }),
  plain('999-reject'),
  plain('999-partial'),
  plain('999-errors'),
  plain('out-of-order'),
])
export type Behaviour = z.output<typeof Behaviour>
