import type { LastKept, ReceivedFile } from '@heliox/core/kit'
import type { Appointment } from '@medplum/fhirtypes'
import type { FhirContext } from '../types.ts'
import { patientKeyOf } from './booking.ts'
import { byMoment, changedSince, expectSearchByChange, momentOf, onwards, overlapMs } from './changed.ts'
import { isOurs, type KeptAppointment, markerOf } from './kept.ts'

/** One appointment of ours, cut to what is read of it. */
export const keptBytesMax = 16 * 1024
/** Where nothing was kept yet: what was changed before that is in the visit already, or nobody waits for it. */
const firstLookBackMs = 24 * 3_600_000

/**
 * Asks what was changed since the newest that we have, by the EHR's own clock: ours may differ, and a look that was killed half way goes on
 * where it was. Each version of an appointment of ours is one file; what belongs to others of the clinic is passed by and kept nowhere.
 */
export async function collectAppointments(ctx: FhirContext, keep: (file: ReceivedFile) => Promise<'kept' | 'known'>, last: LastKept | null): Promise<void> {
  await expectSearchByChange(ctx)
  const from = new Date(last?.cursor ? Date.parse(last.cursor) - overlapMs : (last?.keptAt.getTime() ?? ctx.now().getTime()) - firstLookBackMs)
  for (let at: Date | undefined = from; at !== undefined; ) at = await takeIn(at, ctx, keep)
}

/** Keeps what is ours of one stretch, and says from when to go on; undefined: that was all. */
async function takeIn(from: Date, ctx: FhirContext, keep: (file: ReceivedFile) => Promise<'kept' | 'known'>): Promise<Date | undefined> {
  const { found, more } = await changedSince(from, ctx)
  let kept = 0
  for (const { resource } of found.filter(({ resource: one }) => isOurs(one, ctx.config)).sort(byMoment)) {
    const cursor = momentOf(resource)
    if ((await keep({ name: `Appointment/${resource.id}`, bytes: bytesOf(resource, await patientKeyOf(resource, ctx.locks)), cursor })) === 'kept') kept += 1
  }
  if (found.length > 0) ctx.log.info({ changed: found.length, kept, more }, 'looked which appointments were changed in the EHR')
  const last = found.at(-1)
  if (!more || !last) return undefined
  const next = onwards(from, last)
  const cursor = momentOf(last.resource)
  // Where none of thousands is ours, nothing would say how far we were, and a look that runs out of time would begin there again for ever.
  await keep({ name: 'looked-up-to', bytes: markerOf(cursor), cursor })
  return next
}

/** The same version is always the same bytes: what was kept before is known again. No name, no patient, no reason. */
function bytesOf({ id, identifier, status, start, end, meta }: Appointment & { id: string }, patientKey: string | undefined): Buffer {
  const version = { versionId: meta?.versionId, updatedAt: meta?.lastUpdated }
  const kept: KeptAppointment = { resourceType: 'Appointment', id, ...version, identifier, status, start, end, patientKey }
  return Buffer.from(JSON.stringify(kept))
}
