import { IsoDateTime, PartnerFault } from '@heliox/core/kit'
import type { Appointment } from '@medplum/fhirtypes'
import { capabilitiesOf } from '../capabilities.ts'
import { send } from '../http.ts'
import { type Page, pageOf, type Read, search } from '../search.ts'
import type { FhirContext } from '../types.ts'

/** Lists of appointments, page by page, and the EHR's own order of their changes. */

const pageBytesMax = 4 * 1024 * 1024
const pageSize = 100
/** So many pages are held at once; a longer list is gone on with from the last of them. */
const pagesMax = 50
/** A server may write with an older moment what it commits later. */
export const overlapMs = 2 * 60_000

export async function expectSearchByChange(ctx: FhirContext): Promise<void> {
  const { searchParams } = (await capabilitiesOf(ctx)).of('Appointment')
  if (searchParams.size > 0 && !searchParams.has('_lastUpdated'))
    throw new PartnerFault('contract', 'The EHR cannot be asked which appointments were changed.', { detail: 'no _lastUpdated' })
}

/** Oldest first, where the server sorts. One that does not must be heard to its end, or what comes later in its list would be passed by. */
export async function changedSince(from: Date, ctx: FhirContext): Promise<{ found: Read<Appointment>[]; more: boolean }> {
  const { found, more } = await pages({ _lastUpdated: `ge${from.toISOString()}`, _sort: '_lastUpdated' }, ctx)
  // A server that ignores the parameter tells of everything that it ever had; what is older is nothing that we asked for.
  if (!more) return { found: since(found, from), more }
  const sorted = found.every((one, i) => i === 0 || momentOf((found[i - 1] ?? one).resource) <= momentOf(one.resource))
  if (!sorted || since(found, from).length < found.length)
    throw new PartnerFault('contract', 'The EHR lists more changes than can be told apart.', { detail: 'neither sorted nor limited' })
  return { found, more }
}
/** A second of grace: some servers keep no parts of it. */
const since = (found: Read<Appointment>[], from: Date): Read<Appointment>[] =>
  found.filter(({ resource }) => Date.parse(momentOf(resource)) >= from.getTime() - 1_000)

/** Whatever begins on this day or later, in no order. `more`: there is more than one look holds. */
export const startingFrom = (day: string, ctx: FhirContext): Promise<{ found: Read<Appointment>[]; more: boolean }> =>
  pages({ date: `ge${day}`, status: 'booked', _sort: 'date' }, ctx)

async function pages(question: Record<string, string>, ctx: FhirContext): Promise<{ found: Read<Appointment>[]; more: boolean }> {
  const found: Read<Appointment>[] = []
  let page: Page<Appointment> = await search(ctx, 'Appointment', { ...question, _count: String(pageSize) })
  for (let n = 1; ; n += 1) {
    found.push(...page.found)
    if (page.next === null || page.found.length === 0) return { found, more: false }
    if (n === pagesMax) return { found, more: true }
    page = await nextOf(page.next, ctx)
  }
}

async function nextOf(next: string, ctx: FhirContext): Promise<Page<Appointment>> {
  const response = await send(ctx, { method: 'GET', path: next, responseBytesMax: pageBytesMax, lost: 'unavailable' })
  if (response.status !== 200) throw new PartnerFault('unavailable', 'The EHR lost its place in a list.', { detail: `status ${response.status}` })
  return pageOf('Appointment', response.json)
}

/** When this version was written, by the EHR's clock and in one form, so that moments can be compared as texts. */
export function momentOf({ meta }: Appointment): string {
  const at = new Date(meta?.lastUpdated ?? '')
  if (Number.isNaN(at.getTime())) throw new PartnerFault('contract', 'The EHR does not say when an appointment was changed.', { detail: 'meta.lastUpdated' })
  return IsoDateTime.parse(at.toISOString())
}
export const byMoment = (a: Read<Appointment>, b: Read<Appointment>): number => (momentOf(a.resource) < momentOf(b.resource) ? -1 : 1)

/** Where a list of one moment does not end, nothing says where to go on. */
export function onwards(from: Date, last: Read<Appointment>): Date {
  const next = new Date(momentOf(last.resource))
  if (next <= from) throw new PartnerFault('contract', 'The EHR lists more changes of one moment than can be told apart.', { detail: 'no way on' })
  return next
}
