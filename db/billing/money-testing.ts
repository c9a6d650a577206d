import { randomUUID } from 'node:crypto'
import type { PaymentFact } from '@heliox/core/billing'
import type { ConsentKind } from '@heliox/core/compliance'
import type { IntakeSubmitted } from '@heliox/core/identity'
import type { Envelope, ValueOf } from '@heliox/core/kit'
import type { LinkFacts } from '@heliox/core/ports'
import { drainAll, shownAuthorisation, submittedIntake, type TestHub } from '../fixtures.ts'
import { demoConsentTexts } from '../seed/consent-texts.ts'

/** A desk over the real stores: what the API does, what the partner answered, and what webhooks tell. */
export class Till {
  readonly hub: TestHub
  link!: LinkFacts
  patientId = ''
  paymentId = ''
  constructor(hub: TestHub) {
    this.hub = hub
  }
  get intakeId(): string {
    return this.link.intakeId
  }
  at(minutes: number): Date {
    return new Date(this.hub.now.getTime() + minutes * 60_000)
  }
  async apply(name: string, input: unknown, now = this.hub.now): Promise<void> {
    const id = randomUUID()
    const envelope: Envelope = {
      ...{ id, rootId: id, type: 'x', contract: 'x', tenantId: this.hub.tenantId, region: 'us-east', aggregateType: 'x', aggregateId: id },
      ...{ aggregateVersion: 1, intakeId: null, occurredAt: now.toISOString(), process: 'engine-1', traceparent: null, attempt: 1, payload: {} },
    }
    await this.hub.engine.stores.applies.apply(name, input, { envelope, flow: 'f', version: 1, step: name, process: 'engine-1', now })
  }
  /** A form that came with a card: whoever leaves one there signs the authorisation with it. `without`: as if it had not been. */
  async open(without: 'nothing' | 'authorisation' = 'nothing'): Promise<this> {
    const { envelope, link } = await submittedIntake(this.hub)
    this.link = { ...link, status: 'submitted' }
    await drainAll(this.hub, 'billing')
    await this.apply('billing.open-payment', { ...(envelope.payload as object), confirmationTokenId: 'ctoken_12345678' })
    await this.sign(envelope.payload, without)
    const [asked] = await this.told()
    this.paymentId = asked?.payload.paymentId as string
    this.patientId = asked?.payload.patientId as string
    return this
  }
  private async sign(form: unknown, without: 'nothing' | 'authorisation'): Promise<void> {
    const { consents, ...rest } = form as ValueOf<typeof IntakeSubmitted>
    const authorisations = demoConsentTexts.filter(({ kind }) => kind === 'card-authorisation').map(({ id }) => id)
    const given = without === 'nothing' ? consents : consents.filter(({ textId }) => !authorisations.includes(textId))
    await this.apply('compliance.record-consents', { ...rest, consents: given })
  }
  /** Another card on the patient's own page, with the text about it ticked. */
  leave(id = randomUUID(), now = this.hub.now, authorisation = shownAuthorisation()) {
    return this.hub.api.stores.payments.leaveMethod(this.link, { id, confirmationTokenId: 'ctoken_87654321', authorisation }, now)
  }
  /** Taken back on the patient's own page. */
  async withdraw(kind: ConsentKind = 'card-authorisation', now = this.at(1)): Promise<void> {
    const consents = this.hub.api.stores.consents
    const given = (await consents.given(this.link)).find(({ text, withdrawnAt }) => text.kind === kind && withdrawnAt === null)
    const done = given && (await consents.withdraw(this.link, given.id, now))
    if (done !== kind) throw new Error(`withdrawing ${kind}: ${done}`)
  }
  async told(): Promise<{ type: string; payload: Record<string, unknown> }[]> {
    const rows = await drainAll(this.hub, 'billing', this.at(60 * 24 * 400))
    return rows
      .filter(({ envelope }) => !this.link || envelope.intakeId === this.intakeId)
      .map(({ envelope }) => ({ type: envelope.type, payload: envelope.payload as Record<string, unknown> }))
  }
  record(over: object): Promise<void> {
    const base = { status: 'stored', intent: { kind: 'setup', id: `seti_${this.paymentId}` }, customerId: 'cus_1', paymentMethodId: 'pm_1', method: 'card' }
    return this.apply('billing.record-method', { paymentId: this.paymentId, ...base, actionUrl: null, heldUntil: null, code: null, ...over })
  }
  fact(kind: PaymentFact['object']['kind'], id: string, type: string, over: Partial<PaymentFact> = {}): Promise<void> {
    const ours = { paymentId: null, chargeId: null, refundId: null }
    const fact = {
      ...{ is: 'fact', eventId: `evt_${randomUUID()}`, type, at: this.at(1).toISOString(), object: { kind, id }, intentId: null, ours },
      ...{ status: null, code: null, amountMinor: null, customerId: 'cus_1', paymentMethodId: 'pm_1', captureBefore: null, ...over },
    }
    const received = { itemId: randomUUID(), fileId: randomUUID(), index: 0, receivedAt: this.at(2).toISOString(), item: fact }
    return this.apply('billing.record-payment-fact', received, this.at(2))
  }
  async method(): Promise<{ status: string; code: string | null; onFile: number; held: Date | null; check: Date | null }> {
    const { rows } = await this.hub.owner.query(
      `SELECT p.status::text AS status, p.code, p.held_until AS held, p.check_at AS "check",
         (SELECT count(*)::int FROM billing.payment_methods m WHERE m.payment_id = p.id) AS "onFile" FROM billing.payments p WHERE p.id = $1`,
      [this.paymentId],
    )
    return rows[0]
  }
  view() {
    return this.hub.api.stores.payments.view(this.hub.tenantId, this.intakeId, this.hub.now)
  }
  charge(amountMinor = 2500, id = randomUUID(), now = this.hub.now) {
    return this.hub.api.stores.payments.charge(this.hub.tenantId, { id, intakeId: this.intakeId, amountMinor }, 'user:desk', now)
  }
  async charged(amountMinor = 2500): Promise<string> {
    const id = randomUUID()
    const begun = await this.charge(amountMinor, id)
    if (begun !== 'begun') throw new Error(`charging: ${begun}`)
    await this.apply('billing.record-charge', { is: 'charged', chargeId: id, charged: { status: 'succeeded', paymentIntentId: `pi_${id}`, amountMinor } })
    return id
  }
  declined(chargeId: string, next: string, now = this.hub.now) {
    const declined = { code: 'card_declined', declineCode: 'insufficient_funds', next, paymentIntentId: `pi_${chargeId}` }
    return this.apply('billing.record-charge', { is: 'declined', chargeId, declined }, now)
  }
  refund(chargeId: string, amountMinor: number, id = randomUUID()) {
    const wish = { id, chargeId, amountMinor, reason: 'charged-too-much' as const }
    return this.hub.api.stores.payments.refund(this.hub.tenantId, wish, 'user:desk', this.hub.now)
  }
  async dues(now: Date): Promise<{ charges: number; instalments: number; checks: number; chargeChecks: number }> {
    return this.hub.engine.stores.dues.begin(this.hub.tenantId, { process: 'engine-1', now })
  }
}
