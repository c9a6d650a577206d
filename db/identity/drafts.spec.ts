import { DraftData, draftLimits, VisitContact } from '@heliox/core/identity'
import { canonicalJson } from '@heliox/core/kit'
import type { LinkFacts } from '@heliox/core/ports'
import { expect } from 'chai'
import { connectMessages, newToken, openTestHub, submission, submitMeta, type TestHub } from '../fixtures.ts'
import type { Stores } from '../stores.ts'
import { withTenant } from '../tenancy.ts'
import { fetchContacts, openContact } from './contacts.ts'
import { draftPlace, openDraft } from './sealed-draft.ts'

const contact = VisitContact.parse({ givenName: 'Ruth', familyName: 'Okafor', birthDate: '1981-04-09', phone: '+13125550100' })
const later = (now: Date, seconds: number): Date => new Date(now.getTime() + seconds * 1000)

describe('what a patient has typed so far, and sent before', function () {
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
    sha256: string
    visitId: string
    intakeId: string
    /** What a browser keeps once it is known. */
    proof: string
    link(withProof?: boolean): Promise<LinkFacts>
  }
  async function booked(of: VisitContact | null = null, now = hub.now): Promise<Held> {
    const [token, sha256] = newToken()
    const details = { startsAt: '2026-02-09T16:00:00Z', minutes: 20, practitioner: 'Dr. Imani Reyes', ...(of ? { contact: of } : {}) }
    const made = await stores.clinic.createVisit(
      hub.tenantId,
      details,
      { token, tokenSha256: sha256, expiresAt: new Date('2026-02-10T00:00:00Z') },
      'user:desk',
      now,
    )
    if (typeof made === 'string') throw new Error(made)
    const [, proof] = newToken()
    const link = async (withProof = true): Promise<LinkFacts> => {
      const found = await stores.intake.findLink(sha256, now, withProof ? [proof] : [])
      if (!found) throw new Error('the link was not found')
      return found
    }
    return { sha256, proof, link, ...made }
  }
  const save = async (held: Held, seen: number, text: string, withProof = true, now = hub.now) =>
    stores.drafts.save(await held.link(withProof), { data: { text }, birthDate: '1981-04-09' }, seen, withProof ? held.proof : newToken()[1], now)
  const read = async (held: Held) => stores.drafts.read(await held.link(), hub.now)
  async function prove(held: Held, now = hub.now): Promise<void> {
    const shown = await stores.proofs.showCode(hub.tenantId, held.intakeId, 'user:desk', now)
    if (shown === 'not-found') throw new Error(shown)
    const result = await stores.proofs.prove(await held.link(), { birthDate: '1981-04-09', code: shown.code }, held.proof, now)
    expect(result.outcome).to.equal('proved')
  }
  const known = async (held: Held, withProof = true) => stores.knownPatients.ofLink(await held.link(withProof), withProof ? [held.proof] : [], hub.now)
  async function sent(answers: Partial<(typeof submission)['answers']> = {}, by: Held | undefined = undefined): Promise<Held> {
    const held = by ?? (await booked())
    const body = { ...submission, answers: { ...submission.answers, ...answers } }
    expect(await stores.intake.submit(await held.link(), body, { ...submitMeta(), proofSha256s: [held.proof] }, hub.now)).to.equal('submitted')
    return held
  }

  it('makes the browser that saved first the one that is known', async () => {
    const held = await booked()
    expect((await held.link()).proof).to.equal('not-asked')
    expect(await save(held, 0, 'a'))
      .to.deep.include({ version: 1 })
      .and.have.property('provedUntil')
      .that.is.a('string')
    expect((await held.link()).proof).to.equal('given')
    expect((await held.link(false)).proof).to.equal('asked')
    expect(await save(held, 1, 'b')).to.deep.equal({ version: 2, provedUntil: null })
    expect((await read(held)).draft).to.deep.include({ version: 2, data: { text: 'b' } })
  })

  it('lets one of twenty browsers that begin at once have it', async () => {
    const held = await booked()
    const link = await held.link()
    const all = await Promise.all(Array.from({ length: 20 }, (_, n) => stores.drafts.save(link, { data: { n }, birthDate: null }, 0, newToken()[1], hub.now)))
    expect(all.filter((one) => typeof one === 'object')).to.have.length(1)
    expect(all.filter((one) => one === 'proof-needed')).to.have.length(19)
  })

  it('knows the browser again whose first save was kept while its repeat was on the way', async () => {
    const held = await booked()
    const before = await held.link()
    const twice = () => stores.drafts.save(before, { data: { text: 'a' }, birthDate: null }, 0, held.proof, hub.now)
    expect((await Promise.all([twice(), twice()])).map((one) => (typeof one === 'object' ? one.version : one))).to.have.members([1, 'changed'])
    expect(await stores.drafts.save(before, { data: {}, birthDate: null }, 1, newToken()[1], hub.now), 'another').to.equal('proof-needed')
    await stores.proofs.end(before, [held.proof], hub.now)
    expect(await stores.drafts.save(before, { data: {}, birthDate: null }, 1, held.proof, hub.now), 'ended').to.equal('proof-needed')
  })

  it('takes the cookie of before for a browser that types first after the answers were cleared, and for it alone', async () => {
    const held = await booked()
    await save(held, 0, 'a')
    const other = { ...held, proof: newToken()[1] }
    await prove(other)
    await stores.drafts.clear(await held.link(), hub.now)
    expect(await save(held, 2, 'b'))
      .to.have.property('provedUntil')
      .that.is.a('string')
    expect((await held.link()).proof).to.equal('given')
    expect((await stores.intake.findLink(held.sha256, hub.now, [other.proof]))?.proof, 'a browser that was known before').to.equal('asked')
  })

  it('takes nobody for known by the cookie of another link, and keeps the link open', async () => {
    const [one, two] = [await booked(), await booked()]
    await save(one, 0, 'a')
    expect(await stores.drafts.save(await two.link(), { data: {}, birthDate: null }, 0, one.proof, hub.now)).to.equal('proof-needed')
    expect((await two.link(false)).proof).to.equal('not-asked')
    expect((await read(two)).version).to.equal(0)
  })

  it('never lets an older tab write over a newer one, nor bring back what was cleared', async () => {
    const held = await booked()
    await save(held, 0, 'a')
    await save(held, 1, 'b')
    expect(await save(held, 1, 'stale')).to.equal('changed')
    expect((await read(held)).draft?.data).to.deep.equal({ text: 'b' })
    await stores.drafts.clear(await held.link(), hub.now)
    expect(await read(held)).to.deep.equal({ version: 3, draft: null })
    expect(await save(held, 2, 'stale')).to.equal('changed')
    expect((await held.link(false)).proof, 'nothing is held any more').to.equal('not-asked')
  })

  it('keeps asking for the proof after clearing, where the clinic named the patient', async () => {
    const held = await booked(contact)
    await prove(held)
    await save(held, 0, 'a')
    await stores.drafts.clear(await held.link(), hub.now)
    expect((await held.link(false)).proof).to.equal('asked')
    expect(await save(held, 2, 'a', false)).to.equal('proof-needed')
  })

  it('proves the one who typed it by the birth date that was typed', async () => {
    const held = await booked()
    await save(held, 0, 'a')
    expect(await stores.proofs.view(await held.link(false), hub.now)).to.deep.include({ asksBirthDate: true, to: [] })
    const other = { ...held, proof: newToken()[1] }
    const shown = await stores.proofs.showCode(hub.tenantId, held.intakeId, 'user:desk', hub.now)
    if (shown === 'not-found') throw new Error(shown)
    const link = await held.link(false)
    expect((await stores.proofs.prove(link, { birthDate: '1981-04-08', code: shown.code }, other.proof, hub.now)).outcome).to.equal('wrong')
    expect((await stores.proofs.prove(link, { birthDate: '1981-04-09', code: shown.code }, other.proof, hub.now)).outcome).to.equal('proved')
    const found = await stores.intake.findLink(held.sha256, hub.now, [other.proof])
    expect(found && (await stores.drafts.read(found, hub.now)).draft?.data).to.deep.equal({ text: 'a' })
  })

  it('has a code sent to where the patient said, when the clinic has named nobody; and forgets it with the draft', async () => {
    await sent()
    const held = await booked()
    const typed = contact
    expect(await stores.drafts.save(await held.link(), { data: {}, birthDate: null, contact: typed }, 0, held.proof, hub.now)).to.be.an('object')
    expect((await stores.proofs.view(await held.link(false), hub.now))?.to).to.deep.equal([{ channel: 'sms', masked: '…00' }])
    expect(await stores.proofs.sendCode(await held.link(false), 'sms', hub.now)).to.have.property('expiresAt')
    expect(await known(held), 'what a patient types says nothing of who they are, and is nothing that the clinic knew').to.deep.equal({
      ...{ contact: null, previous: null },
    })
    await stores.drafts.clear(await held.link(), hub.now)
    expect((await stores.proofs.view(await held.link(false), hub.now))?.to).to.deep.equal([])
    const named = await booked(contact)
    await prove(named)
    await stores.drafts.save(await named.link(), { data: {}, birthDate: null, contact: { ...typed, phone: '+13125550199' } }, 0, named.proof, hub.now)
    expect((await known(named)).contact, 'what the clinic said stays').to.deep.equal(contact)
  })

  it('shows nothing of before to who typed the contact, once the desk takes those words for its own', async () => {
    await sent()
    const held = await booked()
    expect(await stores.drafts.save(await held.link(), { data: {}, birthDate: '1981-04-09', contact }, 0, held.proof, hub.now)).to.be.an('object')
    await stores.contacts.save(hub.tenantId, held.visitId, { ...contact, smsAllowed: true }, 'user:desk', hub.now)
    expect((await stores.knownPatients.ofLink({ ...(await held.link()), proof: 'given' }, [held.proof], hub.now)).previous).to.equal(null)
    expect((await held.link()).proof).to.equal('asked')
    const again = { ...held, proof: newToken()[1] }
    await prove(again)
    const proved = async () => stores.intake.findLink(held.sha256, hub.now, [again.proof])
    const link = await proved()
    expect(link && (await stores.knownPatients.ofLink(link, [again.proof], hub.now)).previous?.answers.memberId).to.equal('HX99871')
    await stores.contacts.save(hub.tenantId, held.visitId, contact, 'user:desk', hub.now)
    expect((await proved())?.proof, 'the desk’s own words once more').to.equal('given')
  })

  it('asks for the birth date of a form that was sent, also where the clinic knows none', async () => {
    const held = await booked({ ...contact, birthDate: null })
    const code = async (): Promise<string> => {
      const shown = await stores.proofs.showCode(hub.tenantId, held.intakeId, 'user:desk', hub.now)
      if (shown === 'not-found') throw new Error(shown)
      return shown.code
    }
    const prove = async (birthDate: string | null, proof = newToken()[1]) =>
      (await stores.proofs.prove(await held.link(false), { birthDate, code: await code() }, proof, hub.now)).outcome
    expect((await stores.proofs.view(await held.link(false), hub.now))?.asksBirthDate).to.equal(false)
    expect(await prove(null, held.proof)).to.equal('proved')
    await sent({}, held)
    expect((await stores.proofs.view(await held.link(false), hub.now))?.asksBirthDate).to.equal(true)
    expect([await prove(null), await prove('1981-04-08'), await prove('1981-04-09')]).to.deep.equal(['wrong', 'wrong', 'proved'])
  })

  it('names nobody to who had no birth date to say', async () => {
    const held = await booked({ ...contact, birthDate: null })
    await prove(held)
    expect((await held.link()).proof).to.equal('given')
    expect(await known(held)).to.deep.equal({ contact: null, previous: null })
  })

  it('is not handed to somebody else whom the desk books in', async () => {
    const held = await booked(contact)
    await prove(held)
    await save(held, 0, 'of Ruth')
    const other = { ...contact, givenName: 'Rita', familyName: 'Lund', birthDate: '1990-02-03', phone: '+13125550133' }
    await stores.contacts.save(hub.tenantId, held.visitId, { ...contact, phone: '+13125550133' }, 'user:desk', hub.now)
    expect((await stores.drafts.read(await held.link(), hub.now)).draft?.data, 'another number is no other person').to.deep.equal({ text: 'of Ruth' })
    const saved = (clears: boolean) => stores.contacts.save(hub.tenantId, held.visitId, other, 'user:desk', hub.now, { seen: 2, clears })
    expect(await saved(false), 'a person is asked first').to.equal('typed')
    expect((await stores.drafts.read(await held.link(), hub.now)).draft?.data).to.deep.equal({ text: 'of Ruth' })
    expect(await saved(true)).to.equal('saved')
    expect(await stores.drafts.read(await held.link(), hub.now)).to.deep.equal({ version: 2, draft: null })
    expect((await held.link()).proof).to.equal('asked')
  })

  it('is, once sent, the end of handing the visit to somebody else; details of the one who sent it can be put right', async () => {
    const held = await booked(contact)
    await prove(held)
    await sent({}, held)
    const saved = (of: Partial<VisitContact> | null) => stores.contacts.save(hub.tenantId, held.visitId, of && { ...contact, ...of }, 'user:desk', hub.now)
    const bert = { givenName: 'Bert', familyName: 'Lund', birthDate: '1990-02-03', phone: '+13125550133' }
    expect([await saved(bert), await saved({ ...bert, birthDate: null })]).to.deep.equal(['sent', 'sent'])
    expect(await saved(null)).to.equal('saved')
    expect(await saved(bert), 'nor by way of nobody').to.equal('sent')
    expect([await saved({ phone: '+13125550133' }), await saved({ birthDate: '1981-09-04' }), await saved({ givenName: 'Ruthie' })]).to.deep.equal([
      ...['saved', 'saved', 'saved'],
    ])
  })

  it('is not handed to somebody else either where the clinic had named nobody', async () => {
    const held = await booked()
    await save(held, 0, 'of Ruth')
    await stores.contacts.save(hub.tenantId, held.visitId, contact, 'user:desk', hub.now)
    expect((await read(held)).draft?.data, 'the same birth date').to.deep.equal({ text: 'of Ruth' })
    await stores.contacts.save(hub.tenantId, held.visitId, { ...contact, birthDate: '1990-02-03' }, 'user:desk', hub.now)
    expect((await read(held)).draft).to.equal(null)
  })

  it('is emptied by the submit, by the end of the link, and by nothing else', async () => {
    const [gone, ended] = [await booked(), await booked()]
    const kept = async (held: Held) =>
      (await hub.owner.query<{ kept: boolean }>('SELECT sealed IS NOT NULL AS kept FROM identity.intake_drafts WHERE intake_id = $1', [held.intakeId])).rows[0]
        ?.kept
    for (const held of [gone, ended]) await save(held, 0, 'a')
    await sent({}, gone)
    expect([await kept(gone), await kept(ended)]).to.deep.equal([false, true])
    expect(await save(ended, 1, 'b', true, new Date('2026-02-10T00:00:00Z')), 'after its end').to.equal('closed')
    expect(
      await stores.drafts.save({ ...(await gone.link()), status: 'opened' }, { data: {}, birthDate: null }, 1, newToken()[1], hub.now),
      'after the submit',
    ).to.equal('closed')
    const endings = hub.engine.stores.endings
    expect(await endings.tenants(later(hub.now, 60))).to.deep.equal([])
    const end = new Date('2026-02-10T00:00:00Z')
    expect(await endings.tenants(end)).to.deep.equal([hub.tenantId])
    expect(await endings.empty(hub.tenantId, end)).to.be.greaterThan(0)
    expect(await kept(ended)).to.equal(false)
    expect(await endings.tenants(end)).to.deep.equal([])
  })

  it('is closed to a link that was revoked, and there again behind the proof when another was made', async () => {
    const held = await booked()
    await save(held, 0, 'a')
    const before = await held.link()
    await stores.clinic.revokeLink(hub.tenantId, held.intakeId, 'user:desk', 'c-1', hub.now)
    expect(await stores.drafts.save(before, { data: {}, birthDate: null }, 1, newToken()[1], hub.now)).to.equal('closed')
    const [token, sha256] = newToken()
    await stores.clinic.renewLink(
      hub.tenantId,
      held.intakeId,
      { token, tokenSha256: sha256, expiresAt: new Date('2026-02-11T00:00:00Z') },
      'user:desk',
      'c-2',
      hub.now,
    )
    const link = await stores.intake.findLink(sha256, hub.now, [held.proof])
    expect(link?.proof).to.equal('asked')
    expect((await stores.drafts.read(before, hub.now)).draft?.data).to.deep.equal({ text: 'a' })
  })

  it('leaves a renewed link open that nothing is behind any more, and never one whose form was sent', async () => {
    const [ended, gone] = [await booked(), await booked()]
    const end = new Date('2026-02-10T00:00:00Z')
    const renewed = async (held: Held): Promise<string | undefined> => {
      const [token, sha256] = newToken()
      const link = { token, tokenSha256: sha256, expiresAt: later(end, 86_400) }
      expect(await stores.clinic.renewLink(hub.tenantId, held.intakeId, link, 'user:desk', 'c-3', end)).to.equal('renewed')
      return (await stores.intake.findLink(sha256, end, []))?.proof
    }
    await save(ended, 0, 'a')
    await hub.engine.stores.endings.empty(hub.tenantId, end)
    expect(await renewed(ended)).to.equal('not-asked')
    await sent({}, gone)
    await stores.clinic.revokeLink(hub.tenantId, gone.intakeId, 'user:desk', 'c-2', hub.now)
    expect(await renewed(gone)).to.equal('asked')
  })

  it('takes no signature, no token of the payment partner, and no more than its size', () => {
    const data = (value: unknown) => DraftData.safeParse({ fields: { a: value } }).success
    expect([data('x'), data('data:image/png;base64,AAAA'), data('ctoken_123'), data({ id: 'pm_123' })]).to.deep.equal([true, false, false, false])
    expect(data('x'.repeat(draftLimits.bytesMax))).to.equal(false)
  })

  it('keeps no typed signature, no code and no tick, and shows none that an older draft holds', async () => {
    const fields = { givenName: 'Ana', typedName: 'Ana Moreno', accessCode: 'K7' }
    const consents = { en: { treatment: { textId: 'a', textSha256: 'b' } } }
    const held = await booked()
    await stores.drafts.save(await held.link(), { data: { fields, consents, seen: ['about'] }, birthDate: null }, 0, held.proof, hub.now)
    const rest = { fields: { givenName: 'Ana' }, seen: ['about'] }
    expect((await read(held)).draft?.data).to.deep.equal(rest)
    const stored = async () =>
      (await hub.owner.query<{ sealed: Buffer }>('SELECT sealed FROM identity.intake_drafts WHERE intake_id = $1', [held.intakeId])).rows[0]?.sealed
    const { data } = await openDraft(hub.api.vault, hub.tenantId, held.intakeId, (await stored()) ?? Buffer.alloc(0))
    expect(data, 'what is kept').to.deep.equal(rest)

    const before = await hub.api.vault.seal(
      hub.tenantId,
      draftPlace(held.intakeId),
      canonicalJson({ data: { fields, consents, seen: ['about'] }, birthDate: null }),
    )
    await hub.owner.query('UPDATE identity.intake_drafts SET sealed = $2, key_version = $3 WHERE intake_id = $1', [
      held.intakeId,
      before.bytes,
      before.keyVersion,
    ])
    expect((await read(held)).draft?.data, 'of before').to.deep.equal(rest)
  })

  it('offers what was sent before to the same person, after the proof, and to nobody else', async () => {
    await sent()
    const held = await booked(contact)
    expect(await known(held, false), 'before the proof').to.deep.equal({ contact: null, previous: null })
    expect(
      (await stores.knownPatients.ofLink({ ...(await held.link(false)), proof: 'given' }, [newToken()[1]], hub.now)).previous,
      'a proof that is none',
    ).to.equal(null)
    await prove(held)
    const before = await known(held)
    expect(before.contact).to.deep.equal(contact)
    expect(before.previous?.answers).to.deep.equal(submission.answers)
    const others: Partial<VisitContact>[] = [{ givenName: 'Rita' }, { phone: '+13125550101' }, { familyName: 'Okafore' }, { phone: null, email: 'a@b.example' }]
    for (const of of others) {
      const other = await booked({ ...contact, ...of })
      await prove(other)
      expect((await known(other)).previous, JSON.stringify(of)).to.equal(null)
    }
    const spelled = await booked({ ...contact, givenName: 'RUTH', familyName: 'Okáfor' })
    await prove(spelled)
    expect((await known(spelled)).previous?.answers.memberId).to.equal('HX99871')
  })

  it('offers the newest, as it was put right, and nothing to a link whose proof has ended', async () => {
    const first = await sent({ memberId: 'OLD111', birthDate: '1990-01-01' })
    const correction = {
      correctionId: crypto.randomUUID(),
      intakeId: first.intakeId,
      fields: { birthDate: '1981-04-09' },
      payerName: null,
      correlationId: null,
    }
    expect(await stores.corrections.correct(hub.tenantId, correction, 'user:ops', later(hub.now, 5))).to.equal('corrected')
    await hub.owner.query(
      `UPDATE identity.patients SET created_at = created_at + interval '1 minute' WHERE id = (SELECT patient_id FROM identity.intake_sessions WHERE id = $1)`,
      [first.intakeId],
    )
    const held = await booked(contact)
    await prove(held)
    expect((await known(held)).previous?.answers.memberId).to.equal('OLD111')
    const own = await stores.contacts.read(hub.tenantId, [first.visitId], 'test', 'user:desk', hub.now)
    expect(own.get(first.visitId)?.birthDate, 'what proves it, too').to.equal('1981-04-09')
    await stores.proofs.end(await held.link(), [held.proof], hub.now)
    expect((await stores.knownPatients.ofLink({ ...(await held.link()), proof: 'given' }, [held.proof], hub.now)).previous).to.equal(null)
  })

  it('knows after the submit how the patient is reached, and leaves whom the desk named', async () => {
    const contactOf = async ({ visitId }: Held) =>
      withTenant(hub.engine.pool, hub.tenantId, 'service:engine-1', async (tx) => {
        const [row] = await fetchContacts(tx, [visitId], 'news', hub.now)
        return row && openContact(hub.engine.vault, hub.tenantId, row)
      })
    const own = await sent({ phone: '(312) 555-0199', email: 'r@example.org' })
    expect(await contactOf(own)).to.deep.include({ phone: '+13125550199', email: 'r@example.org', language: 'en' })
    const named = await booked(contact)
    await prove(named)
    await sent({ phone: '(312) 555-0199' }, named)
    expect(await contactOf(named)).to.deep.equal({ ...contact, phone: '+13125550199' })
  })

  it('reads a list of contacts with one line in the audit, and never another clinic’s', async () => {
    const [one, two] = [await booked(contact), await booked({ ...contact, givenName: 'Rita' })]
    const lines = async () =>
      (await hub.owner.query<{ n: number }>(`SELECT count(*)::int AS n FROM compliance.audit_logs WHERE action = 'contact.read' AND purpose = 'day'`)).rows[0]
        ?.n
    const found = await stores.contacts.read(hub.tenantId, [one.visitId, two.visitId], 'day', 'user:desk', hub.now)
    expect([...found.values()].map(({ givenName }) => givenName).sort()).to.deep.equal(['Rita', 'Ruth'])
    expect(await lines()).to.equal(1)
    expect((await stores.contacts.read(hub.otherTenantId, [one.visitId], 'day', 'user:desk', hub.now)).size).to.equal(0)
    expect(await stores.contacts.save(hub.otherTenantId, one.visitId, null, 'user:desk', hub.now)).to.equal('not-found')
  })
})
