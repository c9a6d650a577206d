import { createHmac } from 'node:crypto'
import type Stripe from 'stripe'
import type { SimClock } from '../../sim-clock.ts'
import type { SimJournal } from '../../sim-journal.ts'
import { newId } from './replies.ts'

/** Something happened: told to the clinic's endpoint, where one is registered. */
export type Emit = (type: Stripe.Event['type'], object: unknown) => void

/** Where webhooks go, and how badly. Secrets of a rotation: with two, each call is signed with both. */
export interface Endpoint {
  url: string
  secret: string
  secretBefore: string | null
  play: Play
}
export interface Play {
  /** Each event so many times more. */
  duplicates: number
  /** Of those that wait together: as they came, the other way round, or any how. */
  order: 'as-they-came' | 'reversed' | 'shuffled'
  /** So long they wait together. */
  delayMs: number
  /** The signature says that it is so much older. */
  oldSeconds: number
  wrongSecret: boolean
  /** Between tries of one that was not taken; doubled each time. */
  retryMs: number
}
export const usualPlay: Play = { duplicates: 0, order: 'as-they-came', delayMs: 0, oldSeconds: 0, wrongSecret: false, retryMs: 1_000 }

interface Kept {
  id: string
  type: string
  body: string
}
interface Call {
  body: string
  signature: string
}
const triesMax = 20
const retryMsMax = 60_000
const callTimeoutMs = 10_000
const keptMax = 5_000

/**
 * Webhooks as Stripe sends them: each event until somebody takes it (2xx), signed over the bytes. What was not taken is sent again after
 * `kill -9` and a restart. The signature's moment may follow another clock, for a hub that lives in another time than this simulator.
 */
export class Webhooks {
  #endpoint: Endpoint | null = null
  readonly #kept = new Map<string, Kept>()
  readonly #waiting = new Map<string, { sinceMs: number; tries: number; nextMs: number }>()
  readonly #first = new Map<string, Call>()
  readonly #attempts: { id: string; type: string; status: number | string }[] = []
  readonly #clock: SimClock
  readonly #clockUrl: string | undefined
  readonly register: (endpoint: Endpoint | null) => void
  readonly #keep: (event: Kept) => void
  readonly #isDone: (id: string) => void
  readonly forget: () => void
  #timer: NodeJS.Timeout | undefined
  #isSending = false

  constructor(journal: SimJournal, clock: SimClock, clockUrl: string | undefined) {
    this.#clock = clock
    this.#clockUrl = clockUrl
    this.register = journal.change('endpoint', (endpoint) => {
      this.#endpoint = endpoint
    })
    this.#keep = journal.change('event', (event) => {
      this.#kept.set(event.id, event)
      this.#waiting.set(event.id, { sinceMs: Date.now(), tries: 0, nextMs: 0 })
      const oldest = this.#kept.keys().next().value
      if (this.#kept.size > keptMax && oldest !== undefined && !this.#waiting.has(oldest)) this.#kept.delete(oldest)
    })
    this.#isDone = journal.change('event-done', (id) => {
      this.#waiting.delete(id)
    })
    this.forget = journal.change('events-forgotten', () => {
      for (const one of [this.#kept, this.#waiting, this.#first]) one.clear()
      this.#attempts.length = 0
    })
  }

  readonly emit: Emit = (type, object) => {
    if (!this.#endpoint) return
    const event = {
      ...{ id: newId('evt'), object: 'event', api_version: '2026-10-28.endive', created: Math.floor(this.#clock.nowMs() / 1000) },
      ...{ data: { object }, livemode: false, pending_webhooks: 1, request: { id: null, idempotency_key: null }, type },
    }
    this.#keep({ id: event.id, type, body: JSON.stringify(event, null, 2) })
    this.pump()
  }
  /** Also after a start: what was waiting goes on. */
  pump(): void {
    if (this.#isSending || this.#timer || this.#waiting.size === 0 || !this.#endpoint) return
    const { delayMs } = this.#endpoint.play
    const due = Math.min(...[...this.#waiting.values()].map(({ sinceMs, nextMs }) => Math.max(sinceMs + delayMs, nextMs)))
    this.#timer = setTimeout(() => void this.#send(), Math.max(1, due - Date.now())).unref()
  }

  async #send(): Promise<void> {
    this.#timer = undefined
    this.#isSending = true
    try {
      for (const id of this.#ordered()) await this.#deliver(id)
    } finally {
      this.#isSending = false
      this.pump()
    }
  }
  /** All that wait and are not waiting for another try, once the oldest of them has waited long enough. */
  #ordered(): string[] {
    const now = Date.now()
    const ids = [...this.#waiting].filter(([, { nextMs }]) => nextMs <= now).map(([id]) => id)
    const { order, duplicates } = this.#endpoint?.play ?? usualPlay
    const all = Array.from({ length: duplicates + 1 }, () => ids).flat()
    if (order === 'reversed') return all.reverse()
    return order === 'shuffled'
      ? all
          .map((id) => ({ id, at: Math.random() }))
          .sort((a, b) => a.at - b.at)
          .map(({ id }) => id)
      : all
  }
  async #deliver(id: string): Promise<void> {
    const [kept, wait, endpoint] = [this.#kept.get(id), this.#waiting.get(id), this.#endpoint]
    if (!kept || !endpoint) return
    const status = await this.#call(kept, await this.#sign(kept.body, endpoint))
    const isTaken = typeof status === 'number' && status >= 200 && status < 300
    if (isTaken && this.#waiting.has(id)) this.#isDone(id)
    if (isTaken || !wait) return
    wait.tries += 1
    wait.nextMs = Date.now() + Math.min(retryMsMax, endpoint.play.retryMs * 2 ** (wait.tries - 1))
    if (wait.tries >= triesMax) this.#isDone(id)
  }
  async #call({ id, type }: Kept, call: Call): Promise<number | string> {
    if (!this.#first.has(id)) this.#first.set(id, call)
    const headers = { 'content-type': 'application/json; charset=utf-8', 'stripe-signature': call.signature }
    const status = await fetch(this.#endpoint?.url ?? '', {
      method: 'POST',
      headers,
      body: call.body,
      redirect: 'error',
      signal: AbortSignal.timeout(callTimeoutMs),
    })
      .then((response) => response.body?.cancel().then(() => response.status) ?? response.status)
      .catch((error: Error) => error.name)
    this.#attempts.push({ id, type, status })
    if (this.#attempts.length > keptMax) this.#attempts.shift()
    return status
  }
  /** Written here by the documented rule, and not by the SDK that checks it. */
  async #sign(body: string, { secret, secretBefore, play }: Endpoint): Promise<Call> {
    const seconds = Math.floor((await this.#now()) / 1000) - play.oldSeconds
    const secrets = play.wrongSecret ? ['whsec_of_somebody_else'] : [secret, secretBefore].filter((one) => one !== null)
    const signatures = secrets.map((one) => `v1=${createHmac('sha256', one).update(`${seconds}.${body}`).digest('hex')}`)
    return { body, signature: [`t=${seconds}`, ...signatures].join(',') }
  }
  async #now(): Promise<number> {
    if (!this.#clockUrl) return this.#clock.nowMs()
    const followed = await fetch(this.#clockUrl, { signal: AbortSignal.timeout(callTimeoutMs) }).then(
      (answer) => answer.json() as Promise<{ now: string }>,
      () => undefined,
    )
    return followed ? Date.parse(followed.now) : this.#clock.nowMs()
  }

  /** Once more: signed anew as Stripe does, or byte for byte as it was sent first, as somebody would who listened. Undefined: no such event. */
  async again(id: string, exact: boolean): Promise<number | string | undefined> {
    const [kept, first, endpoint] = [this.#kept.get(id), this.#first.get(id), this.#endpoint]
    if (!kept || !endpoint) return undefined
    if (exact && !first) return undefined
    return this.#call(kept, exact && first ? first : await this.#sign(kept.body, endpoint))
  }
  report() {
    const { url, play } = this.#endpoint ?? { url: null, play: usualPlay }
    return { url, play, waiting: this.#waiting.size, events: [...this.#kept.values()].map(({ id, type }) => ({ id, type })), attempts: this.#attempts }
  }
}
