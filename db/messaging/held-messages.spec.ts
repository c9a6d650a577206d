import { canonicalJson } from '@heliox/core/kit'
import type { LedgerEnd, StepRef } from '@heliox/core/ports'
import { expect } from 'chai'
import { openItems, openTestHub, submittedIntake, type TestHub } from '../fixtures.ts'

describe('a message that waits for a person', function () {
  this.timeout(60_000)
  let hub: TestHub
  before(async () => {
    hub = await openTestHub()
  })
  after(() => hub.close())

  it('is opened without its link, and sent with it', async () => {
    const { envelope, link } = await submittedIntake(hub)
    const ref: StepRef = {
      tenantId: hub.tenantId,
      rootId: envelope.rootId,
      flow: 'message',
      version: 1,
      step: 'send text',
      intakeId: link.intakeId,
      ledgerMonth: '2026-02-01',
    }
    await hub.engine.stores.flows.pin(envelope, 'message', hub.now)
    const message = { messageId: envelope.id, to: '+13125550142', body: 'Lakeside: your form. https://hub.example/i/SecretSecretSecret', notAfter: null }
    const options = { owner: 'engine-1', leaseMs: 20_000, replay: 'never', keyedForMs: null, triesMax: 4 } as const
    const begin = (now: Date) =>
      hub.engine.stores.ledger.start(ref, { partner: 'twilio', operation: 'twilio.sendMessage.v1' }, canonicalJson(message), { ...options, now })
    const started = await begin(hub.now)
    if (started.is !== 'go') throw new Error(started.is)
    const asked = { payerId: null, scope: 'partner', nothingSent: false, effectSent: true, ours: false } as const
    await hub.engine.stores.ledger.end(
      ref,
      started.effectId,
      started.fencing,
      { is: 'held', outcome: 'failed', cause: 'credentials', owner: 'clinic', staffText: 'No.', envelope, ...asked },
      hub.now,
    )
    const item = (await openItems(hub)).find(({ intakeId }) => intakeId === link.intakeId)
    const found = item && (await hub.api.stores.queue.find(hub.tenantId, item.id, hub.now))
    if (!found) throw new Error('no item')
    const shown = { ...message, body: 'Lakeside: your form. …' }
    expect(await hub.api.stores.queue.input(hub.tenantId, found.id, 'find-error', 'user:ops', hub.now)).to.deep.equal(shown)
    const { attempts } = await hub.api.stores.queue.history(hub.tenantId, found, hub.now)
    const opened = await hub.api.stores.queue.openAttempt(hub.tenantId, found.id, attempts[0]?.id ?? '', 'find-error', 'user:ops', hub.now)
    expect(opened?.sent).to.deep.equal(shown)
    expect(JSON.stringify(found)).not.to.contain('Secret')
    // What is kept for the sending is whole.
    expect(JSON.parse(started.input)).to.deep.equal(message)
  })
})

describe('a key that a partner of messages refuses', function () {
  this.timeout(60_000)
  let hub: TestHub
  before(async () => {
    hub = await openTestHub()
  })
  after(() => hub.close())

  it('is one incident, however often it is met, which the next answer closes', async () => {
    const { envelope, link } = await submittedIntake(hub)
    await hub.engine.stores.flows.pin(envelope, 'message', hub.now)
    const ref: StepRef = {
      tenantId: hub.tenantId,
      rootId: envelope.rootId,
      flow: 'message',
      version: 1,
      step: 'send mail',
      intakeId: link.intakeId,
      ledgerMonth: '2026-02-01',
    }
    const options = { owner: 'engine-1', leaseMs: 20_000, replay: 'never', keyedForMs: null, triesMax: 4 } as const
    const attempt = async (end: (started: { effectId: string; fencing: number }) => LedgerEnd, now: Date): Promise<void> => {
      const started = await hub.engine.stores.ledger.start(ref, { partner: 'mail', operation: 'mail.sendMail.v1' }, '{}', { ...options, now })
      if (started.is !== 'go') throw new Error(started.is)
      await hub.engine.stores.ledger.end(ref, started.effectId, started.fencing, end(started), now)
    }
    const later = (seconds: number): Date => new Date(hub.now.getTime() + seconds * 1_000)
    const refused = (at: Date): LedgerEnd => ({
      is: 'retry',
      outcome: 'failed',
      cause: 'credentials',
      waits: 'breaker',
      keyRefused: true,
      at,
      redeliver: envelope,
    })
    await attempt(() => refused(later(1)), hub.now)
    await attempt(() => refused(later(3)), later(2))
    const open = async () =>
      (await hub.api.stores.incidents.list(hub.tenantId, { status: 'open', limit: 10 })).items.map(({ kind, partner, count }) => `${kind} ${partner} ${count}`)
    expect(await open()).to.deep.equal(['key-refused mail 2'])
    await attempt(() => ({ is: 'answered', port: 'ok', value: {}, reconciled: false, suspicions: [], traceparent: null }), later(4))
    expect(await open()).to.deep.equal([])
  })
})
