import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import type { LegacyAppointment, LegacyListed, ScheduleOwner } from '@heliox/core/clinical'
import type { Envelope, ValueOf } from '@heliox/core/kit'
import { drainAll, openTestHub, type TestHub } from '../fixtures.ts'
import { withTenant } from '../tenancy.ts'
import { findVisit } from './visits.ts'

/** A clinic with an old scheduler, for the specs of this folder: what both sides do is told through the applies, as the flows do. */
type Listed = ValueOf<typeof LegacyListed>['appointments'][number]
export const secondMs = 1_000
export let hub: TestHub
/** The hub's clock, turned on by whoever waits. */
export let now: Date
export const later = (ms: number): void => {
  now = new Date(now.getTime() + ms)
}
/** In a `describe`: a hub of its own for each test in it. */
export function besideOldScheduler(): void {
  beforeEach(async () => {
    hub = await openTestHub()
    now = hub.now
    const config = { baseUrl: 'http://127.0.0.1:1', timeZone: 'America/Chicago' }
    await hub.api.stores.connectionAdmin.save(hub.tenantId, 'legacy-scheduler', config, { apiKey: 'key-of-a-test' }, 'user:admin', hub.now)
  })
  afterEach(() => hub.close())
}

export const as = <T>(work: Parameters<typeof withTenant<T>>[3]) => withTenant(hub.engine.pool, hub.tenantId, 'service:engine-1', work)
export const events = async (type: string): Promise<Envelope[]> =>
  (await drainAll(hub, 'clinical', now)).map(({ envelope }) => envelope).filter((e) => e.type === type)
/** `payload`: of the event that the delivery carries, for what reads it beside its input. */
export const apply = (name: string, input: unknown, payload: Envelope['payload'] = {}) => {
  const envelope: Envelope = {
    ...{ id: randomUUID(), rootId: randomUUID(), type: 'test.v1', contract: 'Test.v1', tenantId: hub.tenantId, region: 'us-east' },
    ...{ aggregateType: 'test', aggregateId: randomUUID(), aggregateVersion: 1, intakeId: null, occurredAt: now.toISOString() },
    ...{ process: 'relay-1', traceparent: null, attempt: 1, payload },
  }
  return hub.engine.stores.applies.apply(name, input, { envelope, flow: 'legacy-handover', version: 1, step: name, process: 'engine-1', now })
}
export const state = () => hub.api.stores.scheduler.state(hub.tenantId)
export const differences = async () => (await hub.api.stores.scheduler.differences(hub.tenantId, { limit: 100 })).items
interface Answer {
  handoverId?: string
  asked?: number
  lastChange?: number
}
/** The old scheduler's answer; to the last question of the handover, unless it is said which. */
export const mode = async (is: 'open' | 'read-only', { handoverId, asked, lastChange = 7 }: Answer = {}) => {
  const id = handoverId ?? (await state()).handover?.id
  const found = await hub.owner.query<{ asked: number }>('SELECT asked FROM clinical.schedule_handovers WHERE tenant_id = $1 AND id = $2', [hub.tenantId, id])
  return apply('clinical.handover-stepped', { mode: is, handoverId: id, asked: asked ?? found.rows[0]?.asked, lastChange })
}
export const steps = async () =>
  (await events('schedule.handover-step.v1')).map(({ payload }) => [(payload as { mode: string }).mode, (payload as { asked: number }).asked])
export const begin = async (): Promise<{ runId: string; from: string }> => {
  later(61 * secondMs)
  assert.deepEqual(await hub.engine.stores.scheduleRounds.due(now), [hub.tenantId])
  assert.equal(await hub.engine.stores.scheduleRounds.begin(hub.tenantId, { process: 'engine-1', now }), true)
  const [asked] = (await events('schedule.compare-due.v1')).slice(-1)
  return asked?.payload as { runId: string; from: string }
}
export const compare = async (appointments: readonly Listed[], unreadable: string[] = []): Promise<void> => {
  const { runId, from } = await begin()
  await apply('clinical.compare-listed', { runId, from, after: null, appointments, unreadable, next: null })
}
export const handOver = async (to: ScheduleOwner, there: readonly Listed[] = []): Promise<void> => {
  assert.equal((await hub.api.stores.scheduler.handOver(hub.tenantId, to, 'user:admin', now)).is, 'started')
  await mode('read-only')
  await compare(there)
  await mode('read-only')
  if (to === 'legacy-scheduler') await mode('open')
}
export const appointment = (changes: Partial<ValueOf<typeof LegacyAppointment>> = {}): ValueOf<typeof LegacyAppointment> => ({
  ...{ legacyId: 'D-10001', revision: 1, visitId: null, status: 'booked', practitioner: 'Dr. Imani Reyes', ehrPatientId: null, byPeople: true },
  ...{ startsAt: '2026-02-09T16:00:00.000Z', endsAt: '2026-02-09T16:20:00.000Z' },
  ...changes,
})
export const listed = ({ legacyId, revision, visitId, status, startsAt, endsAt, practitioner }: ReturnType<typeof appointment>): Listed => ({
  ...{ legacyId, revision, visitId, status, startsAt, endsAt, practitioner },
})
export const visits = async () =>
  (await as((tx) => tx.query<{ id: string }>('SELECT id FROM clinical.appointments WHERE tenant_id = $1 ORDER BY created_at', [hub.tenantId]))).rows
export const visit = async (id: string) => as((tx) => findVisit(tx, id))
