import { randomUUID } from 'node:crypto'
import { ChargeRequested, PaymentRequested } from '@heliox/core/billing'
import { canonicalJson, type Envelope, type Replay } from '@heliox/core/kit'
import type { LedgerEnd, LedgerStart } from '@heliox/core/ports'
import { chargingFlows } from '@heliox/db/billing/unsent-charges'
import type { Breakers } from '../../breaker/index.ts'
import type { Verdict } from '../../bus/index.ts'
import { testEnvelope } from '../testing.ts'
import { Partner, partnerTimes } from './partner.ts'
import { Run, type RunOptions } from './run.ts'
import { beganMs, type Site } from './site.ts'
import type { Edge } from './steps.ts'

type Go = Extract<LedgerStart, { is: 'go' }>
export interface Answer {
  port: 'ok' | 'rejected'
  value: unknown
}
/** On the bus: whoever has it may lose it again, and then it is handed to another. */
interface Message {
  envelope: Envelope
  fromMs: number
  tag: number
}
interface Lease {
  effectId: string
  fencing: number
  untilMs: number
  ended: boolean
}

const chargeAsked = { customerId: 'cus_1', paymentMethodId: 'pm_1', amountMinor: 2500, currency: 'USD', purpose: 'copay' } as const

const storyLinesMax = 80
/** The first promise that was broken, with all that happened before it. */
export class BrokenPromise extends Error {
  constructor(what: string, story: readonly string[]) {
    super(`${what}\n${story.slice(-storyLinesMax).join('\n')}`)
  }
}

/** One effect from its event to its end: a bus, a clock, a partner, three engines, people. What is seen while it goes on is judged at once. */
export class World {
  readonly site: Site
  readonly replay: Replay
  readonly envelope: Envelope
  readonly charge: (typeof chargeAsked & Record<'intakeId' | 'chargeId' | 'patientId', string>) | undefined
  readonly partner: Partner
  readonly breakers: Breakers
  nowMs = beganMs
  shutUntilMs = 0
  queue: Message[] = []
  standing: Run[] = []
  readonly applied: Answer[] = []
  /** What a generation was told to be, the first time. */
  readonly answers = new Map<number, string>()
  readonly keys = new Map<number, string>()
  /** Attempts whose answer came too late. */
  readonly late: { effectId: string; fencing: number; answered: boolean }[] = []
  dropped = false
  /** Answers that were found by asking. */
  reconciled = 0
  /** Where deliveries were killed, stood still or were ended politely. */
  readonly stops: string[] = []
  lastGo: Go | undefined
  lastSentMs = 0
  deliveries = 0
  #leases: Lease[] = []
  #wanted = true
  /** Leases that were given when nobody might take it any more. */
  readonly #unwanted = new Set<Go>()
  #broken: string | undefined
  #tags = 0
  readonly #story: string[] = []

  constructor(site: Site, replay: Replay) {
    this.site = site
    this.replay = replay
    this.partner = new Partner(replay, () => this.nowMs)
    this.charge = chargingFlows.has(site.flow) ? { ...chargeAsked, intakeId: randomUUID(), chargeId: randomUUID(), patientId: randomUUID() } : undefined
    const id = randomUUID()
    const payload = this.charge ?? {
      intakeId: randomUUID(),
      patientId: randomUUID(),
      paymentId: randomUUID(),
      confirmationTokenId: 'ctoken_1',
      currency: 'USD',
    }
    const [type, contract] = this.charge ? (['charge.requested.v1', ChargeRequested.id] as const) : (['payment.requested.v1', PaymentRequested.id] as const)
    this.envelope = testEnvelope(type, contract, payload, {
      id,
      rootId: id,
      tenantId: site.tenantId,
      region: site.region,
      occurredAt: new Date(beganMs).toISOString(),
    })
    this.add(this.envelope)
    const shut = () => this.nowMs < this.shutUntilMs
    this.breakers = {
      state: () => (shut() ? 'open' : 'closed'),
      admit: async () =>
        shut() ? { is: 'open', until: new Date(this.shutUntilMs), spreadMs: 5_000, cause: 'unavailable' } : { is: 'admitted', report: async () => undefined },
      start: async () => undefined,
      close: async () => undefined,
    }
  }

  /** Of a flow that takes money: the charge as it was asked for, its authorisation, and its visit. */
  async open(): Promise<void> {
    if (!this.charge) return
    const { tenantId, owner } = this.site
    const { intakeId, chargeId, patientId, customerId, paymentMethodId, amountMinor, currency, purpose } = this.charge
    await owner.query(
      `INSERT INTO clinical.appointments (tenant_id, id, intake_id, status, starts_at, ends_at, practitioner, created_at, updated_at)
       VALUES ($1, $2, $3, 'booked', $4, $4::timestamptz + interval '20 minutes', 'Dr. Imani Reyes', $4, $4)`,
      [tenantId, randomUUID(), intakeId, this.now()],
    )
    const signed = await owner.query(
      `INSERT INTO compliance.consents (tenant_id, id, intake_id, patient_id, text_id, text_sha256, signature_document_id, signed_at)
       SELECT $1, $2, $3, $4, id, sha256, $2, $5 FROM compliance.consent_texts WHERE tenant_id = $1 AND kind = 'card-authorisation' LIMIT 1`,
      [tenantId, randomUUID(), intakeId, patientId, this.now()],
    )
    if (signed.rowCount !== 1) throw new Error('the clinic has no text that authorises a charge')
    await owner.query(
      `INSERT INTO billing.charges (tenant_id, id, series_id, attempt, intake_id, patient_id, purpose, amount_minor, currency, customer_id, payment_method_id,
         status, first_at, requested_by, created_at, updated_at) VALUES ($1, $2, $2, 1, $3, $4, $5, $6, $7, $8, $9, 'requested', $10, 'user:desk', $10, $10)`,
      [tenantId, chargeId, intakeId, patientId, purpose, amountMinor, currency, customerId, paymentMethodId, this.now()],
    )
  }
  /** The visit goes off, or is on again. */
  async wish(wanted: boolean): Promise<void> {
    if (!this.charge) return
    await this.site.owner.query('UPDATE clinical.appointments SET status = $3 WHERE tenant_id = $1 AND intake_id = $2', [
      ...[this.site.tenantId, this.charge.intakeId],
      wanted ? 'booked' : 'cancelled',
    ])
    this.#wanted = wanted
    this.note(wanted ? 'it is wanted again' : 'nobody may take it any more')
  }
  /** It ended as one that was never sent. */
  async unsent(): Promise<boolean> {
    if (!this.charge) return false
    const found = await this.site.owner.query(`SELECT 1 FROM billing.charges WHERE tenant_id = $1 AND id = $2 AND status = 'canceled'`, [
      ...[this.site.tenantId, this.charge.chargeId],
    ])
    return found.rowCount !== 0
  }

  get rootId(): string {
    return this.envelope.rootId
  }
  now(): Date {
    return new Date(this.nowMs)
  }
  pass(ms: number): void {
    this.nowMs += ms
  }
  note(line: string): void {
    this.#story.push(`${this.now().toISOString()} ${line}`)
  }
  /** The first is kept; the step under way comes to its end before it is thrown. */
  broken(what: string): void {
    this.#broken ??= what
    this.note(`BROKEN: ${what}`)
  }
  throwIfBroken(): void {
    if (this.#broken !== undefined) throw new BrokenPromise(`${this.replay}: ${this.#broken}`, this.#story)
  }
  /** Each version and each delivery would say something else now. */
  question(version: number): unknown {
    return { member: `M-${version}`, amount: this.deliveries }
  }

  add(envelope: Envelope, fromMs = this.nowMs): void {
    this.#tags += 1
    this.queue.push({ envelope, fromMs, tag: this.#tags })
  }

  /** A message that may be handed out now; when there is none, the clock moves on to the next. */
  async due(pick: number): Promise<Message | undefined> {
    await this.relay()
    if (this.queue.every(({ fromMs }) => fromMs > this.nowMs)) {
      const nextMs = await this.nextDueMs()
      if (nextMs === undefined) return undefined
      this.nowMs = Math.max(this.nowMs, nextMs)
      await this.relay()
    }
    const due = this.queue.filter(({ fromMs }) => fromMs <= this.nowMs)
    return due[pick % due.length]
  }
  /** What the ledger and people wrote into the outbox, as the relay takes it when it is due. */
  async relay(): Promise<void> {
    const taken = await this.site.owner.query<{ attempt: number }>(
      `UPDATE messaging.outbox SET status = 'processed', processed_at = $2
       WHERE root_id = $1 AND only_flow IS NOT NULL AND status = 'pending' AND available_at <= $2 RETURNING attempt`,
      [this.rootId, this.now()],
    )
    for (const { attempt } of taken.rows) this.add({ ...this.envelope, attempt })
  }
  async nextDueMs(): Promise<number | undefined> {
    const found = await this.site.owner.query<{ at: Date | null }>(
      `SELECT min(available_at) AS at FROM messaging.outbox WHERE root_id = $1 AND only_flow IS NOT NULL AND status = 'pending'`,
      [this.rootId],
    )
    const at = found.rows[0]?.at?.getTime()
    const times = [...this.queue.map(({ fromMs }) => fromMs), ...(at === undefined ? [] : [at])]
    return times.length === 0 ? undefined : Math.min(...times)
  }

  async deliver(message: Message, engine: number, options: RunOptions): Promise<void> {
    this.deliveries += 1
    this.#tags += 1
    message.tag = this.#tags
    const run = new Run(this, this.site.engines[engine % 3] ?? this.site.engines[0], message.tag, options)
    const { manner, stop, trouble, slowMs } = options
    this.note(`${run.engine.name} begins: ${manner.call}/${manner.ask}${slowMs ? `, slow by ${slowMs} ms` : ''}${trouble ? `, ${trouble}` : ''}`)
    await run.begin(message.envelope)
    if (run.is === 'standing') this.standing.push(run)
    this.note(`${run.engine.name} ${run.is === 'dead' || run.is === 'standing' ? `${run.is} at ${run.stoodAt} (${stop?.nth})` : run.is}`)
  }
  verdict({ tag, engine }: Run, verdict: Verdict): void {
    this.note(`  ${engine.name}: ${verdict.is}${verdict.is === 'later' ? ` in ${verdict.delayMs} ms` : ''}`)
    const message = this.queue.find((one) => one.tag === tag)
    // Handed to somebody else meanwhile: the broker does not listen.
    if (!message) return
    if (verdict.is === 'later') message.fromMs = this.nowMs + verdict.delayMs
    else this.queue = this.queue.filter((one) => one !== message)
    if (verdict.is === 'dead') this.broken(`a message was refused: ${verdict.reason}`)
  }

  leased(go: Go): void {
    this.note(`  go: generation ${go.generation}, attempt ${go.attempt}, fencing ${go.fencing}, ${go.mode}, until ${go.leaseUntil}`)
    if (this.#leases.some(({ ended, untilMs }) => !ended && untilMs > this.nowMs)) this.broken('a lease was given beside one that is live')
    this.lastGo = go
    if (!this.#wanted) this.#unwanted.add(go)
    this.#leases.push({ effectId: go.effectId, fencing: go.fencing, untilMs: Date.parse(go.leaseUntil), ended: false })
  }
  ended(effectId: string, fencing: number, recorded: 'recorded' | 'late', end: LedgerEnd): void {
    const told = end.is === 'answered' ? ` ${end.port}${end.reconciled ? ' (reconciled)' : ''}` : end.is === 'choice' ? '' : ` ${end.outcome} ${end.cause}`
    this.note(`  end: ${end.is}${told}, ${recorded}`)
    const lease = this.#leases.find((one) => one.effectId === effectId && one.fencing === fencing)
    if (lease) lease.ended = true
    if (end.is === 'answered' && end.reconciled && recorded === 'recorded') this.reconciled += 1
    if (recorded === 'late') this.late.push({ effectId, fencing, answered: end.is === 'answered' })
  }
  /** A person's answer ends whatever runs. */
  endLeases(): void {
    for (const lease of this.#leases) lease.ended = true
  }

  sending(go: Go | undefined, key: string): void {
    if (!go) throw new Error('an adapter was called without a lease')
    this.lastSentMs = this.nowMs
    this.note(`  sends generation ${go.generation}`)
    const known = this.keys.get(go.generation)
    if (known !== undefined && known !== key) this.broken('one generation was sent under two keys')
    if (known === undefined && [...this.keys.values()].includes(key)) this.broken('two generations were sent under one key')
    this.keys.set(go.generation, key)
    if (this.#unwanted.has(go)) this.broken('it was sent though nobody might take it any more when its lease was given')
    if (go.overdue) this.broken('something was sent after the time for tries was over')
    if (this.nowMs + partnerTimes.timeoutMs >= Date.parse(go.leaseUntil)) this.broken('something was sent that may outlive its lease')
  }

  /** What a flow was told of a generation, by whichever delivery. */
  told(generation: number, { port, value }: Answer): void {
    const answer = canonicalJson({ port, value })
    const known = this.answers.get(generation)
    if (known !== undefined && known !== answer) this.broken(`generation ${generation} was told as ${known} and then as ${answer}`)
    this.answers.set(generation, answer)
  }
  async newestAnswered(): Promise<number> {
    const found = await this.site.owner.query<{ newest: number | null }>(
      'SELECT max(generation) AS newest FROM messaging.effects WHERE tenant_id = $1 AND root_id = $2 AND port IS NOT NULL',
      [this.site.tenantId, this.rootId],
    )
    return found.rows[0]?.newest ?? 0
  }

  async skipWait(): Promise<void> {
    const found = await this.site.owner.query<{ at: Date | null }>(
      'SELECT max(greatest(lease_until, not_before)) AS at FROM messaging.effects WHERE tenant_id = $1 AND root_id = $2',
      [this.site.tenantId, this.rootId],
    )
    this.nowMs = Math.max(this.nowMs, found.rows[0]?.at?.getTime() ?? 0)
  }

  edgeMs(edge: Edge): number {
    const go = this.lastGo
    if (edge === 'month') return Date.UTC(this.now().getUTCFullYear(), this.now().getUTCMonth() + 1, 1)
    if (!go) return this.nowMs
    switch (edge) {
      case 'lease-over':
        return Date.parse(go.leaseUntil)
      case 'last-send':
        return Date.parse(go.leaseUntil) - partnerTimes.timeoutMs
      case 'settled':
        return this.lastSentMs + partnerTimes.settleMs
      case 'key-forgotten':
        return Date.parse(go.firstSentAt) + partnerTimes.keyedForMs
      case 'tries-over':
        return Date.parse(go.retryUntil)
      case 'due':
        return Math.min(...this.queue.map(({ fromMs }) => fromMs), Number.MAX_SAFE_INTEGER)
    }
  }
}
