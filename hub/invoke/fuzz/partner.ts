import { type Answer, defineAdapter, defineContract, PartnerFault, type Replay } from '@heliox/core/kit'
import { z } from 'zod'

const Ask = defineContract({ name: 'Ask', version: 1, phi: true, schema: z.object({ member: z.string(), amount: z.int() }) })
const Told = defineContract({ name: 'Told', version: 1, phi: false, schema: z.object({ ref: z.string() }) })
const Refused = defineContract({ name: 'Refused', version: 1, phi: false, schema: z.object({ code: z.string() }) })
type Reply = Answer<{ ref: string }, { code: string }>

/** What the partner does with one request. The first six reach it; of the others it never hears. */
export const callManners = [
  'does',
  'rejects',
  'does-drops',
  'does-garbage',
  'does-later',
  'garbage',
  'unreachable',
  'lost',
  'timeout',
  'throttled',
  'credentials',
  'payer-away',
  'adapter-breaks',
] as const
type CallManner = (typeof callManners)[number]
/** What it says when it is asked what became of an earlier send. */
export const askManners = ['truth', 'cannot-tell', 'unreachable', 'timeout', 'garbage', 'adapter-breaks'] as const
type AskManner = (typeof askManners)[number]
export interface Manner {
  call: CallManner
  ask: AskManner
  /** Of `does-later`: how long the partner is at work, as a share of `settleMs`. */
  laterShare: number
}

/** The longest times that the partner's contract allows. */
export const partnerTimes = { timeoutMs: 15_000, settleMs: 20_000, keyedForMs: 24 * 3_600_000 } as const

/** One thing done for us; `atMs` may be in the future while the partner is at work. */
interface Effect {
  atMs: number
  ref: string
}
interface Remembered {
  sinceMs: number
  body: string
  /** Null until it is done. */
  reply: Reply
  fromMs: number
}

const garbage = { is: 'ok', value: { ref: 7 } } as unknown as Reply

/** A partner that counts what it does, by the key of the request. It honours a key for `keyedForMs` only where it is `keyed`. */
export class Partner {
  readonly effects = new Map<string, Effect[]>()
  /** What was sent under each key: the ledger promises the same bytes each time. */
  readonly bodies = new Map<string, Set<string>>()
  readonly #remembered = new Map<string, Remembered>()
  readonly #replay: Replay
  readonly #now: () => number
  #refs = 0

  constructor(replay: Replay, now: () => number) {
    this.#replay = replay
    this.#now = now
  }

  effectsOf(key: string): readonly Effect[] {
    return this.effects.get(key) ?? []
  }

  send(key: string, body: string, { call, laterShare }: Manner): Reply {
    this.bodies.set(key, (this.bodies.get(key) ?? new Set()).add(body))
    switch (call) {
      case 'unreachable':
        throw new PartnerFault('unavailable', 'It could not be reached.')
      case 'payer-away':
        throw new PartnerFault('unavailable', 'The payer is away.', { scope: 'payer' })
      case 'throttled':
        throw new PartnerFault('throttled', 'Too many.', { retryAfterMs: 7_000 })
      case 'credentials':
        throw new PartnerFault('credentials', 'Who are you?')
      case 'lost':
        throw new PartnerFault('uncertain', 'The line was lost.')
      case 'timeout':
        throw new PartnerFault('timeout', 'No answer.')
      case 'garbage':
        return garbage
      case 'adapter-breaks':
        throw new TypeError('undefined is not an adapter')
      default:
        return this.#arrived(key, body, call, laterShare)
    }
  }

  #arrived(key: string, body: string, call: CallManner, laterShare: number): Reply {
    const nowMs = this.#now()
    const known = this.#replay === 'keyed' ? this.#remembered.get(key) : undefined
    if (known && nowMs - known.sinceMs < partnerTimes.keyedForMs) {
      if (known.body !== body) throw new PartnerFault('contract', 'The key came with another body.')
      // As Stripe's 409: the first request under this key is still at work.
      if (known.fromMs > nowMs) throw new PartnerFault('throttled', 'It is at work on it.')
      return this.#answer(call, known.reply)
    }
    const fromMs = nowMs + (call === 'does-later' ? Math.round(laterShare * partnerTimes.settleMs) : 0)
    const reply: Reply = call === 'rejects' ? { is: 'rejected', value: { code: 'no' } } : { is: 'ok', value: { ref: this.#do(key, fromMs) } }
    this.#remembered.set(key, { sinceMs: nowMs, body, reply, fromMs })
    return this.#answer(call, reply)
  }

  #answer(call: CallManner, reply: Reply): Reply {
    if (call === 'does-drops') throw new PartnerFault('uncertain', 'The line was lost.')
    if (call === 'does-later') throw new PartnerFault('timeout', 'No answer.')
    return call === 'does-garbage' ? garbage : reply
  }

  #do(key: string, atMs: number): string {
    this.#refs += 1
    const ref = `effect-${this.#refs}`
    this.effects.set(key, [...this.effectsOf(key), { atMs, ref }])
    return ref
  }

  /** By what it keeps for good. Like a search index, it knows of nothing that is still under way. */
  ask(key: string, { ask }: Manner): Reply | 'not-found' | 'cannot-tell' {
    if (ask === 'unreachable') throw new PartnerFault('unavailable', 'It could not be reached.')
    if (ask === 'timeout') throw new PartnerFault('timeout', 'No answer.')
    if (ask === 'adapter-breaks') throw new TypeError('undefined is not an adapter')
    if (ask === 'garbage') return garbage
    if (ask === 'cannot-tell') return 'cannot-tell'
    const done = this.effectsOf(key).find(({ atMs }) => atMs <= this.#now())
    return done ? { is: 'ok', value: { ref: done.ref } } : 'not-found'
  }
}

/** One request on its way out: whose it is, and what will become of it. */
export interface Outgoing {
  send(key: string, body: string): Reply
  ask(key: string): Reply | 'not-found' | 'cannot-tell'
}

export const operationType = 'partner.ask.v1'
/** The operation of one replay kind; `out` is the run that holds the connection. */
export function partnerAdapter(replay: Replay, out: Outgoing) {
  const { timeoutMs, settleMs, keyedForMs } = partnerTimes
  return defineAdapter({
    id: 'partner',
    title: 'Partner',
    config: z.object({}),
    secrets: z.object({}),
    health: async () => ({ ok: true, text: 'fine' }),
    operations: (op) => ({
      ask: op({
        summary: 'Asks.',
        version: 1,
        input: Ask,
        output: Told,
        rejection: Refused,
        replay,
        ...(replay === 'keyed' ? { keyedForMs } : {}),
        breaker: { timeoutMs, errorThresholdPercent: 50, volumeThreshold: 1000, resetTimeoutMs: 20_000, inFlightMax: 9 },
        retry: { attemptsMax: 4, firstDelayMs: 2_000, delayMsMax: 300_000 },
        payerOf: () => 'PAYR',
        call: async (input, ctx) => out.send(ctx.idempotencyKey, JSON.stringify(input)),
        ...(replay === 'safe' ? {} : { settleMs, reconcile: async (_input: unknown, ctx: { idempotencyKey: string }) => out.ask(ctx.idempotencyKey) }),
      }),
    }),
  })
}
