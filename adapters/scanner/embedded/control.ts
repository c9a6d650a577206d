import { createServer, type IncomingMessage, type Server } from 'node:http'

/** `refuses-key` is missing: this protocol knows no key. `throttles` is the nearest it has, "out of memory". */
const modes = ['answers', 'rejects', 'drops', 'stalls', 'throttles', 'answers-garbage', 'accepts-then-drops'] as const
export type Mode = (typeof modes)[number]
const onStreamsOnly: readonly Mode[] = ['rejects', 'throttles', 'accepts-then-drops']

/** What the scanner did, and what it is told to do wrong. For tests and demos; the scanner's own port knows nothing of it. */
export class Control {
  #mode: Mode = 'answers'
  #times: number | null = null
  #scans = new Map<string, number>()
  #asked = 0
  readonly #forget: () => void

  /** `forget` is called on reset: what was scanned before counts as new. */
  constructor(forget: () => void) {
    this.#forget = forget
  }

  /** The mode of this command; counts down only when it applies. */
  take(isStream: boolean): Mode {
    const mode = this.#mode
    if (mode === 'answers' || (onStreamsOnly.includes(mode) && !isStream)) return 'answers'
    if (this.#times !== null && --this.#times === 0) this.#set('answers', null)
    return mode
  }

  /** One INSTREAM came in, whether it was scanned or known already. */
  asked(): void {
    this.#asked += 1
  }

  /** By hash: the same file scanned twice shows as 2. */
  scanned(sha256: string): void {
    this.#scans.set(sha256, (this.#scans.get(sha256) ?? 0) + 1)
  }

  #set(mode: Mode, times: number | null): void {
    this.#mode = mode
    this.#times = times
  }

  listen(port: number): Server {
    const server = createServer((request, response) => {
      this.#reply(request)
        .catch(() => ({ status: 400, body: { error: 'not understood' } }))
        .then(({ status, body }) => response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body)))
    })
    return server.listen(port, '127.0.0.1')
  }

  async #reply(request: IncomingMessage): Promise<{ status: number; body: unknown }> {
    const what = `${request.method} ${request.url}`
    if (what === 'GET /_sim/effects') {
      const byKey = Object.fromEntries(this.#scans)
      const count = Object.values(byKey).reduce((sum, n) => sum + n, 0)
      return { status: 200, body: { clearUpload: { count, byKey, asked: this.#asked } } }
    }
    if (what === 'POST /_sim/faults') {
      const { mode, times = null } = JSON.parse(await textOf(request)) as { mode?: Mode; times?: number | null }
      const isKnown = mode !== undefined && modes.includes(mode) && (times === null || (Number.isInteger(times) && times > 0))
      if (!isKnown) return { status: 400, body: { error: `mode is one of ${modes.join(', ')}; times a number or null` } }
      this.#set(mode, times)
      return { status: 200, body: { ok: true } }
    }
    if (what === 'POST /_sim/reset') {
      this.#scans.clear()
      this.#asked = 0
      this.#forget()
      this.#set('answers', null)
      return { status: 200, body: { ok: true } }
    }
    return { status: 404, body: { error: 'no such control' } }
  }
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const part of request as AsyncIterable<Buffer>) {
    text += part.toString()
    if (text.length > 4096) throw new Error('too long')
  }
  return text
}
