import { chargePurposes, chargeStates, copayMinorMax, methodStates, planLimits, refundReasons, refundStates } from '@heliox/core/billing'
import { LanguageTag } from '@heliox/core/kit'
import { z } from 'zod'
import { defineRoute } from '../../kit/route.ts'

const Money = z.int().min(1)
const RefundView = z
  .object({
    id: z.uuid(),
    amountMinor: z.int(),
    status: z.enum(refundStates),
    code: z.string().nullable(),
    reason: z.enum([...refundReasons, 'at-the-partner']),
    at: z.iso.datetime(),
  })
  .meta({ id: 'RefundView' })
const ChargeView = z
  .object({
    id: z.uuid(),
    purpose: z.enum(chargePurposes),
    amountMinor: z.int(),
    currency: z.string(),
    status: z.enum(chargeStates),
    next: z.enum(['patient-confirms', 'later', 'new-method', 'stop']).nullable(),
    code: z.string().nullable(),
    attempt: z.int(),
    dueAt: z.iso.datetime().nullable(),
    /** The patient confirms it at their bank. */
    withPatient: z.boolean(),
    /** It is being ended. */
    stopping: z.boolean(),
    at: z.iso.datetime(),
    refundableMinor: z.int(),
    refunds: z.array(RefundView),
  })
  .meta({ id: 'ChargeView' })
export const PlanView = z
  .object({
    id: z.uuid(),
    status: z.enum(['proposed', 'expired', 'agreed', 'ended']),
    totalMinor: z.int(),
    currency: z.string(),
    proposedAt: z.iso.datetime(),
    agreedAt: z.iso.datetime().nullable(),
    instalments: z.array(z.object({ number: z.int(), dueOn: z.iso.date(), amountMinor: z.int(), status: z.enum([...chargeStates, 'waiting', 'cancelled']) })),
  })
  .meta({ id: 'PlanView' })

export const getPayments = defineRoute({
  operationId: 'getPayments',
  method: 'GET',
  url: '/api/payments/intakes/:intakeId',
  tag: 'clinic',
  summary: 'What is on file for a visit, what the insurer says that the patient brings, and what was charged and given back.',
  access: { by: 'session', action: 'payment.read' },
  params: z.object({ intakeId: z.uuid() }),
  success: {
    status: 200,
    body: z
      .object({
        method: z.object({ status: z.enum(methodStates), kind: z.string().nullable(), code: z.string().nullable() }).nullable(),
        /** Why what was left may not be charged; null: it may, or nothing was left. */
        unauthorised: z.enum(['not-authorised', 'authorisation-withdrawn']).nullable(),
        copayMinor: z.int().nullable(),
        currency: z.string(),
        charges: z.array(ChargeView),
        plans: z.array(PlanView),
        /** The patient is asked for another card or account, since when, and what became of the last one that they left. */
        askedAt: z.iso.datetime().nullable(),
        offer: z.object({ status: z.enum(methodStates), code: z.string().nullable() }).nullable(),
      })
      .meta({ id: 'PaymentsView' }),
    description: 'Amounts in the currency’s smallest unit.',
  },
  refusals: [404],
})

export const createCharge = defineRoute({
  operationId: 'createCharge',
  method: 'POST',
  url: '/api/payments/intakes/:intakeId/charges',
  tag: 'clinic',
  summary: 'Charge the copay to the method on file. The id is the browser’s: the same again charges nothing more.',
  access: { by: 'session', action: 'payment.charge' },
  params: z.object({ intakeId: z.uuid() }),
  body: z.strictObject({ chargeId: z.uuid(), amountMinor: Money.max(copayMinorMax) }).meta({ id: 'NewCharge' }),
  success: { status: 202, body: z.object({ chargeId: z.uuid() }).meta({ id: 'ChargeAccepted' }), description: 'Will be charged.' },
  refusals: [404, 409],
})

export const endCharge = defineRoute({
  operationId: 'endCharge',
  method: 'POST',
  url: '/api/payments/charges/:chargeId/stop',
  tag: 'clinic',
  summary: 'Stop a charge that waits to be tried again, or for the patient. Once more changes nothing.',
  access: { by: 'session', action: 'payment.charge' },
  params: z.object({ chargeId: z.uuid() }),
  success: { status: 204, body: null, description: 'Stopped, or being stopped at the partner.' },
  refusals: [404, 409],
})

export const askMethod = defineRoute({
  operationId: 'askMethod',
  method: 'POST',
  url: '/api/payments/intakes/:intakeId/method-requests',
  tag: 'clinic',
  summary: 'Ask the patient for another card or account, on their own page. What is on file stays until the new one is. The id is the browser’s.',
  access: { by: 'session', action: 'payment.charge' },
  params: z.object({ intakeId: z.uuid() }),
  body: z.strictObject({ requestId: z.uuid() }).meta({ id: 'MethodAsked' }),
  success: { status: 204, body: null, description: 'The patient’s page asks for it.' },
  refusals: [404, 409],
})

export const leaveMethod = defineRoute({
  operationId: 'leaveMethod',
  method: 'POST',
  url: '/api/intake/method',
  tag: 'intake',
  summary:
    'The patient leaves another card or account, because the clinic asked, and authorises the clinic to charge it. The id is the page’s: sent twice, it is one.',
  access: { by: 'link', action: 'method.leave' },
  body: z
    .strictObject({
      methodId: z.uuid(),
      confirmationTokenId: z
        .string()
        .max(100)
        .regex(/^ctoken_[A-Za-z0-9_]{4,80}$/),
      /** The text that was ticked. Without it nothing is left: there would be a card that nobody may charge. */
      authorisation: z.strictObject({ textId: z.uuid(), textSha256: z.string().regex(/^[0-9a-f]{64}$/), granted: z.literal(true) }),
    })
    .meta({ id: 'MethodLeft' }),
  success: { status: 204, body: null, description: 'It is being put on file; the status page says how that ends.' },
  refusals: [404, 409, 410],
})

export const createRefund = defineRoute({
  operationId: 'createRefund',
  method: 'POST',
  url: '/api/payments/charges/:chargeId/refunds',
  tag: 'clinic',
  summary: 'Give back a charge or a part of it, to the method that was charged. The id is the browser’s.',
  access: { by: 'session', action: 'payment.refund' },
  params: z.object({ chargeId: z.uuid() }),
  body: z.strictObject({ refundId: z.uuid(), amountMinor: Money.max(99_999_999), reason: z.enum(refundReasons) }).meta({ id: 'NewRefund' }),
  success: { status: 202, body: z.object({ refundId: z.uuid() }).meta({ id: 'RefundAccepted' }), description: 'Will be given back.' },
  refusals: [404, 409],
})

export const createPlan = defineRoute({
  operationId: 'createPlan',
  method: 'POST',
  url: '/api/payments/intakes/:intakeId/plans',
  tag: 'clinic',
  summary: 'Propose a payment plan; nothing of it is charged before the patient agrees on their own page.',
  access: { by: 'session', action: 'payment.plan' },
  params: z.object({ intakeId: z.uuid() }),
  body: z
    .strictObject({
      planId: z.uuid(),
      instalments: z
        .array(z.strictObject({ dueOn: z.iso.date(), amountMinor: Money.max(planLimits.totalMinorMax) }))
        .min(1)
        .max(planLimits.instalmentsMax),
    })
    .meta({ id: 'NewPlan' }),
  success: { status: 201, body: z.object({ planId: z.uuid() }).meta({ id: 'PlanProposed' }), description: 'The patient’s page shows it.' },
  refusals: [404, 409],
})

export const closePlan = defineRoute({
  operationId: 'closePlan',
  method: 'POST',
  url: '/api/payments/plans/:planId/end',
  tag: 'clinic',
  summary: 'End a plan: nothing more of it is charged.',
  access: { by: 'session', action: 'payment.plan' },
  params: z.object({ planId: z.uuid() }),
  success: { status: 204, body: null, description: 'Ended.' },
  refusals: [404],
})

export const signPlan = defineRoute({
  operationId: 'signPlan',
  method: 'POST',
  url: '/api/intake/plan/sign',
  tag: 'intake',
  summary: 'The patient agrees to a payment plan, by the words that were shown.',
  access: { by: 'link', action: 'plan.agree' },
  body: z
    .strictObject({
      planId: z.uuid(),
      termsSha256: z.string().regex(/^[0-9a-f]{64}$/),
      language: LanguageTag,
    })
    .meta({ id: 'PlanSignature' }),
  success: { status: 204, body: null, description: 'Agreed; the first amount is charged on its day.' },
  refusals: [404, 409, 410],
})

export const paymentRoutes = [getPayments, createCharge, endCharge, askMethod, leaveMethod, createRefund, createPlan, closePlan, signPlan] as const
