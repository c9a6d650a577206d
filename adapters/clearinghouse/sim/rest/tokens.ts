import { randomBytes, timingSafeEqual } from 'node:crypto'
import type { SimJournal } from '../../../sim-journal.ts'
import type { SimClock } from '../clock.ts'
import { Memory } from '../records.ts'

const tokenSeconds = 300
const tokensMax = 10_000

/** Client credentials for a token that lives 300 s of simulated time; the client's secret is a bearer token by itself, too. */
export class Tokens {
  readonly #secret: string
  readonly #clock: SimClock
  readonly #endsAt: Memory<number>

  constructor(secret: string, clock: SimClock, journal: SimJournal) {
    this.#endsAt = new Memory(journal, 'token', tokensMax)
    this.#secret = secret
    this.#clock = clock
  }
  /** `form`: the body of POST /oauth/token. */
  grant(form: URLSearchParams): { status: number; body: unknown } {
    if (form.get('grant_type') !== 'client_credentials') return { status: 400, body: { error: 'unsupported_grant_type' } }
    if (!form.get('client_id') || !same(form.get('client_secret') ?? '', this.#secret)) return { status: 401, body: { error: 'invalid_client' } }
    const token = randomBytes(24).toString('base64url')
    this.#endsAt.set(token, this.#clock.nowMs() + tokenSeconds * 1000)
    return { status: 200, body: { access_token: token, token_type: 'Bearer', expires_in: tokenSeconds } }
  }
  /** Every token that was given out ends now. */
  expire(): void {
    this.#endsAt.clear()
  }
  knows(authorization: string | undefined): boolean {
    const token = /^Bearer (.+)$/.exec(authorization ?? '')?.[1] ?? ''
    return same(token, this.#secret) || (this.#endsAt.get(token) ?? 0) > this.#clock.nowMs()
  }
}
export function same(given: string, secret: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(secret)]
  return a.length === b.length && timingSafeEqual(a, b)
}
