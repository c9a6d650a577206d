import { randomUUID } from 'node:crypto'
import { limits } from '@heliox/core/kit'
import type { LinkFacts, UploadWish } from '@heliox/core/ports'
import { expect } from 'chai'
import { drainAll, newLink, openTestHub, photoWish, type TestHub } from '../fixtures.ts'

describe('photos of one intake', () => {
  let hub: TestHub
  let link: LinkFacts
  before(async () => {
    hub = await openTestHub()
  })
  beforeEach(async () => {
    link = await newLink(hub)
  })
  after(() => hub.close())
  const later = (seconds: number): Date => new Date(hub.now.getTime() + seconds * 1000)
  async function ask(now: Date): Promise<string | 'too-many'> {
    const id = randomUUID()
    const stored = await hub.api.stores.intake.requestUpload(link, photoWish(id), now)
    return stored === 'too-many' ? stored : id
  }
  const askAll = async (now: Date): Promise<string[]> => {
    const ids: string[] = []
    for (let i = 0; i < limits.uploadsPerIntakeMax; i += 1) ids.push(await ask(now))
    return ids
  }

  it('gives the place of a photo that never arrived to another one as soon as its URL has ended', async () => {
    expect(await askAll(hub.now)).to.not.include('too-many')
    expect(await ask(later(limits.uploadUrlSecondsMax - 1))).to.equal('too-many')
    expect(await ask(later(limits.uploadUrlSecondsMax))).to.not.equal('too-many')
  })

  it('never takes more photos that did arrive than it says', async () => {
    for (const id of await askAll(hub.now)) expect(await hub.api.stores.intake.completeUpload(link, id, hub.now)).to.equal('ok')
    expect(await ask(later(24 * 3600))).to.equal('too-many')
  })

  it('does not hand out tickets for ever', async () => {
    const rounds = limits.uploadTicketsPerIntakeMax / limits.uploadsPerIntakeMax
    for (let round = 0; round < rounds; round += 1) expect(await askAll(later(round * limits.uploadUrlSecondsMax))).to.not.include('too-many')
    expect(await ask(later(rounds * limits.uploadUrlSecondsMax))).to.equal('too-many')
  })

  it('goes on with the upload of the same file, and takes another one for another', async () => {
    const { intake } = hub.api.stores
    const wish = photoWish(randomUUID(), { bytes: 2_500 })
    const again = (over: Partial<UploadWish>, now: Date) => intake.requestUpload(link, { ...wish, id: randomUUID(), quarantineKey: 'q/other', ...over }, now)
    const begun = await intake.requestUpload(link, wish, hub.now)
    expect(begun).to.deep.include({ begun: true })
    const resumed = await again({}, later(300))
    expect(resumed).to.deep.equal({ ...(begun as object), begun: false })
    for (const other of [{ sha256: 'f'.repeat(64) }, { kind: 'card-back' as const }, { bytes: 2_501 }, { contentType: 'image/png' }, { partBytes: 500 }])
      expect(await again(other, later(300)), JSON.stringify(other)).to.deep.include({ begun: true })
    const elsewhere = await intake.requestUpload(await newLink(hub), { ...wish, id: randomUUID() }, hub.now)
    expect(elsewhere, 'another patient’s').to.deep.include({ begun: true })
  })

  it('keeps the place of a photo whose sending goes on, and begins it anew when that took too long', async () => {
    const { intake } = hub.api.stores
    const wish = photoWish(randomUUID())
    await intake.requestUpload(link, wish, hub.now)
    const late = later(limits.uploadHoursMax * 3600)
    expect(await intake.requestUpload(link, { ...wish, id: randomUUID() }, late)).to.deep.include({ begun: true })
    expect(await intake.completeUpload(link, wish.id, late), 'its parts may be gone').to.equal('not-found')
    expect((await intake.upload(link, wish.id))?.status).to.equal('expected')
  })

  it('tells the flow of how many parts a photo is, and the hash of the whole', async () => {
    const wish = photoWish(randomUUID(), { bytes: 2_500 })
    await drainAll(hub, 'media')
    await hub.api.stores.intake.requestUpload(link, wish, hub.now)
    await hub.api.stores.intake.completeUpload(link, wish.id, hub.now)
    const [told] = await drainAll(hub, 'media')
    expect(told?.envelope.payload).to.deep.include({ quarantineKey: wish.quarantineKey, parts: { count: 3, bytes: 2_500, sha256: wish.sha256 } })
  })
})
