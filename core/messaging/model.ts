import { z } from 'zod'
import { defineContract, Text } from '../kit/index.ts'

export const effectStates = ['started', 'succeeded', 'rejected', 'failed', 'unknown', 'reconciled'] as const
export const overrideStatuses = ['open', 'resolved'] as const
export const resolutions = ['answer', 'retry', 'correct', 'move', 'drop'] as const
export type Resolution = (typeof resolutions)[number]
/** Why a delivery waits for a person: a fault kind, or one of ours. */
export const holdCauses = ['unavailable', 'throttled', 'timeout', 'uncertain', 'credentials', 'contract', 'bug', 'overdue', 'no-connection'] as const
export type HoldCause = (typeof holdCauses)[number]
/** Who must act next. */
export const owners = ['ops', 'clinic', 'patient', 'engineer'] as const

export const templates = [
  'eligibility-confirmed',
  'eligibility-inactive',
  'eligibility-needs-you',
  'eligibility-checking',
  'payment-stored',
  'payment-needs-you',
  'photo-rejected',
  'visit-ready',
] as const
/** One message to the patient; the words come from the catalogue when it is shown. */
export const Notice = defineContract({
  name: 'Notice',
  version: 1,
  phi: false,
  schema: z.object({ intakeId: z.uuid(), template: z.enum(templates), aboutId: z.uuid() }),
})

/** How a person resolves a held item. `note` and `reason` are required: the audit keeps them. */
export const ResolveOverride = z.discriminatedUnion('resolution', [
  z.strictObject({ resolution: z.literal('answer'), port: z.enum(['ok', 'rejected']), value: z.unknown(), reason: Text(40), note: Text(500) }),
  z.strictObject({ resolution: z.literal('retry'), reason: Text(40), note: Text(500) }),
  z.strictObject({ resolution: z.literal('correct'), input: z.unknown(), reason: Text(40), note: Text(500) }),
  z.strictObject({ resolution: z.literal('move'), reason: Text(40), note: Text(500) }),
  z.strictObject({ resolution: z.literal('drop'), reason: Text(40), note: Text(500) }),
])
export type ResolveOverride = z.output<typeof ResolveOverride>
