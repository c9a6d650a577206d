import { z } from 'zod'
import { ItemReceived } from '../billing/received.ts'
import { defineContract, defineEvent } from '../kit/index.ts'
import { caseEvents } from './cases.ts'
import { messageEvents } from './messages.ts'
import { holdCauses, resolutions, resolveReasons } from './model.ts'

export const StepFinished = defineContract({
  name: 'StepFinished',
  version: 1,
  phi: false,
  schema: z.object({
    rootId: z.uuid(),
    flow: z.string().max(40),
    version: z.int(),
    step: z.string().max(80),
    outcome: z.enum(['succeeded', 'rejected', 'failed', 'unknown', 'reconciled', 'choice']),
    generation: z.int(),
    durationMs: z.int(),
    /** Of a fault: its class, whom it is about, and when the hub tries again by itself; null where it does not. */
    cause: z.enum(holdCauses).nullable().optional(),
    payerId: z.string().max(40).nullable().optional(),
    nextTryAt: z.iso.datetime().nullable().optional(),
  }),
})
export const OverrideOpened = defineContract({
  name: 'OverrideOpened',
  version: 1,
  phi: false,
  schema: z.object({ overrideId: z.uuid(), rootId: z.uuid(), flow: z.string(), version: z.int(), step: z.string(), cause: z.enum(holdCauses) }),
})
export const OverrideResolved = defineContract({
  name: 'OverrideResolved',
  version: 1,
  phi: false,
  schema: z.object({
    overrideId: z.uuid(),
    rootId: z.uuid(),
    flow: z.string(),
    step: z.string(),
    resolution: z.enum(resolutions),
    reason: z.enum(resolveReasons),
    /** Who decided; null: nobody had to, what it waited for was overtaken. */
    userId: z.uuid().nullable(),
  }),
})
export const NotificationWritten = defineContract({
  name: 'NotificationWritten',
  version: 1,
  phi: false,
  schema: z.object({ notificationId: z.uuid(), intakeId: z.uuid(), template: z.string() }),
})
export const messagingEvents = [
  ...caseEvents,
  ...messageEvents,
  defineEvent({ type: 'step.finished.v1', contract: StepFinished, context: 'messaging', summary: 'A partner was asked; what came of it.' }),
  defineEvent({ type: 'override.opened.v1', contract: OverrideOpened, context: 'messaging', summary: 'A delivery waits for a person.' }),
  defineEvent({ type: 'override.resolved.v1', contract: OverrideResolved, context: 'messaging', summary: 'A delivery waits for nobody any more.' }),
  defineEvent({ type: 'notification.written.v1', contract: NotificationWritten, context: 'messaging', summary: 'There is a message for the patient.' }),
  defineEvent({ type: 'clearinghouse.item-received.v1', contract: ItemReceived, context: 'messaging', summary: 'A file of the clearinghouse held this.' }),
] as const
