import { randomUUID } from 'node:crypto'
import { limits } from '@heliox/core/kit'
import type { LinkFacts } from '@heliox/core/ports'
import { expect } from 'chai'
import { drainAll, newLink, openTestHub, photoWish, type TestHub } from '../fixtures.ts'

const hour = 3600
const day = 24 * hour

describe('what lies in quarantine', () => {
  let hub: TestHub
  let link: LinkFacts
  before(async () => {
    hub = await openTestHub()
  })
  after(() => hub.close())
  beforeEach(async () => {
    // What another test left has been taken away already.
    await hub.owner.query('UPDATE media.uploads SET quarantine_removed_at = requested_at')
    link = await newLink(hub)
    await drainAll(hub, 'media')
  })
  const later = (seconds: number): Date => new Date(hub.now.getTime() + seconds * 1000)
  const store = () => hub.engine.stores.quarantine
  const begin = async (): Promise<string> => {
    const id = randomUUID()
    await hub.api.stores.intake.requestUpload(link, photoWish(id, { bytes: 2_500 }), hub.now)
    return id
  }
  const quarantined = async (): Promise<string> => {
    const id = await begin()
    await hub.api.stores.intake.completeUpload(link, id, hub.now)
    return id
  }
  const refuse = async (id: string): Promise<void> => {
    await hub.owner.query("UPDATE media.uploads SET status = 'rejected', reason = 'unreadable' WHERE id = $1", [id])
  }
  const left = async (now: Date) => (await store().left(hub.tenantId, now)).map(({ uploadId }) => uploadId)

  it('is taken away once it was judged and no URL can put anything there any more, and then never again', async () => {
    const id = await quarantined()
    await refuse(id)
    expect(await store().tenants(later(limits.uploadUrlSecondsMax))).to.not.include(hub.tenantId)
    expect(await left(later(limits.uploadUrlSecondsMax))).to.deep.equal([])
    const after = later(limits.uploadUrlSecondsMax + 61)
    expect(await store().tenants(after)).to.include(hub.tenantId)
    expect(await store().left(hub.tenantId, after)).to.deep.equal([{ uploadId: id, quarantineKey: `q/${id}`, parts: 3 }])
    await store().removed(hub.tenantId, [id], after)
    expect(await left(after)).to.deep.equal([])
    expect(await store().tenants(after)).to.not.include(hub.tenantId)
  })

  it('stays while its URLs are renewed', async () => {
    const id = randomUUID()
    const { intake } = hub.api.stores
    await intake.requestUpload(link, photoWish(id), hub.now)
    await intake.requestUpload(link, photoWish(id), later(500))
    await intake.completeUpload(link, id, later(510))
    await refuse(id)
    expect(await left(later(700))).to.deep.equal([])
    expect(await left(later(500 + limits.uploadUrlSecondsMax + 61))).to.deep.equal([id])
  })

  it('stays as long as it can still be completed, and goes when it was never finished, without a word to anybody', async () => {
    const id = await begin()
    expect(await left(later(limits.uploadHoursMax * hour + 1))).to.deep.equal([])
    expect(await left(later((limits.uploadHoursMax + 1) * hour + 1))).to.deep.equal([id])
    expect(await store().expire(hub.tenantId, later(90 * day))).to.equal(0)
    expect(await drainAll(hub, 'media')).to.deep.equal([])
  })

  it('waits for a scanner, and is given up after so many days: refused, told, and taken away', async () => {
    const id = await quarantined()
    await drainAll(hub, 'media')
    const almost = later(limits.quarantineDaysMax * day)
    expect(await store().expire(hub.tenantId, almost)).to.equal(0)
    expect(await left(almost)).to.deep.equal([])
    const over = later(limits.quarantineDaysMax * day + 1)
    expect(await store().tenants(over)).to.include(hub.tenantId)
    expect(await store().expire(hub.tenantId, over)).to.equal(1)
    expect(await store().expire(hub.tenantId, over)).to.equal(0)
    const [told, ...more] = (await drainAll(hub, 'media', over)).filter(({ envelope }) => envelope.aggregateId === id)
    expect([told?.envelope.type, more.length]).to.deep.equal(['upload.rejected.v1', 0])
    expect(told?.envelope.payload).to.deep.include({ uploadId: id, outcome: 'rejected', reason: 'expired' })
    expect(await left(over)).to.deep.equal([id])
  })

  it('is of each clinic alone', async () => {
    await refuse(await quarantined())
    const after = later(day)
    expect(await store().left(hub.otherTenantId, after)).to.deep.equal([])
    const [own] = await left(after)
    await store().removed(hub.otherTenantId, [own ?? ''], after)
    expect(await left(after)).to.deep.equal([own])
  })
})
