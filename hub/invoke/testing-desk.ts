import { randomUUID } from 'node:crypto'
import { inspect } from 'node:util'
import type { Suspicion } from '@heliox/core/billing'
import { PayerCalendar } from '@heliox/core/catalog'
import {
  type Answer,
  type AnswerSigns,
  type Barrier,
  type BreakerNumbers,
  type CallContext,
  defineAdapter,
  defineContract,
  type FaultKind,
  type FaultScope,
  type Log,
  ObjectTooLarge,
  PartnerFault,
  type Replay,
} from '@heliox/core/kit'
import type { BreakerRef, Invoke, LedgerEnd, StepRef } from '@heliox/core/ports'
import { z } from 'zod'
import { type Breakers, makeBreakers, makeInFlight } from '../breaker/index.ts'
import { memoryBreakers } from '../breaker/testing.ts'
import { makeInvoke } from './index.ts'
import { type MemoryLedger, memoryLedger, testEnvelope } from './testing.ts'

const Ask = defineContract({ name: 'Ask', version: 1, phi: true, schema: z.object({ member: z.string(), amount: z.int() }) })
const Told = defineContract({ name: 'Told', version: 1, phi: false, schema: z.object({ plan: z.string() }) })
const Plans = defineContract({ name: 'Plans', version: 1, phi: true, schema: z.object({ plans: z.array(z.string()).min(1) }) })
const Refused = defineContract({ name: 'Refused', version: 1, phi: false, schema: z.object({ code: z.string() }) })

export type Told = { plan: string }
export type Refused = { code: string }
export type Reply = Answer<Told, Refused>
type Context = Pick<CallContext<unknown, unknown>, 'signal' | 'idempotencyKey' | 'numbers' | 'locks' | 'hookUrl'>
export type Call = (input: unknown, context: Context) => Promise<Reply>
export type Instead = (input: unknown, kind: FaultKind) => Reply | undefined
export type Reconcile = (input: unknown) => Promise<Reply | 'not-found' | 'cannot-tell'>

/** The breaker of the desk's partner, or of one payer behind it. */
export const partnerOf = (payerId: string | null = null): BreakerRef => ({ tenantId, partner: 'partner', payerId, operation: 'ask' })

/** How long the partner of the desk may be working on what it was sent. */
export const settleMs = 5_000
export const tenantId = '0198f2a0-0000-7000-8000-000000000001'
export const question = { amount: 7, member: 'M-123' }
const signs: AnswerSigns = { says: 'yes', empty: false, testMarked: false, echo: [], hasDates: true, hasPlan: true, body: '', subject: '' }
export const yes: Reply = { is: 'ok', value: { plan: 'gold' } }

interface DeskOptions {
  replay?: Replay
  withReconcile?: boolean
  breaker?: Partial<BreakerNumbers>
  instead?: Instead
  /** The member's first letters say which payer is asked; its answers are looked at. */
  withPayer?: boolean
  /** A person may choose among plans. */
  withChoice?: boolean
}

/** One operation of one partner behind the real `makeInvoke`: a test says what the partner does and looks at what was sent. */
export class Desk {
  readonly ledger: MemoryLedger = memoryLedger()
  readonly sent: { input: unknown; key: string }[] = []
  readonly asked: unknown[] = []
  readonly stops: Barrier[] = []
  readonly lines: string[] = []
  /** The shared rows of breakers. */
  readonly rows = memoryBreakers()
  readonly breakers: Breakers
  readonly inFlight = makeInFlight()
  /** Its process ends. */
  readonly ending = new AbortController()
  nowMs = Date.parse('2026-01-05T15:00:00.000Z')
  connected = true
  /** The last part of the address where the partner calls this clinic; null: it calls nobody. */
  hookKey: string | null = null
  /** How often the connection and its secrets were opened. */
  opened = 0
  /** Our own storage fails to give the connection. */
  brokenStorage = false
  config: unknown = { url: 'https://partner.example' }
  /** What happens at a barrier: a machine that stands still, for example. */
  onStop: (at: Barrier) => Promise<void> = async () => undefined
  call: Call = async () => yes
  reconcile: Reconcile = async () => 'not-found'
  readonly invoke: Invoke

  /** What `instead` was asked with, by operations that have it. */
  readonly standIns: unknown[] = []
  /** The payer's hours, what was judged, and by which rules it is not believed. */
  calendar: PayerCalendar = PayerCalendar.parse({ timeZone: 'America/New_York' })
  readonly judged: unknown[] = []
  judge: () => Promise<readonly Suspicion[]> = async () => []
  saysAgain = false
  chance = 1
  lockFree = true

  /** Numbers taken, with whose they are. */
  readonly taken: string[] = []

  constructor(options: DeskOptions = {}) {
    const { replay = 'safe', withReconcile = replay !== 'safe' } = options
    const breaker = { timeoutMs: 200, errorThresholdPercent: 50, volumeThreshold: 5, resetTimeoutMs: 5_000, inFlightMax: 2, ...options.breaker }
    const partner = defineAdapter({
      id: 'partner',
      title: 'Partner',
      config: z.object({ url: z.url() }),
      secrets: z.object({ token: z.string() }),
      health: async () => ({ ok: true, text: 'fine' }),
      operations: (op) => ({
        ask: op({
          summary: 'Asks.',
          version: 1,
          input: Ask,
          output: Told,
          rejection: Refused,
          replay,
          keyedForMs: replay === 'keyed' ? 60_000 : undefined,
          breaker,
          retry: { attemptsMax: 3, firstDelayMs: 1_000, delayMsMax: 10_000 },
          call: (input, ctx) => {
            this.sent.push({ input, key: ctx.idempotencyKey })
            return this.call(input, ctx)
          },
          ...(options.instead
            ? {
                instead: (input: unknown, kind: FaultKind) => {
                  this.standIns.push({ input, kind })
                  return options.instead?.(input, kind)
                },
              }
            : {}),
          ...(options.withChoice
            ? {
                choice: {
                  options: Plans,
                  staffText: 'Say which plan is meant.',
                  pick: (plans: unknown, which: number | null) => {
                    const plan = which === null ? 'none' : Plans.schema.parse(plans).plans[which]
                    return plan === undefined ? undefined : { plan }
                  },
                },
              }
            : {}),
          ...(options.withPayer
            ? {
                payerOf: (input: { member: string }) => input.member.split('-')[0],
                signsOf: (_input: unknown, answer: Reply) => ({ ...signs, body: JSON.stringify(answer.value) }),
              }
            : {}),
          ...(withReconcile
            ? {
                settleMs,
                reconcile: (input: unknown) => {
                  this.asked.push(input)
                  return this.reconcile(input)
                },
              }
            : {}),
        }),
      }),
    })
    const write = (fields: Record<string, unknown>, text: string): void => {
      this.lines.push(inspect({ ...fields, text }, { depth: 9 }))
    }
    const log: Log = { info: write, warn: write, error: write }
    const clock = { now: () => new Date(this.nowMs) }
    this.breakers = makeBreakers({ store: this.rows, clock, log })
    this.invoke = makeInvoke({
      adapters: [partner],
      ledger: this.ledger,
      connections: {
        tenant: async () => {
          throw new Error('not asked for here')
        },
        connection: async () => {
          this.opened += 1
          if (this.brokenStorage) throw new Error('cannot open secret-token')
          return this.connected ? { config: this.config, secrets: { token: 'secret-token' }, hookKey: this.hookKey } : undefined
        },
        settings: async () => (this.connected ? this.config : undefined),
      },
      production: false,
      publicUrl: 'https://hub.example',
      locks: {
        serially: async (_tenant, _scope, _key, _signal, work) => (this.lockFree ? { value: await work() } : undefined),
        keyOf: async (_tenant, parts) => parts.join('/'),
      },
      numbers: {
        take: async (tenant, sequence, key, now) => {
          this.taken.push(`${tenant}/${sequence}/${key}`)
          return { number: this.taken.length, takenAt: now }
        },
      },
      objects: {
        get: async (_bucket, _key, bytesMax) => {
          throw new ObjectTooLarge(bytesMax)
        },
        put: async () => undefined,
        remove: async () => undefined,
      },
      breakers: this.breakers,
      inFlight: this.inFlight,
      log,
      clock,
      payers: { hours: async () => this.calendar },
      plausibility: {
        judge: async (_tenantId, payerId, seen) => {
          this.judged.push({ payerId, ...seen })
          return { suspicions: await this.judge(), again: this.saysAgain }
        },
      },
      stop: async (at) => {
        this.stops.push(at)
        await this.onStop(at)
      },
      ending: this.ending.signal,
      process: 'engine-1',
      random: () => this.chance,
    })
  }

  readonly ref: StepRef = { tenantId, rootId: randomUUID(), flow: 'eligibility', version: 1, step: 'ask payer', intakeId: null, ledgerMonth: '2026-01-01' }
  readonly envelope = testEnvelope('eligibility.requested.v1', 'EligibilityRequested.v1', {}, { id: this.ref.rootId, rootId: this.ref.rootId })
  ask(input: unknown = question, ref: StepRef = this.ref): ReturnType<Invoke> {
    return this.invoke('partner.ask.v1', input, { ref, envelope: this.envelope })
  }
  get end(): LedgerEnd {
    const end = this.ledger.ends.at(-1)
    if (!end) throw new Error('nothing was recorded')
    return end
  }
}

/** A partner that fails in this way. */
export const fault = (kind: PartnerFault['kind'], retryAfterMs?: number, scope?: FaultScope): Call => {
  return async () => {
    throw new PartnerFault(kind, 'It did not work.', { detail: 'status 5xx', retryAfterMs, scope })
  }
}
