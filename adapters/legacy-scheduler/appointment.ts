import { instantOf } from '@heliox/core/catalog'
import type { appointmentStatuses } from '@heliox/core/clinical'
import { LegacyId, Revision } from '@heliox/core/clinical'
import { PartnerFault, Text } from '@heliox/core/kit'
import { z } from 'zod'

type OurStatus = (typeof appointmentStatuses)[number]
type TheirStatus = keyof typeof ourStatusOf

/** Every word that it has for a state, and ours. */
const ourStatusOf = {
  requested: 'proposed',
  scheduled: 'booked',
  arrived: 'booked',
  completed: 'fulfilled',
  cancelled: 'cancelled',
  no_show: 'noshow',
} as const satisfies Record<string, OurStatus>
const theirStatusOf: Record<OurStatus, TheirStatus> = {
  proposed: 'requested',
  booked: 'scheduled',
  fulfilled: 'completed',
  cancelled: 'cancelled',
  noshow: 'no_show',
}

/** With an offset, or as the clock on the site's wall shows it. A date alone is no time. */
const Time = z.string().regex(/^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)?$/)

const Theirs = z.looseObject({
  id: LegacyId,
  revision: Revision,
  externalRef: z.string().max(80).nullish(),
  externalVersion: z.int().nullish(),
  starts: Time,
  minutes: z
    .int()
    .min(1)
    .max(24 * 60),
  provider: Text(80),
  status: z.enum(Object.keys(ourStatusOf) as [TheirStatus, ...TheirStatus[]]),
  ehrPatientId: z.string().min(1).max(64).nullish(),
  changedBy: z.enum(['people', 'api']),
})

export interface Appointment {
  legacyId: string
  revision: number
  visitId: string | null
  /** Of our visit, when we wrote this. */
  version: number | null
  status: OurStatus
  /** As it says it: `arrived` is `booked` to us. */
  theirStatus: TheirStatus
  startsAt: string
  endsAt: string
  practitioner: string
  ehrPatientId: string | null
  byPeople: boolean
}

/** Undefined: it cannot be read. */
export function readAppointment(json: unknown, timeZone: string): Appointment | undefined {
  const read = Theirs.safeParse(json)
  if (!read.success) return undefined
  const { id, revision, externalRef, externalVersion, starts, minutes, provider, status, ehrPatientId, changedBy } = read.data
  const startsAt = instant(starts, timeZone)
  if (Number.isNaN(startsAt.getTime())) return undefined
  return {
    legacyId: id,
    revision,
    visitId: z.uuid().safeParse(externalRef).data ?? null,
    version: externalVersion ?? null,
    status: ourStatusOf[status],
    theirStatus: status,
    startsAt: startsAt.toISOString(),
    endsAt: new Date(startsAt.getTime() + minutes * 60_000).toISOString(),
    practitioner: provider,
    ehrPatientId: ehrPatientId ?? null,
    byPeople: changedBy === 'people',
  }
}

/** Where an appointment must be readable for anything to follow. */
export function appointmentOf(json: unknown, timeZone: string): Appointment {
  const read = readAppointment((json as { appointment?: unknown } | null)?.appointment, timeZone)
  if (!read) throw new PartnerFault('contract', 'The old scheduler gave an appointment that the hub cannot read.')
  return read
}

interface Ours {
  status: OurStatus
  startsAt: string
  endsAt: string
  practitioner: string
}

export const saysTheSame = (there: Ours, ours: Ours): boolean =>
  there.status === ours.status &&
  Date.parse(there.startsAt) === Date.parse(ours.startsAt) &&
  Date.parse(there.endsAt) === Date.parse(ours.endsAt) &&
  there.practitioner === ours.practitioner

/** An instant needs no zone of theirs: it is said with its offset. Somebody who arrived stays arrived. */
export function bodyOf(ours: Ours & { visitId: string; version: number }, there?: Appointment): Record<string, unknown> {
  return {
    externalRef: ours.visitId,
    externalVersion: ours.version,
    starts: ours.startsAt,
    minutes: Math.round((Date.parse(ours.endsAt) - Date.parse(ours.startsAt)) / 60_000),
    provider: ours.practitioner,
    status: there && there.status === ours.status ? there.theirStatus : theirStatusOf[ours.status],
    ...(there && { revision: there.revision }),
  }
}

function instant(time: string, timeZone: string): Date {
  if (/(Z|[+-]\d\d:\d\d)$/.test(time)) return new Date(time.replace(' ', 'T'))
  return instantOf({ date: time.slice(0, 10), minutes: Number(time.slice(11, 13)) * 60 + Number(time.slice(14, 16)) }, timeZone)
}
