import { randomUUID } from 'node:crypto'
import type { Envelope } from '@heliox/core/kit'
import type { LedgerEnd, StepRef } from '@heliox/core/ports'
import { expect } from 'chai'
import { openTestHub, submittedIntake, type TestHub } from './fixtures.ts'

const minute = 60_000

describe('the figures of the live view', () => {
  let hub: TestHub
  before(async () => {
    hub = await openTestHub()
  })
  after(() => hub.close())

  const ago = (minutes: number): Date => new Date(hub.now.getTime() - minutes * minute)
  /** A delivery whose step asked a partner at that moment. */
  async function asked(at: Date, end: (envelope: Envelope) => LedgerEnd): Promise<void> {
    const { envelope, link } = await submittedIntake(hub)
    await hub.engine.stores.flows.pin(envelope, 'eligibility', at)
    const ref: StepRef = {
      tenantId: hub.tenantId,
      rootId: envelope.rootId,
      flow: 'eligibility',
      version: 1,
      step: 'ask payer',
      intakeId: link.intakeId,
      ledgerMonth: '2026-02-01',
    }
    const options = { owner: 'engine-1', leaseMs: 20_000, replay: 'safe', keyedForMs: null, triesMax: 4, now: at } as const
    const started = await hub.engine.stores.ledger.start(ref, { partner: 'clearinghouse', operation: 'checkEligibility' }, '{}', options)
    if (started.is !== 'go') throw new Error(started.is)
    await hub.engine.stores.ledger.end(ref, started.effectId, started.fencing, { ...end(envelope), payerId: 'HELIO1' }, at)
  }
  const yes = (): LedgerEnd => ({ is: 'answered', port: 'ok', value: {}, reconciled: false, suspicions: [] })
  const no = (): LedgerEnd => ({ is: 'answered', port: 'rejected', value: {}, reconciled: false, suspicions: [] })
  const again = (envelope: Envelope): LedgerEnd => ({
    ...{ is: 'retry', outcome: 'failed', cause: 'unavailable', at: new Date(hub.now.getTime() + minute) },
    redeliver: { ...envelope, id: randomUUID(), attempt: 2 },
  })
  const held = (envelope: Envelope): LedgerEnd => ({ is: 'held', outcome: 'unknown', cause: 'timeout', owner: 'ops', staffText: 'No answer.', envelope })

  it('are all there, and nothing, for a clinic in which nothing happened', async () => {
    const figures = await hub.api.stores.live.figures(hub.tenantId, hub.now)
    expect(figures.throughput).to.have.lengthOf(60)
    expect(figures.throughput.every((one) => one.answered === 0 && one.failed === 0)).to.equal(true)
    expect([figures.flows, figures.partners, figures.payers, figures.breakers]).to.deep.equal([[], [], [], []])
  })

  it('count a "no" as an answer and a fault as a failure, each in the minute in which it was asked', async () => {
    await asked(ago(0), yes)
    await asked(ago(0), no)
    await asked(ago(10), again)
    await asked(ago(10), held)
    await asked(ago(40), yes)
    await asked(ago(61), yes)
    // Kept by an open breaker: nobody was called.
    await asked(ago(3), (envelope) => ({ ...again(envelope), waits: 'breaker', nothingSent: true }) as LedgerEnd)
    const { throughput, partners, flows } = await hub.api.stores.live.figures(hub.tenantId, hub.now)
    const at = (minutes: number) => throughput.find((one) => one.minute === ago(minutes).toISOString())
    expect(at(0)).to.deep.include({ answered: 2, failed: 0 })
    expect(at(10)).to.deep.include({ answered: 0, failed: 2 })
    expect(at(40)).to.deep.include({ answered: 1, failed: 0 })
    expect(
      throughput.reduce((sum, one) => sum + one.answered + one.failed, 0),
      'nothing older than an hour',
    ).to.equal(5)
    expect(throughput.at(-1)?.minute).to.equal(hub.now.toISOString())
    expect(partners, 'of the last quarter of an hour').to.deep.equal([{ partner: 'clearinghouse', calls: 4, failed: 2 }])
    // What was answered is still open at its pin: nobody settled it here.
    expect(flows).to.deep.equal([{ flow: 'eligibility', active: 4, retrying: 2, held: 1 }])
  })

  it('say of each payer what goes on by itself and what waits for a person', async () => {
    const { payers } = await hub.api.stores.live.weather(hub.tenantId, hub.now)
    expect(payers.map(({ payerId, payerName, waiting, held: waits }) => ({ payerId, payerName, waiting, waits }))).to.deep.equal([
      { payerId: 'HELIO1', payerName: 'Helio Health Plan', waiting: 2, waits: 1 },
    ])
  })

  it('list the deliveries of one flow that are not settled, longest standing first, and one of them by its id', async () => {
    const { live } = hub.api.stores
    const open = await live.deliveries(hub.tenantId, 'eligibility', 'open', { from: 0, limit: 2 })
    expect(open).to.have.lengthOf(2)
    expect(open.map((one) => one.since)).to.deep.equal([ago(61).toISOString(), ago(40).toISOString()])
    expect(await live.deliveries(hub.tenantId, 'eligibility', 'open', { from: 4, limit: 2 })).to.deep.equal([])
    const [retrying] = await live.deliveries(hub.tenantId, 'eligibility', 'retrying', { from: 0, limit: 2 })
    expect(await live.delivery(hub.tenantId, 'eligibility', retrying?.rootId ?? '')).to.deep.equal(retrying)
    expect(await live.delivery(hub.tenantId, 'intake', retrying?.rootId ?? '')).to.equal(undefined)
  })

  it('are of one clinic', async () => {
    const { live } = hub.api.stores
    const other = await live.figures(hub.otherTenantId, hub.now)
    expect([other.flows, other.partners, other.payers]).to.deep.equal([[], [], []])
    expect(await live.deliveries(hub.otherTenantId, 'eligibility', 'open', { from: 0, limit: 10 })).to.deep.equal([])
  })
})
