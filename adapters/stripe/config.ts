import { isKnownScript, isPrivateLine } from '@heliox/core/kit'
import { z } from 'zod'

export const StripeConfig = z.object({
  apiBase: z
    .url({ protocol: /^https?$/ })
    .max(300)
    .refine(isPrivateLine, 'must be https')
    .meta({ title: 'API address' }),
  publishableKey: z
    .string()
    .regex(/^pk_[0-9A-Za-z_]{4,200}$/)
    .meta({ title: 'Publishable key (the browser uses it)' }),
  scriptUrl: z
    .url({ protocol: /^https?$/ })
    .max(300)
    // A shape does not know where it runs: the page asks again, and in production loopback is out (api/kit/clinic-facts.ts).
    .refine((url) => isKnownScript(url, { production: false }), 'must be on https://js.stripe.com')
    .meta({ title: "Address of Stripe's script" }),
})
export const StripeSecrets = z.object({
  secretKey: z
    .string()
    .regex(/^[rs]k_[0-9A-Za-z_]{4,250}$/)
    .meta({ title: 'Secret key' }),
})
export type StripeConfig = z.output<typeof StripeConfig>
export type StripeSecrets = z.output<typeof StripeSecrets>
