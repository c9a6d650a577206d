import { z } from 'zod'
import { defineContract } from '../kit/index.ts'

/** `choice`: the partner answered, and a person says which of it is meant. */
export const effectStates = ['started', 'succeeded', 'rejected', 'failed', 'unknown', 'reconciled', 'choice'] as const
/** Of one time that a partner was asked. */
export const attemptOutcomes = ['running', 'succeeded', 'rejected', 'failed', 'unknown', 'reconciled', 'choice'] as const
export const overrideStatuses = ['open', 'resolved'] as const
export type OverrideStatus = (typeof overrideStatuses)[number]
export const resolutions = ['answer', 'retry', 'correct', 'move', 'drop'] as const
export type Resolution = (typeof resolutions)[number]
/** Why a delivery waits for a person: a fault kind, one of ours, or `choice`: nothing failed, and only a person can say which is meant. */
export const holdCauses = ['unavailable', 'throttled', 'timeout', 'uncertain', 'credentials', 'contract', 'bug', 'overdue', 'no-connection', 'choice'] as const
export type HoldCause = (typeof holdCauses)[number]
/** Who must act next. */
export const owners = ['ops', 'clinic', 'patient', 'engineer'] as const
export type Owner = (typeof owners)[number]

export const templates = [
  'eligibility-confirmed',
  'eligibility-inactive',
  'eligibility-needs-you',
  'eligibility-checking',
  'payment-stored',
  'payment-needs-you',
  'photo-rejected',
  'visit-ready',
  'eligibility-provisional',
  'eligibility-changed',
] as const
/** One message to the patient; the words come from the catalogue when it is shown. */
export const Notice = defineContract({
  name: 'Notice',
  version: 1,
  phi: false,
  schema: z.object({ intakeId: z.uuid(), template: z.enum(templates), aboutId: z.uuid() }),
})

/** Why a person opens what would have been sent. A closed list: a purpose lies in the audit for good, and free text could name a patient. */
export const inputPurposes = ['compare-with-card', 'compare-with-chart', 'call-partner', 'correct-data', 'find-error', 'answer-patient'] as const
export type InputPurpose = (typeof inputPurposes)[number]
/** Why a person resolved an item as they did. A closed list, since it goes into the audit and on the bus; words of one's own are the note. */
export const resolveReasons = [
  'partner-is-back',
  'confirmed-by-phone',
  'confirmed-on-website',
  'data-corrected',
  'connection-fixed',
  'software-fixed',
  'visit-cancelled',
  'duplicate',
  'other',
  'patient-data-wrong',
  'partner-away',
  'compared-with-chart',
  'patient-confirmed',
] as const
export type ResolveReason = (typeof resolveReasons)[number]
