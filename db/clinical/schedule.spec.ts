import { randomUUID } from 'node:crypto'
import { expect } from 'chai'
import { drainAll, newLink } from '../fixtures.ts'
import { withTenant } from '../tenancy.ts'
import { scheduleOwner } from './schedule-owner.ts'
import {
  apply,
  appointment,
  as,
  besideOldScheduler,
  compare,
  differences,
  events,
  handOver,
  hub,
  later,
  listed,
  mode,
  now,
  secondMs,
  state,
  steps,
  visit,
  visits,
} from './schedule-testing.ts'
import { changeVisit } from './visit-changes.ts'

describe('beside the old scheduler', function () {
  this.timeout(60_000)
  besideOldScheduler()

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

    it('takes nothing from an appointment that names another patient there, ends the link of the former one, and tells a person', async () => {
      const take = (revision: number, ehrPatientId: string | null, changes: object = {}) =>
        apply('clinical.take-legacy', appointment({ revision, ehrPatientId, ...changes }))
      await take(1, null)
      const [{ id } = { id: '' }] = await visits()
      await take(2, 'pat-7')
      const seen = async () => {
        const revoked = await hub.owner.query<{ is: boolean }>(
          'SELECT s.revoked_at IS NOT NULL AS is FROM identity.intake_sessions s JOIN clinical.appointments a ON a.intake_id = s.id WHERE a.id = $1',
          [id],
        )
        const open = await hub.owner.query<{ is: string }>(`SELECT partner || ' ' || kind::text AS is FROM messaging.incidents WHERE closed_at IS NULL`)
        return [(await visit(id))?.status, revoked.rows[0]?.is, open.rows.map(({ is }) => is)]
      }
      expect(await seen(), 'that somebody is named at last is no change of who').to.deep.equal(['booked', false, []])
      const another = ['booked', true, ['legacy-scheduler appointment-of-another']]
      await take(3, 'pat-8', { status: 'cancelled' })
      expect(await seen()).to.deep.equal(another)
      await take(4, 'pat-8', { status: 'noshow' })
      expect(await seen(), 'still another’s').to.deep.equal(another)
      expect((await hub.api.stores.visits.find(hub.tenantId, id))?.ofAnother).to.equal(true)
      await take(5, 'pat-7', { status: 'cancelled' })
      expect(await seen(), 'ours again').to.deep.equal(['cancelled', true, []])
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
      later(60 * secondMs)
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
      later(31 * secondMs)
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
      later(11 * 60 * secondMs)
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
