import { randomUUID } from 'node:crypto'
import { VisitContact } from '@heliox/core/identity'
import type { Envelope } from '@heliox/core/kit'
import type { StepRef } from '@heliox/core/ports'
import { expect } from 'chai'
import { newToken, openTestHub, type TestHub } from './fixtures.ts'
import { type Watched, watchPlans } from './hot-plans.ts'
import { fillTables } from './hot-rows.ts'
import type { Stores } from './stores.ts'

/** As `hot-queries.spec.ts`, over what asks for messages, sends them, and hears what became of them. */
describe('hot queries of messages', function () {
  this.timeout(300_000)
  let hub: TestHub
  let watched: Watched
  before(async () => {
    hub = await openTestHub()
    await fillTables(hub)
    for (const adapterId of ['twilio', 'mail']) await hub.api.stores.connectionAdmin.save(hub.tenantId, adapterId, {}, {}, 'user:admin', hub.now)
    watched = watchPlans(hub)
  })
  after(async () => {
    await watched?.end()
    await hub?.close()
  })

  const expectServed = (): void => {
    expect(watched.plans().length).to.be.above(3)
    expect(watched.scanned()).to.deep.equal([])
    expect(watched.passedOver()).to.deep.equal([])
  }
  const as = (role: string): Stores => watched.storesAs(role).stores
  // Seventy hours after the time of `openTestHub`.
  const startsAt = '2026-02-05T13:00:00.000Z'
  async function book(stores: Stores): Promise<string> {
    const [token, tokenSha256] = newToken()
    const contact = VisitContact.parse({ givenName: 'Ruth', familyName: 'Okafor', phone: '+13125550142', email: 'a@b.example', smsAllowed: true })
    const details = { startsAt, minutes: 20, practitioner: 'Dr. Imani Reyes', contact }
    const bookedAt = new Date(hub.now.getTime() - 7 * 24 * 3_600_000)
    const made = await stores.clinic.createVisit(hub.tenantId, details, { token, tokenSha256, expiresAt: new Date('2027-01-01') }, 'user:desk', bookedAt)
    if (typeof made === 'string') throw new Error(made)
    return made.intakeId
  }

  it('sends, shows and stops at the front desk', async () => {
    const stores = as('hub_api')
    const intakeId = await book(stores)
    expect((await stores.messages.send(hub.tenantId, intakeId, { kind: 'invitation', channel: 'auto', atOnce: true }, 'user:x', hub.now)).is).to.equal('sent')
    expect((await stores.messages.ofVisit(hub.tenantId, intakeId, hub.now))?.messages).to.have.length(1)
    expect((await stores.messages.latest(hub.tenantId, [intakeId, randomUUID()])).size).to.equal(1)
    await stores.messages.setOptOut(hub.tenantId, intakeId, { channel: 'sms', out: true }, 'user:x', hub.now)
    await stores.messages.setOptOut(hub.tenantId, intakeId, { channel: 'sms', out: false }, 'user:x', new Date(hub.now.getTime() + 1000))
    expectServed()
  })

  it('asks for what is due, lets it leave, and folds what became of it', async () => {
    const intakeId = await book(hub.api.stores)
    const stores = as('hub_engine')
    expect(await stores.reminders.tenants(hub.now)).to.deep.equal([hub.tenantId])
    expect((await stores.reminders.begin(hub.tenantId, { process: 'engine-1', now: hub.now })).reminders).to.be.above(0)
    const [message] = (await hub.api.stores.messages.ofVisit(hub.tenantId, intakeId, hub.now))?.messages ?? []
    if (!message) throw new Error('no reminder')
    const rootId = randomUUID()
    const ref: StepRef = { tenantId: hub.tenantId, rootId, flow: 'message', version: 1, step: 'leave', intakeId, ledgerMonth: '2026-02-01' }
    expect((await stores.outgoing.leave(ref, 1, message.id, hub.now)).go).to.equal('sms')
    expect((await stores.outgoing.letter(ref, message.id, 'https://hub.example', 'service:engine-1', hub.now))?.channel).to.equal('sms')
    const apply = (name: string, input: unknown) => {
      const envelope: Envelope = {
        ...{
          id: rootId,
          rootId,
          type: 'x',
          contract: 'x',
          tenantId: hub.tenantId,
          region: 'us-east',
          aggregateType: 'x',
          aggregateId: rootId,
          aggregateVersion: 1,
        },
        ...{ intakeId, occurredAt: hub.now.toISOString(), process: 'engine-1', traceparent: null, attempt: 1, payload: {} },
      }
      return stores.applies.apply(name, input, { envelope, flow: 'hot', version: 1, step: randomUUID(), process: 'engine-1', now: hub.now })
    }
    const received = { itemId: randomUUID(), fileId: randomUUID(), index: 0, receivedAt: hub.now.toISOString() }
    await apply('messaging.record-message', { is: 'sent', messageId: message.id, providerId: 'SMhot1' })
    await apply('messaging.record-message-fact', {
      ...received,
      item: { is: 'status', providerId: 'SMhot1', messageId: null, status: 'undelivered', reason: 'not-a-mobile', code: '30006' },
    })
    await apply('messaging.record-message-fact', { ...received, item: { is: 'inbound', providerId: 'SMhot2', word: 'stop', fromKey: 'a'.repeat(64) } })
    await apply('messaging.message-notice', { intakeId, template: 'eligibility-changed', aboutId: randomUUID() })
    expectServed()
  })
})
