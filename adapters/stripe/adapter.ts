import {
  CardDeclined,
  CardStored,
  Charge,
  ChargeCheck,
  ChargeDeclined,
  Charged,
  ChargeSeen,
  MethodCheck,
  MethodDeclined,
  MethodStored,
  PaymentItem,
  Refund,
  Refunded,
  RefundRefused,
  StoreCard,
  StoreMethod,
} from '@heliox/core/billing'
import { defineAdapter } from '@heliox/core/kit'
import { StripeConfig, StripeSecrets } from './config.ts'
import { checkMethod, findStoredMethod, storeMethod } from './method/store-method.ts'
import { charge, findCharge } from './money/charge.ts'
import { chargeWithPatient, checkCharge, findChargeWithPatient } from './money/charge-with-patient.ts'
import { findRefund, refund } from './money/refund.ts'
import { findStoredCard, storeCard } from './store-card.ts'
import { ping } from './transport/sdk.ts'
import { eventBytesMax, readEvents } from './webhook/read-event.ts'
import { verify } from './webhook/verify.ts'

/** What a write at Stripe has in common. */
const keyed = {
  replay: 'keyed',
  // Stripe promises at least 24 hours; after that the same key would be a new request.
  keyedForMs: 24 * 3600 * 1000,
  // Its search lags by up to a minute (BEHAVIOR 5), after a call that may take its full time. Asked a day later, or when nobody may take the money any more.
  settleMs: 75_000,
  breaker: { timeoutMs: 15_000, errorThresholdPercent: 50, volumeThreshold: 10, resetTimeoutMs: 20_000, inFlightMax: 8 },
  retry: { attemptsMax: 4, firstDelayMs: 2_000, delayMsMax: 60_000 },
} as const

/** Keeps a method for the visit and takes money from it. Numbers of cards and accounts go from the browser to Stripe's host; only ids pass here. */
export const stripe = defineAdapter({
  id: 'stripe',
  title: 'Stripe (cards and bank accounts)',
  config: StripeConfig,
  secrets: StripeSecrets,
  health: (ctx) => ping(ctx),
  operations: (op) => ({
    storeCard: op({
      ...keyed,
      summary: 'Make a customer and confirm a zero-amount SetupIntent.',
      version: 1,
      input: StoreCard,
      output: CardStored,
      rejection: CardDeclined,
      call: storeCard,
      reconcile: findStoredCard,
    }),
    storeMethod: op({
      ...keyed,
      summary: 'Keep a card or a bank account for later, checked for nothing or by a unit that is held and given back.',
      version: 1,
      input: StoreMethod,
      output: MethodStored,
      rejection: MethodDeclined,
      // The ids of a method that nobody made would be charged later, in vain or somebody else.
      byHand: 'rejected',
      // The browser's token: a person has no other one.
      correctable: false,
      call: storeMethod,
      reconcile: findStoredMethod,
    }),
    checkMethod: op({
      summary: 'See what became of a method that the patient had to confirm; a held unit is given back.',
      version: 1,
      input: MethodCheck,
      output: MethodStored,
      rejection: MethodDeclined,
      replay: 'safe',
      byHand: 'rejected',
      correctable: false,
      breaker: keyed.breaker,
      retry: keyed.retry,
      call: checkMethod,
    }),
    charge: op({
      ...keyed,
      summary: 'Take an amount from a method on file, without the patient.',
      version: 1,
      input: Charge,
      output: Charged,
      rejection: ChargeDeclined,
      // Who says that money was taken must have looked: that is asking Stripe again.
      byHand: 'rejected',
      // What was agreed, and whom it is taken from, is no typing mistake.
      correctable: false,
      call: charge,
      reconcile: findCharge,
    }),
    chargeWithPatient: op({
      ...keyed,
      summary: 'Take an amount from a method on file with the patient, at their bank’s page.',
      version: 1,
      input: Charge,
      output: ChargeSeen,
      rejection: ChargeDeclined,
      byHand: 'rejected',
      correctable: false,
      call: chargeWithPatient,
      reconcile: findChargeWithPatient,
    }),
    checkCharge: op({
      summary: 'See what became of a charge that waits for the patient, or end it.',
      version: 1,
      input: ChargeCheck,
      output: ChargeSeen,
      rejection: ChargeDeclined,
      // Ending what has ended does nothing.
      replay: 'safe',
      byHand: 'rejected',
      correctable: false,
      breaker: keyed.breaker,
      retry: keyed.retry,
      call: checkCharge,
    }),
    refund: op({
      ...keyed,
      summary: 'Give back a charge, or a part of it, to the method that it came from.',
      version: 1,
      input: Refund,
      output: Refunded,
      rejection: RefundRefused,
      byHand: 'rejected',
      correctable: false,
      call: refund,
      reconcile: findRefund,
    }),
  }),
  receive: (receiver) => ({
    events: receiver({
      summary: 'Take what Stripe tells of its own accord: how a confirmation, a payment or a refund ended.',
      version: 1,
      event: 'stripe.item-received.v1',
      item: PaymentItem,
      everyMs: 60_000,
      timeoutMs: 30_000,
      fileBytesMax: eventBytesMax,
      enabled: (config) => config.webhooks,
      webhook: { bodyBytesMax: eventBytesMax, verify },
      // Each call is kept by the door that it comes through; there is nothing to fetch.
      collect: async () => undefined,
      read: (bytes) => readEvents(bytes),
    }),
  }),
})
