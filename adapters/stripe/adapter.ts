import { CardDeclined, CardStored, StoreCard } from '@heliox/core/billing'
import { defineAdapter } from '@heliox/core/kit'
import { StripeConfig, StripeSecrets } from './config.ts'
import { findStoredCard, storeCard } from './store-card.ts'
import { ping } from './transport/sdk.ts'

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
      // Its search lags by up to a minute (BEHAVIOR 5), after a call that may take its full time. Only ever asked a day later.
      settleMs: 75_000,
      breaker: { timeoutMs: 15_000, errorThresholdPercent: 50, volumeThreshold: 10, resetTimeoutMs: 20_000, inFlightMax: 8 },
      retry: { attemptsMax: 4, firstDelayMs: 2_000, delayMsMax: 60_000 },
      call: storeCard,
      reconcile: findStoredCard,
    }),
  }),
})
