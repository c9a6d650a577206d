import { randomUUID } from 'node:crypto'
import { expect } from 'chai'
import { newToken, submitMeta } from '../fixtures.ts'
import { formOf, type MessageWorld, noon, openMessages, phone } from './messages-testing.ts'

const [right, mailbox] = ['+13125550177', 'canary.own@example.org']

/** The desk named somebody, and the form that they sent says how to reach them. */
describe('how a patient is reached whom the desk had named', function () {
  this.timeout(60_000)
  let world: MessageWorld
  beforeEach(async () => {
    world = await openMessages()
  })
  afterEach(() => world.hub.close())
  type Booked = Awaited<ReturnType<MessageWorld['book']>>

  async function news({ intakeId }: Booked): Promise<void> {
    const aboutId = randomUUID()
    const input = { intakeId, template: 'eligibility-changed', aboutId }
    await world.apply('messaging.message-notice', input, { ...world.envelopeOf('x.v1', input, noon), id: aboutId, rootId: aboutId }, noon)
    await world.run(noon)
  }
  const sent = () => world.sent.map(({ channel, to, language }) => [channel, to, language].join(' '))
  async function agreeToTexts({ intakeId }: Booked): Promise<void> {
    await world.hub.owner.query(
      `INSERT INTO compliance.consents (tenant_id, id, intake_id, patient_id, text_id, text_sha256, signature_document_id, signed_at)
       SELECT tenant_id, gen_random_uuid(), $2, gen_random_uuid(), id, sha256, gen_random_uuid(), $3 FROM compliance.consent_texts
       WHERE tenant_id = $1 AND kind::text = 'sms' AND language = 'en' LIMIT 1`,
      [world.hub.tenantId, intakeId, noon],
    )
  }
  const contactOf = async ({ visitId }: Booked) =>
    (await world.hub.api.stores.contacts.read(world.hub.tenantId, [visitId], 'test', 'user:desk', noon)).get(visitId)
  async function save(visit: Booked, over: { phone: string }): Promise<void> {
    const contact = await contactOf(visit)
    if (!contact) throw new Error('no contact')
    expect(await world.hub.api.stores.contacts.save(world.hub.tenantId, visit.visitId, { ...contact, ...over }, 'user:desk', noon)).to.equal('saved')
  }

  it('is by the number that they put right, as they agreed to for that one', async () => {
    const visit = await world.book({ smsAllowed: true })
    await world.submit(visit, noon, formOf(right))
    await agreeToTexts(visit)
    await news(visit)
    expect(sent()).to.deep.equal([`sms ${right} en`])
  })

  it('is not by text to another number on the word that the desk was given of the first; of the same number it stays', async () => {
    const [other, same] = [await world.book({ smsAllowed: true }), await world.book({ smsAllowed: true })]
    await world.submit(other, noon, formOf(right))
    await world.submit(same, noon)
    for (const visit of [other, same]) await news(visit)
    expect(sent()).to.deep.equal([`sms ${phone} en`])
    expect(await contactOf(other)).to.include({ phone: right, smsAllowed: false })
    expect(await contactOf(same)).to.include({ phone, smsAllowed: true })
  })

  it('is by the mailbox that only the form tells, where they want no texts', async () => {
    const visit = await world.book()
    await world.submit(visit, noon, formOf(phone, { email: mailbox }))
    await news(visit)
    expect(sent()).to.deep.equal([`mail ${mailbox} en`])
  })

  it('is by the mailbox that the desk knows, where the form tells none, and in the language that the form was filled in', async () => {
    const visit = await world.book({ email: 'canary.desk@example.org' })
    await world.submit(visit, noon, formOf(phone, { language: 'es' }))
    await news(visit)
    expect(sent()).to.deep.equal(['mail canary.desk@example.org es'])
  })

  it('stays with the name and birth date that the desk gave, which later proofs ask for', async () => {
    const visit = await world.book({ birthDate: '1990-02-03' })
    const { proofs, intake } = world.hub.api.stores
    const prove = async (birthDate: string) => {
      const link = await intake.findLink(visit.tokenSha256, noon)
      const shown = await proofs.showCode(world.hub.tenantId, visit.intakeId, 'user:desk', noon)
      if (!link || shown === 'not-found') throw new Error('no link')
      const [, browser] = newToken()
      const { outcome } = await proofs.prove(link, { birthDate, code: shown.code }, browser, noon)
      return { link, outcome, browser }
    }
    const { link, outcome, browser } = await prove('1990-02-03')
    expect(outcome).to.equal('proved')
    const form = formOf(right, { email: mailbox })
    expect(await intake.submit(link, form, { ...submitMeta(), proofSha256s: [browser] }, noon)).to.equal('submitted')
    expect(await contactOf(visit)).to.include({ givenName: 'Canaryna', familyName: 'Me', birthDate: '1990-02-03', phone: right, email: mailbox })
    expect((await prove(form.answers.birthDate)).outcome).to.equal('wrong')
    expect((await prove('1990-02-03')).outcome).to.equal('proved')
    // A code goes where the person is reached who proved themselves and sent the form.
    expect((await proofs.view(link, noon))?.to.map(({ masked }) => masked)).to.include('…77')
  })

  it('is what the desk says once it says something after the form', async () => {
    const visit = await world.book({ givenName: 'Ruth', familyName: 'Okafor' })
    await world.submit(visit, noon, formOf(right, { email: mailbox }))
    await save(visit, { phone: '+13125550188' })
    expect(await contactOf(visit)).to.include({ givenName: 'Ruth', phone: '+13125550188', email: mailbox })
    await news(visit)
    expect(sent()).to.deep.equal([`mail ${mailbox} en`])
    await agreeToTexts(visit)
    await news(visit)
    expect(sent()[1]).to.equal('sms +13125550188 en')
  })

  it('is not changed by somebody who has the link and proved nothing', async () => {
    const visit = await world.book({ smsAllowed: true })
    const link = await world.hub.api.stores.intake.findLink(visit.tokenSha256, noon)
    if (!link) throw new Error('no link')
    const before = await contactOf(visit)
    for (const proofSha256s of [[], [newToken()[1]]])
      expect(await world.hub.api.stores.intake.submit(link, formOf(right), { ...submitMeta(), proofSha256s }, noon)).to.equal('proof-needed')
    expect(await contactOf(visit)).to.deep.equal(before)
    await news(visit)
    expect(sent()).to.deep.equal([`sms ${phone} en`])
  })
})
