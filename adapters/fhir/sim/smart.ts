import { createPublicKey, randomBytes, verify, type webcrypto } from 'node:crypto'
import type { SimClock } from '../../sim-clock.ts'
import type { SimJournal } from '../../sim-journal.ts'
import type { Reply } from './rest.ts'

/** SMART backend services, the server's half: a signed assertion in, a short-lived token out. Everything that the profile forbids is refused. */
interface SmartClient {
  clientId: string
  /** Where the client publishes its keys, or the keys themselves. */
  jwksUrl?: string
  jwks?: { keys: Jwk[] }
  /** What it may have at most. */
  scope: string
  tokenSeconds: number
}
type Jwk = webcrypto.JsonWebKey & { kid?: string; alg?: string }
interface Claims {
  iss?: unknown
  sub?: unknown
  aud?: unknown
  exp?: unknown
  nbf?: unknown
  jti?: unknown
}

const assertionSecondsMax = 300
const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'
const algorithms: Readonly<Record<string, { hash: string; kty: string; dsaEncoding?: 'ieee-p1363' }>> = {
  RS384: { hash: 'sha384', kty: 'RSA' },
  ES384: { hash: 'sha384', kty: 'EC', dsaEncoding: 'ieee-p1363' },
}

/** A refusal as OAuth says it; the description is for the log of whoever reads it, and says which rule it was. */
class OAuthError extends Error {
  readonly error: string
  constructor(error: string, description: string) {
    super(description)
    this.error = error
  }
}

export class SmartServer {
  readonly #clock: SimClock
  #client: SmartClient | undefined
  /** Token -> until when. */
  readonly #tokens = new Map<string, number>()
  readonly #assertionsSeen = new Map<string, number>()
  #given = 0
  #refused = 0
  readonly #keyIds = new Set<string>()
  readonly register: (client: SmartClient) => void
  readonly #give: (token: string, untilMs: number, jti: string, jtiUntilMs: number, kid: string) => void
  readonly forgetTokens: () => void
  readonly reset: () => void

  constructor(journal: SimJournal, clock: SimClock) {
    this.#clock = clock
    this.register = journal.change('smart-client', (client) => {
      this.#client = client
    })
    this.#give = journal.change('smart-token', (token, untilMs, jti, jtiUntilMs, kid) => {
      this.#tokens.set(token, untilMs)
      this.#assertionsSeen.set(jti, jtiUntilMs)
      this.#keyIds.add(kid)
      this.#given += 1
    })
    this.forgetTokens = journal.change('smart-forget', () => this.#tokens.clear())
    this.reset = journal.change('smart-reset', () => {
      this.#client = undefined
      for (const all of [this.#tokens, this.#assertionsSeen, this.#keyIds]) all.clear()
      this.#given = 0
      this.#refused = 0
    })
  }

  accepts(authorization: string | undefined): boolean {
    const until = this.#tokens.get(/^Bearer (.+)$/.exec(authorization ?? '')?.[1] ?? '')
    return until !== undefined && this.#clock.nowMs() < until
  }
  seen(): object {
    return { tokensGiven: this.#given, assertionsRefused: this.#refused, keyIds: [...this.#keyIds] }
  }

  configuration(base: string): object {
    return {
      token_endpoint: `${base}/auth/token`,
      token_endpoint_auth_methods_supported: ['private_key_jwt'],
      token_endpoint_auth_signing_alg_values_supported: Object.keys(algorithms),
      grant_types_supported: ['client_credentials'],
      scopes_supported: this.#client?.scope.split(' ') ?? [],
      capabilities: ['client-confidential-asymmetric', 'permission-v1', 'permission-v2'],
    }
  }

  async token(body: string, contentType: string | undefined, base: string): Promise<Reply> {
    // RFC 6749 wants both: a token in a proxy's cache is anybody's.
    const headers = { 'content-type': 'application/json', 'cache-control': 'no-store', pragma: 'no-cache' }
    try {
      if (!/^application\/x-www-form-urlencoded\b/.test(contentType ?? '')) throw new OAuthError('invalid_request', 'not a form')
      return { status: 200, headers, body: await this.#answer(new URLSearchParams(body), `${base}/auth/token`) }
    } catch (error) {
      if (!(error instanceof OAuthError)) throw error
      this.#refused += 1
      return { status: error.error === 'invalid_client' ? 401 : 400, headers, body: { error: error.error, error_description: error.message } }
    }
  }

  async #answer(form: URLSearchParams, audience: string): Promise<object> {
    for (const name of form.keys()) if (form.getAll(name).length > 1) throw new OAuthError('invalid_request', `${name} twice`)
    if (form.get('grant_type') !== 'client_credentials') throw new OAuthError('unsupported_grant_type', 'client_credentials only')
    if (form.get('client_assertion_type') !== assertionType) throw new OAuthError('invalid_request', 'another type of assertion')
    const client = this.#client
    const { jti, expMs, kid } = await this.#verified(form.get('client_assertion') ?? '', client, audience)
    const scope = granted(form.get('scope'), client?.scope ?? '')
    const token = randomBytes(32).toString('base64url')
    const seconds = client?.tokenSeconds ?? assertionSecondsMax
    this.#give(token, this.#clock.nowMs() + seconds * 1_000, jti, expMs, kid)
    return { access_token: token, token_type: 'bearer', expires_in: seconds, scope }
  }

  async #verified(assertion: string, client: SmartClient | undefined, audience: string): Promise<{ jti: string; expMs: number; kid: string }> {
    const refuse = (why: string) => new OAuthError('invalid_client', why)
    const parts = assertion.split('.')
    const [header, claims] = [decoded<{ alg?: string; kid?: string; typ?: string }>(parts[0]), decoded<Claims>(parts[1])]
    if (parts.length !== 3 || !header || !claims) throw refuse('not a signed token')
    const { iss, sub, aud, exp, nbf, jti } = claims
    if (!client || iss !== client.clientId || sub !== client.clientId) throw refuse('not a client of ours, or iss and sub differ')
    const algorithm = algorithms[header.alg ?? '']
    if (!algorithm) throw refuse('signed in a way that the profile does not name')
    const key = (await keysOf(client)).find((k) => k.kid === header.kid && k.kty === algorithm.kty)
    if (!header.kid || !key) throw refuse('no key of that name')
    const { hash, dsaEncoding } = algorithm
    const publicKey = { key: createPublicKey({ key, format: 'jwk' }), ...(dsaEncoding ? { dsaEncoding } : {}) }
    if (!verify(hash, Buffer.from(`${parts[0]}.${parts[1]}`), publicKey, Buffer.from(parts[2] ?? '', 'base64url')))
      throw refuse('the signature is not that key’s')
    const nowSeconds = this.#clock.nowMs() / 1_000
    if (aud !== audience && !(Array.isArray(aud) && aud.includes(audience))) throw refuse('meant for another audience')
    if (typeof exp !== 'number' || exp <= nowSeconds) throw refuse('expired')
    // A second of leeway for the moment between signing and reading.
    if (exp - nowSeconds > assertionSecondsMax + 1) throw refuse('valid for more than five minutes')
    if (typeof nbf === 'number' && nbf > nowSeconds + 1) throw refuse('not valid yet')
    if (typeof jti !== 'string' || jti === '') throw refuse('no jti')
    if ((this.#assertionsSeen.get(jti) ?? 0) > this.#clock.nowMs()) throw refuse('seen before')
    return { jti, expMs: exp * 1_000, kid: header.kid }
  }
}

function decoded<T>(part: string | undefined): T | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part ?? '', 'base64url').toString('utf8'))
    return typeof value === 'object' && value !== null ? (value as T) : undefined
  } catch {
    return undefined
  }
}

/** Fetched each time: a key that the client took back is not believed any more. */
async function keysOf({ jwks, jwksUrl }: SmartClient): Promise<Jwk[]> {
  if (jwks) return jwks.keys
  try {
    const response = await fetch(jwksUrl ?? '', { signal: AbortSignal.timeout(5_000), redirect: 'error' })
    const found = (await response.json()) as { keys?: Jwk[] }
    return response.ok && Array.isArray(found.keys) ? found.keys : []
  } catch {
    return []
  }
}

/** Of what was asked for, what this client may have. Nothing of it is an error, never a token without a scope. */
function granted(asked: string | null, allowed: string): string {
  const may = allowed.split(' ')
  const given = (asked ?? '').split(' ').filter((scope) => scope !== '' && may.includes(scope))
  if (given.length === 0) throw new OAuthError('invalid_scope', 'none of these scopes')
  return given.join(' ')
}

export function isSmartClient(value: unknown): value is SmartClient {
  const { clientId, jwksUrl, jwks, scope, tokenSeconds } = (value ?? {}) as Partial<SmartClient>
  const hasKeys = typeof jwksUrl === 'string' || Array.isArray(jwks?.keys)
  return typeof clientId === 'string' && typeof scope === 'string' && hasKeys && Number.isInteger(tokenSeconds) && (tokenSeconds as number) > 0
}
