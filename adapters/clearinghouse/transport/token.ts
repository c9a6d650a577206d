import { PartnerFault, sha256Hex } from '@heliox/core/kit'
import { addressOf, type ClearinghouseContext, request } from './http.ts'

/**
 * Bearer tokens. A fixed one is taken as it is; with client credentials one is fetched, kept for its connection until shortly before it
 * ends, and fetched once for all who wait. Time is the hub's clock: where the partner's is a simulated one, the hub's follows it.
 */
export interface Bearer {
  token: string
  /** Undefined for a fixed token: another one is not to be had. */
  forget?: () => void
}

interface Token {
  token: string
  untilMs: number
}
interface Entry {
  work: Promise<Token>
  /** Undefined while it is fetched. */
  token?: Token
}
/** No token is used in its last seconds: it must outlive the request. */
const endsEarlyMs = 30_000
const fetchMsMax = 10_000
const lifeSecondsMax = 24 * 3600
/** Far more connections than one process serves; beyond it the oldest is fetched again. */
const connectionsMax = 5_000
const entries = new Map<string, Entry>()

export async function bearerOf(ctx: ClearinghouseContext): Promise<Bearer> {
  const { restToken, clientSecret } = ctx.secrets
  if (restToken !== undefined) return { token: restToken }
  const { clientId, restUrl } = ctx.config
  if (clientId === undefined || clientSecret === undefined)
    throw new PartnerFault('credentials', 'The connection has neither a token nor both client id and client secret.')
  const key = sha256Hex(JSON.stringify([restUrl, clientId, clientSecret]))
  const { token } = await waitFor(tokenOf(key, ctx).work, ctx.signal)
  const forget = (): void => {
    // Another caller may have fetched a new one since, or be about to: that one stays.
    if (entries.get(key)?.token?.token === token) entries.delete(key)
  }
  return { token, forget }
}

/** The one that is kept or on its way; a new one when it has ended. */
function tokenOf(key: string, ctx: ClearinghouseContext): Entry {
  const known = entries.get(key)
  if (known && (known.token === undefined || known.token.untilMs > ctx.now().getTime())) return known
  const entry: Entry = { work: fetchToken(ctx) }
  entries.delete(key)
  entries.set(key, entry)
  const [oldest] = entries.keys()
  if (entries.size > connectionsMax && oldest !== undefined) entries.delete(oldest)
  entry.work.then(
    (token) => {
      entry.token = token
    },
    () => void (entries.get(key) === entry && entries.delete(key)),
  )
  return entry
}

/** The fetch is shared: one caller that runs out of time must not take it from the others. */
function waitFor<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const late = (): void => reject(new PartnerFault('unavailable', 'The clearinghouse gave us no token in time.'))
    if (signal.aborted) return late()
    signal.addEventListener('abort', late, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', late))
  })
}

/** Nothing about a patient has left yet, so no failure here is an unknown outcome. */
async function fetchToken(ctx: ClearinghouseContext): Promise<Token> {
  const { clientId = '' } = ctx.config
  const { clientSecret = '' } = ctx.secrets
  const askedAtMs = ctx.now().getTime()
  const { response, body } = await request(
    addressOf(ctx.config.restUrl, 'oauth/token'),
    {
      method: 'POST',
      headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret }).toString(),
    },
    AbortSignal.timeout(fetchMsMax),
  ).catch((error: unknown) => {
    if (!(error instanceof PartnerFault) || error.kind === 'contract') throw error
    throw new PartnerFault('unavailable', 'The clearinghouse gave us no token.', { detail: error.detail, cause: error })
  })
  const detail = `HTTP ${response.status}`
  if (response.status === 429) throw new PartnerFault('throttled', 'The clearinghouse asks us to slow down.', { detail })
  if (response.status >= 500) throw new PartnerFault('unavailable', 'The clearinghouse gave us no token.', { detail })
  if (response.status !== 200) throw new PartnerFault('credentials', 'The clearinghouse does not accept our client id and secret.', { detail })
  const read = readToken(body)
  if (!read) throw new PartnerFault('contract', 'The clearinghouse answered with something other than a token.')
  const lifeMs = Math.min(read.seconds, lifeSecondsMax) * 1000
  // A short life keeps at least half of itself.
  return { token: read.token, untilMs: askedAtMs + Math.max(lifeMs - endsEarlyMs, lifeMs / 2) }
}

function readToken(body: Buffer): { token: string; seconds: number } | undefined {
  try {
    const read: unknown = JSON.parse(body.toString('utf8'))
    if (typeof read !== 'object' || read === null || !('access_token' in read)) return undefined
    const token = read.access_token
    const seconds = 'expires_in' in read ? Number(read.expires_in) : 60
    // What does not fit a header line would break the request, or write another one.
    if (typeof token !== 'string' || !/^[\x21-\x7e]{1,8000}$/.test(token) || !Number.isFinite(seconds) || seconds < 0) return undefined
    return { token, seconds }
  } catch {
    return undefined
  }
}
