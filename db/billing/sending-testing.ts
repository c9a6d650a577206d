import { randomUUID } from 'node:crypto'
import { planTerms } from '@heliox/core/billing'
import { type Envelope, sha256Hex } from '@heliox/core/kit'
import type { LedgerEnd, LedgerStart, StepRef } from '@heliox/core/ports'
import { drainAll, openTestHub, type TestHub } from '../fixtures.ts'
import { Till } from './money-testing.ts'

/** A till whose patient has signed, and an engine that takes its charges to the partner: pin, lease, end. */
export class Sending extends Till {
  static async begin(hub: TestHub): Promise<Sending> {
    const sending = await new Sending(hub).open()
    await sending.record({})
    await sending.told()
    return sending
  }
  /** Another patient of the same hub. */
  another(): Promise<Sending> {
    return Sending.begin(this.hub)
  }
  async cancelVisit(now = this.at(1)): Promise<void> {
    const wish = { change: 'cancelled', reason: 'patient-asked' } as const
    const changed = await this.hub.api.stores.visits.change(this.hub.tenantId, this.link.visitId, 1, wish, 'user:desk', now)
    if (changed.is !== 'changed') throw new Error(`the visit: ${changed.is}`)
  }
  async requested(type = 'charge.requested.v1', minutes = 60 * 24 * 400): Promise<Envelope> {
    const rows = await drainAll(this.hub, 'billing', this.at(minutes))
    const found = rows.find(({ envelope }) => envelope.type === type && envelope.intakeId === this.intakeId)
    if (!found) throw new Error(`no ${type}`)
    return found.envelope
  }
  async copay(): Promise<Envelope> {
    const begun = await this.charge(2500)
    if (begun !== 'begun') throw new Error(`charging: ${begun}`)
    return this.requested()
  }
  async agreed(now = this.hub.now): Promise<string> {
    const plan = { id: randomUUID(), intakeId: this.intakeId, instalments: [{ dueOn: '2026-03-02', amountMinor: 5000 }] }
    await this.hub.api.stores.payments.proposePlan(this.hub.tenantId, plan, 'America/Chicago', 'user:desk', now)
    const { plan: shown } = await this.hub.api.stores.payments.ofPatient(this.link, now)
    if (!shown) throw new Error('no plan is proposed')
    const terms = { planId: plan.id, language: 'en', termsSha256: sha256Hex(planTerms(shown, 'Lakeside Clinic', 'en').join('\n')) }
    const agreed = await this.hub.api.stores.payments.agreePlan(this.link, terms, now)
    if (agreed !== 'agreed') throw new Error(`the plan: ${agreed}`)
    await this.told()
    return plan.id
  }
  async pin(envelope: Envelope, now: Date | number = 2, flow = 'charge'): Promise<'open' | 'settled'> {
    return (await this.hub.engine.stores.flows.pin(envelope, flow, typeof now === 'number' ? this.at(now) : now)).is
  }
  async shown(): Promise<[string, string | null][]> {
    return ((await this.view())?.charges ?? []).map(({ status, code }) => [status, code])
  }
  /** Incidents of a kind about this, opened and not closed. */
  async incidents(kind: string, aboutId: string): Promise<number> {
    const found = await this.hub.owner.query('SELECT 1 FROM messaging.incidents WHERE kind = $1 AND about_id = $2 AND closed_at IS NULL', [kind, aboutId])
    return found.rowCount ?? 0
  }

  /** The step that asks the partner. */
  step(envelope: Envelope, flow = 'charge'): StepRef {
    return { tenantId: this.hub.tenantId, rootId: envelope.rootId, flow, version: 1, step: 'charge', intakeId: this.intakeId, ledgerMonth: '2026-02-01' }
  }
  start(envelope: Envelope, now: Date, flow = 'charge'): Promise<LedgerStart> {
    const options = { owner: 'engine-1', leaseMs: 20_000, replay: 'keyed' as const, keyedForMs: 24 * 3_600_000, triesMax: 4, envelope, now }
    return this.hub.engine.stores.ledger.start(this.step(envelope, flow), { partner: 'stripe', operation: 'stripe.charge.v1' }, '{}', options)
  }
  async lease(envelope: Envelope, now: Date, flow?: string): Promise<Extract<LedgerStart, { is: 'go' }>> {
    const started = await this.start(envelope, now, flow)
    if (started.is !== 'go') throw new Error(`expected go, got ${started.is}`)
    return started
  }
  async end(envelope: Envelope, { effectId, fencing }: Extract<LedgerStart, { is: 'go' }>, end: LedgerEnd, now: Date, flow?: string): Promise<void> {
    const is = await this.hub.engine.stores.ledger.end(this.step(envelope, flow), effectId, fencing, end, now)
    if (is !== 'recorded') throw new Error(`the end: ${is}`)
  }
  /** One attempt at the hub's time that comes to nothing, or to nobody knows what; another follows a minute later. */
  async failed(envelope: Envelope, outcome: 'failed' | 'unknown', flow?: string): Promise<void> {
    const cause = outcome === 'failed' ? 'unavailable' : 'timeout'
    await this.end(envelope, await this.lease(envelope, this.hub.now, flow), this.again(envelope, { outcome, cause }), this.hub.now, flow)
  }
  again(envelope: Envelope, how: Pick<Extract<LedgerEnd, { is: 'retry' }>, 'outcome' | 'cause' | 'earlierNotDone'>, at = this.at(1)): LedgerEnd {
    return { is: 'retry', ...how, at, redeliver: { ...envelope, attempt: envelope.attempt + 1 } }
  }
}

/** When the instalment of `agreed` is charged, and minutes after that. */
export const afterDue = (minutes = 0): Date => new Date(Date.parse('2026-03-03T20:00:00Z') + minutes * 60_000)

/** The set-up of a spec: a hub of its own, and for each test a till that nobody used yet. */
export function eachSending(begun: (till: Sending) => void): void {
  let hub: TestHub
  before(async () => {
    hub = await openTestHub()
  })
  after(() => hub?.close())
  beforeEach(async () => begun(await Sending.begin(hub)))
}
