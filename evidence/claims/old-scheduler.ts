import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import { silent } from '../../docker/local/progress.ts'
import { type Stack, startStack } from '../../docker/local/stack.ts'

/** A clinic with an old scheduler beside the hub: its people there, its desk here, its admin, and both sides counted. */

export interface Old {
  id: string
  revision: number
  status: string
  starts: string
  minutes: number
  provider: string
  externalRef: string | null
}
export interface State {
  owner: string
  dualRun: boolean
  differences: number
  comparedAt: string | null
  handover: { id: string; to: string; phase: string; endedAt: string | null; comparisons: number } | null
}
interface Difference {
  kind: string
  legacyId: string | null
  since: string
  seenAt: string
}
interface Visit {
  visitId: string
  version: number
}

/** What a call was refused with; the status of the answer when it had no code. */
class Refused extends Error {
  readonly status: number
  constructor(status: number, text: string) {
    super(`${status} ${text}`)
    this.status = status
  }
}
async function call<T>(method: string, url: string, body?: unknown, headers: Record<string, string> = {}): Promise<T> {
  const init = body === undefined ? {} : { body: JSON.stringify(body) }
  const response = await fetch(url, { method, headers: { 'content-type': 'application/json', ...headers }, ...init, signal: AbortSignal.timeout(20_000) })
  const text = await response.text()
  if (!response.ok) throw new Refused(response.status, text.slice(0, 200))
  return JSON.parse(text) as T
}
/** Undefined where it was refused: nobody was told that it was done. */
export const unlessRefused = async <T>(work: Promise<T>): Promise<T | undefined> => {
  try {
    return await work
  } catch (error) {
    if (error instanceof Refused && [409, 423].includes(error.status)) return undefined
    throw error
  }
}

async function staff(url: string, email: string) {
  const headers = { 'x-hub-request': '1', origin: new URL(url).origin }
  const body = JSON.stringify({ tenant: 'lakeside', email, password: 'lakeside-demo-1' })
  const signedIn = await fetch(`${url}/api/session`, { method: 'POST', headers: { ...headers, 'content-type': 'application/json' }, body })
  if (!signedIn.ok) throw new Error(`sign-in: ${signedIn.status}`)
  const cookie = signedIn.headers
    .getSetCookie()
    .map((one) => one.split(';')[0])
    .join('; ')
  return <T>(method: string, path: string, value?: unknown, more: Record<string, string> = {}) =>
    call<T>(method, `${url}${path}`, value, { ...headers, cookie, ...more })
}

export async function openClinic(stack: Stack) {
  if (!stack.legacyScheduler) throw new Error('this stack has no old scheduler')
  const old = stack.legacyScheduler.url
  const admin = await staff(stack.urls.public, 'admin@lakeside.example')
  const desk = await staff(stack.urls.public, 'desk@lakeside.example')
  const state = () => admin<State>('GET', '/api/admin/scheduler')
  return {
    state,
    dualRun: (on: boolean) => admin<State>('PUT', '/api/admin/scheduler/dual-run', { on }),
    handOver: (to: 'hub' | 'legacy-scheduler') => admin<State>('POST', '/api/admin/scheduler/handovers', { to }),
    differences: async () => (await admin<{ items: Difference[] }>('GET', '/api/admin/scheduler/differences?limit=100')).items,
    async handedOver(to: 'hub' | 'legacy-scheduler', secondsMax: number): Promise<State> {
      return until(`handed over to ${to}`, secondsMax, async () => {
        const now = await state()
        return now.owner === to && now.handover?.endedAt ? now : undefined
      })
    },
    /** At the desk here. */
    book: (startsAt: string, practitioner: string) => desk<Visit>('POST', '/api/clinic/visits', { startsAt, minutes: 20, practitioner }),
    /** At the old screen. */
    oldBook: (starts: string, provider: string, more: object = {}) => call<Old>('POST', `${old}/_sim/people`, { starts, minutes: 20, provider, ...more }),
    oldChange: (id: string, change: Partial<Old>) => call<Old>('PUT', `${old}/_sim/people/${id}`, change),
    /** Somebody there who is not held up by the mark that closes it for people. */
    oldPastTheMark: (id: string, change: Partial<Old>) => call<Old>('PUT', `${old}/_sim/database/${id}`, change),
    oldAll: async () => (await call<{ appointments: Old[] }>('GET', `${old}/_sim/appointments`)).appointments,
    oldFault: (mode: string, times: number | null) => call('POST', `${old}/_sim/faults`, { mode, times }),
  }
}
export type Clinic = Awaited<ReturnType<typeof openClinic>>

export async function until<T>(what: string, secondsMax: number, look: () => Promise<T | undefined>): Promise<T> {
  const endMs = performance.now() + secondsMax * 1000
  for (;;) {
    const found = await look().catch((error: Error) => {
      if (performance.now() > endMs) throw error
      return undefined
    })
    if (found !== undefined) return found
    if (performance.now() > endMs) throw new Error(`not within ${secondsMax} s: ${what}`)
    await sleep(200)
  }
}

const ourStatus: Readonly<Record<string, string>> = { requested: 'proposed', scheduled: 'booked', arrived: 'booked', completed: 'fulfilled', no_show: 'noshow' }

/** Both sides from behind: appointments that one lacks, has twice, or has otherwise. Those that are called off count by their status. */
export async function countSides(
  behind: pg.Client,
  there: readonly Old[],
): Promise<{ here: number; there: number; lost: number; double: number; differing: number }> {
  const found = await behind.query<{ id: string; legacyId: string | null; status: string; startsAt: Date; practitioner: string }>(
    `SELECT a.id, l.legacy_id AS "legacyId", a.status::text AS status, a.starts_at AS "startsAt", a.practitioner FROM clinical.appointments a
     LEFT JOIN clinical.schedule_links l ON l.tenant_id = a.tenant_id AND l.visit_id = a.id`,
  )
  const byLegacy = new Map<string, number>()
  for (const { legacyId } of found.rows) if (legacyId) byLegacy.set(legacyId, (byLegacy.get(legacyId) ?? 0) + 1)
  const refs = there.flatMap(({ externalRef }) => externalRef ?? [])
  let [lost, differing] = [0, 0]
  for (const old of there) {
    const here = found.rows.find(({ legacyId }) => legacyId === old.id)
    const status = ourStatus[old.status] ?? old.status
    // What was called off before it was ever seen here needs no visit.
    if (!here) lost += status === 'cancelled' ? 0 : 1
    else if (here.status !== status) differing += 1
    else if (status === 'booked' && (here.startsAt.getTime() !== Date.parse(old.starts) || here.practitioner !== old.provider)) differing += 1
  }
  lost += found.rows.filter(({ legacyId }) => legacyId === null).length
  const double = [...byLegacy.values()].filter((times) => times > 1).length + (refs.length - new Set(refs).size)
  return { here: found.rows.length, there: there.length, lost, double, differing }
}

export async function withOldScheduler<T>(play: (clinic: Clinic, stack: Stack, behind: pg.Client) => Promise<T>): Promise<T> {
  const stack = await startStack({ kind: 'throw-away', bus: 'postgres', progress: silent, legacyScheduler: true, journals: true })
  const { default: postgres } = await import('pg')
  const behind = new postgres.Client({ connectionString: stack.ownerUrl })
  try {
    await behind.connect()
    return await play(await openClinic(stack), stack, behind)
  } finally {
    await behind.end()
    await stack.stop()
  }
}

/** Weekdays of coming weeks, one appointment an hour apart. */
export const slot = (n: number): string => new Date(Date.UTC(2027, 0, 4, 14) + n * 3_600_000).toISOString()
