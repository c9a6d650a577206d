import type { Envelope, Log } from '@heliox/core/kit'
import type { EffectLedger, LedgerEnd, LedgerStart } from '@heliox/core/ports'
import { withTenant } from '@heliox/db'
import { firstTime } from '@heliox/db/outbox'
import { makeInFlight } from '../../breaker/index.ts'
import type { Verdict } from '../../bus/index.ts'
import { makeDeliveries, type OpenDelivery } from '../../flows-runtime/deliveries.ts'
import { makeDispatcher } from '../../flows-runtime/dispatcher.ts'
import type { LoadedRelease } from '../../flows-runtime/releases.ts'
import { type HubMessage, settleError } from '../../flows-runtime/settlement.ts'
import { makeInvoke } from '../index.ts'
import { type Manner, operationType, partnerAdapter, partnerTimes } from './partner.ts'
import { applyStep, type Engine, hoursOfPayer, stepName } from './site.ts'
import type { StopAt, Trouble } from './steps.ts'
import type { World } from './world.ts'

type Go = Extract<LedgerStart, { is: 'go' }>
type Answered = { port: 'ok' | 'rejected'; value: unknown }

export interface RunOptions {
  manner: Manner
  slowMs?: number
  stop?: StopAt | null
  trouble?: Trouble | null
}

const never = new Promise<never>(() => undefined)
/** What the driver throws when the server went away. */
const lost = (): Error => Object.assign(new Error('terminating connection'), { code: '57P01' })
/** Longer than any run; below what a timer can count. */
const maxSeconds = 2_000_000

/**
 * One delivery in one engine: the real dispatcher, the real `makeInvoke`, the real stores. It can be stopped between its steps like a
 * process, and goes on much later or never.
 */
export class Run {
  readonly engine: Engine
  is: 'running' | 'standing' | 'dead' | 'over' = 'running'
  /** Of its message, when it was handed over: only the newest may acknowledge it. */
  readonly tag: number
  delivery: OpenDelivery | undefined
  /** The barrier at which it was stopped. */
  stoodAt = ''
  readonly #world: World
  readonly #options: RunOptions
  readonly #dispatch: (body: unknown) => Promise<Verdict>
  #stop: StopAt | null
  #reached = new Map<string, number>()
  #gate = Promise.withResolvers<void>()
  #rest = Promise.withResolvers<void>()
  #dispatched = Promise.withResolvers<void>()
  #dispatchOver = false
  #stepOver = true
  #timedOut = false
  readonly #ending = new AbortController()
  #go: Go | undefined
  /** Generation of what the ledger answered. */
  #generation = 0

  constructor(world: World, engine: Engine, tag: number, options: RunOptions) {
    this.engine = engine
    this.tag = tag
    this.#world = world
    this.#options = options
    this.#stop = options.stop ?? null
    const { site } = world
    const deliveries = makeDeliveries()
    const clock = { now: () => world.now() }
    const stop = (at: string): Promise<void> => this.#at(at)
    const write = (_fields: Record<string, unknown>, text: string): void => world.note(`  ${engine.name}: ${text}`)
    const log: Log = { info: () => undefined, warn: write, error: write }
    const ledger = this.#watched(site.ledgerOf(engine, world))
    const invoke = makeInvoke({
      adapters: [partnerAdapter(world.replay, { send: (key, body) => this.#send(key, body), ask: (key) => this.#ask(key) })],
      ledger,
      connections: {
        tenant: () => never,
        connection: async () => ({ config: {}, secrets: {} }),
        settings: async () => ({}),
      },
      objects: { get: () => never, put: () => never, remove: () => never },
      numbers: { take: () => never },
      locks: { serially: () => never, keyOf: () => never },
      plausibility: { judge: async () => ({ suspicions: [], again: false }) },
      payers: { hours: async () => hoursOfPayer },
      breakers: world.breakers,
      inFlight: makeInFlight(),
      log,
      clock,
      stop,
      production: false,
      process: engine.name,
      ending: this.#ending.signal,
      random: () => 0.5,
    })
    const release: LoadedRelease = { manifest: { maxSeconds } as LoadedRelease['manifest'], entry: () => 'consume' }
    this.#dispatch = makeDispatcher(site.flow, {
      region: site.region,
      releases: { ensure: async () => release, newest: () => release, loadShipped: async () => undefined },
      flows: engine.stores.flows,
      deliveries,
      inFlight: makeInFlight(),
      inject: (_entry, message) => {
        this.delivery = deliveries.get(message.hub.deliveryId)
        this.#stepOver = false
        void this.#step(message, invoke, deliveries, log).finally(() => {
          this.#stepOver = true
          this.#restIfOver()
        })
      },
      clock,
      stop,
      log,
    })
  }

  /** Until it stands still, dies or is over. */
  async begin(envelope: Envelope): Promise<Verdict | undefined> {
    let verdict: Verdict | undefined
    this.#dispatch(envelope)
      .then((said) => {
        if (this.is === 'dead') return
        verdict = said
        this.#world.verdict(this, said)
      })
      .catch((error: unknown) => this.#world.broken(`the dispatcher threw: ${String(error)}`))
      .finally(() => {
        this.#dispatchOver = true
        this.#dispatched.resolve()
        this.#restIfOver()
      })
    await this.#rest.promise
    return verdict
  }

  async resume(stop: StopAt | null): Promise<void> {
    this.is = 'running'
    this.#stop = stop
    this.#reached = new Map()
    this.#rest = Promise.withResolvers()
    const gate = this.#gate
    this.#gate = Promise.withResolvers()
    gate.resolve()
    await this.#rest.promise
  }

  /** Nothing of it happens any more. Its dispatcher's timer ends, that is all. */
  kill(): void {
    this.is = 'dead'
    this.delivery?.settle({ is: 'later', delayMs: 0 })
    this.#rest.resolve()
  }

  /** As the dispatcher's timer does; the step itself stands where it stands. */
  async overdue(): Promise<boolean> {
    const { delivery } = this
    this.#stop = null
    if (!delivery?.settle({ is: 'failed', cause: 'overdue', step: delivery.at, staffText: 'It took longer than the flow allows.' })) return false
    await this.#dispatched.promise
    return true
  }

  #restIfOver(): void {
    if (!this.#dispatchOver || !this.#stepOver || this.is === 'dead') return
    this.is = 'over'
    this.#rest.resolve()
  }

  async #at(at: string): Promise<void> {
    if (this.is === 'dead') return never
    if (at === 'ledger-start') this.#world.pass(this.#options.slowMs ?? 0)
    if (at === 'partner-answered' && this.#timedOut) this.#world.pass(partnerTimes.timeoutMs)
    if (at === 'partner-answered') this.#timedOut = false
    const nth = (this.#reached.get(at) ?? 0) + 1
    this.#reached.set(at, nth)
    if (this.#stop?.at !== at || this.#stop.nth !== nth) return
    this.stoodAt = at
    this.#world.stops.push(`${this.#stop.how} at ${at}`)
    if (this.#stop.how === 'end') return this.#ending.abort()
    if (this.#stop.how === 'die') {
      this.kill()
      return never
    }
    this.is = 'standing'
    this.#rest.resolve()
    // Whoever is killed while it stands stands for ever.
    await this.#gate.promise
  }

  async #step(message: HubMessage, invoke: ReturnType<typeof makeInvoke>, deliveries: ReturnType<typeof makeDeliveries>, log: Log): Promise<void> {
    const delivery = deliveries.get(message.hub.deliveryId)
    if (!delivery) return
    delivery.at = stepName
    try {
      const invoked = await invoke(operationType, this.#world.question(delivery.version), { ref: delivery.ref(stepName), envelope: delivery.envelope })
      if (invoked.is === 'answered') this.#world.told(this.#generation, invoked)
      // As the engine's wrapper of nodes: a message whose delivery has settled goes no further.
      if (!deliveries.get(delivery.id)) return
      if (invoked.is === 'later') delivery.settle(invoked)
      else if (invoked.is !== 'answered') delivery.settle({ is: invoked.is })
      else {
        // As the wrapper does before each node: who is held up from here on is held at this step, and not at the partner's.
        delivery.at = applyStep
        await this.#apply(delivery, invoked)
        await this.#at('apply')
        delivery.settle({ is: 'done' })
      }
    } catch (error) {
      settleError(delivery, delivery.at, error, log)
    }
  }

  /** What every apply of the hub does first: its inbox row decides whether anything follows. */
  async #apply(delivery: OpenDelivery, { port, value }: Answered): Promise<void> {
    const { site } = this.#world
    const key = { eventId: delivery.envelope.rootId, flow: site.flow, step: applyStep }
    const first = await withTenant(site.pool, site.tenantId, `service:${this.engine.name}`, (tx) => firstTime(tx, 'billing', key, this.#world.now()))
    if (first) this.#world.applied.push({ port, value })
    if (this.#options.trouble === 'apply-unheard') throw lost()
  }

  #send(key: string, body: string) {
    const { manner } = this.#options
    this.#world.sending(this.#go, key)
    this.#timedOut = manner.call === 'timeout' || manner.call === 'does-later'
    return this.#world.partner.send(key, body, manner)
  }
  #ask(key: string) {
    const { manner } = this.#options
    this.#timedOut = manner.ask === 'timeout'
    return this.#world.partner.ask(key, manner)
  }

  #watched(ledger: EffectLedger): EffectLedger {
    const { trouble } = this.#options
    return {
      start: async (ref, target, input, options) => {
        const started = await ledger.start(ref, target, input, options)
        if (started.is === 'go') {
          this.#go = started
          this.#generation = started.generation
          this.#world.leased(started)
        }
        if (started.is === 'done') this.#generation = await this.#world.newestAnswered()
        if (trouble === 'start-unheard') throw lost()
        return started
      },
      end: async (ref, effectId, fencing, end: LedgerEnd, now) => {
        if (trouble === 'end-lost') throw lost()
        const recorded = await ledger.end(ref, effectId, fencing, end, now)
        this.#world.ended(effectId, fencing, recorded, end)
        if (trouble === 'end-unheard') throw lost()
        return recorded
      },
    }
  }
}
