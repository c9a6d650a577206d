import { randomUUID } from 'node:crypto'
import type { Envelope } from '@heliox/core/kit'
import { expect } from 'chai'
import { drainAll, newToken } from '../fixtures.ts'
import { email, hours, type MessageWorld, noon, openMessages, phone, visitAt } from './messages-testing.ts'

/** How many texts a visit may have, and what is never sent once more as it was. */
describe('messages, once more', function () {
  this.timeout(60_000)
  let world: MessageWorld
  beforeEach(async () => {
    world = await openMessages()
  })
  afterEach(() => world.hub.close())
  const hour = (n: number): Date => hours(n, noon)
  const sms = (intakeId: string, now: Date) => world.send(intakeId, now, { channel: 'sms', atOnce: true })
  const stepOf = ({ rootId }: Envelope) =>
    ({ tenantId: world.hub.tenantId, rootId, flow: 'message', version: 1, step: 'send text', intakeId: null, ledgerMonth: '2026-02-01' }) as const

  async function askedFor(now = noon): Promise<Envelope> {
    const asked = (await drainAll(world.hub, 'messaging', now)).filter(({ envelope }) => envelope.type === 'message.requested.v1')
    if (!asked[0] || asked.length > 1) throw new Error('not one was asked for')
    return asked[0].envelope
  }
  /** What the ledger says of a first try of this request. */
  async function tried(envelope: Envelope, state: 'failed' | 'unknown', step: string): Promise<void> {
    const { tenantId, rootId, flow, version, ledgerMonth } = stepOf(envelope)
    const { rowCount } = await world.hub.owner.query(
      `INSERT INTO messaging.effects (tenant_id, id, root_id, flow, step, flow_version, state, fencing, ledger_month) VALUES ($1, $2, $3, $4, $5, $6, $7, 1, $8)`,
      [tenantId, randomUUID(), rootId, flow, step, version, state, ledgerMonth],
    )
    expect(rowCount).to.equal(1)
  }
  async function renew(intakeId: string, now: Date): Promise<string> {
    const [token, tokenSha256] = newToken()
    const link = { token, tokenSha256, expiresAt: hours(1) }
    expect(await world.hub.api.stores.clinic.renewLink(world.hub.tenantId, intakeId, link, 'user:desk', randomUUID(), now)).to.equal('renewed')
    return token
  }

  describe('are at most six texts for one visit', () => {
    it('of which what was refused at once is none; the next goes by mail where there is one, and the desk sees it beforehand', async () => {
      const { intakeId } = await world.book({ smsAllowed: true })
      world.refuse[phone] = 'number-unreachable'
      for (const n of [0, 0.1, 0.2]) expect(await sms(intakeId, hour(n))).to.include({ is: 'sent' })
      await world.run(hour(0.3))
      delete world.refuse[phone]
      for (const n of [2, 2.1, 2.2, 2.3, 2.4]) expect(await sms(intakeId, hour(n))).to.include({ is: 'sent' })
      await world.run(hour(3))
      // The sixth waits for the morning, and counts.
      expect(await world.send(intakeId, hour(10), { channel: 'sms' })).to.have.nested.property('message.status', 'planned')
      const view = await world.hub.api.stores.messages.ofVisit(world.hub.tenantId, intakeId, hour(11))
      expect(view?.channels).to.deep.equal({ sms: { is: 'at-limit' }, mail: { is: 'no-address' } })
      await world.round(hour(20.1))
      await world.run(hour(20.1))
      expect(world.sent).to.have.length(6)
      for (const channel of ['sms', 'auto'] as const)
        expect(await world.send(intakeId, hour(21), { channel, atOnce: true })).to.deep.equal({ is: 'not-possible', reason: 'visit-limit' })
      await world.round(hours(-72))
      expect(await world.states(intakeId)).to.include('reminder-72h sms suppressed visit-limit')
      const latest = await world.hub.api.stores.messages.latest(world.hub.tenantId, [intakeId])
      expect(latest.get(intakeId), 'what was held back takes nothing from what arrived').to.include({ kind: 'invitation', status: 'sent' })
      const other = await world.book({ smsAllowed: true })
      expect(await sms(other.intakeId, hour(12))).to.include({ is: 'sent' })
    })

    it('but a code is texted to who asks for it', async () => {
      const { intakeId, visitId } = await world.book({ email, smsAllowed: true })
      for (const n of [0, 2, 4, 6, 8, 10]) expect(await sms(intakeId, hour(n))).to.include({ is: 'sent' })
      expect(await world.send(intakeId, hour(12), { atOnce: true })).to.have.nested.property('message.channel', 'mail')
      const link = { tenantId: world.hub.tenantId, intakeId, visitId } as Parameters<typeof world.hub.api.stores.proofs.sendCode>[0]
      await world.hub.api.stores.proofs.sendCode(link, 'sms', hour(12))
      for (const { envelope } of await drainAll(world.hub, 'identity', hour(12)))
        if (envelope.type === 'intake.code-asked.v1') await world.apply('messaging.plan-code', envelope.payload, envelope, hour(12))
      await world.round(hours(-72))
      await world.run(hours(-72))
      expect((await world.states(intakeId)).filter((state) => /^(code|reminder)/.test(state)).toSorted()).to.deep.equal([
        'code sms suppressed too-late',
        'reminder-72h mail sent ',
      ])
    })
  })

  describe('whose link was renewed since the first try', () => {
    it('do not leave as they were: the desk sees why, and the same goes with the new link, once', async () => {
      const { intakeId } = await world.book({ email, smsAllowed: true })
      await sms(intakeId, noon)
      const asked = await askedFor()
      await tried(asked, 'failed', 'send text')
      const token = await renew(intakeId, hour(0.5))
      await world.deliver(asked, hour(1))
      expect(world.sent).to.deep.equal([])
      expect((await world.states(intakeId)).toSorted()).to.deep.equal(['invitation sms requested ', 'invitation sms suppressed link-ended'])
      await world.run(hour(1))
      await world.deliver(asked, hour(1))
      expect(world.sent.map(({ url }) => url)).to.deep.equal([`https://hub.example/i/${token}`])
    })

    it('are not sent anew where the desk did so; what was not tried yet just takes the link that holds', async () => {
      const { intakeId } = await world.book({ email, phone: null })
      await world.send(intakeId, noon)
      const asked = await askedFor()
      await tried(asked, 'unknown', 'send mail')
      const token = await renew(intakeId, hour(0.5))
      await world.send(intakeId, hour(0.6))
      await world.deliver(asked, hour(1))
      await world.run(hour(1))
      expect((await world.states(intakeId)).toSorted()).to.deep.equal(['invitation mail sent ', 'invitation mail suppressed link-ended'])
      await world.send(intakeId, hour(2))
      const second = await renew(intakeId, hour(2.1))
      await world.run(hour(2.2))
      expect(world.sent.map(({ url }) => url)).to.deep.equal([token, second].map((one) => `https://hub.example/i/${one}`))
    })

    it('and of a reminder the new one is the only one that leaves', async () => {
      const { intakeId } = await world.book({ smsAllowed: true })
      await world.round(hours(-72))
      const asked = await askedFor(hours(-72))
      await tried(asked, 'failed', 'send text')
      await renew(intakeId, hours(-71.9))
      await world.deliver(asked, hours(-71.8))
      await world.run(hours(-71.8))
      expect(await world.round(hours(-71.7))).to.deep.equal({ waited: 0, reminders: 0 })
      expect((await world.states(intakeId)).toSorted()).to.deep.equal(['reminder-72h sms sent ', 'reminder-72h sms suppressed link-ended'])
    })
  })

  it('are asked for where another of the clinic is odd: that one is left out and named, be it one that waited or a reminder', async () => {
    const { begin } = world.hub.engine.stores.reminders
    const [odd, fine] = [await world.book({ smsAllowed: true }), await world.book({ smsAllowed: true })]
    const night = hour(10)
    for (const { intakeId } of [odd, fine]) await world.send(intakeId, night)
    const waits = await world.hub.owner.query<{ id: string }>('SELECT id FROM messaging.messages WHERE intake_id = $1', [odd.intakeId])
    // Neither can come about by the hub: a message whose form is gone, and a form of which nothing can be written.
    await world.hub.owner.query('UPDATE messaging.messages SET intake_id = gen_random_uuid() WHERE id = $1', [waits.rows[0]?.id])
    const about = (now: Date) => ({ process: 'engine-1', now })
    const morning = await begin(world.hub.tenantId, about(hour(20.1)))
    expect([morning.waited, morning.skipped.map(({ of }) => of)]).to.deep.equal([1, [`message:${waits.rows[0]?.id}`]])
    await world.hub.owner.query(`ALTER TABLE messaging.messages ADD CONSTRAINT odd CHECK (kind <> 'reminder-72h' OR intake_id <> '${odd.intakeId}')`)
    await world.hub.owner.query('DELETE FROM messaging.messages WHERE id = $1', [waits.rows[0]?.id])
    const later = await begin(world.hub.tenantId, about(hours(-72)))
    expect([later.reminders, later.skipped.map(({ of }) => of)]).to.deep.equal([1, [`intake:${odd.intakeId}`]])
    await world.run(hours(-72))
    expect((await world.states(fine.intakeId)).toSorted()).to.deep.equal(['invitation sms sent ', 'reminder-72h sms sent '])
    expect(await world.states(odd.intakeId)).to.deep.equal([])
  })

  it('are asked for behind more odd ones than a round reads: the next round goes on where the last one stopped', async () => {
    const { begin } = world.hub.engine.stores.reminders
    const perRoundMax = 100
    for (let n = 0; n < perRoundMax; n += 1) await world.book({ smsAllowed: true })
    const fine = await world.book({ smsAllowed: true }, new Date(Date.parse(visitAt) + 60_000).toISOString())
    await world.hub.owner.query(`ALTER TABLE messaging.messages ADD CONSTRAINT odd CHECK (kind <> 'reminder-72h' OR intake_id = '${fine.intakeId}')`)
    const at = { process: 'engine-1', now: hours(-71.9) }
    const { readTo: after, ...first } = await begin(world.hub.tenantId, at)
    expect([first.reminders, first.skipped.length]).to.deep.equal([0, perRoundMax])
    const { readTo, ...second } = await begin(world.hub.tenantId, { ...at, after })
    expect([second.reminders, second.skipped.length, readTo['reminder-72h']]).to.deep.equal([1, 0, null])

    // Likewise what waited for the morning.
    const night = hour(10)
    await world.send(fine.intakeId, night)
    await world.hub.owner.query(
      `INSERT INTO messaging.messages SELECT (jsonb_populate_record(m, jsonb_build_object('id', gen_random_uuid(), 'intake_id', gen_random_uuid(), 'n', 100 + i,
         'due_at', m.due_at - interval '1 microsecond' * i))).*
       FROM messaging.messages m, generate_series(1, $2) i WHERE m.intake_id = $1 AND m.status = 'planned'`,
      [fine.intakeId, perRoundMax],
    )
    const morning = { process: 'engine-1', now: hour(20.1) }
    const odd = await begin(world.hub.tenantId, morning)
    expect([odd.waited, odd.skipped.length]).to.deep.equal([0, perRoundMax])
    const behind = await begin(world.hub.tenantId, { ...morning, after: odd.readTo })
    expect([behind.waited, behind.skipped.length, behind.readTo.waited]).to.deep.equal([1, 0, null])
  })

  it('do not go to an address that took the place of the asked one between the question and the letter', async () => {
    const { intakeId, visitId } = await world.book()
    await sms(intakeId, noon)
    const asked = await askedFor()
    const { messageId } = asked.payload as { messageId: string }
    const { outgoing } = world.hub.engine.stores
    const letter = () => outgoing.letter(stepOf(asked), messageId, 'https://hub.example', 'service:engine-1', noon)
    expect((await letter())?.to).to.equal(phone)
    const { contacts } = world.hub.api.stores
    const contact = (await contacts.read(world.hub.tenantId, [visitId], 'test', 'user:desk', noon)).get(visitId)
    if (!contact) throw new Error('no contact')
    expect(await contacts.save(world.hub.tenantId, visitId, { ...contact, phone: '+13125550199' }, 'user:desk', noon)).to.equal('saved')
    expect(await letter()).to.equal(null)
    await world.deliver(asked, noon)
    expect(await world.states(intakeId)).to.deep.equal(['invitation sms suppressed address-changed'])
  })
})
