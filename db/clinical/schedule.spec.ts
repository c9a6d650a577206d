import { randomUUID } from 'node:crypto'
import type { LegacyAppointment, LegacyListed, ScheduleOwner } from '@heliox/core/clinical'
import type { Envelope, ValueOf } from '@heliox/core/kit'
import { expect } from 'chai'
import { drainAll, newLink, openTestHub, type TestHub } from '../fixtures.ts'
import { withTenant } from '../tenancy.ts'
import { scheduleOwner } from './schedule-owner.ts'
import { changeVisit } from './visit-changes.ts'
import { findVisit } from './visits.ts'

type Listed = ValueOf<typeof LegacyListed>['appointments'][number]
const secondMs = 1_000

describe('beside the old scheduler', function () {
  this.timeout(60_000)
  let hub: TestHub
  /** The hub's clock, turned on by whoever waits. */
  let now: Date

  beforeEach(async () => {
    hub = await openTestHub()
    now = hub.now
    const config = { baseUrl: 'http://127.0.0.1:1', timeZone: 'America/Chicago' }
    await hub.api.stores.connectionAdmin.save(hub.tenantId, 'legacy-scheduler', config, { apiKey: 'key-of-a-test' }, 'user:admin', hub.now)
  })
  afterEach(() => hub.close())

  const as = <T>(work: Parameters<typeof withTenant<T>>[3]) => withTenant(hub.engine.pool, hub.tenantId, 'service:engine-1', work)
  const events = async (type: string): Promise<Envelope[]> =>
    (await drainAll(hub, 'clinical', now)).map(({ envelope }) => envelope).filter((e) => e.type === type)
  const apply = (name: string, input: unknown) => {
    const envelope: Envelope = {
      ...{ id: randomUUID(), rootId: randomUUID(), type: 'test.v1', contract: 'Test.v1', tenantId: hub.tenantId, region: 'us-east' },
      ...{ aggregateType: 'test', aggregateId: randomUUID(), aggregateVersion: 1, intakeId: null, occurredAt: now.toISOString() },
      ...{ process: 'relay-1', traceparent: null, attempt: 1, payload: {} },
    }
    return hub.engine.stores.applies.apply(name, input, { envelope, flow: 'legacy-handover', version: 1, step: name, process: 'engine-1', now })
  }
  const state = () => hub.api.stores.scheduler.state(hub.tenantId)
  const differences = async () => (await hub.api.stores.scheduler.differences(hub.tenantId, { limit: 100 })).items
  interface Answer {
    handoverId?: string
    asked?: number
    lastChange?: number
  }
  /** The old scheduler's answer; to the last question of the handover, unless it is said which. */
  const mode = async (is: 'open' | 'read-only', { handoverId, asked, lastChange = 7 }: Answer = {}) => {
    const id = handoverId ?? (await state()).handover?.id
    const found = await hub.owner.query<{ asked: number }>('SELECT asked FROM clinical.schedule_handovers WHERE tenant_id = $1 AND id = $2', [hub.tenantId, id])
    return apply('clinical.handover-stepped', { mode: is, handoverId: id, asked: asked ?? found.rows[0]?.asked, lastChange })
  }
  const steps = async () =>
    (await events('schedule.handover-step.v1')).map(({ payload }) => [(payload as { mode: string }).mode, (payload as { asked: number }).asked])
  const begin = async (): Promise<{ runId: string; from: string }> => {
    now = new Date(now.getTime() + 61 * secondMs)
    expect(await hub.engine.stores.scheduleRounds.due(now)).to.deep.equal([hub.tenantId])
    expect(await hub.engine.stores.scheduleRounds.begin(hub.tenantId, { process: 'engine-1', now })).to.equal(true)
    const [asked] = (await events('schedule.compare-due.v1')).slice(-1)
    return asked?.payload as { runId: string; from: string }
  }
  const compare = async (appointments: readonly Listed[], unreadable: string[] = []): Promise<void> => {
    const { runId, from } = await begin()
    await apply('clinical.compare-listed', { runId, from, after: null, appointments, unreadable, next: null })
  }
  const handOver = async (to: ScheduleOwner, there: readonly Listed[] = []): Promise<void> => {
    expect(await hub.api.stores.scheduler.handOver(hub.tenantId, to, 'user:admin', now)).to.include({ is: 'started' })
    await mode('read-only')
    await compare(there)
    await mode('read-only')
    if (to === 'legacy-scheduler') await mode('open')
  }
  const appointment = (changes: Partial<ValueOf<typeof LegacyAppointment>> = {}): ValueOf<typeof LegacyAppointment> => ({
    ...{ legacyId: 'D-10001', revision: 1, visitId: null, status: 'booked', practitioner: 'Dr. Imani Reyes', ehrPatientId: null, byPeople: true },
    ...{ startsAt: '2026-02-09T16:00:00.000Z', endsAt: '2026-02-09T16:20:00.000Z' },
    ...changes,
  })
  const listed = ({ legacyId, revision, visitId, status, startsAt, endsAt, practitioner }: ReturnType<typeof appointment>): Listed => ({
    ...{ legacyId, revision, visitId, status, startsAt, endsAt, practitioner },
  })
  const visits = async () =>
    (await as((tx) => tx.query<{ id: string }>('SELECT id FROM clinical.appointments WHERE tenant_id = $1 ORDER BY created_at', [hub.tenantId]))).rows
  const visit = async (id: string) => as((tx) => findVisit(tx, id))

  it('keeps appointments here where nobody said anything, and lets the desk do everything', async () => {
    expect(await as(scheduleOwner)).to.deep.equal({ owner: 'hub', dualRun: false, handoverTo: null, mayChange: true, mayCreate: true })
    expect(await state()).to.include({ owner: 'hub', dualRun: false, connected: true })
    await newLink(hub)
    expect(await events('visit.mirror-due.v1')).to.deep.equal([])
  })

  it('hands them to the old scheduler: closed, compared, switched, opened', async () => {
    const { visitId } = await newLink(hub)
    await hub.api.stores.scheduler.handOver(hub.tenantId, 'legacy-scheduler', 'user:admin', now)
    expect(await as(scheduleOwner)).to.deep.include({ owner: 'hub', handoverTo: 'legacy-scheduler', mayChange: false, mayCreate: false })
    const [freeze] = await events('schedule.handover-step.v1')
    expect(freeze?.payload).to.include({ step: 'freeze', mode: 'read-only' })
    await mode('read-only')

    await compare([])
    expect(await differences()).to.have.length(1)
    expect((await differences())[0]).to.include({ kind: 'only-here', visitId })
    const [copy] = await events('visit.mirror-due.v1')
    expect(copy?.payload).to.include({ visitId, version: 1, legacyId: null })
    expect(await state()).to.include({ owner: 'hub' })

    await apply('clinical.record-mirrored', { is: 'copied', visitId, legacyId: 'D-10001', revision: 1, version: 1 })
    await compare([listed(appointment({ visitId }))])
    expect((await state()).handover, 'it is looked at once more').to.include({ phase: 'draining', comparisons: 2, differences: 0, switchedAt: null })
    await mode('read-only')
    expect((await state()).handover).to.include({ phase: 'thawing', comparisons: 2, differences: 0 })
    expect(await as(scheduleOwner)).to.deep.include({ owner: 'legacy-scheduler', mayChange: false })
    expect(await steps()).to.deep.include(['open', 3])
    await mode('open')
    expect((await state()).handover).to.include({ phase: 'done' })
    expect(await differences()).to.deep.equal([])
    const refused = await withTenant(hub.api.pool, hub.tenantId, 'user:desk', scheduleOwner)
    expect(refused).to.deep.include({ mayChange: false, mayCreate: false })
  })

  describe('while the old scheduler owns them', () => {
    beforeEach(async () => {
      await handOver('legacy-scheduler')
      await drainAll(hub, 'clinical', now)
    })

    it('makes a visit of an appointment, once however often it is taken, with whose chart it is', async () => {
      await Promise.all([1, 2, 3].map(() => apply('clinical.take-legacy', appointment({ ehrPatientId: 'pat-7' }))))
      const [only, ...more] = await visits()
      expect(more).to.deep.equal([])
      expect(await visit(only?.id ?? '')).to.include({ status: 'booked', practitioner: 'Dr. Imani Reyes' })
      const chart = await as((tx) => tx.query('SELECT 1 FROM clinical.appointments WHERE tenant_id = $1 AND chart_document_id IS NOT NULL', [hub.tenantId]))
      expect(chart.rowCount).to.equal(1)
    })

    it('follows it, and passes over what is older than what it knows', async () => {
      await apply('clinical.take-legacy', appointment())
      const [{ id } = { id: '' }] = await visits()
      await apply('clinical.take-legacy', appointment({ revision: 3, startsAt: '2026-02-10T16:00:00.000Z', endsAt: '2026-02-10T16:20:00.000Z' }))
      await apply('clinical.take-legacy', appointment({ revision: 2, status: 'cancelled' }))
      expect((await visit(id))?.startsAt.toISOString()).to.equal('2026-02-10T16:00:00.000Z')
      await apply(
        'clinical.take-legacy',
        appointment({ revision: 4, status: 'noshow', startsAt: '2026-02-10T16:00:00.000Z', endsAt: '2026-02-10T16:20:00.000Z' }),
      )
      expect(await visit(id)).to.include({ status: 'noshow', changedBy: 'legacy-scheduler' })
      const told = await events('visit.changed.v1')
      expect(told.map(({ payload }) => (payload as { change: string; by: string }).change)).to.have.members(['moved', 'no-show'])
    })

    it('makes no visit of one that was called off before we knew of it', async () => {
      await apply('clinical.take-legacy', appointment({ status: 'cancelled' }))
      expect(await visits()).to.deep.equal([])
    })

    it('asks for an entry of the feed only when it says something new', async () => {
      await apply('clinical.take-legacy', appointment({ revision: 2 }))
      const item = (revision: number) => ({
        ...{ itemId: randomUUID(), fileId: randomUUID(), index: 0, receivedAt: now.toISOString() },
        item: { is: 'appointment', legacyId: 'D-10001', revision },
      })
      for (const revision of [1, 2, 3]) await apply('clinical.note-legacy-item', item(revision))
      expect((await events('legacy.appointment-due.v1')).map(({ payload }) => payload)).to.deep.equal([{ legacyId: 'D-10001', revision: 3 }])
    })

    it('says what differs and since when, reads it again, and closes what no longer does', async () => {
      await apply('clinical.take-legacy', appointment())
      const moved = appointment({ revision: 2, startsAt: '2026-02-10T16:00:00.000Z', endsAt: '2026-02-10T16:20:00.000Z', practitioner: 'Dr. Ada Moss' })
      const unknown = appointment({ legacyId: 'D-10002' })
      await compare([listed(moved), listed(unknown)], ['D-10003'])
      const first = await differences()
      expect(first.map(({ kind }) => kind).sort()).to.deep.equal(['only-there', 'practitioner', 'time', 'unreadable-there'])
      expect((await events('legacy.appointment-due.v1')).length).to.equal(2)

      await compare([listed(moved), listed(unknown)], ['D-10003'])
      const second = await differences()
      expect(second.map(({ id, since }) => [id, since])).to.have.deep.members(first.map(({ id, since }) => [id, since]))
      expect(second.every(({ seenAt, since }) => seenAt > since)).to.equal(true)

      await apply('clinical.take-legacy', moved)
      await apply('clinical.take-legacy', unknown)
      await compare([listed(moved), listed(unknown)])
      expect(await differences()).to.deep.equal([])
    })

    it('puts nothing back that its people took away, and copies what was booked here', async () => {
      await hub.api.stores.scheduler.setDualRun(hub.tenantId, true, 'user:admin', now)
      await apply('clinical.take-legacy', appointment())
      const [{ id: gone } = { id: '' }] = await visits()
      const { visitId } = await newLink(hub)
      now = new Date(now.getTime() + 60 * secondMs)
      await drainAll(hub, 'clinical', now)
      await compare([])
      expect(new Set((await differences()).map(({ kind, visitId: id }) => `${kind} ${id}`))).to.deep.equal(
        new Set([`only-here ${gone}`, `only-here ${visitId}`]),
      )
      expect((await events('visit.mirror-due.v1')).map(({ payload }) => (payload as { visitId: string }).visitId)).to.deep.equal([visitId])
    })

    it('does not hand them back while anything of theirs is not here, and does once it is', async () => {
      await hub.api.stores.scheduler.handOver(hub.tenantId, 'hub', 'user:admin', now)
      await mode('read-only')
      await compare([listed(appointment())])
      expect(await state()).to.include({ owner: 'legacy-scheduler' })
      await apply('clinical.take-legacy', appointment())
      await compare([listed(appointment())])
      await mode('read-only')
      expect(await state()).to.include({ owner: 'hub' })
      expect((await state()).handover).to.include({ phase: 'done', differences: 0 })
      expect(await as(scheduleOwner)).to.include({ mayChange: true, mayCreate: true })
    })

    it('takes each step again without doing more', async () => {
      const first = await hub.api.stores.scheduler.handOver(hub.tenantId, 'hub', 'user:admin', now)
      const again = await hub.api.stores.scheduler.handOver(hub.tenantId, 'hub', 'user:admin', now)
      expect([first.is, again.is]).to.deep.equal(['started', 'running'])
      expect((await events('schedule.handover-step.v1')).length).to.equal(1)
      for (let n = 0; n < 2; n += 1) await mode('read-only', { asked: 1 })
      await compare([])
      for (let n = 0; n < 2; n += 1) await mode('read-only', { asked: 2 })
      const done = (await state()).handover
      await mode('read-only')
      expect((await state()).handover).to.deep.equal(done)
      expect(await hub.api.stores.scheduler.handOver(hub.tenantId, 'hub', 'user:admin', now)).to.deep.equal({ is: 'owner-already' })
    })

    it('gives up before the switch and opens it there again, also when the closing arrives after the opening', async () => {
      const started = await hub.api.stores.scheduler.handOver(hub.tenantId, 'hub', 'user:admin', now)
      const id = 'handoverId' in started ? started.handoverId : ''
      expect(await steps()).to.deep.equal([['read-only', 1]])
      expect(await hub.api.stores.scheduler.giveUp(hub.tenantId, id, 'user:admin', now)).to.equal('given-up')
      expect(await steps()).to.deep.equal([['open', 2]])
      await mode('open', { asked: 2 })
      expect(await state()).to.include({ owner: 'legacy-scheduler' })
      expect((await state()).handover).to.include({ phase: 'given-up', switchedAt: null })
      await mode('read-only', { handoverId: id, asked: 1 })
      expect(await steps(), 'closed by what came late, so it is opened once more').to.deep.equal([['open', 3]])
      await mode('open', { handoverId: id, asked: 3 })
      expect(await steps()).to.deep.equal([])
    })

    it('asks again after a no, says which, and can be ended by giving up twice', async () => {
      const started = await hub.api.stores.scheduler.handOver(hub.tenantId, 'hub', 'user:admin', now)
      const id = 'handoverId' in started ? started.handoverId : ''
      expect(await steps()).to.deep.equal([['read-only', 1]])
      await apply('clinical.record-legacy-refusal', { code: 'mode-locked' })
      expect((await state()).refused).to.deep.include({ code: 'mode-locked' })
      expect(await hub.engine.stores.scheduleRounds.due(now)).to.deep.equal([])
      now = new Date(now.getTime() + 31 * secondMs)
      expect(await hub.engine.stores.scheduleRounds.due(now)).to.deep.equal([hub.tenantId])
      expect(await hub.engine.stores.scheduleRounds.begin(hub.tenantId, { process: 'engine-1', now })).to.equal(true)
      expect(await steps()).to.deep.equal([['read-only', 2]])
      expect(await hub.engine.stores.scheduleRounds.due(now), 'once').to.deep.equal([])

      expect(await hub.api.stores.scheduler.giveUp(hub.tenantId, id, 'user:admin', now)).to.equal('given-up')
      expect((await state()).handover).to.include({ phase: 'thawing' })
      await apply('clinical.record-legacy-refusal', { code: 'mode-locked' })
      expect(await hub.api.stores.scheduler.giveUp(hub.tenantId, id, 'user:admin', now)).to.equal('given-up')
      expect((await state()).handover).to.include({ phase: 'given-up' })
      expect(await hub.api.stores.scheduler.handOver(hub.tenantId, 'hub', 'user:admin', now)).to.include({ is: 'started' })
    })

    it('asks again when nothing was heard of the opening', async () => {
      await hub.api.stores.scheduler.handOver(hub.tenantId, 'hub', 'user:admin', now)
      now = new Date(now.getTime() + 11 * 60 * secondMs)
      expect(await hub.engine.stores.scheduleRounds.due(now)).to.deep.equal([hub.tenantId])
      await hub.engine.stores.scheduleRounds.begin(hub.tenantId, { process: 'engine-1', now })
      expect(await steps()).to.deep.equal([
        ['read-only', 1],
        ['read-only', 2],
      ])
      await mode('read-only', { asked: 1 })
      expect((await state()).handover, 'the answer to the question of before').to.include({ phase: 'freezing' })
      await mode('read-only', { asked: 2 })
      expect((await state()).handover).to.include({ phase: 'draining' })
    })

    it('compares again when something was changed there after the comparing began, whoever let them', async () => {
      await hub.api.stores.scheduler.handOver(hub.tenantId, 'hub', 'user:admin', now)
      await mode('read-only', { lastChange: 7 })
      await compare([])
      await mode('read-only', { lastChange: 8 })
      expect(await state()).to.include({ owner: 'legacy-scheduler' })
      await compare([listed(appointment())])
      expect(await differences()).to.have.length(1)
      await apply('clinical.take-legacy', appointment())
      await compare([listed(appointment())])
      await mode('read-only', { lastChange: 8 })
      expect(await state()).to.include({ owner: 'hub' })
    })

    it('closes it again, and compares anew, when an opening of before arrives late', async () => {
      const { handoverId } = (await hub.api.stores.scheduler.handOver(hub.tenantId, 'hub', 'user:admin', now)) as { handoverId: string }
      await mode('read-only')
      await compare([])
      await drainAll(hub, 'clinical', now)
      await mode('open', { handoverId: randomUUID(), asked: 2 })
      expect((await state()).handover).to.include({ id: handoverId, phase: 'freezing' })
      expect(await steps()).to.deep.equal([['read-only', 3]])
      await mode('read-only', { asked: 2 })
      expect(await state(), 'the look of before says nothing any more').to.include({ owner: 'legacy-scheduler' })
      await mode('read-only', { asked: 3 })
      expect((await state()).handover).to.include({ phase: 'draining' })
    })
  })

  describe('with dual run, the hub owning them', () => {
    beforeEach(async () => {
      expect(await hub.api.stores.scheduler.setDualRun(hub.tenantId, true, 'user:admin', now)).to.equal('changed')
      expect(await hub.api.stores.scheduler.setDualRun(hub.tenantId, true, 'user:admin', now)).to.equal('same')
    })

    it('copies what is made and changed here, and nothing that a person there does comes in', async () => {
      const { visitId } = await newLink(hub)
      await withTenant(hub.api.pool, hub.tenantId, 'user:desk', (tx) =>
        changeVisit(tx, visitId, 1, { change: 'cancelled', reason: 'patient-asked' }, { now, process: 'api-1', traceparent: null }),
      )
      expect((await events('visit.mirror-due.v1')).map(({ payload }) => (payload as { version: number }).version)).to.have.members([1, 2])
      await apply('clinical.take-legacy', appointment())
      expect(await visits()).to.have.length(1)
    })

    it('reports a copy that was refused with its code, until it is taken', async () => {
      const { visitId } = await newLink(hub)
      await apply('clinical.record-mirrored', { is: 'refused', visitId, code: 'slot-taken' })
      await compare([])
      expect((await differences()).map(({ kind, code }) => [kind, code])).to.have.deep.members([
        ['only-here', null],
        ['refused-there', 'slot-taken'],
      ])
      await apply('clinical.record-mirrored', { is: 'copied', visitId, legacyId: 'D-1', revision: 1, version: 1 })
      await compare([listed(appointment({ legacyId: 'D-1', visitId }))])
      expect(await differences()).to.deep.equal([])
    })

    describe('that a person there changed a copy', () => {
      const moved = { revision: 3, startsAt: '2026-02-11T16:00:00.000Z', endsAt: '2026-02-11T16:40:00.000Z', practitioner: 'Dr. Ada Moss' }
      let visitId: string
      const decide = (id: string, counts: 'ours' | 'theirs', changes: { decisionId?: string; hereRevision?: number; thereRevision?: number } = {}) =>
        hub.api.stores.scheduler.decide(
          hub.tenantId,
          id,
          { decisionId: randomUUID(), counts, reason: 'people-there-say-so', hereRevision: 1, thereRevision: 3, ...changes },
          'user:admin',
          now,
        )
      const report = async () => {
        await apply('clinical.record-mirrored', { is: 'refused', visitId, code: 'changed-there' })
        await compare([listed(appointment({ visitId, ...moved }))])
        const found = (await differences()).find(({ kind }) => kind === 'changed-there')
        if (!found) throw new Error('it is not in the report')
        return found
      }
      const audits = async () =>
        (
          await hub.owner.query<{ action: string; actor: string; resource: string }>(
            `SELECT action, actor, resource FROM compliance.audit_logs WHERE tenant_id = $1 AND action LIKE 'schedule.%-counts'`,
            [hub.tenantId],
          )
        ).rows
      beforeEach(async () => {
        visitId = (await newLink(hub)).visitId
        await apply('clinical.record-mirrored', { is: 'copied', visitId, legacyId: 'D-10001', revision: 1, version: 1 })
        await drainAll(hub, 'clinical', now)
      })

      it('is shown with both sides, and writes nothing over it by itself', async () => {
        const one = await report()
        expect(one).to.deep.include({ decidable: true, there: { ...moved, status: 'booked' }, legacyId: 'D-10001' })
        expect(one.here).to.include({ revision: 1, status: 'booked', practitioner: (await visit(visitId))?.practitioner })
        for (const due of await events('visit.mirror-due.v1')) expect(due.payload).to.include({ revision: 1 })
      })

      it('ours counts: the copy follows, under the revision that was seen, once however often it is said', async () => {
        const { id } = await report()
        await drainAll(hub, 'clinical', now)
        const decisionId = randomUUID()
        const said = await Promise.all([1, 2, 3].map(() => decide(id, 'ours', { decisionId })))
        expect(said.sort()).to.deep.equal(['decided', 'same', 'same'])
        expect((await events('visit.mirror-due.v1')).map(({ payload }) => payload)).to.deep.equal([
          { visitId, intakeId: (await visit(visitId))?.intakeId, version: 1, legacyId: 'D-10001', revision: 3 },
        ])
        expect(await visit(visitId)).to.include({ revision: 1 })
        expect(await audits()).to.deep.equal([
          { action: 'schedule.ours-counts', actor: 'user:admin', resource: `visit:${visitId} there:D-10001 revision:3 people-there-say-so` },
        ])
        expect(await decide(id, 'theirs', { decisionId })).to.equal('decided-otherwise')
        expect(await decide(id, 'ours')).to.equal('decided-otherwise')
      })

      it('theirs counts: the visit becomes what it is there, is told, and nothing is copied back', async () => {
        const { id } = await report()
        await drainAll(hub, 'clinical', now)
        expect(await decide(id, 'theirs')).to.equal('decided')
        const now_ = await visit(visitId)
        expect(now_).to.include({ status: 'booked', practitioner: moved.practitioner, revision: 2, changedBy: 'legacy-scheduler' })
        expect([now_?.startsAt.toISOString(), now_?.endsAt.toISOString()]).to.deep.equal([moved.startsAt, moved.endsAt])
        const told = (await drainAll(hub, 'clinical', now)).map(({ envelope: { type, payload } }) => [type, (payload as { change?: string }).change])
        expect(told).to.deep.equal([['visit.changed.v1', 'moved']])
        await compare([listed(appointment({ visitId, ...moved }))])
        expect(await differences()).to.deep.equal([])
        expect((await audits()).map(({ action }) => action)).to.deep.equal(['schedule.theirs-counts'])
      })

      it('is decided about what was seen only: either side changed meanwhile refuses', async () => {
        const { id } = await report()
        expect(await decide(id, 'ours', { thereRevision: 2 })).to.equal('changed-meanwhile')
        await withTenant(hub.api.pool, hub.tenantId, 'user:desk', (tx) =>
          changeVisit(tx, visitId, 1, { change: 'cancelled', reason: 'patient-asked' }, { now, process: 'api-1', traceparent: null }),
        )
        expect(await decide(id, 'theirs')).to.equal('changed-meanwhile')
        expect(await visit(visitId)).to.include({ status: 'cancelled', changedBy: 'clinic' })
        expect(await audits()).to.deep.equal([])
        expect(await decide(id, 'ours', { hereRevision: 2 })).to.equal('decided')
      })

      it('comes back when it is changed there once more after the decision', async () => {
        const first = await report()
        expect(await decide(first.id, 'ours')).to.equal('decided')
        expect((await differences()).map(({ kind }) => kind)).to.not.include('changed-there')
        moved.revision = 4
        try {
          const again = await report()
          expect(again.id).to.not.equal(first.id)
          expect(again.there?.revision).to.equal(4)
        } finally {
          moved.revision = 3
        }
      })

      it('ends a handover that waits for it', async () => {
        await hub.api.stores.scheduler.handOver(hub.tenantId, 'legacy-scheduler', 'user:admin', now)
        await mode('read-only')
        const { id } = await report()
        expect((await state()).handover).to.include({ phase: 'draining' })
        expect((await state()).handover?.differences).to.be.greaterThan(0)
        expect(await decide(id, 'theirs')).to.equal('decided')
        await compare([listed(appointment({ visitId, ...moved }))])
        await mode('read-only')
        expect((await state()).handover).to.include({ phase: 'thawing', differences: 0 })
      })

      it('is no other kind, no other clinic’s, and none that is not there', async () => {
        await report()
        const other = (await differences()).find(({ kind }) => kind === 'time')
        expect(other).to.include({ decidable: false })
        expect(await decide(other?.id ?? '', 'ours')).to.equal('not-decidable')
        expect(await decide(randomUUID(), 'ours')).to.equal('not-found')
        const said = { decisionId: randomUUID(), counts: 'ours', reason: 'other', hereRevision: 1, thereRevision: 3 } as const
        expect(await hub.api.stores.scheduler.decide(hub.otherTenantId, other?.id ?? '', said, 'user:admin', now)).to.equal('not-found')
      })
    })

    it('sees who is to come behind any number of visits that were called off', async () => {
      const { visitId } = await newLink(hub)
      await hub.owner.query(
        `INSERT INTO clinical.appointments SELECT (jsonb_populate_record(a, jsonb_build_object('id', gen_random_uuid(), 'intake_id', gen_random_uuid(),
           'status', 'cancelled', 'starts_at', a.starts_at - interval '10 minutes'))).* FROM clinical.appointments a, generate_series(1, 1001)
         WHERE a.tenant_id = $1 AND a.id = $2`,
        [hub.tenantId, visitId],
      )
      await compare([])
      expect((await differences()).map(({ kind, visitId: id }) => [kind, id])).to.deep.equal([['only-here', visitId]])
    })

    it('takes the answer of a lost copy for its own only if it says what was written', async () => {
      const { visitId } = await newLink(hub)
      const changed = appointment({ visitId, revision: 2, startsAt: '2026-02-12T16:00:00.000Z', endsAt: '2026-02-12T16:20:00.000Z' })
      await compare([listed(changed)])
      await drainAll(hub, 'clinical', now)
      await compare([listed(changed)])
      for (const due of await events('visit.mirror-due.v1')) expect(due.payload, 'a revision that nobody here saw').to.include({ revision: null })
      expect((await differences()).map(({ kind }) => kind)).to.not.include('only-here')
    })

    it('takes what changed a moment ago for under way', async () => {
      const { runId, from } = await begin()
      const { visitId } = await newLink(hub)
      await as((tx) => tx.query('UPDATE clinical.appointments SET created_at = $2 WHERE tenant_id = $1', [hub.tenantId, now]))
      await apply('clinical.compare-listed', { runId, from, after: null, appointments: [], unreadable: [], next: null })
      expect(await differences()).to.deep.equal([])
      expect(new Set((await events('visit.mirror-due.v1')).map(({ payload }) => (payload as { visitId: string }).visitId))).to.deep.equal(new Set([visitId]))
    })

    it('compares page by page, and leaves alone a run that was given up', async () => {
      const { runId, from } = await begin()
      await apply('clinical.compare-listed', { runId, from, after: null, appointments: [], unreadable: [], next: 'D-10500' })
      expect((await events('schedule.compare-due.v1')).map(({ payload }) => payload)).to.deep.equal([{ runId, from, after: 'D-10500' }])
      await apply('clinical.compare-listed', { runId: randomUUID(), from, after: null, appointments: [listed(appointment())], unreadable: [], next: null })
      expect(await differences()).to.deep.equal([])
      expect((await state()).comparedAt).to.equal(null)
    })
  })

  it('has no change slip between the freeze and the comparison: it is before, or refused', async () => {
    const { visitId } = await newLink(hub)
    const wait = Promise.withResolvers<void>()
    const looked = Promise.withResolvers<void>()
    const change = withTenant(hub.api.pool, hub.tenantId, 'user:desk', async (tx) => {
      const { mayChange } = await scheduleOwner(tx)
      looked.resolve()
      await wait.promise
      await changeVisit(tx, visitId, 1, { change: 'cancelled', reason: 'patient-asked' }, { now, process: 'api-1', traceparent: null })
      return mayChange
    })
    await looked.promise
    let froze = false
    const frozen = hub.api.stores.scheduler.handOver(hub.tenantId, 'legacy-scheduler', 'user:admin', now).then(() => {
      froze = true
    })
    await new Promise((resolve) => setTimeout(resolve, 150))
    expect(froze, 'while a change is under way').to.equal(false)
    wait.resolve()
    expect(await change).to.equal(true)
    await frozen
    expect(await as(scheduleOwner)).to.include({ mayChange: false })
  })

  it('refuses where there is no old scheduler', async () => {
    expect(await hub.api.stores.scheduler.handOver(hub.otherTenantId, 'legacy-scheduler', 'user:admin', now)).to.deep.equal({ is: 'not-connected' })
    expect(await hub.api.stores.scheduler.setDualRun(hub.otherTenantId, true, 'user:admin', now)).to.equal('not-connected')
  })
})
