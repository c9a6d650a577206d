import { PartnerFault } from '@heliox/core/kit'
import { z } from 'zod'

/** What we read of Stripe's objects, parsed on the way in, whatever the SDK's types promise. */
export const Id = z.string().min(3).max(80)
/** An id, or the object itself where it was expanded. */
export const Reference = z.union([Id, z.object({ id: Id }).transform((value) => value.id)])
const Code = z.string().nullish()
const LastError = z.object({ code: Code, decline_code: Code, advice_code: Code }).nullish()
const NextAction = z.object({ type: z.string(), redirect_to_url: z.object({ url: z.string().nullish() }).nullish() }).nullish()
const Method = z.union([Id.transform((id) => ({ id, type: undefined })), z.object({ id: Id, type: z.string() })]).nullish()
const Metadata = z.record(z.string(), z.string()).nullish()
const Seconds = z.int().min(0)

export const SetupIntentShape = z.object({
  id: Id,
  status: z.string(),
  customer: Reference,
  metadata: Metadata,
  payment_method: Method,
  next_action: NextAction,
  last_setup_error: LastError,
})
export const PaymentIntentShape = z.object({
  id: Id,
  status: z.string(),
  amount: z.int().min(0),
  amount_received: z.int().min(0),
  currency: z.string().length(3),
  created: Seconds,
  customer: Reference.nullish(),
  metadata: Metadata,
  payment_method: Method,
  next_action: NextAction,
  last_payment_error: LastError,
  latest_charge: z
    .union([
      Id.transform(() => undefined),
      z.object({
        status: z.string(),
        payment_method_details: z.object({ card: z.object({ capture_before: Seconds.nullish() }).nullish() }).nullish(),
      }),
    ])
    .nullish(),
})
export const RefundShape = z.object({
  id: Id,
  status: z.string().nullable(),
  amount: z.int().min(0),
  metadata: Metadata,
  failure_reason: Code,
})
export type SetupIntentFacts = z.output<typeof SetupIntentShape>
export type PaymentIntentFacts = z.output<typeof PaymentIntentShape>

export function readAs<T extends z.ZodType>(shape: T, value: unknown, what: string): z.output<T> {
  const parsed = shape.safeParse(value)
  if (!parsed.success) throw new PartnerFault('contract', `Stripe answered with something that is no ${what}.`)
  return parsed.data
}
