import { randomUUID } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import { isWork } from '../answers/compose.ts'
import type { Clearinghouse } from '../clearinghouse.ts'
import type { Mode } from '../control.ts'
import { Memory } from '../records.ts'
import type { Behaviour } from '../scenario/behaviours.ts'
import { type Asked, answerText, isMock, readAsked } from './answering.ts'
import { json, send, x12Type } from './http.ts'

const answersMax = 50_000
const slowMs = 15_000
const retryAfterSeconds = 1

interface Kept {
  trace: string
  text: string
}
interface Pending {
  text: string
  readyAt: number
  pollsLeft: number
}

/** The door where somebody waits: one 270 in, one 271 out, now, later, or never. */
export class RealTimeDoor {
  readonly #house: Clearinghouse
  /** What was answered under which idempotency key; the same key and trace get the same 271 again. */
  readonly #byKey: Memory<Kept>
  readonly #byTrace: Memory<string>
  readonly #pending: Memory<Pending>
  /** The wait that an idempotency key is in. */
  readonly #waitOf: Memory<string>

  constructor(house: Clearinghouse) {
    this.#house = house
    this.#byKey = new Memory(house.journal, 'answer-by-key', answersMax)
    this.#byTrace = new Memory(house.journal, 'answer-by-trace', answersMax)
    this.#pending = new Memory(house.journal, 'answer-pending', answersMax)
    this.#waitOf = new Memory(house.journal, 'wait-of-key', answersMax)
  }
  clear(): void {
    this.#byKey.clear()
    this.#byTrace.clear()
    this.#pending.clear()
    this.#waitOf.clear()
  }

  /** `mode`: taken for this call by the router, which has played what happens before any reading. */
  async ask({ text, key }: { text: string; key: string }, res: ServerResponse, mode: Mode): Promise<void> {
    const asked = readAsked(text)
    if ('refused' in asked) return json(res, 400, { error: { code: 'BAD_270', reason: asked.refused } })
    const { inquiry } = asked
    const kept = key === '' ? undefined : this.#byKey.get(key)
    if (kept && kept.trace !== inquiry.trace.id) return json(res, 422, { error: { code: 'KEY_REUSED' } })
    const waiting = kept && (mode === 'answers' || mode === 'answers-later') ? this.#waitOf.get(key) : undefined
    if (waiting !== undefined) return this.#goOnWaiting(res, key, waiting)
    const { behaviour, rule } = this.#house.decide(inquiry, 'real-time', forcedBy(mode))
    this.#house.log.add('inquiry', {
      door: 'real-time',
      payer: inquiry.payer.id,
      trace: inquiry.trace.id,
      behaviour: behaviour.behaviour,
      rule,
      ...(kept ? { repeated: 'yes' } : {}),
    })
    const wait = (behaviour.delayMs ?? 0) + (behaviour.behaviour === 'slow' && behaviour.delayMs === undefined ? slowMs : 0)
    const { resets } = this.#house
    if (wait > 0) await this.#passing(wait, res)
    if (resets !== this.#house.resets) return void res.destroy()
    // Whoever hung up meanwhile is worked for all the same: a payer does not know.
    this.#deliver(res, asked, key, behaviour, mode)
  }

  #deliver(res: ServerResponse, asked: Asked, key: string, behaviour: Behaviour, mode: Mode) {
    if (behaviour.behaviour === 'silence') return
    if (behaviour.behaviour === 'outage') return json(res, behaviour.status ?? 503, { error: { code: 'SERVICE_UNAVAILABLE' } })
    if (behaviour.behaviour === 'failure-document') return json(res, 200, { error: { code: 'PAYER_UNAVAILABLE' } })
    const text = this.#textFor(asked, key, behaviour)
    if (behaviour.behaviour === 'timeout-after-accepting') return
    if (mode === 'accepts-then-drops') return void res.destroy()
    if (behaviour.behaviour === 'pending') return this.#later(res, key, text, behaviour.readyAfterMs ?? 5_000, behaviour.polls ?? 1)
    if (mode === 'answers-later') return this.#later(res, key, text, 0, this.#house.control.polls)
    const share = behaviour.behaviour === 'truncated' ? (behaviour.share ?? 0.7) : 0.7
    const torn = behaviour.behaviour === 'truncated' || mode === 'answers-truncated'
    if (isMock(behaviour)) res.setHeader('x-api-mock-response', 'true')
    send(res, 200, x12Type, torn ? text.slice(0, Math.floor(text.length * share)) : text)
  }

  #textFor(asked: Asked, key: string, behaviour: Behaviour): string {
    const trace = asked.inquiry.trace.id
    if (!isWork(behaviour)) return answerText(this.#house, asked, behaviour)
    const kept = key === '' ? undefined : this.#byKey.get(key)
    if (kept) {
      this.#house.effects.did('repeatedInquiry', key)
      return kept.text
    }
    // The work and its key: a kill leaves both, or neither.
    return this.#house.journal.together(() => {
      const text = answerText(this.#house, asked, behaviour)
      this.#house.worked('checkEligibility', asked.inquiry, key || trace)
      if (key !== '') this.#byKey.set(key, { trace, text })
      this.#byTrace.set(trace, text)
      return text
    })
  }

  #later(res: ServerResponse, key: string, text: string, readyAfterMs: number, polls: number): void {
    const id = randomUUID()
    this.#house.journal.together(() => {
      if (key !== '') this.#waitOf.set(key, id)
      this.#pending.set(id, { text, readyAt: this.#house.clock.nowMs() + readyAfterMs, pollsLeft: polls })
    })
    this.#notYet(res, id)
  }
  #notYet(res: ServerResponse, id: string): void {
    res.setHeader('location', `/realtime/eligibility/results/${id}`)
    res.setHeader('retry-after', `${retryAfterSeconds}`)
    json(res, 202, { status: 'pending' })
  }
  poll(res: ServerResponse, id: string) {
    const pending = this.#pending.get(id)
    if (!pending) return json(res, 404, { error: { code: 'NOT_FOUND' } })
    const ready = this.#isReady(pending)
    this.#pending.set(id, { ...pending, pollsLeft: pending.pollsLeft - 1 })
    if (ready) send(res, 200, x12Type, pending.text)
    else this.#notYet(res, id)
  }
  #isReady(pending: Pending): boolean {
    return pending.pollsLeft <= 0 && this.#house.clock.nowMs() >= pending.readyAt
  }
  /** Whoever posts the same inquiry again is sent to the same wait, and begins no new one. */
  #goOnWaiting(res: ServerResponse, key: string, id: string) {
    this.#house.effects.did('repeatedInquiry', key)
    const pending = this.#pending.get(id)
    if (pending && this.#isReady(pending)) send(res, 200, x12Type, pending.text)
    else this.#notYet(res, id)
  }
  lookUp(res: ServerResponse, trace: string): void {
    const text = this.#byTrace.get(trace)
    if (text === undefined) json(res, 404, { error: { code: 'NOT_FOUND' } })
    else send(res, 200, x12Type, text)
  }

  #passing(ms: number, res: ServerResponse): Promise<void> {
    return new Promise((resolve) => {
      const off = this.#house.clock.after(ms, 'real-time answer', resolve)
      res.on('close', () => {
        off()
        resolve()
      })
    })
  }
}

function forcedBy(mode: Mode): Behaviour | undefined {
  if (mode === 'rejects') return { behaviour: 'rejected', code: '72' }
  return mode === 'answers-foreign' ? { behaviour: 'other-patient' } : undefined
}
