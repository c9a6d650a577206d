import { VisitContact } from '@heliox/core/identity'
import type { LinkFacts } from '@heliox/core/ports'
import { expect } from 'chai'
import { connectMessages, drainAll, newLink, newToken, openTestHub, submission, submitMeta, type TestHub } from '../fixtures.ts'
import { fetchContacts, openContact } from '../identity/contacts.ts'
import { addressKey, reachOf } from '../identity/reach.ts'
import { withTenant } from '../tenancy.ts'
import { beginReminders } from './reminders.ts'

const [first, second] = ['+13125550142', '+13125550177']
const typed = VisitContact.parse({ givenName: 'Ruth', familyName: 'Okafor', birthDate: '1981-04-09', phone: first, email: 'r@example.org' })

/** Who wants no messages is found by keys beside the sealed contact: they must be those of the very number that is written to. */
describe('how a patient is reached who told it themselves', function () {
  this.timeout(60_000)
  let hub: TestHub
  beforeEach(async () => {
    hub = await openTestHub()
    await connectMessages(hub)
  })
  afterEach(() => hub.close())

  const asEngine = <T>(work: Parameters<typeof withTenant<T>>[3]): Promise<T> => withTenant(hub.engine.pool, hub.tenantId, 'service:engine-1', work)
  /** What the browser keeps of its first save. */
  let browser = ''
  const save = (link: LinkFacts, contact: VisitContact | null) => {
    browser = newToken()[1]
    return hub.api.stores.drafts.save(link, { data: {}, birthDate: null, contact }, 0, browser, hub.now)
  }
  async function send(link: LinkFacts, phone: string, email: string | null): Promise<void> {
    const body = { ...submission, answers: { ...submission.answers, phone, email } }
    expect(await hub.api.stores.intake.submit(link, body, { ...submitMeta(), proofSha256s: [browser] }, hub.now)).to.equal('submitted')
  }
  /** What is asked by, and what it should be asked by. */
  async function keys({ intakeId, visitId }: LinkFacts) {
    return asEngine(async (tx) => {
      const reach = await reachOf(tx, intakeId, hub.now, true)
      const [sealed] = await fetchContacts(tx, [visitId], 'test', hub.now, true)
      const contact = sealed && (await openContact(hub.engine.vault, hub.tenantId, sealed))
      const key = (channel: 'sms' | 'mail', address: string | null | undefined) =>
        address ? addressKey(hub.engine.vault, hub.tenantId, channel, address) : null
      return {
        asked: [reach?.phoneKey, reach?.mailKey, reach?.language],
        right: [await key('sms', contact?.phone), await key('mail', contact?.email), contact?.language ?? 'en'],
        phone: contact?.phone,
      }
    })
  }
  /** As the engine takes what is asked for. */
  async function askCode(link: LinkFacts, channel: 'sms' | 'mail' = 'sms'): Promise<string[]> {
    expect(await hub.api.stores.proofs.sendCode(link, channel, hub.now)).to.have.property('expiresAt')
    const asked = (await drainAll(hub, 'identity')).filter(({ envelope }) => envelope.type === 'intake.code-asked.v1')
    expect(asked).to.have.length(1)
    for (const { envelope } of asked) {
      const step = { envelope, flow: 'message-code', version: 1, step: 'plan', process: 'engine-1', now: hub.now }
      await hub.engine.stores.applies.apply('messaging.plan-code', envelope.payload, step)
    }
    const view = await hub.api.stores.messages.ofVisit(hub.tenantId, link.intakeId, hub.now)
    return (view?.messages ?? []).map(({ kind, channel, status, reason }) => [kind, channel, status, reason].join(' '))
  }

  it('follows the number of the form, not the one of the draft before it', async () => {
    const link = await newLink(hub)
    expect(await save(link, typed)).to.be.an('object')
    const before = await keys(link)
    expect(before.asked).to.deep.equal(before.right)
    await send(link, second, null)
    const after = await keys(link)
    expect(after.phone).to.equal(second)
    expect(after.asked).to.deep.equal(after.right)
    expect(after.asked[1], 'the mailbox that was taken out').to.equal(null)
  })

  it('is known from the form alone, so that a code goes out', async () => {
    const link = await newLink(hub)
    await send(link, first, 'r@example.org')
    const sent = await keys(link)
    expect(sent.asked).to.deep.equal(sent.right)
    expect(await askCode(link)).to.deep.equal(['code sms requested '])
  })

  it('is looked up when a code is asked for and no key is kept', async () => {
    const link = await newLink(hub)
    await send(link, first, null)
    await hub.owner.query('UPDATE identity.visit_contacts SET phone_key = NULL WHERE visit_id = $1', [link.visitId])
    expect(await askCode(link)).to.deep.equal(['code sms requested '])
  })

  it('keeps no key of what was emptied', async () => {
    const [cleared, ended] = [await newLink(hub), await newLink(hub)]
    for (const link of [cleared, ended]) await save(link, typed)
    await hub.api.stores.drafts.clear(cleared, hub.now)
    expect(await hub.engine.stores.endings.empty(hub.tenantId, new Date('2026-02-10T00:00:00Z'))).to.equal(1)
    const left = await hub.owner.query(
      `SELECT count(*)::int AS n FROM identity.visit_contacts WHERE sealed IS NULL AND phone_key IS NULL AND mail_key IS NULL AND match_mac IS NULL`,
    )
    expect(left.rows).to.deep.equal([{ n: 2 }])
  })

  it('writes to nobody at an address that was typed and not sent; only the code goes there', async () => {
    const link = await newLink(hub)
    await save(link, typed)
    const kept = async () => (await asEngine((tx) => reachOf(tx, link.intakeId, hub.now)))?.phoneKey
    expect(await kept()).to.equal(null)
    expect((await hub.api.stores.messages.ofVisit(hub.tenantId, link.intakeId, hub.now))?.channels).to.deep.equal({
      ...{ sms: { is: 'no-address' }, mail: { is: 'no-address' } },
    })
    expect(await askCode(link)).to.deep.equal(['code sms requested '])
    const due = new Date(Date.parse('2026-02-09T16:00:00Z') - 70 * 3_600_000)
    const at = { now: due, process: 'engine-1', traceparent: null }
    expect((await asEngine((tx) => beginReminders(tx, 100, at))).count).to.equal(0)
    await hub.api.stores.contacts.save(hub.tenantId, link.visitId, typed, 'user:desk', hub.now)
    expect(await kept(), 'once the clinic has said it').to.be.a('string')
    expect((await asEngine((tx) => beginReminders(tx, 100, at))).count).to.equal(1)
  })
})
