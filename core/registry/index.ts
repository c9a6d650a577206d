import { billingApplies, billingEvents } from '../billing/index.ts'
import { clinicalApplies, clinicalEvents, ehrBookingApplies, schedulerApplies } from '../clinical/index.ts'
import { complianceApplies } from '../compliance/index.ts'
import { identityApplies, identityEvents } from '../identity/index.ts'
import type { ApplySpec, EventSpec } from '../kit/index.ts'
import { mediaApplies, mediaEvents } from '../media/index.ts'
import { messagingApplies, messagingEvents } from '../messaging/index.ts'

/** Every event and every apply, said once in its context; everything that lists them reads them here. */
export const events = [...identityEvents, ...clinicalEvents, ...billingEvents, ...mediaEvents, ...messagingEvents] as const
export const eventByType: ReadonlyMap<string, EventSpec> = new Map(events.map((e) => [e.type, e as EventSpec]))

export const applies = [
  ...identityApplies,
  ...clinicalApplies,
  ...ehrBookingApplies,
  ...schedulerApplies,
  ...billingApplies,
  ...complianceApplies,
  ...mediaApplies,
  ...messagingApplies,
] as const
export const applyByName: ReadonlyMap<string, ApplySpec> = new Map(applies.map((a) => [a.name, a as ApplySpec]))
export { eventWords } from './event-words.ts'
