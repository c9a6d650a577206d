import { randomUUID } from 'node:crypto'
import { expect } from 'chai'
import { drainAll, newLink } from '../fixtures.ts'
import { withTenant } from '../tenancy.ts'
import {
  apply,
  appointment,
  as,
  begin,
  besideOldScheduler,
  compare,
  differences,
  events,
  hub,
  listed,
  mode,
  now,
  state,
  visit,
  visits,
} from './schedule-testing.ts'
import { changeVisit } from './visit-changes.ts'

describe('beside the old scheduler with dual run, the hub owning the appointments', function () {
  this.timeout(60_000)
  besideOldScheduler()
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
