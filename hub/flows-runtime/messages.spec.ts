import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { VisitContact } from '@heliox/core/identity'
import type { MessageView } from '@heliox/core/ports'
import { demoMessaging } from '@heliox/db/seed/connections'
import { expect } from 'chai'
import { type HubStack, startHubStack } from './testing/hub-stack.ts'
import { startProcess, type TestProcess } from './testing/process.ts'

const simToken = 'sim-token-messages'
const accountSid = 'AC018f3c0000007000800000000000de30'

/** Messages through a real engine, a real database and bus, and the simulators of both partners. Needs TEST_DATABASE_URL. */
describe('hub/flows-runtime, messages', function () {
  this.timeout(240_000)
  let hub: HubStack
  let engine: TestProcess
  let phones: TestProcess
  let inbox: TestProcess

  before(async () => {
    hub = await startHubStack()
    phones = await startProcess('adapters/twilio/sim/main.ts', { SIM_TOKEN: simToken, SIM_ACCOUNT_SID: accountSid, SIM_NUMBERS: '{"+13125550142":""}' })
    inbox = await startProcess('adapters/mail/sim/main.ts', { SIM_TOKEN: simToken })
    const { smtp } = inbox.ready as unknown as { smtp: { host: string; port: number } }
    const places = {
      twilio: { url: phones.ready.url, apiKeySecret: simToken, webhookToken: 'f'.repeat(32) },
      mail: { ...smtp, password: simToken },
    }
    for (const [adapterId, { config, secrets }] of Object.entries(demoMessaging(places, { slug: 'lakeside', name: 'Lakeside Clinic' })))
      await hub.stores.connectionAdmin.save(hub.tenantId, adapterId, config, secrets, 'user:admin', new Date(0), { isCalled: adapterId === 'twilio' })
  })
  after(async () => {
    await Promise.all([phones, inbox].map((sim) => sim?.kill('SIGKILL')))
    await hub?.close()
  })
  afterEach(() => engine?.kill('SIGKILL'))

  let made = 0
  async function book(contact: Partial<VisitContact> = {}) {
    made += 1
    const token = randomBytes(32).toString('base64url')
    const startsAt = '2040-01-02T15:00:00Z'
    const person = VisitContact.parse({
      givenName: 'Canaryna',
      familyName: `Person${made}`,
      birthDate: '1951-07-03',
      phone: `+1312555${2000 + made}`,
      ...contact,
    })
    const details = { startsAt, minutes: 20, practitioner: 'Dr. Canary Oncologist', contact: person }
    const link = { token, tokenSha256: createHash('sha256').update(token).digest('hex'), expiresAt: new Date('2040-01-02T15:20:00Z') }
    const visit = await hub.stores.clinic.createVisit(hub.tenantId, details, link, 'user:desk', new Date())
    if (typeof visit === 'string') throw new Error(visit)
    return { ...visit, token, phone: person.phone ?? '', email: person.email ?? '' }
  }
  const send = (intakeId: string) =>
    hub.stores.messages.send(hub.tenantId, intakeId, { kind: 'invitation', channel: 'auto', atOnce: true }, `user:${randomUUID()}`, new Date())
  async function until(intakeId: string, good: (message: MessageView) => boolean, withinMs = 60_000): Promise<MessageView> {
    const deadlineMs = performance.now() + withinMs
    for (;;) {
      const [message] = (await hub.stores.messages.ofVisit(hub.tenantId, intakeId, new Date()))?.messages ?? []
      if (message && good(message)) return message
      if (performance.now() > deadlineMs) throw new Error(`still ${JSON.stringify(message)}\n${engine.output().slice(-4_000)}`)
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
  const seen = async (sim: TestProcess, to: string): Promise<{ body?: string; text?: string; html?: string; subject?: string }[]> => {
    const answer = await fetch(new URL(`/_sim/messages?to=${encodeURIComponent(to)}`, sim.ready.url))
    return ((await answer.json()) as { messages: [] }).messages
  }

  it('sends a text and a mail that carry the link, and nothing else of the patient', async () => {
    engine = await hub.startEngine()
    const byText = await book()
    const byMail = await book({ phone: null, email: 'canary.person@example.org', language: 'de' })
    for (const { intakeId } of [byText, byMail]) {
      expect((await send(intakeId)).is).to.equal('sent')
      await until(intakeId, ({ status }) => status === 'sent' || status === 'delivered')
    }
    const texts = await seen(phones, byText.phone)
    const mails = await seen(inbox, byMail.email)
    expect([texts.length, mails.length]).to.deep.equal([1, 1])
    expect(texts[0]?.body)
      .to.contain(`http://hub.example/i/${byText.token}`)
      .and.match(/^Lakeside Clinic: please fill in your form before your visit on /)
    expect(mails[0]?.text).to.contain(`http://hub.example/i/${byMail.token}`)
    expect(mails[0]?.subject).to.match(/^Lakeside Clinic: vor Ihrem Termin am /)
    const all = JSON.stringify([texts, mails.map(({ text, html, subject }) => [text, html, subject])])
    const log = engine.output()
    expect(log.length).to.be.above(100)
    for (const canary of ['Canaryna', 'Person1', 'Person2', '1951', 'Oncologist']) for (const where of [all, log]) expect(where).not.to.contain(canary)
    for (const secret of [byText.phone, byText.phone.slice(2), byMail.email, byText.token, byMail.token]) expect(log).not.to.contain(secret)
    const leaked = await hub.count(
      `SELECT count(*) AS n FROM (SELECT payload::text AS row FROM messaging.outbox UNION ALL SELECT payload::text FROM clinical.outbox
         UNION ALL SELECT payload::text FROM identity.outbox UNION ALL SELECT m::text FROM messaging.messages m UNION ALL SELECT a::text FROM compliance.audit_logs a
         UNION ALL SELECT e.staff_text FROM messaging.overrides e) r
       WHERE row LIKE '%Canaryna%' OR row LIKE '%' || $1 || '%' OR row LIKE '%' || $2 || '%' OR row LIKE '%' || $3 || '%'`,
      [byText.phone.slice(1), byMail.email, byText.token],
    )
    expect(leaked).to.equal(0)
  })

  it('does not send twice when it is killed between the partner’s answer and the record: the next engine asks, and finds it', async () => {
    engine = await hub.startEngine({ HUB_BARRIER: 'partner-answered@message' })
    const { intakeId, phone } = await book()
    await send(intakeId)
    expect((await engine.ended()).signal).to.equal('SIGKILL')
    expect(await seen(phones, phone)).to.have.length(1)
    engine = await hub.startEngine()
    const message = await until(intakeId, ({ status }) => status === 'sent' || status === 'delivered', 120_000)
    expect(message.channel).to.equal('sms')
    expect(await seen(phones, phone)).to.have.length(1)
  })
})
