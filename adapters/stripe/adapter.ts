import { CardDeclined, CardStored, StoreCard } from '@heliox/core/billing'
import { defineAdapter } from '@heliox/core/kit'
import { z } from 'zod'
import { findStoredCard, storeCard } from './store-card.ts'
import { ping } from './transport/sdk.ts'

export const StripeConfig = z.object({
  apiBase: z
    .url({ protocol: /^https?$/ })
    .max(300)
    .meta({ title: 'API address' }),
  publishableKey: z
    .string()
    .regex(/^pk_[0-9A-Za-z_]{4,200}$/)
    .meta({ title: 'Publishable key (the browser uses it)' }),
  scriptUrl: z
    .url({ protocol: /^https?$/ })
    .max(300)
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

/** Keeps a card for the visit. Card numbers go from the browser to Stripe's host; only ids pass here. */
export const stripe = defineAdapter({
  id: 'stripe',
  title: 'Stripe (card on file)',
  config: StripeConfig,
  secrets: StripeSecrets,
  health: (ctx) => ping(ctx),
  operations: (op) => ({
    storeCard: op({
      summary: 'Make a customer and confirm a zero-amount SetupIntent.',
      version: 1,
      input: StoreCard,
      output: CardStored,
      rejection: CardDeclined,
      replay: 'keyed',
      // Stripe promises at least 24 hours; after that the same key would be a new request.
      keyedForMs: 24 * 3600 * 1000,
      breaker: { timeoutMs: 15_000, errorThresholdPercent: 50, volumeThreshold: 10, resetTimeoutMs: 20_000, inFlightMax: 8 },
      retry: { attemptsMax: 4, firstDelayMs: 2_000, delayMsMax: 60_000 },
      call: storeCard,
      reconcile: findStoredCard,
    }),
  }),
})
