import { randomUUID } from 'node:crypto'
import { expect } from 'chai'
import { drainAll, newLink } from '../fixtures.ts'
import { apply, appointment, as, besideOldScheduler, compare, hub, later, listed, mode, now, secondMs, visit } from './schedule-testing.ts'
import { changeVisit } from './visit-changes.ts'

describe('what the chart says of a visit while appointments change hands', function () {
  this.timeout(60_000)
  besideOldScheduler()

  const seen = (visitId: string, more: object) => ({
    ...{ itemId: randomUUID(), fileId: randomUUID(), index: 0, receivedAt: now.toISOString() },
    item: { is: 'appointment', visitId, status: 'booked', startsAt: null, endsAt: null, versionId: '2', updatedAt: now.toISOString(), ...more },
  })
  const hear = (visitId: string, more: object) => apply('clinical.take-appointment', seen(visitId, more))
  const round = () => hub.engine.stores.scheduleRounds.begin(hub.tenantId, { process: 'engine-1', now })
  const due = async () => (await hub.engine.stores.scheduleRounds.due(now)).includes(hub.tenantId)
  /** What the round told once more, and the flow took. */
  async function retold(): Promise<number> {
    const rows = (await drainAll(hub, 'messaging', now)).filter(({ envelope }) => envelope.type === 'ehr.appointment-seen.v1')
    for (const { envelope } of rows) await apply('clinical.take-appointment', envelope.payload)
    return rows.length
  }
  const conflicts = async () =>
    (await hub.owner.query(`SELECT about_id FROM messaging.incidents WHERE kind = 'visit-conflict' AND status = 'open'`)).rows.map((row) => row.about_id)
  const giveUp = async () => {
    const handoverId = (await hub.api.stores.scheduler.state(hub.tenantId)).handover?.id ?? ''
    expect(await hub.api.stores.scheduler.giveUp(hub.tenantId, handoverId, 'user:admin', now)).to.equal('given-up')
  }
  const handOver = () => hub.api.stores.scheduler.handOver(hub.tenantId, 'legacy-scheduler', 'user:admin', now)

  it('is taken when it is over and the hub keeps them', async () => {
    const { visitId } = await newLink(hub)
    await handOver()
    await hear(visitId, { status: 'cancelled' })
    expect(await conflicts(), 'nobody has to do anything').to.deep.equal([])
    expect(await visit(visitId)).to.include({ status: 'booked', ehrVersion: null })
    await giveUp()
    expect(await due()).to.equal(true)
    expect(await round()).to.equal(true)
    expect(await retold()).to.equal(1)
    expect(await visit(visitId)).to.include({ status: 'cancelled', changedBy: 'ehr' })
    later(60 * secondMs)
    await round()
    expect([await retold(), await due()], 'told once, and nothing is compared for it').to.deep.equal([0, false])
  })

  it('is for a person when the old scheduler keeps them by then', async () => {
    const { visitId } = await newLink(hub)
    await handOver()
    await hear(visitId, { status: 'cancelled' })
    await mode('read-only')
    await apply('clinical.record-mirrored', { is: 'copied', visitId, legacyId: 'D-10001', revision: 1, version: 1 })
    await compare([listed(appointment({ visitId }))])
    await mode('read-only')
    await mode('open')
    later(secondMs)
    await round()
    expect(await retold()).to.equal(1)
    expect(await conflicts()).to.deep.equal([visitId])
    expect((await visit(visitId))?.status).to.equal('booked')
  })

  it('is the newest that it said, also when the older word comes later, and a later change', async () => {
    const { visitId } = await newLink(hub)
    await handOver()
    const [startsAt, endsAt] = ['2026-02-12T16:00:00.000Z', '2026-02-12T16:20:00.000Z']
    await hear(visitId, { startsAt, endsAt, versionId: '4', updatedAt: new Date(now.getTime() + 5_000).toISOString() })
    await hear(visitId, { status: 'cancelled', versionId: '3' })
    await giveUp()
    await round()
    expect(await retold()).to.equal(1)
    expect(await visit(visitId)).to.deep.include({ status: 'booked', startsAt: new Date(startsAt), ehrVersion: '4' })
  })

  it('does not undo what the desk did between the end of the handover and its turn', async () => {
    const { visitId } = await newLink(hub)
    await handOver()
    await hear(visitId, { status: 'cancelled' })
    await giveUp()
    const wish = { change: 'moved', startsAt: new Date('2026-02-12T16:00:00Z'), endsAt: new Date('2026-02-12T16:20:00Z') } as const
    await as((tx) => changeVisit(tx, visitId, 1, wish, { now, process: 'api-1', traceparent: null }))
    await round()
    await retold()
    expect((await visit(visitId))?.status).to.equal('booked')
    expect(await conflicts()).to.deep.equal([visitId])
  })
})
