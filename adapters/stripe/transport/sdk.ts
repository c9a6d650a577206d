import { type CallContext, type Health, PartnerFault } from '@heliox/core/kit'
import Stripe from 'stripe'
import type { StripeConfig, StripeSecrets } from '../config.ts'

type Ctx = CallContext<StripeConfig, StripeSecrets>

/** Pinned: an account's default version changes under us, and with it the shape of what we read. */
const apiVersion = '2026-10-28.endive'
const answerBytesMax = 1024 * 1024
const healthTimeoutMs = 5_000

/**
 * The official SDK with everything it would do by itself turned off: retries are the ledger's, and telemetry is nobody's. The
 * fetch client is used because the default one repeats a closed connection once even with `maxNetworkRetries: 0`.
 */
export function openStripe(ctx: Ctx, signal: AbortSignal = ctx.signal): Stripe {
  const { hostname, port, protocol } = new URL(ctx.config.apiBase)
  const scheme = protocol === 'http:' ? 'http' : 'https'
  return new Stripe(ctx.secrets.secretKey, {
    apiVersion,
    host: hostname,
    port: port || (scheme === 'http' ? 80 : 443),
    protocol: scheme,
    maxNetworkRetries: 0,
    telemetry: false,
    httpClient: Stripe.createFetchHttpClient(boundedFetch(signal)),
  })
}

/** Ends with our signal, follows no redirect with the key in hand, and reads no endless body. */
function boundedFetch(signal: AbortSignal): typeof fetch {
  return async (input, init) => {
    const signals = init?.signal ? [signal, init.signal] : [signal]
    const response = await fetch(input, { ...init, redirect: 'error', signal: AbortSignal.any(signals) })
    const chunks: Uint8Array[] = []
    let bytes = 0
    for await (const chunk of response.body ?? []) {
      bytes += chunk.byteLength
      if (bytes > answerBytesMax) throw new PartnerFault('contract', "Stripe's answer is too large.")
      chunks.push(chunk)
    }
    return new Response(Buffer.concat(chunks), { status: response.status, headers: response.headers })
  }
}

/** A list of one, by the permission that keeping a card needs anyway. */
export async function ping(ctx: Ctx): Promise<Health> {
  const signal = AbortSignal.any([ctx.signal, AbortSignal.timeout(healthTimeoutMs)])
  try {
    await openStripe(ctx, signal).setupIntents.list({ limit: 1 })
    return { ok: true, text: 'Stripe answers.' }
  } catch (error) {
    return { ok: false, text: toFault(error, signal).message }
  }
}

const neverSent = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT'])

/** Every error of the SDK as one of the closed list. Stripe's own text is not passed on: it may quote a key. */
export function toFault(error: unknown, signal: AbortSignal): PartnerFault {
  if (error instanceof PartnerFault) return error
  if (!(error instanceof Stripe.errors.StripeError)) throw error
  if (error instanceof Stripe.errors.StripeConnectionError) return ofConnection(error, signal)
  const detail = detailOf(error)
  if (error instanceof Stripe.errors.StripeAuthenticationError || error instanceof Stripe.errors.StripePermissionError)
    return new PartnerFault('credentials', 'Stripe does not accept our key.', { detail })
  // The same key is still at work: ask again a moment later. It is no fault of the request.
  if (error instanceof Stripe.errors.StripeRateLimitError || error.code === 'idempotency_key_in_use' || error.code === 'lock_timeout')
    return new PartnerFault('throttled', 'Stripe asks us to slow down.', { detail, retryAfterMs: retryAfterMs(error) })
  if (error instanceof Stripe.errors.StripeIdempotencyError)
    return new PartnerFault('contract', 'Stripe saw this key before with other parameters.', { detail })
  if (error instanceof Stripe.errors.StripeInvalidRequestError) return new PartnerFault('contract', 'Stripe does not understand our request.', { detail })
  // After a 5xx it may have happened; without a status the body was no JSON, and nobody knows either.
  if (error.statusCode !== undefined && error.statusCode >= 500) return new PartnerFault('uncertain', 'Stripe broke while it was at work.', { detail })
  return new PartnerFault('contract', 'Stripe answered with something that cannot be read.', { detail })
}

function ofConnection(error: Stripe.errors.StripeConnectionError, signal: AbortSignal): PartnerFault {
  const reason = error.detail
  if (reason instanceof PartnerFault) return reason
  if (signal.aborted) return new PartnerFault('timeout', 'Stripe did not answer in time.')
  const code = reason instanceof Error ? (codeOf(reason) ?? codeOf(reason.cause)) : undefined
  if (code !== undefined && neverSent.has(code)) return new PartnerFault('unavailable', 'Stripe cannot be reached.', { detail: code })
  if (code === 'ETIMEDOUT') return new PartnerFault('timeout', 'Stripe did not answer in time.', { detail: code })
  return new PartnerFault('uncertain', 'The connection to Stripe was lost after the request was sent.', { detail: code })
}
const codeOf = (value: unknown): string | undefined =>
  typeof value === 'object' && value !== null && 'code' in value && typeof value.code === 'string' ? value.code : undefined

const word = (value: unknown): string => (typeof value === 'string' && /^[\w-]{1,80}$/.test(value) ? value : '-')
const detailOf = (error: Stripe.errors.StripeError): string =>
  `${word(error.rawType ?? error.type)} ${word(error.code)} HTTP ${error.statusCode ?? '-'} request ${word(error.requestId)}`

function retryAfterMs(error: Stripe.errors.StripeError): number | undefined {
  const header = error.headers?.['retry-after']
  return header !== undefined && /^\d{1,4}$/.test(header) ? Number(header) * 1000 : undefined
}

/** A replayed 5xx says only that the first try broke: the same key will say so for a day. What exists tells more. */
const isReplayed5xx = (error: unknown): boolean =>
  error instanceof Stripe.errors.StripeError && (error.statusCode ?? 0) >= 500 && error.headers?.['idempotent-replayed'] === 'true'
/** The key was used in another way, for instance before a setting of the clinic changed: what it did then is what happened. */
export const mustLook = (error: unknown): boolean => isReplayed5xx(error) || error instanceof Stripe.errors.StripeIdempotencyError

/** While looking for an earlier send. A fault must not look like "nothing happened": it stays uncertain, or a person looks. */
export function askedInVain(error: unknown, signal: AbortSignal, what: string): 'cannot-tell' {
  const fault = toFault(error, signal)
  if (fault.kind === 'credentials' || fault.kind === 'contract') return 'cannot-tell'
  throw new PartnerFault(fault.kind === 'timeout' ? 'timeout' : 'uncertain', `Stripe could not be asked what became of ${what}.`, {
    detail: fault.detail,
    retryAfterMs: fault.retryAfterMs,
  })
}

/** Nothing of this id is there. */
export const isMissing = (error: unknown): boolean => error instanceof Stripe.errors.StripeInvalidRequestError && error.code === 'resource_missing'
