import { randomUUID } from 'node:crypto'
import { type CallContext, isPrivateLine, PartnerFault } from '@heliox/core/kit'
import { importJWK, SignJWT } from 'jose'
import { z } from 'zod'
import { type SigningKey, signingKeysOf } from './keys.ts'
import type { AuthConfig } from './settings.ts'

/**
 * One token of SMART backend services: where to ask (discovery), an assertion signed with our key, and what comes back. Nothing about
 * a patient has left yet, so no failure here is an unknown outcome. No text of the EHR and nothing of key, assertion or token is told.
 */
export type AuthContext = Pick<CallContext<unknown, unknown>, 'now' | 'signal' | 'log'> & {
  config: { baseUrl: string; auth?: AuthConfig | undefined }
  secrets: { token?: string | undefined; signingKeys?: string | undefined }
}
export type SmartConfig = Extract<AuthConfig, { kind: 'smart-backend' }>
export interface Token {
  token: string
  /** Until then it is used. */
  renewAtMs: number
  /** Until then it may still be used, when there is no other. */
  endsAtMs: number
}

const answerBytesMax = 64 * 1024
const fetchMsMax = 10_000
/** The profile's limit is five minutes; less leaves room for clocks that differ. */
const assertionSeconds = 240
const lifeSecondsMax = 24 * 3600
const renewEarlyMs = 60_000
const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

const Configuration = z.looseObject({ token_endpoint: z.url().max(2000) })
const TokenAnswer = z.looseObject({
  // What does not fit a header line would break the request, or write another one.
  access_token: z.string().regex(/^[\x21-\x7e]{1,8000}$/),
  token_type: z.string().regex(/^bearer$/i),
  expires_in: z.coerce.number().min(1).max(100_000_000),
  scope: z.string().max(4000).optional(),
})
/** What OAuth says of a refusal; anything else is not repeated. */
const OAuthRefusal = z.looseObject({
  error: z.enum(['invalid_request', 'invalid_client', 'invalid_grant', 'unauthorized_client', 'unsupported_grant_type', 'invalid_scope']),
})

export async function fetchToken(smart: SmartConfig, ctx: AuthContext): Promise<Token> {
  const keys = signingKeysOf(ctx.secrets.signingKeys ?? '')
  if (!keys) throw new PartnerFault('credentials', 'The connection has no keys to sign with.')
  const tokenUrl = smart.tokenUrl ?? (await discovered(ctx.config.baseUrl))
  const startedMs = ctx.now().getTime()
  const answer = await withFirstKeyThatIsKnown(keys, (key) => ask(tokenUrl, smart, key, ctx.now()))
  const missing = missingScopes(smart.scope, answer.scope)
  if (missing.length > 0) ctx.log.warn({ missing }, 'the EHR gave a token with fewer scopes than asked for')
  const lifeMs = Math.min(answer.expires_in, lifeSecondsMax) * 1_000
  // A short life keeps at least half of itself.
  return { token: answer.access_token, renewAtMs: startedMs + Math.max(lifeMs - renewEarlyMs, lifeMs / 2), endsAtMs: startedMs + lifeMs }
}

/** The new key signs. Where the EHR has not read our published keys again yet, the one before still counts. */
async function withFirstKeyThatIsKnown<T>(keys: readonly SigningKey[], work: (key: SigningKey) => Promise<T | 'not-known'>): Promise<T> {
  for (const key of keys) {
    const answer = await work(key)
    if (answer !== 'not-known') return answer
  }
  throw new PartnerFault('credentials', 'The EHR does not accept our client id and keys.', { detail: 'invalid_client' })
}

async function ask(tokenUrl: string, smart: SmartConfig, key: SigningKey, now: Date): Promise<z.output<typeof TokenAnswer> | 'not-known'> {
  const form = {
    grant_type: 'client_credentials',
    scope: smart.scope,
    client_assertion_type: assertionType,
    client_assertion: await assertion(tokenUrl, smart.clientId, key, now),
  }
  const headers = { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' }
  const { status, json } = await request(tokenUrl, { method: 'POST', headers, body: new URLSearchParams(form).toString() })
  if (status === 200) {
    const read = TokenAnswer.safeParse(json)
    if (!read.success) throw new PartnerFault('contract', 'The EHR answered with something other than a token.')
    return read.data
  }
  const refusal = OAuthRefusal.safeParse(json)
  if (refusal.success && refusal.data.error === 'invalid_client') return 'not-known'
  const detail = `status ${status}, ${refusal.success ? refusal.data.error : 'no code'}`
  if (refusal.success || status === 401 || status === 403) throw new PartnerFault('credentials', 'The EHR refused us a token.', { detail })
  throw new PartnerFault('contract', 'The EHR answered in a way the hub does not know when it was asked for a token.', { detail })
}

/** Used once: the EHR refuses an assertion that it has seen. */
async function assertion(tokenUrl: string, clientId: string, { jwk, alg, kid }: SigningKey, now: Date): Promise<string> {
  const issuedAt = Math.floor(now.getTime() / 1_000)
  return new SignJWT()
    .setProtectedHeader({ alg, kid, typ: 'JWT' })
    .setIssuer(clientId)
    .setSubject(clientId)
    .setAudience(tokenUrl)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + assertionSeconds)
    .setJti(randomUUID())
    .sign(await importJWK(jwk as Parameters<typeof importJWK>[0], alg))
}

async function discovered(baseUrl: string): Promise<string> {
  const url = `${baseUrl.replace(/\/+$/, '')}/.well-known/smart-configuration`
  const { status, json } = await request(url, { headers: { accept: 'application/json' } })
  const read = Configuration.safeParse(json)
  if (status !== 200 || !read.success) throw new PartnerFault('contract', 'The EHR does not say where it gives tokens.', { detail: `status ${status}` })
  // An assertion is good for whoever it names; still it travels on no open line.
  if (!isPrivateLine(read.data.token_endpoint)) throw new PartnerFault('contract', 'The EHR gives tokens at an address that is not https.')
  return read.data.token_endpoint
}

/** Its own time limit: a token is fetched for all who wait, and one of them who runs out of time must not take it from the others. */
async function request(url: string, init: RequestInit): Promise<{ status: number; json: unknown }> {
  const { response, bytes } = await whole(url, init)
  const { status } = response
  const detail = `status ${status}`
  if (status === 429) throw new PartnerFault('throttled', 'The EHR asked us to slow down.', { detail })
  if (status >= 500) throw new PartnerFault('unavailable', 'The EHR gave us no token.', { detail })
  return { status, json: json(bytes) }
}
async function whole(url: string, init: RequestInit): Promise<{ response: Response; bytes: Buffer }> {
  try {
    const response = await fetch(url, { ...init, redirect: 'manual', signal: AbortSignal.timeout(fetchMsMax) })
    const chunks: Uint8Array[] = []
    let bytes = 0
    for await (const chunk of response.body ?? []) {
      bytes += chunk.byteLength
      if (bytes > answerBytesMax) throw new PartnerFault('contract', 'The EHR answered with more than the hub reads.', { detail: 'token' })
      chunks.push(chunk)
    }
    return { response, bytes: Buffer.concat(chunks) }
  } catch (error) {
    if (error instanceof PartnerFault) throw error
    throw new PartnerFault('unavailable', 'The EHR gave us no token.', { detail: codeOf(error) })
  }
}
function codeOf(error: unknown): string {
  if (error instanceof Error && error.name === 'TimeoutError') return 'in time'
  const cause = error instanceof Error ? error.cause : undefined
  return typeof cause === 'object' && cause !== null && 'code' in cause && typeof cause.code === 'string' ? cause.code : 'no code'
}
function json(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch {
    return undefined
  }
}
/** Where the EHR names none, it gave what was asked for (RFC 6749). */
const missingScopes = (asked: string, given: string | undefined): string[] =>
  given === undefined ? [] : asked.split(' ').filter((scope) => !given.split(' ').includes(scope))
