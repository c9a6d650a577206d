import { randomUUID } from 'node:crypto'
import { limits } from '@heliox/core/kit'
import type { LinkFacts } from '@heliox/core/ports'
import { expect } from 'chai'
import { newLink, openTestHub, photoWish, type TestHub } from '../fixtures.ts'

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
})
