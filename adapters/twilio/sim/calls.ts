import { createHmac } from 'node:crypto'
import type { SimJournal } from '../../sim-journal.ts'

/** How badly it calls. */
export interface Play {
  /** Each call so many times more. */
  duplicates: number
  /** Of those that wait together. */
  order: 'as-they-came' | 'reversed'
  /** So long they wait together. */
  delayMs: number
  /** Signed by another token. */
  wrongToken: boolean
}
export const usualPlay: Play = { duplicates: 0, order: 'as-they-came', delayMs: 0, wrongToken: false }

interface Call {
  id: number
  url: string
  form: string
}
const callTimeoutMs = 10_000
const retryMs = 1_000
/** Receipts are not sent for ever: what a clinic missed it has missed. Inbound texts too. */
const triesMax = 5
const attemptsMax = 1_000

/** Calls to the clinic: receipts and inbound texts, signed over the address and the sorted pairs. */
export class Calls {
  #play: Play = usualPlay
  readonly #waiting = new Map<number, Call>()
  readonly #sinceMs = new Map<number, number>()
  readonly #tries = new Map<number, number>()
  readonly #attempts: { url: string; form: string; signature: string; status: number | string }[] = []
  #last = 0
  #timer: NodeJS.Timeout | undefined
  #isCalling = false
  #token: string
  readonly setPlay: (play: Play) => void
  readonly setToken: (token: string) => void
  readonly #add: (call: Call) => void
  readonly #isDone: (id: number) => void
  readonly forget: () => void

  constructor(journal: SimJournal, token: string) {
    this.#token = token
    this.setPlay = journal.change('play', (play) => {
      this.#play = play
    })
    this.setToken = journal.change('token', (next) => {
      this.#token = next
    })
    this.#add = journal.change('call', (call) => {
      this.#last = Math.max(this.#last, call.id)
      this.#waiting.set(call.id, call)
      this.#sinceMs.set(call.id, Date.now())
    })
    this.#isDone = journal.change('called', (id) => {
      for (const one of [this.#waiting, this.#sinceMs, this.#tries]) one.delete(id)
    })
    this.forget = journal.change('calls-forgotten', () => {
      for (const one of [this.#waiting, this.#sinceMs, this.#tries]) one.clear()
      this.#attempts.length = 0
      this.#play = usualPlay
    })
  }

  call(url: string, fields: Record<string, string>): void {
    this.#add({ id: this.#last + 1, url, form: new URLSearchParams(fields).toString() })
    this.pump()
  }
  /** Also after a start: what was waiting goes on. */
  pump(): void {
    if (this.#isCalling || this.#timer || this.#waiting.size === 0) return
    const due = Math.min(...[...this.#waiting.keys()].map((id) => this.#dueMs(id)))
    this.#timer = setTimeout(() => void this.#callAll(), Math.max(1, due - Date.now())).unref()
  }
  #dueMs(id: number): number {
    return (this.#sinceMs.get(id) ?? 0) + this.#play.delayMs + (this.#tries.get(id) ?? 0) * retryMs
  }

  async #callAll(): Promise<void> {
    this.#timer = undefined
    this.#isCalling = true
    try {
      const due = [...this.#waiting.values()].filter(({ id }) => (this.#tries.get(id) ?? 0) === 0 || this.#dueMs(id) <= Date.now())
      const ordered = this.#play.order === 'reversed' ? due.reverse() : due
      for (const call of ordered) for (let n = 0; n <= this.#play.duplicates; n += 1) await this.#one(call, n === 0)
    } finally {
      this.#isCalling = false
      this.pump()
    }
  }
  async #one(call: Call, counts: boolean): Promise<void> {
    const signature = sign(this.#play.wrongToken ? '0'.repeat(32) : this.#token, call.url, call.form)
    const status = await fetch(call.url, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded; charset=UTF-8', 'x-twilio-signature': signature, 'user-agent': 'TwilioProxy/1.1' },
      body: call.form,
      redirect: 'error',
      signal: AbortSignal.timeout(callTimeoutMs),
    })
      .then((response) => response.body?.cancel().then(() => response.status) ?? response.status)
      .catch((error: Error) => error.name)
    this.#attempts.push({ url: call.url, form: call.form, signature, status })
    if (this.#attempts.length > attemptsMax) this.#attempts.shift()
    if (!counts) return
    const tries = (this.#tries.get(call.id) ?? 0) + 1
    // An answer is an answer: only a line that broke is tried again.
    if (typeof status === 'number' || tries >= triesMax) this.#isDone(call.id)
    else this.#tries.set(call.id, tries)
  }
  report() {
    return { play: this.#play, waiting: this.#waiting.size, attempts: this.#attempts }
  }
}

/** Written here by the documented rule, and not by the SDK that checks it. */
export function sign(token: string, url: string, form: string): string {
  const pairs = [...new URLSearchParams(form)].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
  return createHmac('sha1', token)
    .update(url + pairs.flat().join(''))
    .digest('base64')
}
