import { EhrAppointmentId, type EhrBookingSeen } from '@heliox/core/clinical'
import { IsoDate, type LastKept, type ReceivedFile, type ValueOf } from '@heliox/core/kit'
import type { Appointment } from '@medplum/fhirtypes'
import { z } from 'zod'
import type { Read } from '../search.ts'
import type { FhirConfig, FhirContext } from '../types.ts'
import { isBooking } from './booking.ts'
import { byMoment, changedSince, expectSearchByChange, momentOf, onwards, overlapMs, startingFrom } from './changed.ts'
import { keptBytesMax } from './collect.ts'
import { jsonOf } from './kept.ts'

/**
 * How far the changes were heard, by the EHR's clock, and the last day on which everything that is to come was looked through: what was there before
 * the connection asked for it, and what could not be taken when it was seen (appointments were changing hands, the EHR refused the mark).
 */
interface Heard {
  upTo: string
  wholeOn: string | null
}
const cursorOf = ({ upTo, wholeOn }: Heard): string => (wholeOn === null ? upTo : `${upTo} ${wholeOn}`)
function heardOf(last: LastKept | null): Heard | null {
  const [upTo = '', wholeOn] = (last?.cursor ?? '').split(' ')
  return Number.isNaN(Date.parse(upTo)) ? null : { upTo, wholeOn: IsoDate.safeParse(wholeOn).data ?? null }
}

/** Our clock may be before the EHR's. */
const firstLookBackMs = 3_600_000
/** After so many changes it is kept how far they were heard, though none of them is a booking. */
const placeEvery = 100

type Keep = (file: ReceivedFile) => Promise<'kept' | 'known'>

export async function collectBookings(ctx: FhirContext, keep: Keep, last: LastKept | null): Promise<void> {
  await expectSearchByChange(ctx)
  // Nothing was heard yet: the whole look tells what there is, and the changes are heard from about now on.
  const heard = heardOf(last) ?? { upTo: new Date(ctx.now().getTime() - firstLookBackMs).toISOString(), wholeOn: null }
  for (let from: Date | undefined = new Date(Date.parse(heard.upTo) - overlapMs); from !== undefined; ) from = await hearChanges(from, heard, ctx, keep)
  const today = ctx.now().toISOString().slice(0, 10)
  if (heard.wholeOn !== today) await lookThrough(today, heard, ctx, keep)
}

async function hearChanges(from: Date, heard: Heard, ctx: FhirContext, keep: Keep): Promise<Date | undefined> {
  const { found, more } = await changedSince(from, ctx)
  const kept = await keepBookings([...found].sort(byMoment), heard, null, ctx, keep)
  if (kept > 0) ctx.log.info({ changed: found.length, kept, more }, 'looked which appointments were made in the EHR')
  const newest = found.toSorted(byMoment).at(-1)
  if (!newest) return undefined
  if (more || found.length >= placeEvery) await keepPlace({ ...heard, upTo: momentOf(newest.resource) }, heard, keep)
  return more ? onwards(from, newest) : undefined
}

async function lookThrough(today: string, heard: Heard, ctx: FhirContext, keep: Keep): Promise<void> {
  const { found, more } = await startingFrom(today, ctx)
  const kept = await keepBookings(found, heard, today, ctx, keep)
  if (more) ctx.log.warn({ looked: found.length }, 'the EHR has more appointments to come than one look holds; later ones are seen when they are nearer')
  ctx.log.info({ looked: found.length, kept }, 'looked through what is to come in the EHR')
  await keepPlace({ ...heard, wholeOn: today }, heard, keep)
}

/** `on`: of a whole look; the same appointment may then be told once more each day, until it is ours. */
async function keepBookings(found: readonly Read<Appointment>[], heard: Heard, on: string | null, ctx: FhirContext, keep: Keep): Promise<number> {
  let kept = 0
  for (const { resource } of found) {
    if (!isBooking(resource, ctx.config, ctx.now())) continue
    const moment = momentOf(resource)
    // A whole look hears no changes: where it stands in their order stays.
    if (on === null && moment > heard.upTo) heard.upTo = moment
    const bytes = Buffer.from(JSON.stringify({ booking: resource.id, version: resource.meta?.versionId ?? moment, ...(on !== null && { on }) }))
    if ((await keep({ name: `Appointment/${resource.id}`, bytes, cursor: cursorOf(heard) })) === 'kept') kept += 1
  }
  return kept
}

/** About no appointment: how far a look came. */
async function keepPlace(now: Heard, heard: Heard, keep: Keep): Promise<void> {
  Object.assign(heard, now)
  const cursor = cursorOf(heard)
  await keep({ name: 'looked-up-to', bytes: Buffer.from(JSON.stringify({ lookedUpTo: cursor })), cursor })
}

const Kept = z.union([z.strictObject({ lookedUpTo: z.string() }), z.object({ booking: EhrAppointmentId })])

/** One item, or that it cannot be read; none of what only says how far a look came. */
export async function* readBookings(bytes: AsyncIterable<Uint8Array>, _config: FhirConfig): AsyncIterable<ValueOf<typeof EhrBookingSeen>> {
  const kept = Kept.safeParse(await jsonOf(bytes, keptBytesMax)).data
  if (!kept) yield { is: 'unreadable', code: 'booking' }
  else if ('booking' in kept) yield { is: 'booking', appointmentId: kept.booking }
}
