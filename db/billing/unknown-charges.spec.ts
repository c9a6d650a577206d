import { randomUUID } from 'node:crypto'
import type { Envelope } from '@heliox/core/kit'
import type { LedgerEnd } from '@heliox/core/ports'
import { expect } from 'chai'
import { resolveOverride } from '../messaging/resolve-override.ts'
import { withTenant } from '../tenancy.ts'
import { afterDue, eachSending, type Sending } from './sending-testing.ts'

describe('a charge of which nobody knows whether it left', () => {
  let till: Sending
  eachSending((begun) => {
    till = begun
  })

  const chargeOf = ({ payload }: Envelope): string => (payload as { chargeId: string }).chargeId
  const lost = async (): Promise<Envelope> => {
    const envelope = await till.copay()
    await till.pin(envelope, 0)
    await till.failed(envelope, 'unknown')
    return envelope
  }
  /** What the partner has of it, as the flow writes it down. */
  const record = (envelope: Envelope, name: string, record: object) =>
    till.hub.engine.stores.applies.apply(name, record, { envelope, flow: 'charge', version: 1, step: 'record', process: 'engine-1', now: till.at(4) })
  const taken = (envelope: Envelope, status: 'succeeded' | 'processing' = 'succeeded') =>
    record(envelope, 'billing.record-charge', {
      ...{ is: 'charged', chargeId: chargeOf(envelope) },
      charged: { status, paymentIntentId: `pi_${envelope.id}`, amountMinor: 2500 },
    })
  const takenUnwanted = (envelope: Envelope) => till.incidents('charged-unwanted', chargeOf(envelope))
  /** A person's "retry" of what waits for them. */
  const retried = async ({ rootId }: Envelope, now: Date): Promise<void> => {
    const { pool, vault } = till.hub.engine
    const { rows } = await till.hub.owner.query<{ id: string }>(`SELECT id FROM messaging.overrides WHERE root_id = $1 AND status = 'open'`, [rootId])
    const how = { resolution: 'retry', reason: 'other', noteDocumentId: randomUUID() } as const
    const at = { now, process: 'engine-1', traceparent: null }
    const outcome = await withTenant(pool, till.hub.tenantId, `user:${randomUUID()}`, (tx) => resolveOverride(tx, vault, rows[0]?.id ?? '', how, at))
    expect(outcome).to.equal('resolved')
  }
  const notFound = (envelope: Envelope): LedgerEnd => till.again(envelope, { outcome: 'failed', cause: 'uncertain', earlierNotDone: true }, till.at(3))

  it('is sent again under its key while it is wanted, and only asked about once it is not', async () => {
    expect(await till.lease(await lost(), till.at(2))).to.include({ mode: 'again', unwanted: false })
    for (const takeBack of ['withdraw', 'cancelVisit'] as const) {
      till = await till.another()
      const envelope = await lost()
      await till[takeBack]()
      expect(await till.pin(envelope), takeBack).to.equal('open')
      expect(await till.lease(envelope, till.at(2)), takeBack).to.include({ mode: 'reconcile', unwanted: true })
      expect(await till.pin(envelope, 2), 'while it is being asked about').to.equal('open')
      expect(await till.shown()).to.deep.equal([['requested', null]])
    }
  })

  it('is only asked about too when its engine died over it, and when the question failed as often as you like', async () => {
    const envelope = await till.copay()
    await till.pin(envelope, 0)
    await till.lease(envelope, till.hub.now)
    await till.withdraw()
    expect((await till.start(envelope, till.hub.now)).is, 'the lease of the dead').to.equal('busy')
    for (const minutes of [2, 4, 6]) {
      expect(await till.pin(envelope, minutes)).to.equal('open')
      const lease = await till.lease(envelope, till.at(minutes))
      expect(lease).to.include({ mode: 'reconcile', unwanted: true })
      await till.end(envelope, lease, till.again(envelope, { outcome: 'unknown', cause: 'timeout' }, till.at(minutes + 1)), till.at(minutes))
    }
  })

  it('ends as one that was never sent once the partner does not know it, says why, and never leaves', async () => {
    for (const [takeBack, code] of [
      ['withdraw', 'authorisation-withdrawn'],
      ['cancelVisit', 'visit-off'],
    ] as const) {
      till = await till.another()
      const envelope = await lost()
      await till[takeBack]()
      await till.told()
      await till.end(envelope, await till.lease(envelope, till.at(2)), notFound(envelope), till.at(2))
      expect((await till.start(envelope, till.at(4))).is, 'nothing is sent, not even by an engine that looked at the pin before').to.equal('busy')
      expect([await till.pin(envelope, 4), await till.pin(envelope, 5)]).to.deep.equal(['settled', 'settled'])
      expect(await till.shown()).to.deep.equal([['canceled', code]])
      const told = (await till.told()).filter(({ type }) => type === 'charge.changed.v1')
      expect(told.map(({ payload }) => [payload.status, payload.code])).to.deep.equal([['canceled', code]])
      expect(await takenUnwanted(envelope)).to.equal(0)
    }
  })

  it('that is an instalment, and that the partner does not know, is told to a person', async () => {
    const planId = await till.agreed()
    await till.dues(afterDue())
    const envelope = await till.requested()
    await till.pin(envelope, afterDue())
    const first = await till.lease(envelope, afterDue())
    await till.end(envelope, first, till.again(envelope, { outcome: 'unknown', cause: 'timeout' }, afterDue(1)), afterDue())
    await till.cancelVisit(afterDue(1))
    const asked = await till.lease(envelope, afterDue(2))
    expect(asked).to.include({ mode: 'reconcile', unwanted: true })
    await till.end(envelope, asked, till.again(envelope, { outcome: 'failed', cause: 'uncertain', earlierNotDone: true }, afterDue(3)), afterDue(2))
    expect(await till.pin(envelope, afterDue(4))).to.equal('settled')
    expect(await till.shown()).to.deep.equal([['canceled', 'visit-off']])
    expect(await till.incidents('instalment-not-charged', planId)).to.equal(1)
  })

  it('that the partner has taken stands as taken, and a person hears that it may not be kept, once', async () => {
    for (const status of ['succeeded', 'processing'] as const) {
      till = await till.another()
      const envelope = await lost()
      await till.withdraw()
      const lease = await till.lease(envelope, till.at(2))
      await till.end(envelope, lease, { is: 'answered', port: 'ok', value: { status }, reconciled: true, suspicions: [] }, till.at(2))
      await taken(envelope, status)
      await taken(envelope, status)
      expect(await till.shown()).to.deep.equal([[status, null]])
      expect(await takenUnwanted(envelope)).to.equal(1)
      expect((await till.start(envelope, till.at(5))).is).to.equal('done')
      expect(await till.pin(envelope, 5), 'on its way to the record once more').to.equal('open')
    }
  })

  it('that was taken while it was wanted, or declined, tells nobody that it may not be kept', async () => {
    const wanted = await lost()
    await taken(wanted)
    till = await till.another()
    const declined = await lost()
    await till.withdraw()
    const no = { code: 'card_declined', declineCode: 'insufficient_funds', next: 'later', paymentIntentId: 'pi_1' }
    await record(declined, 'billing.record-charge', { is: 'declined', chargeId: chargeOf(declined), declined: no })
    expect([await takenUnwanted(wanted), await takenUnwanted(declined)]).to.deep.equal([0, 0])
    // Its later try is called off on its day, as every one is.
    await till.dues(till.at(60 * 24 * 4))
    expect(await till.shown()).to.deep.include.members([['canceled', 'authorisation-withdrawn']])
  })

  it('stays unknown and waits for a person when the partner cannot tell; their "retry" asks again and sends nothing', async () => {
    const envelope = await lost()
    await till.withdraw()
    const held: LedgerEnd = { is: 'held', outcome: 'unknown', cause: 'uncertain', owner: 'ops', staffText: 'We cannot tell.', envelope }
    await till.end(envelope, await till.lease(envelope, till.at(2)), held, till.at(2))
    expect((await till.start(envelope, till.at(3))).is).to.equal('held')
    expect([await till.pin(envelope, 3), await till.shown()]).to.deep.equal(['open', [['requested', null]]])
    await retried(envelope, till.at(4))
    expect(await till.pin(envelope, 4)).to.equal('open')
    expect(await till.lease(envelope, till.at(4))).to.include({ mode: 'reconcile', unwanted: true })
  })

  it('is sent after all when the partner does not know it and it is wanted again', async () => {
    const envelope = await lost()
    await till.cancelVisit()
    await till.end(envelope, await till.lease(envelope, till.at(2)), notFound(envelope), till.at(2))
    await till.hub.api.stores.visits.change(till.hub.tenantId, till.link.visitId, 2, { change: 'reopened' }, 'user:desk', till.at(3))
    expect(await till.pin(envelope, 4)).to.equal('open')
    expect(await till.lease(envelope, till.at(4))).to.include({ mode: 'again', unwanted: false })
  })

  it('is repeated as ever where a webhook told of it meanwhile: the partner knows its key', async () => {
    const envelope = await lost()
    await till.withdraw()
    await till.fact('payment-intent', 'pi_9', 'payment_intent.succeeded', { ours: { paymentId: null, chargeId: chargeOf(envelope), refundId: null } })
    expect(await till.lease(envelope, till.at(3))).to.include({ mode: 'again', unwanted: false })
    await taken(envelope)
    expect(await takenUnwanted(envelope), 'though nobody may keep it').to.equal(1)
  })

  it('is not sent the first time either when it became unwanted between the look at its pin and the send', async () => {
    for (const before of ['nothing', 'a failure'] as const) {
      till = await till.another()
      const envelope = await till.copay()
      await till.pin(envelope, 0)
      if (before === 'a failure') await till.failed(envelope, 'failed')
      await till.withdraw()
      expect(await till.start(envelope, till.at(2)), before).to.deep.equal({ is: 'busy', retryAfterMs: 0 })
      expect(await till.pin(envelope), before).to.equal('settled')
      expect(await till.shown()).to.deep.equal([['canceled', 'authorisation-withdrawn']])
    }
  })

  const atTheBank = async (): Promise<Envelope> => {
    const first = randomUUID()
    await till.charge(2500, first)
    await till.declined(first, 'patient-confirms')
    await till.told()
    await till.dues(till.hub.now)
    const envelope = await till.requested('charge.page-due.v1')
    await till.pin(envelope, 0, 'charge-confirm')
    await till.failed(envelope, 'unknown', 'charge-confirm')
    await till.withdraw()
    return envelope
  }

  it('at the bank’s page of the patient is only asked about too, and what was taken there at once is told', async () => {
    const envelope = await atTheBank()
    expect(await till.lease(envelope, till.at(2), 'charge-confirm')).to.include({ mode: 'reconcile', unwanted: true })
    const seen = { status: 'succeeded', paymentIntentId: 'pi_2', amountMinor: 2500, actionUrl: null }
    await record(envelope, 'billing.record-charge-seen', { is: 'seen', chargeId: chargeOf(envelope), seen })
    expect(await takenUnwanted(envelope)).to.equal(1)
  })

  it('and whose page waits at the bank is given up: nobody is to confirm it', async () => {
    const envelope = await atTheBank()
    const seen = { status: 'requires-action', paymentIntentId: 'pi_3', amountMinor: 2500, actionUrl: 'https://bank.example/3' }
    await record(envelope, 'billing.record-charge-seen', { is: 'seen', chargeId: chargeOf(envelope), seen })
    expect((await till.hub.api.stores.payments.ofPatient(till.link, till.at(5))).charge).to.equal(null)
    await till.told()
    await till.dues(till.at(5))
    const due = await till.requested('charge.check-due.v1')
    expect(due.payload).to.include({ chargeId: chargeOf(envelope), giveUp: true })
    expect(await takenUnwanted(envelope)).to.equal(0)
  })

  it('is no concern of a refund: what goes back to the patient is sent again under its key', async () => {
    const chargeId = await till.charged()
    await till.withdraw()
    await till.told()
    expect(await till.refund(chargeId, 2500)).to.equal('begun')
    const envelope = await till.requested('refund.requested.v1')
    await till.pin(envelope, 0, 'refund')
    await till.failed(envelope, 'unknown', 'refund')
    expect(await till.lease(envelope, till.at(2), 'refund')).to.include({ mode: 'again', unwanted: false })
  })

  it('is neither sent nor handed back for ever where another step of its flow was done before: a person looks at it', async () => {
    const envelope = await till.copay()
    await till.pin(envelope, 0)
    const lease = await till.lease(envelope, till.hub.now)
    await till.end(envelope, lease, { is: 'answered', port: 'ok', value: {}, reconciled: false, suspicions: [] }, till.hub.now)
    await till.withdraw()
    const ref = { ...till.step(envelope), step: 'another' }
    const options = { owner: 'engine-1', leaseMs: 20_000, replay: 'keyed' as const, keyedForMs: 3_600_000, triesMax: 4, envelope, now: till.at(2) }
    const started = till.hub.engine.stores.ledger.start(ref, { partner: 'stripe', operation: 'stripe.charge.v1' }, '{}', options)
    expect(await started.catch((error: Error) => error.message)).to.match(/done before/)
  })

  it('is never sent by an engine that does not say what it carries', async () => {
    const envelope = await till.copay()
    await till.pin(envelope, 0)
    const options = { owner: 'engine-1', leaseMs: 20_000, replay: 'keyed' as const, keyedForMs: 3_600_000, triesMax: 4, now: till.hub.now }
    const started = till.hub.engine.stores.ledger.start(till.step(envelope), { partner: 'stripe', operation: 'stripe.charge.v1' }, '{}', options)
    expect(await started.catch((error: Error) => error.message)).to.equal('a charge is not sent without what asked for it')
  })
})
