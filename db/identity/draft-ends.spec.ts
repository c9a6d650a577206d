import { randomUUID } from 'node:crypto'
import { VisitContact } from '@heliox/core/identity'
import { limits } from '@heliox/core/kit'
import type { LinkFacts } from '@heliox/core/ports'
import { expect } from 'chai'
import { connectMessages, drainAll, newToken, openTestHub, photoWish, submission, submitMeta, type TestHub } from '../fixtures.ts'
import type { Stores } from '../stores.ts'

const contact = VisitContact.parse({ givenName: 'Ruth', familyName: 'Okafor', birthDate: '1981-04-09', phone: '+13125550100' })
const linkEndsAt = new Date('2026-02-10T00:00:00Z')
const weekLater = '2026-02-16T16:00:00.000Z'

describe('what leaves with a draft, and when', function () {
  this.timeout(60_000)
  let hub: TestHub
  let stores: Stores
  beforeEach(async () => {
    hub = await openTestHub()
    stores = hub.api.stores
    await connectMessages(hub)
  })
  afterEach(() => hub.close())
  const hour = 3_600_000
  const after = (moment: Date, ms = hour): Date => new Date(moment.getTime() + ms)

  interface Held {
    intakeId: string
    visitId: string
    proof: string
    link(now?: Date): Promise<LinkFacts>
  }
  async function typed(): Promise<Held> {
    const [token, tokenSha256] = newToken()
    const [, proof] = newToken()
    const details = { startsAt: '2026-02-09T16:00:00Z', minutes: 20, practitioner: 'Dr. Imani Reyes' }
    const made = await stores.clinic.createVisit(hub.tenantId, details, { token, tokenSha256, expiresAt: linkEndsAt }, 'user:desk', hub.now)
    if (typeof made === 'string') throw new Error(made)
    const link = async (now = hub.now): Promise<LinkFacts> => {
      const found = await stores.intake.findLink(tokenSha256, now, [proof])
      if (!found) throw new Error('the link was not found')
      return found
    }
    const saved = await stores.drafts.save(await link(), { data: { text: 'of Ruth' }, birthDate: '1981-04-09', contact }, 0, proof, hub.now)
    expect(saved).to.be.an('object')
    return { ...made, proof, link }
  }
  const draftOf = async (held: Held) => (await stores.drafts.read(await held.link(), hub.now)).draft?.data
  const move = ({ visitId }: Held, startsAt: string) => {
    const wish = { change: 'moved', startsAt: new Date(startsAt), endsAt: after(new Date(startsAt), 20 * 60_000) } as const
    return stores.visits.change(hub.tenantId, visitId, 1, wish, 'user:desk', hub.now)
  }
  const empty = (now: Date) => hub.engine.stores.endings.empty(hub.tenantId, now)

  it('stays with a visit that is moved to a later day, and ends with its link then', async () => {
    const held = await typed()
    expect(await move(held, weekLater)).to.be.an('object')
    await empty(after(linkEndsAt))
    expect(await draftOf(held)).to.deep.equal({ text: 'of Ruth' })
    expect((await stores.proofs.view(await held.link(), hub.now))?.to, 'and so does where a code can go').to.have.length(1)
    await empty(after(new Date(weekLater), 13 * 3_600_000))
    expect(await draftOf(held)).to.equal(undefined)
  })

  it('ends with its link, when the visit is moved to an earlier day', async () => {
    const held = await typed()
    expect(await move(held, '2026-02-04T16:00:00.000Z')).to.be.an('object')
    await empty(new Date('2026-02-05T05:00:00Z'))
    expect(await draftOf(held)).to.equal(undefined)
  })

  const photosOf = async ({ intakeId }: Held) => (await stores.clinic.uploads(hub.tenantId, intakeId)).map(({ id }) => id)
  async function photo(held: Held): Promise<string> {
    const id = randomUUID()
    await stores.intake.requestUpload(await held.link(), photoWish(id), hub.now)
    await stores.intake.completeUpload(await held.link(), id, hub.now)
    return id
  }
  async function scanned(held: Held): Promise<string> {
    const id = await photo(held)
    await judge(id)
    return id
  }
  async function judge(uploadId: string): Promise<void> {
    const completed = (await drainAll(hub, 'media')).find(({ envelope }) => envelope.aggregateId === uploadId)
    if (!completed) throw new Error('nobody was told of the photo')
    const picture = { sha256: 'a'.repeat(64), bytes: 10, widthPx: 5, heightPx: 5 }
    const photo = { quarantineSha256: 'b'.repeat(64), sourceType: 'image/jpeg', contentType: 'image/jpeg', clean: picture, thumb: picture }
    const verdict = { is: 'clean', cleanKey: `k/${uploadId}`, thumbKey: `k/${uploadId}.thumb`, photo }
    const step = { envelope: completed.envelope, flow: 'document-scan', version: 2, step: 'record', process: 'engine-1', now: hub.now }
    await hub.engine.stores.applies.apply('media.record-photo', { uploadId, verdict }, step)
  }

  it('is every photo of it: cleared, handed to somebody else, or ended', async () => {
    const ways: Record<string, (held: Held) => Promise<unknown>> = {
      cleared: async (held) => stores.drafts.clear(await held.link(), hub.now),
      'somebody else': (held) =>
        stores.contacts.save(hub.tenantId, held.visitId, { ...contact, givenName: 'Bert', familyName: 'Lund', birthDate: '1990-02-03' }, 'user:desk', hub.now),
      ended: () => empty(after(linkEndsAt)),
    }
    for (const [way, leave] of Object.entries(ways)) {
      const held = await typed()
      const [waiting, clean] = [await photo(held), await scanned(held)]
      expect([...(await photosOf(held))].sort(), way).to.deep.equal([waiting, clean].sort())
      expect(await stores.clinic.cleanUpload(hub.tenantId, clean)).to.equal('form-not-sent')
      await leave(held)
      expect(await photosOf(held), way).to.deep.equal([])
      expect(await stores.clinic.cleanUpload(hub.tenantId, clean), way).to.equal(undefined)
      expect(await stores.intake.upload(await held.link(), waiting), way).to.equal(undefined)
    }
  })

  it('is every photo also where no draft was kept, once the desk names somebody else, and none while the patient is the same', async () => {
    const [token, tokenSha256] = newToken()
    const details = { startsAt: '2026-02-09T16:00:00Z', minutes: 20, practitioner: 'Dr. Imani Reyes', contact }
    const made = await stores.clinic.createVisit(hub.tenantId, details, { token, tokenSha256, expiresAt: linkEndsAt }, 'user:desk', hub.now)
    if (typeof made === 'string') throw new Error(made)
    const link = await stores.intake.findLink(tokenSha256, hub.now)
    if (!link) throw new Error('the link was not found')
    const id = randomUUID()
    const put = async (): Promise<string[]> => {
      await stores.intake.requestUpload(link, photoWish(id), hub.now)
      await stores.intake.completeUpload(link, id, hub.now)
      return (await stores.clinic.uploads(hub.tenantId, made.intakeId)).map((one) => one.id)
    }
    const left = async (next: Partial<VisitContact> | null): Promise<number> => {
      await stores.contacts.save(hub.tenantId, made.visitId, next && { ...contact, ...next }, 'user:desk', hub.now)
      return (await stores.clinic.uploads(hub.tenantId, made.intakeId)).length
    }
    expect(await put()).to.deep.equal([id])
    expect([await left({ phone: '+13125550133' }), await left({ familyName: 'Lund' }), await left(null)]).to.deep.equal([1, 1, 1])
    expect(await left({ givenName: 'Bert', familyName: 'Moor', birthDate: '1990-02-03' }), 'nor by way of nobody').to.equal(0)
  })

  it('is no photo of a form that was sent, nor of another patient', async () => {
    const [held, other] = [await typed(), await typed()]
    const [own, theirs] = [await photo(held), await photo(other)]
    const body = { ...submission, uploadIds: [own] }
    expect(await stores.intake.submit(await held.link(), body, { ...submitMeta(), proofSha256s: [held.proof] }, hub.now)).to.equal('submitted')
    await stores.drafts.clear(await held.link(), hub.now)
    expect([await photosOf(held), await photosOf(other)]).to.deep.equal([[own], [theirs]])
    await empty(after(linkEndsAt))
    expect(await photosOf(held)).to.deep.equal([own])
  })

  it('cannot be sent with the next form, and takes no place there', async () => {
    const held = await typed()
    const former: string[] = []
    for (let n = 0; n < limits.uploadsPerIntakeMax; n += 1) former.push(await photo(held))
    expect(await stores.intake.requestUpload(await held.link(), photoWish(randomUUID()), hub.now)).to.equal('too-many')
    await stores.drafts.clear(await held.link(), hub.now)
    const own = await photo(held)
    await drainAll(hub, 'identity')
    expect(await stores.intake.submit(await held.link(), { ...submission, uploadIds: [...former.slice(1), own] }, submitMeta(), hub.now)).to.equal('submitted')
    const [sent] = (await drainAll(hub, 'identity')).filter(({ envelope }) => envelope.type === 'intake.submitted.v1')
    expect(sent?.envelope.payload).to.deep.include({ uploadIds: [own] })
  })

  it('is nothing that the desk opens; what was sent it does', async () => {
    const held = await typed()
    const id = await scanned(held)
    expect(await stores.clinic.cleanUpload(hub.tenantId, id)).to.equal('form-not-sent')
    expect((await stores.clinic.uploads(hub.tenantId, held.intakeId)).map(({ status }) => status)).to.deep.equal(['clean'])
    expect(
      await stores.intake.submit(await held.link(), { ...submission, uploadIds: [id] }, { ...submitMeta(), proofSha256s: [held.proof] }, hub.now),
    ).to.equal('submitted')
    expect(await stores.clinic.cleanUpload(hub.tenantId, id)).to.deep.include({ intakeId: held.intakeId, kind: 'card-front' })
  })

  it('is told to nobody when its scan ends later, and is taken away: first out of quarantine, then what a scan may have written', async () => {
    const held = await typed()
    const id = await photo(held)
    await stores.drafts.clear(await held.link(), hub.now)
    await judge(id)
    expect(await drainAll(hub, 'media')).to.deep.equal([])
    expect(await stores.clinic.cleanUpload(hub.tenantId, id)).to.equal(undefined)
    const { quarantine } = hub.engine.stores
    const later = after(hub.now)
    expect(await quarantine.tenants(later)).to.include(hub.tenantId)
    expect((await quarantine.left(hub.tenantId, later)).map(({ uploadId }) => uploadId)).to.deep.equal([id])
    expect(await quarantine.cleanLeft(hub.tenantId, later), 'a scan may still write').to.deep.equal([])
    await quarantine.removed(hub.tenantId, [id], later)
    expect(await quarantine.tenants(after(later, 1_000))).to.not.include(hub.tenantId)
    const last = after(later)
    expect(await quarantine.tenants(last)).to.include(hub.tenantId)
    expect(await quarantine.cleanLeft(hub.tenantId, last)).to.deep.equal([id])
    expect(await quarantine.cleanLeft(hub.otherTenantId, last)).to.deep.equal([])
    await quarantine.cleanRemoved(hub.tenantId, [id], last)
    expect(await quarantine.tenants(after(last))).to.not.include(hub.tenantId)
    expect(await quarantine.expire(hub.tenantId, after(last, limits.quarantineDaysMax * 24 * hour)), 'nor given up aloud').to.equal(0)
  })
})
