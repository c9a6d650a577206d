import { z } from 'zod'
import { defineContract, defineEvent, IsoDateTime } from '../kit/index.ts'
import { MethodCheck, MethodStored, methodKinds } from './money.ts'

/** What to keep of an attempt to put a method on file. PHI: the address where the patient confirms it. */
export const MethodRecord = defineContract({
  name: 'MethodRecord',
  version: 1,
  phi: true,
  schema: z.object({
    paymentId: z.uuid(),
    status: z.enum(['stored', 'needs-you', 'processing', 'declined']),
    intent: MethodStored.schema.shape.intent.nullable(),
    customerId: z.string().max(80).nullable(),
    paymentMethodId: z.string().max(80).nullable(),
    method: z.enum(methodKinds).nullable(),
    actionUrl: z.url().max(2000).nullable(),
    heldUntil: IsoDateTime.nullable(),
    code: z.string().max(60).nullable(),
  }),
})

/** A patient was sent to the bank, or the bank takes its time, and no webhook told the end: ask. */
export const MethodCheckDue = defineContract({
  name: 'MethodCheckDue',
  version: 1,
  phi: false,
  schema: z.object({ intakeId: z.uuid(), patientId: z.uuid(), ...MethodCheck.schema.shape }),
})

export const methodEvents = [
  defineEvent({ type: 'payment.check-due.v1', contract: MethodCheckDue, context: 'billing', summary: 'Ask what became of a method that had to be confirmed.' }),
] as const
