import { randomUUID } from 'node:crypto'
import { pauseMsAfter, proofLimits, VisitContact } from '@heliox/core/identity'
import type { OptOutCause } from '@heliox/core/messaging'
import type { LinkFacts } from '@heliox/core/ports'
import { expect } from 'chai'
import { connectMessages, newToken, openTestHub, submission, submitMeta, type TestHub } from '../fixtures.ts'
import { optOut } from '../messaging/opt-outs.ts'
import { makeStores, type Stores } from '../stores.ts'
import { withTenant } from '../tenancy.ts'
import { fetchLink, openLinkToken } from './links.ts'
import { fetchCode, openCode } from './proofs.ts'
import { addressKey } from './reach.ts'

const contact = VisitContact.parse({ givenName: 'Ruth', familyName: 'Okafor', birthDate: '1981-04-09', phone: '+13125550100', email: 'ruth@example.org' })
const wrong = (code: string): string => String((Number(code) + 1) % 1_000_000).padStart(6, '0')
const later = (now: Date, seconds: number): Date => new Date(now.getTime() + seconds * 1000)

describe('the proof before a link shows its patient', function () {
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
    link: LinkFacts
    token: string
    sha256: string
    visitId: string
  }
  async function booked(of: VisitContact | null = contact, tenantId = hub.tenantId): Promise<Held> {
    const [token, sha256] = newToken()
    const details = { startsAt: '2026-02-09T16:00:00Z', minutes: 20, practitioner: 'Dr. Imani Reyes', ...(of ? { contact: of } : {}) }
    const made = await stores.clinic.createVisit(
      tenantId,
      details,
      { token, tokenSha256: sha256, expiresAt: new Date('2026-02-10T00:00:00Z') },
      'user:desk',
      hub.now,
    )
    if (typeof made === 'string') throw new Error(made)
    return { link: await find(sha256), token, sha256, visitId: made.visitId }
  }
  async function find(sha256: string, proofs: string[] = [], now = hub.now): Promise<LinkFacts> {
    const link = await stores.intake.findLink(sha256, now, proofs)
    if (!link) throw new Error('the link was not found')
    return link
  }
  /** The code as the step that sends it opens it. */
  async function sentCode(link: LinkFacts, now = hub.now): Promise<string> {
    const sent = await stores.proofs.sendCode(link, 'sms', now)
    if (typeof sent === 'string' || 'pausedUntil' in sent) throw new Error(JSON.stringify(sent))
    return newestCode(link, now)
  }
  async function newestCode(link: LinkFacts, now = hub.now): Promise<string> {
    const found = await hub.owner.query<{ id: string }>('SELECT id FROM identity.proof_codes WHERE intake_id = $1 AND ended_at IS NULL', [link.intakeId])
    const id = found.rows[0]?.id ?? ''
    const sealed = await withTenant(hub.engine.pool, link.tenantId, 'service:engine-1', (tx) => fetchCode(tx, id, 'send', now))
    if (!sealed) throw new Error('no code is out')
    return openCode(hub.engine.vault, link.tenantId, id, sealed)
  }
  async function proved(held: Held, now = hub.now): Promise<string> {
    const [, sha256] = newToken()
    const result = await stores.proofs.prove(held.link, { birthDate: '1981-04-09', code: await sentCode(held.link, now) }, sha256, now)
    expect(result.outcome).to.equal('proved')
    return sha256
  }
  const attempt = (held: Held, code: string, birthDate: string | null = '1981-04-09', now = hub.now) =>
    stores.proofs.prove(held.link, { birthDate, code }, newToken()[1], now)

  it('is asked where the clinic named the patient, and nowhere else', async () => {
    expect((await booked()).link.proof).to.equal('asked')
    const held = await booked(null)
    expect(held.link.proof).to.equal('not-asked')
    expect(await stores.contacts.save(hub.tenantId, held.visitId, contact, 'user:desk', hub.now)).to.equal('saved')
    expect((await find(held.sha256)).proof).to.equal('asked')
    await stores.contacts.save(hub.tenantId, held.visitId, null, 'user:desk', hub.now)
    expect((await find(held.sha256)).proof).to.equal('not-asked')
    expect(await stores.contacts.save(hub.tenantId, randomUUID(), contact, 'user:desk', hub.now)).to.equal('not-found')
  })

  it('tells where a code can go by its last signs, and nothing else of the patient', async () => {
    const held = await booked()
    const view = await stores.proofs.view(held.link, hub.now)
    expect(view).to.deep.equal({
      ...{ asksBirthDate: true, language: 'en', code: null, pausedUntil: null },
      to: [
        { channel: 'sms', masked: '…00' },
        { channel: 'mail', masked: 'r…@e…' },
      ],
    })
    const bare = await booked(VisitContact.parse({ givenName: 'A', familyName: 'B' }))
    expect(await stores.proofs.view(bare.link, hub.now)).to.deep.include({ asksBirthDate: false, to: [] })
    expect(await stores.proofs.sendCode(bare.link, 'sms', hub.now)).to.equal('no-address')
  })

  describe('where a code would never arrive', () => {
    const mobile = '+13125550166'
    const email = 'no-texts@example.org'
    const only = (over: Partial<VisitContact> = {}) => booked({ ...contact, phone: mobile, email: null, ...over })
    const offered = async ({ link }: Held) => (await stores.proofs.view(link, hub.now))?.to.map(({ channel }) => channel)
    const codesOf = async ({ link }: Held) =>
      (await hub.owner.query<{ way: string }>('SELECT way::text AS way FROM identity.proof_codes WHERE intake_id = $1', [link.intakeId])).rows
    async function say(cause: OptOutCause): Promise<void> {
      const key = await addressKey(hub.api.vault, hub.tenantId, 'sms', mobile)
      const said = { channel: 'sms', addressKey: key, at: hub.now } as const
      await withTenant(hub.engine.pool, hub.tenantId, 'service:engine-1', (tx) => optOut(tx, said, cause, 'service:engine-1'))
    }
    afterEach(async () => {
      await hub.owner.query('DELETE FROM messaging.opt_outs')
      await connectMessages(hub)
    })

    for (const cause of ['stop', 'partner', 'address', 'staff'] as const)
      it(`says so at once and makes no code, where no text may go there (${cause})`, async () => {
        const held = await only()
        expect(await offered(held)).to.deep.equal(['sms'])
        await say(cause)
        expect(await offered(held)).to.deep.equal([])
        expect(await stores.proofs.sendCode(held.link, 'sms', hub.now)).to.equal('no-address')
        expect(await codesOf(held)).to.deep.equal([])
      })

    it('offers the mailbox alone, and mails the code to a page that was open before and asks for a text', async () => {
      const held = await only({ email })
      await say('stop')
      expect(await offered(held)).to.deep.equal(['mail'])
      expect(await stores.proofs.sendCode(held.link, 'sms', hub.now)).to.have.property('expiresAt')
      expect(await codesOf(held)).to.deep.equal([{ way: 'mail' }])
    })

    it('texts it to who took the consent to texts back: a code they ask for themselves', async () => {
      const held = await only()
      await say('patient')
      expect(await offered(held)).to.deep.equal(['sms'])
      expect(await stores.proofs.sendCode(held.link, 'sms', hub.now)).to.have.property('expiresAt')
    })

    it('says so where the clinic sends no texts, or nothing at all', async () => {
      const [both, texts] = [await only({ email }), await only()]
      await hub.owner.query(`DELETE FROM identity.connections WHERE adapter_id = 'twilio'`)
      expect([await offered(both), await offered(texts)]).to.deep.equal([['mail'], []])
      expect(await stores.proofs.sendCode(texts.link, 'sms', hub.now)).to.equal('no-address')
      await hub.owner.query(`DELETE FROM identity.connections WHERE adapter_id = 'mail'`)
      expect(await offered(both)).to.deep.equal([])
      expect(await stores.proofs.sendCode(both.link, 'mail', hub.now)).to.equal('no-address')
    })

    it('opens all the same with a code that the desk reads out', async () => {
      const held = await only()
      await say('stop')
      const shown = await stores.proofs.showCode(hub.tenantId, held.link.intakeId, 'user:desk', hub.now)
      if (shown === 'not-found') throw new Error(shown)
      expect((await attempt(held, shown.code)).outcome).to.equal('proved')
    })
  })

  it('is given to the browser that said both, for its own link only, and not for ever', async () => {
    const held = await booked()
    const other = await booked()
    const proof = await proved(held)
    expect((await find(held.sha256, [proof])).proof).to.equal('given')
    expect((await find(held.sha256, [newToken()[1]])).proof).to.equal('asked')
    expect((await find(other.sha256, [proof])).proof, 'at another link').to.equal('asked')
    expect((await find(held.sha256, [proof], later(hub.now, proofLimits.proofHours * 3600))).proof).to.equal('asked')
    await stores.proofs.end(other.link, [proof], hub.now)
    expect((await find(held.sha256, [proof])).proof, 'ended at another link').to.equal('given')
    await stores.proofs.end(held.link, [proof], hub.now)
    expect((await find(held.sha256, [proof])).proof).to.equal('asked')
  })

  it('takes a code once, and one of this link', async () => {
    const [held, other] = [await booked(), await booked()]
    const code = await sentCode(held.link)
    await sentCode(other.link)
    if (code !== (await newestCode(other.link))) expect((await attempt(other, code)).outcome).to.equal('wrong')
    expect((await attempt(held, code)).outcome).to.equal('proved')
    expect((await attempt(held, code)).outcome).to.equal('ended')
  })

  it('gives one answer to a wrong birth date and to a wrong code', async () => {
    const [held, other] = [await booked(), await booked()]
    const answers = [
      await attempt(held, await sentCode(held.link), '1981-04-08'),
      await attempt(other, wrong(await sentCode(other.link))),
      await attempt(other, await newestCode(other.link), null),
    ]
    expect(answers[0]).to.deep.equal(answers[1])
    expect(answers[2]).to.deep.equal({ ...answers[1], triesLeft: 3 })
  })

  it('lets a hundred guesses at once, at two processes, be five', async () => {
    const held = await booked()
    const code = await sentCode(held.link)
    const second = makeStores({ pool: hub.api.pool, vault: hub.api.vault, process: 'api-2', clock: { now: () => hub.now } })
    const guesses = Array.from({ length: 100 }, (_, n) => String((Number(code) + 1 + n) % 1_000_000).padStart(6, '0'))
    const results = await Promise.all(
      guesses.map((guess, n) => (n % 2 ? stores : second).proofs.prove(held.link, { birthDate: '1981-04-09', code: guess }, newToken()[1], hub.now)),
    )
    const count = (outcome: string): number => results.filter((result) => result.outcome === outcome).length
    expect([count('wrong'), count('paused'), count('proved')]).to.deep.equal([proofLimits.triesMax, 95, 0])
    expect((await attempt(held, code)).outcome, 'the right one comes too late').to.equal('paused')
    expect((await attempt(held, code, '1981-04-09', later(hub.now, 61))).outcome, 'and is over with the pause').to.equal('ended')
    expect(await stores.proofs.sendCode(held.link, 'sms', hub.now)).to.deep.equal({ pausedUntil: later(hub.now, 60).toISOString() })
  })

  it('pauses twice as long after each further round', async () => {
    expect([5, 10, 15, 7, 0].map(pauseMsAfter)).to.deep.equal([60_000, 120_000, 240_000, 0, 0])
    expect(pauseMsAfter(5 * 40)).to.equal(proofLimits.pauseMinutesMax * 60_000)
    const held = await booked()
    let now = hub.now
    for (const pause of [60, 120]) {
      const code = await sentCode(held.link, now)
      for (let n = 1; n <= proofLimits.triesMax; n += 1) {
        const result = await attempt(held, wrong(code), '1981-04-09', now)
        expect(result.pausedUntil).to.equal(n === proofLimits.triesMax ? later(now, pause).toISOString() : null)
      }
      now = later(now, pause + 30)
    }
    const code = await sentCode(held.link, now)
    expect((await attempt(held, code, '1981-04-09', now)).outcome).to.equal('proved')
  })

  it('sends a code no faster than a person reads one, and five in an hour', async () => {
    const held = await booked()
    let now = hub.now
    for (let n = 0; n < proofLimits.codesPerHourMax; n += 1) {
      await sentCode(held.link, now)
      expect(await stores.proofs.sendCode(held.link, 'mail', later(now, 29))).to.have.property('pausedUntil')
      now = later(now, 60)
    }
    expect(await stores.proofs.sendCode(held.link, 'sms', now)).to.deep.equal({ pausedUntil: later(hub.now, 3600).toISOString() })
    expect(await stores.proofs.sendCode(held.link, 'sms', later(hub.now, 3600))).to.have.property('expiresAt')
    const asked = await hub.owner.query<{ n: number }>(
      `SELECT count(*)::int AS n FROM identity.outbox WHERE intake_id = $1 AND event_type = 'intake.code-asked.v1'`,
      [held.link.intakeId],
    )
    expect(asked.rows[0]?.n).to.equal(6)
  })

  it('ends a code after ten minutes, and the one before with the next', async () => {
    const held = await booked()
    const first = await sentCode(held.link)
    expect((await attempt(held, first, '1981-04-09', later(hub.now, 600))).outcome).to.equal('ended')
    const second = await sentCode(held.link, later(hub.now, 40))
    if (first !== second) expect((await attempt(held, first, '1981-04-09', later(hub.now, 41))).outcome).to.equal('wrong')
    expect((await attempt(held, second, '1981-04-09', later(hub.now, 42))).outcome).to.equal('proved')
  })

  it('shows the desk a code, which lifts the pause and is in the audit', async () => {
    const held = await booked()
    const code = await sentCode(held.link)
    for (let n = 0; n < proofLimits.triesMax; n += 1) await attempt(held, wrong(code))
    const shown = await stores.proofs.showCode(hub.tenantId, held.link.intakeId, 'user:desk', hub.now)
    if (shown === 'not-found') throw new Error(shown)
    expect((await attempt(held, shown.code)).outcome).to.equal('proved')
    expect(await stores.proofs.showCode(hub.otherTenantId, held.link.intakeId, 'user:desk', hub.now)).to.equal('not-found')
    const audit = await hub.owner.query<{ actor: string }>(`SELECT actor FROM compliance.audit_logs WHERE action = 'code.show' AND resource = $1`, [
      `intake:${held.link.intakeId}`,
    ])
    expect(audit.rows).to.deep.equal([{ actor: 'user:desk' }])
  })

  it('ends with the link, when that is revoked or made anew', async () => {
    const held = await booked()
    const proof = await proved(held)
    const code = await sentCode(held.link, later(hub.now, 40))
    expect(await stores.clinic.revokeLink(hub.tenantId, held.link.intakeId, 'user:desk', 'c-1', later(hub.now, 41))).to.equal('revoked')
    expect((await find(held.sha256, [proof])).status).to.equal('revoked')
    expect((await attempt(held, code, '1981-04-09', later(hub.now, 42))).outcome).to.equal('ended')
    expect(await stores.proofs.view(held.link, hub.now)).to.equal(undefined)
    expect(await stores.proofs.sendCode(held.link, 'sms', later(hub.now, 100))).to.equal('not-found')
    const [token, sha256] = newToken()
    const link = { token, tokenSha256: sha256, expiresAt: new Date('2026-02-10T00:00:00Z') }
    expect(await stores.clinic.renewLink(hub.tenantId, held.link.intakeId, link, 'user:desk', 'c-2', later(hub.now, 43))).to.equal('renewed')
    expect(await stores.intake.findLink(held.sha256, hub.now, [proof])).to.equal(undefined)
    expect((await find(sha256, [proof])).proof, 'the old proof').to.equal('asked')
    expect(await stores.clinic.revokeLink(hub.otherTenantId, held.link.intakeId, 'user:desk', 'c-1', hub.now)).to.equal('not-found')
  })

  it('ends when the desk says that the visit is for somebody else, and stays when only the mail is another', async () => {
    const held = await booked()
    const proof = await proved(held)
    await stores.contacts.save(hub.tenantId, held.visitId, { ...contact, email: 'new@example.org' }, 'user:desk', hub.now)
    expect((await find(held.sha256, [proof])).proof).to.equal('given')
    await stores.contacts.save(hub.tenantId, held.visitId, { ...contact, phone: '+13125550111' }, 'user:desk', hub.now)
    expect((await find(held.sha256, [proof])).proof).to.equal('asked')
  })

  it('stays before a form that was sent, when the desk takes the contact back', async () => {
    const held = await booked()
    const proof = await proved(held)
    expect(await stores.intake.submit(await find(held.sha256, [proof]), submission, { ...submitMeta(), proofSha256s: [proof] }, hub.now)).to.equal('submitted')
    await stores.contacts.save(hub.tenantId, held.visitId, null, 'user:desk', hub.now)
    expect([(await find(held.sha256, [proof])).proof, (await find(held.sha256)).proof]).to.deep.equal(['asked', 'asked'])
  })

  it('keeps the link sealed for the step that sends it, and says when it is of no use', async () => {
    const held = await booked()
    const open = () => withTenant(hub.engine.pool, hub.tenantId, 'service:engine-1', (tx) => fetchLink(tx, held.link.intakeId, 'invitation', hub.now))
    const kept = await open()
    if (!kept) throw new Error('no link')
    expect(await openLinkToken(hub.engine.vault, hub.tenantId, held.link.intakeId, kept)).to.equal(held.token)
    expect(kept.usable).to.equal(true)
    await stores.clinic.revokeLink(hub.tenantId, held.link.intakeId, 'user:desk', 'c-1', hub.now)
    expect((await open())?.usable).to.equal(false)
    const denied = await withTenant(hub.api.pool, hub.tenantId, 'service:api-1', (tx) => fetchLink(tx, held.link.intakeId, 'x', hub.now)).catch(
      (e: Error) => e.message,
    )
    expect(denied).to.match(/permission denied/)
  })

  it('lets nobody send a form with a link that was revoked meanwhile', async () => {
    const held = await booked(null)
    await stores.clinic.revokeLink(hub.tenantId, held.link.intakeId, 'user:desk', 'c-1', hub.now)
    expect(await stores.intake.submit(held.link, submission, submitMeta(), hub.now)).to.equal('closed')
  })
})
