import { z } from 'zod'
import { defineContract, defineEvent, IsoDateTime } from '../kit/index.ts'
import { CardDeclined, StoreCard } from './model.ts'

/**
 * What the payment partner is asked, and what it says (H-4, T-7). Amounts are whole numbers of the currency's smallest unit
 * (`amountMinor`: cents, but yen); ids are the partner's. A patient is a random id of ours; nothing says what the money is for but `purpose`.
 */
const PartnerId = z.string().min(3).max(80)
const AmountMinor = z.int().min(1).max(99_999_999)
const Currency = z.string().regex(/^[A-Z]{3}$/)

/** `us-bank-account`: verified instantly by the bank's own sign-in, never by micro-deposits (H-4). */
export const methodKinds = ['card', 'us-bank-account', 'other'] as const
export type MethodKind = (typeof methodKinds)[number]

export const StoreMethod = defineContract({ name: 'StoreMethod', version: 1, phi: false, schema: StoreCard.schema })
/** PHI: `actionUrl` opens the patient's own confirmation page at the bank to whoever has it. */
export const MethodStored = defineContract({
  name: 'MethodStored',
  version: 1,
  phi: true,
  schema: z.object({
    /** `requires-action`: 3-D Secure; the patient must act. `processing`: the bank has not said yet; a webhook will. */
    status: z.enum(['succeeded', 'requires-action', 'processing']),
    intent: z.object({ kind: z.enum(['setup', 'payment']), id: PartnerId }),
    customerId: PartnerId,
    paymentMethodId: PartnerId.nullable(),
    method: z.enum(methodKinds),
    actionUrl: z.url().max(2000).nullable(),
    /** Of a `hold` that could not be given back yet: the partner gives it back then by itself. */
    heldUntil: IsoDateTime.nullable(),
  }),
})
export const MethodDeclined = defineContract({ name: 'MethodDeclined', version: 1, phi: false, schema: CardDeclined.schema })

/** What became of a method that the patient had to confirm. */
export const MethodCheck = defineContract({
  name: 'MethodCheck',
  version: 1,
  phi: false,
  schema: z.object({ paymentId: z.uuid(), intent: MethodStored.schema.shape.intent }),
})

export const chargePurposes = ['copay', 'instalment'] as const
/** Take this amount from a method on file, without the patient. */
export const Charge = defineContract({
  name: 'Charge',
  version: 1,
  phi: false,
  schema: z.object({
    chargeId: z.uuid(),
    patientId: z.uuid(),
    customerId: PartnerId,
    paymentMethodId: PartnerId,
    amountMinor: AmountMinor,
    currency: Currency,
    purpose: z.enum(chargePurposes),
  }),
})
export const Charged = defineContract({
  name: 'Charged',
  version: 1,
  phi: false,
  schema: z.object({
    /** `processing`: bank transfers take days; a webhook says how it ended. */
    status: z.enum(['succeeded', 'processing']),
    paymentIntentId: PartnerId,
    amountMinor: AmountMinor,
  }),
})
export const ChargeDeclined = defineContract({
  name: 'ChargeDeclined',
  version: 1,
  phi: false,
  schema: z.object({
    code: z.string().max(60),
    declineCode: z.string().max(60).nullable(),
    /** `patient-confirms`: the bank wants the patient. `later`: no money now. `new-method`: this one will not work again. `stop`: ask nobody's bank again. */
    next: z.enum(['patient-confirms', 'later', 'new-method', 'stop']),
    paymentIntentId: PartnerId.nullable(),
  }),
})

/**
 * A charge that waits for the patient at their bank, or no longer does. PHI: `actionUrl` opens the patient's own page at the bank to whoever has it.
 */
export const ChargeSeen = defineContract({
  name: 'ChargeSeen',
  version: 1,
  phi: true,
  schema: z.object({
    status: z.enum(['succeeded', 'processing', 'requires-action']),
    paymentIntentId: PartnerId,
    amountMinor: AmountMinor,
    actionUrl: z.url().max(2000).nullable(),
  }),
})
/** What became of it; `giveUp`: nobody waits for it any more, so it ends unless the money moved already. */
export const ChargeCheck = defineContract({
  name: 'ChargeCheck',
  version: 1,
  phi: false,
  schema: z.object({ chargeId: z.uuid(), paymentIntentId: PartnerId, giveUp: z.boolean() }),
})

/** Only to the method that was charged; several partial ones, up to what was charged. */
export const Refund = defineContract({
  name: 'Refund',
  version: 1,
  phi: false,
  schema: z.object({ refundId: z.uuid(), chargeId: z.uuid(), paymentIntentId: PartnerId, amountMinor: AmountMinor, currency: Currency }),
})
export const Refunded = defineContract({
  name: 'Refunded',
  version: 1,
  phi: false,
  schema: z.object({ status: z.enum(['pending', 'requires-action', 'succeeded']), partnerRefundId: PartnerId }),
})
export const RefundRefused = defineContract({
  name: 'RefundRefused',
  version: 1,
  phi: false,
  schema: z.object({ code: z.string().max(60), partnerRefundId: PartnerId.nullable() }),
})

/**
 * What a webhook of the payment partner tells: a fact about one object, as it was when that happened. Facts come twice and in any order, so
 * whoever takes them folds them by what they say and never by when they came.
 */
export const PaymentItem = defineContract({
  name: 'PaymentItem',
  version: 1,
  phi: false,
  schema: z.discriminatedUnion('is', [
    z.object({
      is: z.literal('fact'),
      eventId: PartnerId,
      /** The partner's name of it: `setup_intent.succeeded`. */
      type: z.string().max(80),
      at: IsoDateTime,
      object: z.object({ kind: z.enum(['setup-intent', 'payment-intent', 'refund', 'charge', 'payment-method']), id: PartnerId }),
      /** Of the intent that it belongs to; a refund and a charge name it. */
      intentId: PartnerId.nullable(),
      /** Our ids, out of its metadata; null where it carries none of ours. */
      ours: z.object({ paymentId: z.uuid().nullable(), chargeId: z.uuid().nullable(), refundId: z.uuid().nullable() }),
      status: z.string().max(60).nullable(),
      code: z.string().max(60).nullable(),
      amountMinor: z.int().min(0).max(99_999_999).nullable(),
      customerId: PartnerId.nullable(),
      paymentMethodId: PartnerId.nullable(),
      captureBefore: IsoDateTime.nullable(),
    }),
    /** Of a kind that the hub has no use for, or of another account's making: kept, and nothing follows. */
    z.object({ is: z.literal('other'), eventId: PartnerId, type: z.string().max(80) }),
    z.object({ is: z.literal('unreadable'), code: z.string().max(60) }),
  ]),
})
/** An item, as the event that carries it. */
export const PaymentItemReceived = defineContract({
  name: 'PaymentItemReceived',
  version: 1,
  phi: false,
  schema: z.object({ itemId: z.uuid(), fileId: z.uuid(), index: z.int().min(0), receivedAt: z.iso.datetime(), item: PaymentItem.schema }),
})
export const moneyEvents = [
  defineEvent({ type: 'stripe.item-received.v1', contract: PaymentItemReceived, context: 'messaging', summary: 'A webhook of the payment partner said this.' }),
] as const
