import { proofLimits, VisitContact } from '@heliox/core/identity'
import type { LinkFacts } from '@heliox/core/ports'
import { expect } from 'chai'
import { connectMessages, newToken, openTestHub, submission, submitMeta, type TestHub } from '../fixtures.ts'
import type { Stores } from '../stores.ts'

const contact = VisitContact.parse({ givenName: 'Ruth', familyName: 'Okafor', birthDate: '1981-04-09', phone: '+13125550100' })

describe('who is known at a link whose form was sent or cleared', function () {
  this.timeout(60_000)
  let hub: TestHub
  let stores: Stores
  before(async () => {
    hub = await openTestHub()
    stores = hub.api.stores
    await connectMessages(hub)
  })
  after(() => hub.close())

  interface Held {
    intakeId: string
    visitId: string
    link(proofs?: string[], now?: Date): Promise<LinkFacts>
  }
  async function booked(of: VisitContact | null = null): Promise<Held> {
    const [token, tokenSha256] = newToken()
    const details = { startsAt: '2026-02-09T16:00:00Z', minutes: 20, practitioner: 'Dr. Imani Reyes', ...(of ? { contact: of } : {}) }
    const made = await stores.clinic.createVisit(
      hub.tenantId,
      details,
      { token, tokenSha256, expiresAt: new Date('2026-02-10T00:00:00Z') },
      'user:desk',
      hub.now,
    )
    if (typeof made === 'string') throw new Error(made)
    return {
      ...made,
      link: async (proofs = [], now = hub.now) => {
        const found = await stores.intake.findLink(tokenSha256, now, proofs)
        if (!found) throw new Error('the link was not found')
        return found
      },
    }
  }
  const proofAt = async (held: Held, proofs: string[], now = hub.now) => (await held.link(proofs, now)).proof
  async function send(link: LinkFacts, over: { key?: string; memberId?: string; proofs?: string[] } = {}) {
    const [, browser] = newToken()
    const { memberId = submission.answers.memberId, proofs = [] } = over
    const body = { ...submission, answers: { ...submission.answers, memberId } }
    const outcome = await stores.intake.submit(link, body, { ...submitMeta(over.key), proofSha256s: proofs, browserSha256: browser }, hub.now)
    return { outcome, browser }
  }
  async function prove(held: Held): Promise<string> {
    const shown = await stores.proofs.showCode(hub.tenantId, held.intakeId, 'user:desk', hub.now)
    if (shown === 'not-found') throw new Error(shown)
    const [, proof] = newToken()
    const { outcome } = await stores.proofs.prove(await held.link(), { birthDate: '1981-04-09', code: shown.code }, proof, hub.now)
    expect(outcome).to.equal('proved')
    return proof
  }
  const saved = async (held: Held, seen: number, proofs: string[] = []): Promise<string> => {
    const [, proof] = newToken()
    expect(await stores.drafts.save(await held.link(proofs), { data: {}, birthDate: null }, seen, proof, hub.now)).to.be.an('object')
    return proof
  }
  const patients = async () => (await hub.owner.query<{ n: number }>('SELECT count(*)::int AS n FROM identity.patients')).rows[0]?.n

  it('is the browser that sent it, though nobody was named and nothing was saved before, and nobody else', async () => {
    const held = await booked()
    expect(await proofAt(held, [])).to.equal('not-asked')
    const { outcome, browser } = await send(await held.link())
    expect(outcome).to.equal('submitted')
    expect([await proofAt(held, []), await proofAt(held, [newToken()[1]]), await proofAt(held, [browser])]).to.deep.equal(['asked', 'asked', 'given'])
    const over = new Date(hub.now.getTime() + proofLimits.proofHours * 3_600_000)
    expect(await proofAt(held, [browser], over), 'not for ever').to.equal('asked')
    expect((await stores.proofs.view(await held.link(), hub.now))?.to, 'whoever comes later can have a code').to.deep.equal([{ channel: 'sms', masked: '…00' }])
  })

  it('is the browser that repeats it, whose first answer was lost, and at most so many', async () => {
    const held = await booked()
    const key = submitMeta().idempotencyKey
    const link = await held.link()
    expect((await send(link, { key })).outcome).to.equal('submitted')
    const repeats: string[] = []
    for (let n = 0; n < proofLimits.proofsMax + 2; n += 1) {
      const { outcome, browser } = await send(await held.link(), { key })
      expect(outcome).to.equal('replayed')
      repeats.push(browser)
    }
    const known = await Promise.all(repeats.map((browser) => proofAt(held, [browser])))
    expect(known.at(-1)).to.equal('given')
    expect(known.filter((proof) => proof === 'given').length).to.equal(proofLimits.proofsMax)
  })

  it('is not who knows the key and not the form, nor who sends another form', async () => {
    const held = await booked()
    const key = submitMeta().idempotencyKey
    await send(await held.link(), { key })
    for (const [over, expected] of [
      [{ key, memberId: 'HX00000' }, 'conflict'],
      [{}, 'closed'],
    ] as const) {
      const { outcome, browser } = await send(await held.link(), over)
      expect(outcome).to.equal(expected)
      expect(await proofAt(held, [browser])).to.equal('asked')
    }
  })

  it('takes no form from a browser that has proved nothing, once the link asks for it', async () => {
    const held = await booked()
    const before = await patients()
    const early = await held.link()
    await stores.contacts.save(hub.tenantId, held.visitId, contact, 'user:desk', hub.now)
    expect((await send(early)).outcome).to.equal('proof-needed')
    expect(await patients()).to.equal(before)
    const proof = await prove(held)
    expect((await send(await held.link([proof]), { proofs: [proof] })).outcome).to.equal('submitted')
    expect(await proofAt(held, [proof])).to.equal('given')
  })

  it('takes no form from a browser whose proof ended after its link was looked up', async () => {
    const held = await booked(contact)
    const proof = await prove(held)
    const early = await held.link([proof])
    await stores.contacts.save(hub.tenantId, held.visitId, { ...contact, givenName: 'Rita', birthDate: '1990-02-03' }, 'user:desk', hub.now)
    const before = await patients()
    expect((await send(early, { proofs: [proof] })).outcome).to.equal('proof-needed')
    expect(await patients()).to.equal(before)
  })

  it('is nobody after clearing, where the clinic named nobody: what is typed next is not for who typed before', async () => {
    const held = await booked()
    const former = await saved(held, 0)
    await stores.drafts.clear(await held.link([former]), hub.now)
    expect(await proofAt(held, [former])).to.equal('not-asked')
    const next = await saved(held, 2)
    expect([await proofAt(held, [former]), await proofAt(held, [next])]).to.deep.equal(['asked', 'given'])
  })

  it('ends the code that was out when a link opens again', async () => {
    const held = await booked()
    const former = await saved(held, 0)
    const shown = await stores.proofs.showCode(hub.tenantId, held.intakeId, 'user:desk', hub.now)
    if (shown === 'not-found') throw new Error(shown)
    await stores.drafts.clear(await held.link([former]), hub.now)
    await saved(held, 2)
    const tried = await stores.proofs.prove(await held.link(), { birthDate: null, code: shown.code }, newToken()[1], hub.now)
    expect(tried.outcome).to.equal('ended')
  })

  it('stays known after clearing, where the clinic named them', async () => {
    const held = await booked(contact)
    const proof = await prove(held)
    await saved(held, 0, [proof])
    await stores.drafts.clear(await held.link([proof]), hub.now)
    expect(await proofAt(held, [proof])).to.equal('given')
  })
})
