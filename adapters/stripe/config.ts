import { isKnownScript, isPrivateLine } from '@heliox/core/kit'
import { z } from 'zod'

/** Every field after `scriptUrl` came later: it has a default or is optional, so that connections stored before stay valid. */
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
  methodCheck: z.enum(['setup', 'hold']).default('setup').meta({ title: 'How a card is checked: for nothing (setup), or by holding one unit (hold)' }),
  bankAccounts: z.boolean().default(false).meta({ title: 'Take US bank accounts, verified instantly at the bank (what patients sign must speak of accounts)' }),
  returnUrl: z
    .url({ protocol: /^https?$/ })
    .max(300)
    .refine(isPrivateLine, 'must be https')
    // It is told to Stripe and to the bank, and is the same for every patient: a link of somebody's own has no business in it.
    .refine((url) => !url.includes('?') && !url.includes('#'), 'must be a plain address, without ? and #')
    .optional()
    .meta({ title: 'Where a patient comes back to from the bank (3-D Secure)' }),
  webhooks: z.boolean().default(false).meta({ title: 'Stripe sends us its webhooks' }),
})

/** As the dashboard shows it; blanks around it are a copying mistake that the SDK would only show as a wrong signature. */
const SigningSecret = z.string().regex(/^whsec_[0-9A-Za-z+/=_-]{16,200}$/, 'must begin with whsec_')

export const StripeSecrets = z.object({
  secretKey: z
    .string()
    .regex(/^[rs]k_[0-9A-Za-z_]{4,250}$/)
    .meta({ title: 'Secret key' }),
  webhookSecret: SigningSecret.optional().meta({ title: 'Signing secret of the webhook' }),
  webhookSecretBefore: SigningSecret.optional().meta({ title: 'Signing secret before the last rotation, until it has run out' }),
})
export type StripeConfig = z.output<typeof StripeConfig>
export type StripeSecrets = z.output<typeof StripeSecrets>
