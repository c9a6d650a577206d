import { PartnerFault, sha256Hex } from '@heliox/core/kit'
import { type AuthContext, fetchToken, type SmartConfig, type Token } from './token.ts'

export { type PublicJwk, publicKeysOf } from './keys.ts'
export { type AuthConfig, authConfig, authSecrets } from './settings.ts'
export type { AuthContext } from './token.ts'

/**
 * The header that opens the EHR. Tokens are kept per connection in this process: fetched once for all who wait, renewed before they end,
 * dropped when the EHR does not take one any more. Time is the hub's clock.
 */
interface Entry {
  token?: Token
  /** On its way. */
  work?: Promise<Token>
}
/** Far more connections than one process serves; beyond it the oldest is fetched again. */
const connectionsMax = 5_000
const entries = new Map<string, Entry>()

/** The whole header. Throws `PartnerFault`; nothing of a visit has been sent then. */
export async function authorization(ctx: AuthContext): Promise<string> {
  const { auth } = ctx.config
  if (auth?.kind === 'smart-backend') return `Bearer ${await tokenOf(auth, ctx)}`
  if (ctx.secrets.token === undefined) throw new PartnerFault('credentials', 'The connection has no token.')
  return `Bearer ${ctx.secrets.token}`
}

/** After a 401: true when another header can be had, so that asking once more makes sense. Who was refused together shares the next one. */
export function forgetAuthorization(ctx: AuthContext, header: string): boolean {
  const { auth } = ctx.config
  if (auth?.kind !== 'smart-backend') return false
  const key = keyOf(auth, ctx)
  const entry = entries.get(key)
  if (entry?.token && header === `Bearer ${entry.token.token}`) delete entry.token
  return true
}

/** Other keys or another address are another connection: what one clinic's secrets opened, no other's do. */
const keyOf = (auth: SmartConfig, { config, secrets }: AuthContext): string =>
  sha256Hex(JSON.stringify([config.baseUrl, auth.tokenUrl ?? null, auth.clientId, auth.scope, secrets.signingKeys ?? null]))

async function tokenOf(auth: SmartConfig, ctx: AuthContext): Promise<string> {
  const entry = entryOf(keyOf(auth, ctx))
  const nowMs = ctx.now().getTime()
  if (entry.token && nowMs < entry.token.renewAtMs) return entry.token.token
  try {
    return (await inTime(fetched(entry, auth, ctx), ctx.signal)).token
  } catch (error) {
    // It could not be renewed, and is still good for a while.
    if (entry.token && nowMs < entry.token.endsAtMs) return entry.token.token
    throw error
  }
}
function fetched(entry: Entry, auth: SmartConfig, ctx: AuthContext): Promise<Token> {
  entry.work ??= fetchToken(auth, ctx)
    .then((token) => {
      entry.token = token
      return token
    })
    .finally(() => {
      delete entry.work
    })
  return entry.work
}
function entryOf(key: string): Entry {
  const known = entries.get(key)
  if (known) return known
  const entry: Entry = {}
  entries.set(key, entry)
  const [oldest] = entries.keys()
  if (entries.size > connectionsMax && oldest !== undefined) entries.delete(oldest)
  return entry
}

/** The fetch is shared: one caller that runs out of time must not take it from the others. */
function inTime<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const late = (): void => reject(new PartnerFault('unavailable', 'The EHR gave us no token in time.'))
    if (signal.aborted) return late()
    signal.addEventListener('abort', late, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', late))
  })
}
