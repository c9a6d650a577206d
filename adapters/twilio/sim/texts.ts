import { createHash, randomBytes } from 'node:crypto'
import type { SimJournal } from '../../sim-journal.ts'
import type { Control } from './control.ts'

export interface Text {
  sid: string
  from: string
  to: string
  body: string
  direction: 'inbound' | 'outbound-api' | 'outbound-reply'
  status: string
  errorCode: number | null
  atMs: number
  statusCallback: string | null
}
/** A "no". Like the real thing its message quotes the number. */
export class Refusal extends Error {
  readonly status: number
  readonly code: number
  constructor(status: number, code: number, message: string) {
    super(message)
    this.status = status
    this.code = code
  }
}

/** Numbers that are turned down at once: Twilio's own magic ones. */
const refusedAtOnce = new Map([
  ['+15005550001', new Refusal(400, 21211, "The 'To' number +15005550001 is not a valid phone number.")],
  ['+15005550002', new Refusal(400, 21612, "The 'To' phone number +15005550002 is not currently reachable.")],
  ['+15005550003', new Refusal(403, 21408, 'Permission to send an SMS has not been enabled for the region of +15005550003.')],
  ['+15005550004', new Refusal(400, 21610, 'Attempt to send to unsubscribed recipient +15005550004.')],
  ['+15005550009', new Refusal(400, 21614, "'To' number +15005550009 is not a valid mobile number.")],
])
/** And ones of ours that are taken, and do not arrive: the last four digits are the code. */
const lostLater = /^\+1500555(3003|3005|3006|3007|3008|3034)$/
const keptMax = 10_000

/** What was sent and answered, and who does not want any more. */
export class Texts {
  readonly #texts = new Map<string, Text>()
  readonly #stopped = new Set<string>()
  readonly #keep: (text: Text) => void
  readonly setStatus: (sid: string, status: string, errorCode: number | null) => void
  readonly #stop: (pair: string, isStopped: boolean) => void
  readonly forget: () => void

  constructor(journal: SimJournal) {
    this.#keep = journal.change('text', (text) => {
      this.#texts.set(text.sid, { ...text })
      const oldest = this.#texts.keys().next().value
      if (this.#texts.size > keptMax && oldest !== undefined) this.#texts.delete(oldest)
    })
    this.setStatus = journal.change('status', (sid, status, errorCode) => {
      const text = this.#texts.get(sid)
      if (text) Object.assign(text, { status, errorCode })
    })
    this.#stop = journal.change('stopped', (pair, isStopped) => void (isStopped ? this.#stopped.add(pair) : this.#stopped.delete(pair)))
    this.forget = journal.change('texts-forgotten', () => {
      this.#texts.clear()
      this.#stopped.clear()
    })
  }

  send(form: URLSearchParams, from: string, atMs: number, control: Control): Text {
    const [to, body, statusCallback] = [form.get('To') ?? '', form.get('Body') ?? '', form.get('StatusCallback')]
    const magic = refusedAtOnce.get(to)
    if (magic) throw magic
    if (!/^\+[1-9]\d{6,14}$/.test(to)) throw new Refusal(400, 21211, `The 'To' number ${to} is not a valid phone number.`)
    if (body === '') throw new Refusal(400, 21602, 'Message body is required.')
    if (body.length > 1600) throw new Refusal(400, 21617, 'The concatenated message body exceeds the 1600 character limit.')
    if (this.#stopped.has(`${from} ${to}`)) throw new Refusal(400, 21610, `Attempt to send to unsubscribed recipient ${to}.`)
    const text: Text = { sid: newSid(), from, to, body, direction: 'outbound-api', status: 'queued', errorCode: null, atMs, statusCallback }
    this.#keep(text)
    control.effects.did(keyOf(text))
    return text
  }
  /** What becomes of it, in order. */
  courseOf({ to }: Text): { status: string; errorCode: number | null }[] {
    const code = lostLater.exec(to)?.[1]
    const sent = ['sending', 'sent'].map((status) => ({ status, errorCode: null }))
    return [...sent, code ? { status: 'undelivered', errorCode: Number(`30${code.slice(1)}`) } : { status: 'delivered', errorCode: null }]
  }
  /** Somebody answers. STOP and START are heard here as well, and answered as the clinic cannot. */
  answer(from: string, to: string, body: string, atMs: number): Text {
    const text: Text = { sid: newSid(), from, to, body, direction: 'inbound', status: 'received', errorCode: null, atMs, statusCallback: null }
    this.#keep(text)
    const word = body.trim().toUpperCase()
    const isStop = /^(STOP|STOPALL|UNSUBSCRIBE|CANCEL|END|QUIT|OPTOUT|REVOKE)$/.test(word)
    if (isStop || /^(START|UNSTOP|YES)$/.test(word)) this.#stop(`${to} ${from}`, isStop)
    const said = isStop
      ? 'You will get no more messages from this number. Reply START to get them again.'
      : word === 'START' || word === 'UNSTOP'
        ? 'You will get messages from this number again. Reply STOP to end them.'
        : word === 'HELP' || word === 'INFO'
          ? 'Reply STOP to get no more messages.'
          : undefined
    if (said) {
      const reply: Text = { ...text, sid: newSid(), from: to, to: from, body: said, direction: 'outbound-reply', status: 'delivered', atMs: atMs + 1 }
      this.#keep(reply)
    }
    return text
  }

  isStopped(number: string, patient: string): boolean {
    return this.#stopped.has(`${number} ${patient}`)
  }
  get(sid: string): Text | undefined {
    return this.#texts.get(sid)
  }
  /** Newest first. */
  all(): Text[] {
    return [...this.#texts.values()].reverse()
  }
  list({ to, from, limit }: { to: string | null; from: string | null; limit: number }): Text[] {
    return this.all()
      .filter((text) => (to === null || text.to === to) && (from === null || text.from === from))
      .slice(0, limit)
  }
}

const newSid = (): string => `SM${randomBytes(16).toString('hex')}`
/** Our own id, which stands in the address that was asked to be called; else what was sent to whom. */
export const keyOf = ({ statusCallback, to, body }: Text): string =>
  (statusCallback && new URL(statusCallback).searchParams.get('m')) ?? createHash('sha256').update(`${to}\n${body}`).digest('hex').slice(0, 24)
