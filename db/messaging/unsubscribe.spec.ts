import { sha256Hex } from '@heliox/core/kit'
import { expect } from 'chai'
import { drainAll, submission } from '../fixtures.ts'
import { withTenant } from '../tenancy.ts'
import { email, hours, type MessageWorld, noon, openMessages, phone } from './messages-testing.ts'
import { planMessage } from './plan-message.ts'

describe('stopping messages', function () {
  this.timeout(60_000)
  let world: MessageWorld
  beforeEach(async () => {
    world = await openMessages()
  })
  afterEach(() => world.hub.close())
  const audits = async (action: string): Promise<number> => {
    const found = await world.hub.owner.query<{ n: number }>('SELECT count(*)::int AS n FROM compliance.audit_logs WHERE action = $1', [action])
    return found.rows[0]?.n ?? 0
  }
  const tokenOf = (url: string | null | undefined): string => url?.split('/stop/')[1] ?? 'none'

  describe('by the address in a mail', () => {
    async function mailed() {
      const booked = await world.book({ email, phone: null })
      await world.send(booked.intakeId, noon)
      await world.run(noon)
      const token = tokenOf(world.sent.at(-1)?.unsubscribeUrl)
      expect(token).to.match(/^[A-Za-z0-9_-]{43}$/)
      return { ...booked, token, sha256: sha256Hex(token) }
    }
    const set = (sha256: string, out: boolean, now = noon) => world.hub.api.stores.unsubscribe.set(world.hub.tenantId, sha256, out, now)
    const state = async (sha256: string) => (await world.hub.api.stores.unsubscribe.state(world.hub.tenantId, sha256))?.is

    it('ends what the clinic sends of its own accord, for every visit with that mailbox, long after the link of the visit has ended', async () => {
      const { intakeId, sha256 } = await mailed()
      const muchLater = hours(24 * 300)
      expect(await set(sha256, true, muchLater)).to.deep.equal({ is: 'stopped', clinic: 'Lakeside Clinic', language: 'en' })
      expect(await audits('opt-out.set')).to.equal(1)
      expect(await set(sha256, true, muchLater)).to.include({ is: 'stopped' })
      expect(await audits('opt-out.set')).to.equal(1)
      expect(await world.send(intakeId, noon)).to.deep.equal({ is: 'not-possible', reason: 'opted-out' })
      const other = await world.book({ email, phone: null })
      await world.round(hours(-72))
      expect(await world.states(other.intakeId)).to.deep.equal(['reminder-72h mail suppressed opted-out'])
    })

    it('is taken back by the same address, and by no click where a person or a dead mailbox ended them', async () => {
      const { intakeId, sha256 } = await mailed()
      await set(sha256, true)
      expect(await set(sha256, false)).to.include({ is: 'on' })
      expect(await set(sha256, false)).to.include({ is: 'on' })
      expect(await audits('opt-out.end')).to.equal(1)
      expect(await world.send(intakeId, noon)).to.include({ is: 'sent' })
      await world.hub.api.stores.messages.setOptOut(world.hub.tenantId, intakeId, { channel: 'mail', out: true }, 'user:desk', noon)
      for (const out of [true, false]) expect(await set(sha256, out)).to.include({ is: 'ended' })
    })

    it('leaves the code that a patient asks for, and word of a visit that is off, which have no such address', async () => {
      const { visitId, intakeId, sha256 } = await mailed()
      await set(sha256, true)
      const link = { tenantId: world.hub.tenantId, intakeId, visitId } as Parameters<typeof world.hub.api.stores.proofs.sendCode>[0]
      await world.hub.api.stores.proofs.sendCode(link, 'mail', noon)
      for (const { envelope } of await drainAll(world.hub, 'identity', noon))
        if (envelope.type === 'intake.code-asked.v1') await world.apply('messaging.plan-code', envelope.payload, envelope, noon)
      await world.hub.api.stores.visits.change(world.hub.tenantId, visitId, 1, { change: 'cancelled', reason: 'other' }, 'user:desk', noon)
      for (const { envelope } of await drainAll(world.hub, 'clinical', noon))
        if (envelope.type === 'visit.changed.v1') await world.apply('messaging.message-visit', envelope.payload, envelope, noon)
      await world.run(noon)
      expect(world.sent.slice(1).map(({ kind, unsubscribeUrl }) => [kind, unsubscribeUrl])).to.have.deep.members([
        ['code', null],
        ['cancelled', null],
      ])
    })

    it('is the same in a mail that is put together again, another for each mail, and found by its hash alone', async () => {
      const { intakeId, token, sha256 } = await mailed()
      await world.send(intakeId, noon)
      await world.run(noon)
      expect(tokenOf(world.sent.at(-1)?.unsubscribeUrl)).not.to.equal(token)
      const find = (hash: string) => world.hub.api.stores.unsubscribe.find(hash)
      expect(await find(sha256)).to.deep.equal({ tenantId: world.hub.tenantId, region: 'us-east' })
      expect(await find(sha256Hex('x'))).to.equal(undefined)
      expect(await world.hub.api.stores.unsubscribe.set(world.hub.otherTenantId, sha256, true, noon)).to.equal(undefined)
      const { rows } = await world.hub.owner.query<{ row: string }>('SELECT u::text AS row FROM messaging.unsubscribe_links u')
      expect(rows).to.have.length(2)
      for (const { row } of rows) for (const canary of [token, 'canary', email]) expect(row).not.to.contain(canary)
      expect(await state(sha256)).to.equal('on')
    })
  })

  describe('by taking back the consent to texts', () => {
    const withSms = async (booked: { intakeId: string; tokenSha256: string }, now: Date, answers: Partial<typeof submission.answers> = {}): Promise<void> => {
      const { hub } = world
      const texts = await hub.api.stores.consents.texts(hub.tenantId)
      const of = texts.filter(({ language }) => language === 'en')
      const consents = of.map(({ id, sha256 }) => ({ textId: id, textSha256: sha256, granted: true as const }))
      await world.submit(booked, now, { ...submission, answers: { ...submission.answers, phone, ...answers }, consents })
      for (const { envelope } of await drainAll(hub, 'identity', now))
        if (envelope.type === 'intake.submitted.v1') await world.apply('compliance.record-consents', envelope.payload, envelope, now)
    }
    async function withdraw(tokenSha256: string, now: Date): Promise<void> {
      const { hub } = world
      const link = await hub.api.stores.intake.findLink(tokenSha256, now)
      if (!link) throw new Error('no link')
      const given = (await hub.api.stores.consents.given(link)).find(({ text }) => text.kind === 'sms')
      if (!given) throw new Error('no consent to texts')
      expect(await hub.api.stores.consents.withdraw(link, given.id, now)).to.equal('sms')
    }
    const smsOf = async (intakeId: string, now: Date) => (await world.hub.api.stores.messages.ofVisit(world.hub.tenantId, intakeId, now))?.channels.sms.is
    const wanted = async (intakeId: string, now: Date) => (await world.hub.api.stores.messages.ofVisit(world.hub.tenantId, intakeId, now))?.textsWanted

    it('ends the texts of the clinic to that number, at every visit; a new consent brings them back', async () => {
      const first = await world.book({ smsAllowed: true })
      const second = await world.book({ smsAllowed: true })
      await withSms(first, noon)
      await withdraw(first.tokenSha256, hours(1, noon))
      expect(await audits('opt-out.set')).to.equal(1)
      expect(await smsOf(second.intakeId, hours(1, noon))).to.equal('opted-out')
      await world.round(hours(-72))
      await world.run(hours(-72))
      expect(world.sent).to.deep.equal([])
      expect(await world.states(second.intakeId)).to.deep.equal(['reminder-72h sms suppressed opted-out'])
      await withSms(second, hours(-71))
      expect(await smsOf(second.intakeId, hours(-71))).to.equal('ready')
      expect([await wanted(first.intakeId, hours(-71)), await wanted(second.intakeId, hours(-71))]).to.deep.equal([true, true])
    })

    it('ends them as well where the clinic was told: no click of the desk gives them back, the same patient’s next consent does', async () => {
      const { hub } = world
      const first = await world.book({ smsAllowed: true })
      const second = await world.book({ smsAllowed: true })
      await withSms(first, noon)
      const of = { tenantId: hub.tenantId, intakeId: first.intakeId }
      expect(await hub.api.stores.consents.recordWithdrawal(of, { kind: 'sms', cameBy: 'phone' }, 'user:desk', hours(1, noon))).to.equal('sms')
      expect([await audits('opt-out.set'), await smsOf(second.intakeId, hours(1, noon)), await wanted(first.intakeId, hours(1, noon))]).to.deep.equal([
        ...[1, 'opted-out', false],
      ])
      expect(await hub.api.stores.messages.setOptOut(hub.tenantId, second.intakeId, { channel: 'sms', out: false }, 'user:desk', hours(2, noon))).to.equal(
        'patients-word',
      )
      await withSms(second, hours(-71))
      expect([await wanted(first.intakeId, hours(-71)), await smsOf(second.intakeId, hours(-71))]).to.deep.equal([true, 'ready'])
    })

    it('is not lifted by another person’s form with the same number: that person gets none there either until somebody who may says so', async () => {
      const first = await world.book({ smsAllowed: true })
      const others = await world.book({ smsAllowed: true, email })
      const next = await world.book({ smsAllowed: true })
      await withSms(first, noon)
      await withdraw(first.tokenSha256, hours(1, noon))
      await withSms(others, hours(2, noon), { givenName: 'Somebody', familyName: 'Else', birthDate: '2001-01-31' })
      expect([await audits('opt-out.set'), await audits('opt-out.end')]).to.deep.equal([1, 0])
      expect(await wanted(first.intakeId, hours(2, noon))).to.equal(false)
      expect([await smsOf(others.intakeId, hours(2, noon)), await smsOf(next.intakeId, hours(2, noon))]).to.deep.equal(['opted-out', 'opted-out'])
      await world.round(hours(-72))
      await world.run(hours(-72))
      expect(world.sent).to.deep.equal([])
      expect(await world.states(next.intakeId)).to.deep.equal(['reminder-72h sms suppressed opted-out'])
      // They themselves may, with the form of their next visit: then it holds for both of theirs.
      await withSms(next, hours(-71))
      expect([await wanted(first.intakeId, hours(-71)), await smsOf(others.intakeId, hours(-71))]).to.deep.equal([true, 'ready'])
    })

    it('stays taken back where the number is open again for somebody else by another’s own word', async () => {
      const first = await world.book({ smsAllowed: true })
      const others = await world.book({ smsAllowed: true })
      const third = await world.book({ smsAllowed: true })
      const else_ = { givenName: 'Somebody', familyName: 'Else', birthDate: '2001-01-31' }
      await withSms(first, noon)
      await withSms(others, noon, else_)
      await withdraw(others.tokenSha256, hours(1, noon))
      await withdraw(first.tokenSha256, hours(2, noon))
      await withSms(third, hours(3, noon), else_)
      expect([await wanted(first.intakeId, hours(3, noon)), await wanted(others.intakeId, hours(3, noon))]).to.deep.equal([false, true])
    })

    it('is taken back by nobody at the clinic, also not by way of a word of the clinic’s own', async () => {
      const first = await world.book({ smsAllowed: true })
      const next = await world.book({ smsAllowed: true })
      const set = (out: boolean, now: Date) =>
        world.hub.api.stores.messages.setOptOut(world.hub.tenantId, first.intakeId, { channel: 'sms', out }, 'user:desk', now)
      await withSms(first, noon)
      await set(true, hours(1, noon))
      await withdraw(first.tokenSha256, hours(2, noon))
      expect([await set(false, hours(3, noon)), await smsOf(first.intakeId, hours(3, noon))]).to.deep.equal(['set', 'opted-out'])
      expect([await set(false, hours(4, noon)), await wanted(first.intakeId, hours(4, noon))]).to.deep.equal(['patients-word', false])
      // A new consent ends the patient's own word, and leaves the clinic's.
      await set(true, hours(5, noon))
      await withSms(next, hours(6, noon))
      expect(await smsOf(next.intakeId, hours(6, noon))).to.equal('opted-out')
      expect([await set(false, hours(7, noon)), await smsOf(next.intakeId, hours(7, noon)), await wanted(next.intakeId, hours(7, noon))]).to.deep.equal([
        'set',
        'ready',
        true,
      ])
    })

    it('is taken back by START too; and takes nothing from a STOP, which only START ends', async () => {
      const { intakeId, tokenSha256 } = await world.book({ smsAllowed: true })
      await withSms({ intakeId, tokenSha256 }, noon)
      await withdraw(tokenSha256, hours(1, noon))
      expect(await wanted(intakeId, hours(1, noon))).to.equal(false)
      await world.word('start', hours(2, noon))
      expect([await smsOf(intakeId, hours(2, noon)), await wanted(intakeId, hours(2, noon))]).to.deep.equal(['ready', true])
      await world.word('stop', hours(3, noon))
      const other = await world.book({ smsAllowed: true })
      await withSms(other, hours(4, noon))
      expect(await smsOf(other.intakeId, hours(4, noon))).to.equal('opted-out')
      await withdraw(other.tokenSha256, hours(5, noon))
      const view = await world.hub.api.stores.messages.ofVisit(world.hub.tenantId, other.intakeId, hours(5, noon))
      expect(view?.channels.sms).to.include({ is: 'opted-out', cause: 'stop' })
    })
  })

  it('a mail that stands in for a lost text is not lost to a message that is planned at the same moment', async () => {
    const { intakeId } = await world.book({ email, smsAllowed: true })
    await world.send(intakeId, noon)
    await world.run(noon)
    const [text] = world.sent
    if (!text) throw new Error('nothing was sent')
    const { api, tenantId } = world.hub
    const at = { now: noon, process: 'api-1', traceparent: null }
    const wish = { intakeId, kind: 'invitation', channel: 'sms', aboutId: null, atOnce: false, notAfter: null, insteadOf: null, keepRefusal: false } as const
    let receipt: Promise<void> | undefined
    await withTenant(api.pool, tenantId, 'user:desk', async (tx) => {
      expect(await planMessage(tx, { ...wish, requestedBy: 'user:desk' }, at)).to.include({ is: 'planned' })
      // The receipt comes before the desk's message is committed.
      const lost = {
        is: 'status',
        providerId: `SM${text.messageId}`,
        messageId: text.messageId,
        status: 'undelivered',
        reason: 'number-unreachable',
        code: null,
      } as const
      receipt = world.fact(lost, noon)
      await new Promise((resolve) => setTimeout(resolve, 300))
    })
    await receipt
    expect((await world.states(intakeId)).toSorted()).to.deep.equal([
      'invitation mail requested ',
      'invitation sms requested ',
      'invitation sms undelivered number-unreachable',
    ])
    expect(phone).to.equal(text.to)
  })
})
