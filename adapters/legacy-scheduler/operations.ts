import type {
  LegacyAppointment,
  LegacyAppointmentDue,
  LegacyListAsked,
  LegacyListed,
  LegacyModeIs,
  LegacyModeWanted,
  LegacyPut,
  LegacyPutDone,
  LegacyRefused,
} from '@heliox/core/clinical'
import { LegacyId, legacyModes } from '@heliox/core/clinical'
import { type Answer, type Health, PartnerFault, type ValueOf } from '@heliox/core/kit'
import { z } from 'zod'
import { type Appointment, appointmentOf, bodyOf, readAppointment, saysTheSame } from './appointment.ts'
import type { LegacyContext } from './config.ts'
import { errorCode, send } from './http.ts'

type Refused = ValueOf<typeof LegacyRefused>
type Told<T> = Promise<Answer<T, Refused>>
const refused = (code: string): { is: 'rejected'; value: Refused } => ({ is: 'rejected', value: { code } })

const pageMax = 500
/** 500 appointments of at most 1.5 KB. */
const pageBytesMax = 1024 * 1024

export async function read({ legacyId }: ValueOf<typeof LegacyAppointmentDue>, ctx: LegacyContext): Told<ValueOf<typeof LegacyAppointment>> {
  const response = await send(ctx, { method: 'GET', path: `appointments/${legacyId}` })
  const code = errorCode(response.json)
  if (code !== undefined) return refused(code)
  const { version: _, theirStatus: __, ...value } = appointmentOf(response.json, ctx.config.timeZone)
  return { is: 'ok', value }
}

/** How often somebody may be faster between our look and our write; after that it is told to a person. */
const tries = 3

/**
 * Makes the copy of a visit say what the visit says. Nothing is written over what a person changed there since we knew it, nor over a later
 * version of ours. It may be sent again at any time: what is so already is not written.
 */
export async function put(ours: ValueOf<typeof LegacyPut>, ctx: LegacyContext): Told<ValueOf<typeof LegacyPutDone>> {
  for (let n = 0; n < tries; n += 1) {
    const there = await find(ours, ctx)
    if (there) {
      const { legacyId, revision } = there
      const version = there.version ?? ours.version
      if (there.version !== null && there.version > ours.version) return { is: 'ok', value: { state: 'superseded', legacyId, revision, version } }
      if (saysTheSame(there, ours)) return { is: 'ok', value: { state: 'same', legacyId, revision, version: ours.version } }
      if (there.byPeople && there.revision !== ours.revision) return refused('changed-there')
    }
    const response = there
      ? await send(ctx, { method: 'PUT', path: `appointments/${there.legacyId}`, body: bodyOf(ours, there) })
      : await send(ctx, { method: 'POST', path: 'appointments', body: bodyOf(ours) })
    const code = errorCode(response.json)
    if (code === undefined) {
      const { legacyId, revision } = appointmentOf(response.json, ctx.config.timeZone)
      return { is: 'ok', value: { state: 'written', legacyId, revision, version: ours.version } }
    }
    if (code !== 'stale-revision' && code !== 'external-ref-exists') return refused(code)
  }
  return refused('changes-all-the-time')
}

/** By its own id where we know it, else by ours: a create whose answer was lost is found again. */
async function find({ legacyId, visitId }: ValueOf<typeof LegacyPut>, ctx: LegacyContext): Promise<Appointment | undefined> {
  if (legacyId !== null) {
    const known = await send(ctx, { method: 'GET', path: `appointments/${legacyId}` })
    if (errorCode(known.json) === undefined) return appointmentOf(known.json, ctx.config.timeZone)
  }
  const found = await send(ctx, { method: 'GET', path: `appointments?externalRef=${visitId}&limit=2`, responseBytesMax: pageBytesMax })
  const { appointments } = pageOf(found.json)
  if (appointments.length > 1) throw new PartnerFault('contract', 'The old scheduler has two appointments for one visit.')
  return appointments.length === 0 ? undefined : appointmentOf({ appointment: appointments[0] }, ctx.config.timeZone)
}

/** A page of everything that ends after `from`, by id, so that what is moved meanwhile is neither skipped nor seen twice. */
export async function list({ runId, from, after }: ValueOf<typeof LegacyListAsked>, ctx: LegacyContext): Told<ValueOf<typeof LegacyListed>> {
  const query = new URLSearchParams({ from, limit: String(pageMax), ...(after !== null && { after }) })
  const response = await send(ctx, { method: 'GET', path: `appointments?${query}`, responseBytesMax: pageBytesMax })
  const code = errorCode(response.json)
  if (code !== undefined) return refused(code)
  const { appointments, next } = pageOf(response.json)
  const readable: ValueOf<typeof LegacyListed>['appointments'] = []
  const unreadable: string[] = []
  for (const one of appointments) {
    const read = readAppointment(one, ctx.config.timeZone)
    if (!read) unreadable.push(nameOf(one))
    else {
      const { legacyId, revision, visitId, status, startsAt, endsAt, practitioner } = read
      readable.push({ legacyId, revision, visitId, status, startsAt, endsAt, practitioner })
    }
  }
  return { is: 'ok', value: { runId, from, after, appointments: readable, unreadable, next } }
}

/** One that does not even say which it is leaves nothing to tell a person. */
function nameOf(one: unknown): string {
  const name = LegacyId.safeParse((one as { id?: unknown } | null)?.id)
  if (!name.success) throw new PartnerFault('contract', 'The old scheduler listed something that is no appointment.')
  return name.data
}

const Page = z.object({ appointments: z.array(z.unknown()).max(pageMax), next: z.string().max(120).nullable() })
function pageOf(json: unknown): z.output<typeof Page> {
  const page = Page.safeParse(json)
  if (!page.success) throw new PartnerFault('contract', 'The old scheduler gave a list that the hub cannot read.')
  return page.data
}

const Status = z.looseObject({ mode: z.enum(legacyModes), lastChange: z.int().min(0) })

/** Opens it for people, or closes it; the same again changes nothing. */
export async function setMode({ mode, handoverId, asked }: ValueOf<typeof LegacyModeWanted>, ctx: LegacyContext): Told<ValueOf<typeof LegacyModeIs>> {
  const response = await send(ctx, { method: 'PUT', path: 'mode', body: { mode, ref: handoverId } })
  const code = errorCode(response.json)
  if (code !== undefined) return refused(code)
  const status = Status.safeParse(response.json)
  if (!status.success || status.data.mode !== mode) throw new PartnerFault('contract', 'The old scheduler does not say whether people may change it.')
  return { is: 'ok', value: { mode, handoverId, asked, lastChange: status.data.lastChange } }
}

export async function checkHealth(ctx: LegacyContext): Promise<Health> {
  try {
    const status = Status.safeParse((await send(ctx, { method: 'GET', path: 'status' })).json)
    if (!status.success) return { ok: false, text: 'It answers, but not as the old scheduler.' }
    const people = status.data.mode === 'open' ? 'open for people' : 'read-only for people'
    return { ok: true, text: `The old scheduler answers; it is ${people}.` }
  } catch (error) {
    if (error instanceof PartnerFault) return { ok: false, text: error.message }
    throw error
  }
}
