import { randomUUID } from 'node:crypto'
import type { BulkSelection, StartBulkRelease } from '@heliox/core/messaging'
import type { BulkRelease, MayBeReleased } from '@heliox/core/ports'
import { expect } from 'chai'
import { openTestHub, type TestHub } from '../fixtures.ts'
import { withTenant } from '../tenancy.ts'
import { bulkReleasesAtWork, type MakeDecision, takeBulkTurns } from './bulk-turns.ts'
import { makeDecision } from './decisions.ts'

const byOps = `user:${randomUUID()}`
const byOther = `user:${randomUUID()}`
const may: MayBeReleased = () => true
const hour = 3_600_000

describe('bulk releases', () => {
  let hub: TestHub
  before(async () => {
    hub = await openTestHub()
  })
  after(() => hub.close())
  afterEach(async () => {
    await hub.owner.query(`UPDATE messaging.decisions SET state = 'carried-out', ended_at = $1 WHERE state IN ('proposed', 'scheduled')`, [hub.now])
    await hub.owner.query(
      `UPDATE messaging.overrides SET status = 'resolved', resolution = 'drop', reason = 'other', resolved_by = 'service:test', resolved_at = $1 WHERE status = 'open'`,
      [hub.now],
    )
    await hub.owner.query(`UPDATE messaging.bulk_releases SET status = 'finished', finished_at = $1 WHERE status <> 'finished'`, [hub.now])
  })
  const later = (ms: number): Date => new Date(hub.now.getTime() + ms)

  interface Held {
    payerId?: string
    cause?: string
    owner?: string
    visitAt?: Date | null
    claimedBy?: string
    tenantId?: string
  }
  /** So many open items; soonest visits last, so that the order of rows is not the order of visits. */
  async function items(count: number, of: Held = {}): Promise<string[]> {
    const ids = Array.from({ length: count }, () => randomUUID())
    const claimed = of.claimedBy?.split(':')[1] ?? null
    await hub.owner.query(
      `INSERT INTO messaging.overrides (tenant_id, id, root_id, flow, flow_version, step, cause, owner, staff_text, attempts, envelope, opened_at, payer_id, visit_at,
         claimed_by, claimed_until)
       SELECT $1, id, gen_random_uuid(), 'eligibility', 3, 'ask payer', $3::messaging.hold_cause, $4::messaging.hold_owner, 'No answer.', 4, '{}', $5, $6,
         $7::timestamptz - position * interval '1 minute', $8, CASE WHEN $8::uuid IS NULL THEN NULL ELSE $5::timestamptz + interval '10 minutes' END
       FROM unnest($2::uuid[]) WITH ORDINALITY AS held (id, position)`,
      [
        of.tenantId ?? hub.tenantId,
        ids,
        of.cause ?? 'unavailable',
        of.owner ?? 'ops',
        hub.now,
        of.payerId ?? 'HELIO1',
        of.visitAt === undefined ? later(48 * hour) : of.visitAt,
        claimed,
      ],
    )
    return ids
  }
  const wish = (of: Partial<StartBulkRelease> = {}): StartBulkRelease => ({
    bulkReleaseId: randomUUID(),
    action: 'retry',
    selection: { payerId: 'HELIO1' },
    ratePerMinute: 600,
    reason: 'partner-is-back',
    note: 'Helio answers again, says CANARY-88.',
    ...of,
  })
  const api = () => hub.api.stores.bulkReleases
  const start = async (of: Partial<StartBulkRelease> = {}, actor = byOps): Promise<BulkRelease> => {
    const started = await api().start(hub.tenantId, wish(of), may, actor, hub.now)
    if (typeof started === 'string') throw new Error(started)
    return started
  }
  const turns = (now: Date, tenantId = hub.tenantId): Promise<number> => hub.engine.stores.bulkTurns.takeTurns(tenantId, now)
  const find = async (id: string): Promise<BulkRelease> => {
    const found = await api().find(hub.tenantId, id)
    if (!found) throw new Error('not there')
    return found
  }
  /** Turns every half second until nothing waits. */
  async function runOut(id: string, from = hub.now): Promise<BulkRelease> {
    for (let ms = 0; ms < 600_000; ms += 500) {
      await turns(new Date(from.getTime() + ms))
      const release = await find(id)
      if (release.status === 'finished') return release
    }
    throw new Error('it did not end')
  }
  const decisionsOf = async (overrideIds: readonly string[]): Promise<{ overrideId: string; by: string; release: string | null }[]> => {
    const found = await hub.owner.query<{ overrideId: string; by: string; release: string | null }>(
      `SELECT override_id AS "overrideId", decided_by::text AS by, bulk_release_id AS release FROM messaging.decisions WHERE override_id = ANY ($1)`,
      [overrideIds],
    )
    return found.rows
  }
  const resolve = (id: string): Promise<unknown> =>
    hub.owner.query(
      `UPDATE messaging.overrides SET status = 'resolved', resolution = 'drop', reason = 'other', resolved_by = 'service:test', resolved_at = $2 WHERE id = $1`,
      [id, hub.now],
    )

  describe('the dry run', () => {
    const releases = async (): Promise<number | null> => (await hub.owner.query('SELECT 1 FROM messaging.bulk_releases')).rowCount

    it('says how many, for which visits, and who is left out; and changes nothing', async () => {
      const before = await releases()
      const soon = await items(3, { visitAt: later(24 * hour) })
      await items(2, { visitAt: null })
      await items(1, { claimedBy: byOther })
      await items(4, { payerId: 'SLOWB4' })
      const [forbidden] = await items(1)
      const but: MayBeReleased = (item) => item.overrideId !== forbidden
      const { plan, sample } = await api().plan(hub.tenantId, { action: 'retry', selection: { payerId: 'HELIO1' } }, but, byOps, hub.now)
      expect(plan).to.deep.equal({
        items: 5,
        skipped: { claimed: 1, decided: 0, resolved: 0, 'not-allowed': 1 },
        more: false,
        soonestVisitAt: later(24 * hour - 3 * 60_000).toISOString(),
        visitsByDay: [
          { day: '2026-02-03', items: 3 },
          { day: null, items: 2 },
        ],
      })
      expect(sample.slice(0, 3)).to.deep.equal([...soon].reverse())
      expect(sample).to.have.length(5)
      expect(await releases()).to.equal(before)
    })

    it('takes what a person claimed for themselves', async () => {
      await items(1, { claimedBy: byOps })
      const { plan } = await api().plan(hub.tenantId, { action: 'drop', selection: { payerId: 'HELIO1' } }, may, byOps, hub.now)
      expect(plan.items).to.equal(1)
    })

    for (const [selection, count] of [
      [{ cause: 'timeout' }, 2],
      [{ owner: 'clinic' }, 3],
      [{ cause: 'timeout', owner: 'clinic' }, 0],
      [{ flow: 'ehr-writeback' }, 0],
      [{ flow: 'eligibility', payerId: 'HELIO1' }, 6],
      [{ incidentId: randomUUID() }, 0],
    ] as const satisfies readonly (readonly [BulkSelection, number])[]) {
      it(`finds by ${Object.entries(selection).join(' and ').replaceAll(',', ' ')}`, async () => {
        await items(2, { cause: 'timeout' })
        await items(3, { owner: 'clinic' })
        await items(1)
        await items(1, { tenantId: hub.otherTenantId, cause: 'timeout' })
        await items(2, { payerId: 'DUALS5', cause: 'contract' })
        expect((await api().plan(hub.tenantId, { action: 'retry', selection }, may, byOps, hub.now)).plan.items).to.equal(count)
      })
    }
  })

  describe('the start', () => {
    it('is one, however often it is clicked at the same time', async () => {
      const ids = await items(30)
      const same = wish()
      const started = await Promise.all([1, 2, 3, 4].map(() => api().start(hub.tenantId, same, may, byOps, hub.now)))
      for (const one of started) expect(one).to.deep.include({ id: same.bulkReleaseId, status: 'running', startedBy: byOps })
      expect((await hub.owner.query('SELECT 1 FROM messaging.bulk_release_items WHERE release_id = $1', [same.bulkReleaseId])).rowCount).to.equal(30)
      expect((await hub.owner.query(`SELECT 1 FROM compliance.audit_logs WHERE resource LIKE $1`, [`bulk-release:${same.bulkReleaseId}%`])).rowCount).to.equal(
        1,
      )
      await runOut(same.bulkReleaseId)
      expect(await decisionsOf(ids)).to.have.length(30)
      // Nothing is left to take, and still the click of long ago has its answer.
      expect(await api().start(hub.tenantId, same, may, byOps, hub.now)).to.deep.include({ id: same.bulkReleaseId, status: 'finished' })
    })

    it('is refused under an id that stands for something else, and for nothing at all', async () => {
      await items(2)
      const first = wish()
      await api().start(hub.tenantId, first, may, byOps, hub.now)
      expect(await api().start(hub.tenantId, { ...first, action: 'drop' }, may, byOps, hub.now)).to.equal('conflict')
      expect(await api().start(hub.tenantId, { ...first, selection: { cause: 'unavailable' } }, may, byOps, hub.now)).to.equal('conflict')
      expect(await api().start(hub.tenantId, first, may, byOther, hub.now)).to.equal('conflict')
      expect(await api().start(hub.tenantId, wish({ selection: { payerId: 'NOBODY' } }), may, byOps, hub.now)).to.equal('empty')
    })

    it('keeps the note sealed', async () => {
      await items(1)
      const { id } = await start()
      const rows = await hub.owner.query(
        'SELECT r.*, d.sealed FROM messaging.bulk_releases r JOIN identity.phi_documents d ON d.id = r.note_document_id WHERE r.id = $1',
        [id],
      )
      expect(rows.rowCount).to.equal(1)
      expect(JSON.stringify(rows.rows)).to.not.contain('CANARY-88')
    })

    it('is nobody else’s to see, stop or work at', async () => {
      await items(3)
      const { id } = await start()
      expect(await api().find(hub.otherTenantId, id)).to.equal(undefined)
      expect(await api().stop(hub.otherTenantId, id, byOther, hub.now)).to.equal('not-found')
      expect(await turns(later(hour), hub.otherTenantId)).to.equal(0)
      expect((await api().list(hub.otherTenantId, { limit: 50 })).items).to.deep.equal([])
      expect(await hub.engine.stores.bulkTurns.tenants()).to.deep.equal([hub.tenantId])
    })
  })

  describe('the turns', () => {
    it('go to soonest visits first, at the rate, in the name of who started it', async () => {
      const ids = (await items(10)).reverse()
      const { id, endsAt } = await start({ ratePerMinute: 60 })
      expect(endsAt).to.equal(later(9_000).toISOString())
      expect([await turns(hub.now), await turns(later(900)), await turns(later(1_000)), await turns(later(2_100))]).to.deep.equal([1, 0, 1, 1])
      const made = await decisionsOf(ids)
      expect(made.map(({ overrideId }) => overrideId)).to.have.members(ids.slice(0, 3))
      for (const { by, release } of made) expect([`user:${by}`, release]).to.deep.equal([byOps, id])
      expect((await find(id)).progress).to.include({ total: 10, waiting: 7, decided: 3 })
    })

    it('are each item’s once, with four engines at it and two releases of the same items', async () => {
      const ids = await items(120)
      const first = await start()
      const second = await start({}, byOther)
      for (let ms = 0; ms <= 30_000; ms += 500) await Promise.all([1, 2, 3, 4].map(() => turns(later(ms))))
      const made = await decisionsOf(ids)
      expect(new Set(made.map(({ overrideId }) => overrideId)).size).to.equal(120)
      expect(made).to.have.length(120)
      const [one, two] = [await find(first.id), await find(second.id)]
      expect([one.status, two.status]).to.deep.equal(['finished', 'finished'])
      expect(one.progress.decided + two.progress.decided).to.equal(120)
      expect(one.progress.skipped.decided + two.progress.skipped.decided).to.equal(120)
    })

    it('leave alone what somebody took, decided or resolved meanwhile, and use up no turn for it', async () => {
      const [free = '', resolved = '', decided = '', claimed = ''] = await items(4)
      const { id } = await start({ ratePerMinute: 1 })
      await hub.owner.query('UPDATE messaging.overrides SET claimed_by = $2, claimed_until = $3 WHERE id = $1', [claimed, byOther.split(':')[1], later(hour)])
      await withTenant(hub.engine.pool, hub.tenantId, byOther, (tx) =>
        makeDecision(
          tx,
          { decisionId: randomUUID(), overrideId: decided, action: 'drop', reason: 'other', noteDocumentId: randomUUID(), bulkReleaseId: randomUUID() },
          hub.now,
        ),
      )
      await resolve(resolved)
      expect(await turns(hub.now)).to.equal(1)
      expect(await decisionsOf([claimed, resolved])).to.deep.equal([])
      expect((await decisionsOf([free])).map(({ release }) => release)).to.deep.equal([id])
      const { status, progress } = await find(id)
      expect([status, progress.waiting, progress.decided, progress.skipped]).to.deep.equal([
        'finished',
        0,
        1,
        { claimed: 1, decided: 1, resolved: 1, 'not-allowed': 0 },
      ])
    })

    it('decide all or nothing of one commit: an engine that dies in it has done nothing', async () => {
      const ids = await items(6)
      const { id } = await start()
      let made = 0
      const dies: MakeDecision = async (tx, about, now) => {
        made += 1
        if (made === 2) throw new Error('killed')
        return makeDecision(tx, about, now)
      }
      const attempt = withTenant(hub.engine.pool, hub.tenantId, byOps, (tx) => takeBulkTurns(tx, id, dies, later(60_000)))
      expect(await attempt.catch((error: Error) => error.message)).to.equal('killed')
      expect(await decisionsOf(ids)).to.deep.equal([])
      expect((await find(id)).progress).to.include({ waiting: 6, decided: 0 })
      await runOut(id)
      expect(await decisionsOf(ids)).to.have.length(6)
    })

    it('count what became of the decisions', async () => {
      const ids = await items(5)
      const { id } = await start()
      await runOut(id)
      expect((await find(id)).progress).to.include({ decided: 5, carriedOut: 0, refused: 0 })
      const end = (overrideId: string | undefined, state: string, why: string | null): Promise<unknown> =>
        hub.owner.query(
          'UPDATE messaging.decisions SET state = $2::messaging.decision_state, refused_why = $3::messaging.refused_why, ended_at = $4 WHERE override_id = $1',
          [overrideId, state, why, hub.now],
        )
      await end(ids[0], 'carried-out', null)
      await end(ids[1], 'carried-out', null)
      await end(ids[2], 'refused', 'already-resolved')
      await turns(later(1_000))
      await turns(later(2_000))
      expect((await find(id)).progress).to.include({ decided: 5, carriedOut: 2, refused: 1 })
      await end(ids[3], 'undone', null)
      await end(ids[4], 'carried-out', null)
      await turns(later(3_000))
      expect((await find(id)).progress).to.include({ decided: 5, carriedOut: 3, refused: 2 })
      const left = await withTenant(hub.engine.pool, hub.tenantId, 'service:engine-1', (tx) => bulkReleasesAtWork(tx, later(4_000)))
      expect(left).to.deep.equal([])
      expect(await hub.engine.stores.bulkTurns.tenants()).to.deep.equal([])
    })
  })

  describe('the stop', () => {
    it('leaves every item whose turn has not come as it was, and goes on only when told', async () => {
      const ids = await items(10)
      const { id } = await start({ ratePerMinute: 60 })
      await turns(hub.now)
      await turns(later(1_000))
      const stopped = await api().stop(hub.tenantId, id, byOther, later(1_500))
      expect(stopped).to.deep.include({ status: 'stopped', changedBy: byOther, endsAt: null })
      expect(await api().stop(hub.tenantId, id, byOps, later(1_600))).to.deep.include({ changedBy: byOther })
      expect(await turns(later(hour))).to.equal(0)
      expect(await decisionsOf(ids)).to.have.length(2)
      const resumed = await api().resume(hub.tenantId, id, byOther, later(hour))
      expect(resumed).to.deep.include({ status: 'running', endsAt: later(hour + 7_000).toISOString() })
      // At its rate again, whatever was missed meanwhile; and in the name of who said so.
      expect([await turns(later(hour)), await turns(later(hour + 500))]).to.deep.equal([1, 0])
      expect((await runOut(id, later(hour + 1_000))).progress).to.include({ waiting: 0, decided: 10 })
      const made = await decisionsOf(ids)
      expect(made.filter(({ by }) => `user:${by}` === byOther)).to.have.length(8)
      expect(await api().stop(hub.tenantId, id, byOps, later(2 * hour))).to.equal('finished')
      expect(await api().resume(hub.tenantId, id, byOps, later(2 * hour))).to.equal('finished')
      const audited = await hub.owner.query<{ action: string }>(`SELECT action FROM compliance.audit_logs WHERE resource LIKE $1 ORDER BY at`, [
        `bulk-release:${id}%`,
      ])
      expect(audited.rows.map(({ action }) => action)).to.deep.equal(['bulk-release.start', 'bulk-release.stop', 'bulk-release.resume'])
    })

    it('wins or waits: a turn that is being taken is whole before it', async () => {
      const ids = await items(40)
      const { id } = await start()
      await Promise.all([turns(later(60_000)), api().stop(hub.tenantId, id, byOps, hub.now), turns(later(60_000))])
      const { progress, status } = await find(id)
      expect(status).to.equal('stopped')
      expect(await decisionsOf(ids)).to.have.length(progress.decided)
    })
  })

  it('are listed newest first, in pages, and by state', async () => {
    await items(3)
    const ids: string[] = []
    for (let i = 0; i < 3; i += 1) {
      const started = await api().start(hub.tenantId, wish(), may, byOps, later(hour + i * 1_000))
      if (typeof started !== 'string') ids.unshift(started.id)
    }
    const first = await api().list(hub.tenantId, { status: 'running', limit: 2 })
    expect(first.items.map(({ id }) => id)).to.deep.equal(ids.slice(0, 2))
    const next = await api().list(hub.tenantId, { status: 'running', limit: 2, cursor: first.nextCursor ?? '' })
    expect(next.items.map(({ id }) => id)).to.deep.equal(ids.slice(2))
    expect(next.nextCursor).to.equal(null)
  })
})
