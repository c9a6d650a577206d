import { IsoDateTime, type LastKept, PartnerFault, type ReceivedFile } from '@heliox/core/kit'
import type { Appointment } from '@medplum/fhirtypes'
import { capabilitiesOf } from '../capabilities.ts'
import { send } from '../http.ts'
import { type Page, pageOf, type Read, search } from '../search.ts'
import type { FhirContext } from '../types.ts'
import { isOurs, type KeptAppointment, markerOf } from './kept.ts'

export const pageBytesMax = 4 * 1024 * 1024
/** One appointment of ours, cut to what is read of it. */
export const keptBytesMax = 16 * 1024
const pageSize = 100
/** So many pages are held at once; a longer list is gone on with from the last of them. */
const pagesMax = 50
/** A server may write with an older moment what it commits later. */
const overlapMs = 2 * 60_000
/** Where nothing was kept yet: what was changed before that is in the visit already, or nobody waits for it. */
const firstLookBackMs = 24 * 3_600_000

/**
 * Asks what was changed since the newest that we have, by the EHR's own clock: ours may differ, and a look that was killed half way goes on
 * where it was. Each version of an appointment of ours is one file; what belongs to others of the clinic is passed by and kept nowhere.
 */
export async function collectAppointments(ctx: FhirContext, keep: (file: ReceivedFile) => Promise<'kept' | 'known'>, last: LastKept | null): Promise<void> {
  const { searchParams } = (await capabilitiesOf(ctx)).of('Appointment')
  if (searchParams.size > 0 && !searchParams.has('_lastUpdated'))
    throw new PartnerFault('contract', 'The EHR cannot be asked which appointments were changed.', { detail: 'no _lastUpdated' })
  const from = new Date(last?.cursor ? Date.parse(last.cursor) - overlapMs : (last?.keptAt.getTime() ?? ctx.now().getTime()) - firstLookBackMs)
  for (let at: Date | undefined = from; at !== undefined; ) at = await takeIn(at, ctx, keep)
}

/** Keeps what is ours of one stretch, and says from when to go on; undefined: that was all. */
async function takeIn(from: Date, ctx: FhirContext, keep: (file: ReceivedFile) => Promise<'kept' | 'known'>): Promise<Date | undefined> {
  const { found, more } = await changedSince(from, ctx)
  let kept = 0
  for (const { resource } of found.filter(({ resource: one }) => isOurs(one, ctx.config)).sort(byMoment)) {
    const cursor = momentOf(resource)
    if ((await keep({ name: `Appointment/${resource.id}`, bytes: bytesOf(resource), cursor })) === 'kept') kept += 1
  }
  if (found.length > 0) ctx.log.info({ changed: found.length, kept, more }, 'looked which appointments were changed in the EHR')
  const last = found.at(-1)
  if (!more || !last) return undefined
  const cursor = momentOf(last.resource)
  const next = new Date(cursor)
  if (next <= from) throw new PartnerFault('contract', 'The EHR lists more changes of one moment than can be told apart.', { detail: 'no way on' })
  // Where none of thousands is ours, nothing would say how far we were, and a look that runs out of time would begin there again for ever.
  await keep({ name: 'looked-up-to', bytes: markerOf(cursor), cursor })
  return next
}

/** Oldest first, where the server sorts. One that does not must be heard to its end, or what comes later in its list would be passed by. */
async function changedSince(from: Date, ctx: FhirContext): Promise<{ found: Read<Appointment>[]; more: boolean }> {
  const found: Read<Appointment>[] = []
  let page: Page<Appointment> = await search(ctx, 'Appointment', { _lastUpdated: `ge${from.toISOString()}`, _sort: '_lastUpdated', _count: String(pageSize) })
  for (let pages = 1; ; pages += 1) {
    found.push(...page.found)
    // A server that ignores the parameter tells of everything that it ever had; what is older is nothing that we asked for.
    if (page.next === null || page.found.length === 0) return { found: since(found, from), more: false }
    if (pages === pagesMax) break
    page = await nextOf(page.next, ctx)
  }
  const sorted = found.every((one, i) => i === 0 || momentOf((found[i - 1] ?? one).resource) <= momentOf(one.resource))
  if (!sorted || since(found, from).length < found.length)
    throw new PartnerFault('contract', 'The EHR lists more changes than can be told apart.', { detail: 'neither sorted nor limited' })
  return { found, more: true }
}
/** A second of grace: some servers keep no parts of it. */
const since = (found: Read<Appointment>[], from: Date): Read<Appointment>[] =>
  found.filter(({ resource }) => Date.parse(momentOf(resource)) >= from.getTime() - 1_000)

async function nextOf(next: string, ctx: FhirContext): Promise<Page<Appointment>> {
  const response = await send(ctx, { method: 'GET', path: next, responseBytesMax: pageBytesMax, lost: 'unavailable' })
  if (response.status !== 200) throw new PartnerFault('unavailable', 'The EHR lost its place in a list.', { detail: `status ${response.status}` })
  return pageOf('Appointment', response.json)
}

/** When this version was written, by the EHR's clock and in one form, so that moments can be compared as texts. */
function momentOf({ meta }: Appointment): string {
  const at = new Date(meta?.lastUpdated ?? '')
  if (Number.isNaN(at.getTime())) throw new PartnerFault('contract', 'The EHR does not say when an appointment was changed.', { detail: 'meta.lastUpdated' })
  return IsoDateTime.parse(at.toISOString())
}
const byMoment = (a: Read<Appointment>, b: Read<Appointment>): number => (momentOf(a.resource) < momentOf(b.resource) ? -1 : 1)

/** The same version is always the same bytes: what was kept before is known again. No name, no patient, no reason. */
function bytesOf({ id, identifier, status, start, end, meta }: Appointment & { id: string }): Buffer {
  const kept: KeptAppointment = { resourceType: 'Appointment', id, versionId: meta?.versionId, updatedAt: meta?.lastUpdated, identifier, status, start, end }
  return Buffer.from(JSON.stringify(kept))
}
