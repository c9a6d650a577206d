import { type CallContext, type Health, PartnerFault } from '@heliox/core/kit'
import type { ClearinghouseConfig, ClearinghouseSecrets } from '../config.ts'

type Ctx = CallContext<ClearinghouseConfig, ClearinghouseSecrets>

/** A real 271 is a few KB; the largest seen is under 200 KB. */
const answerBytesMax = 1024 * 1024
const healthTimeoutMs = 5_000

/** Posts one 270 and returns the text of what came back with 200. Everything else is a fault of the closed list. */
export async function postInquiry(x12: string, ctx: Ctx): Promise<string> {
  const response = await send(ctx, 'realtime/eligibility', ctx.signal, {
    method: 'POST',
    headers: { 'content-type': 'application/edi-x12', accept: 'application/edi-x12', 'idempotency-key': ctx.idempotencyKey },
    body: x12,
  })
  const body = await readBody(response, ctx.signal)
  const fault = faultOfStatus(response, ctx)
  if (fault) throw fault
  const text = decode(body)
  // A failure that comes with 200 is a document in JSON where X12 was asked for.
  if (/^\s*\{/.test(text)) throw faultOfDocument(text)
  return text
}

/** A question that asks about nobody. */
export async function ping(ctx: Ctx): Promise<Health> {
  try {
    const signal = AbortSignal.any([ctx.signal, AbortSignal.timeout(healthTimeoutMs)])
    const response = await send(ctx, 'health', signal, { method: 'GET' })
    await readBody(response, signal)
    const fault = faultOfStatus(response, ctx)
    return fault ? { ok: false, text: fault.message } : { ok: true, text: 'The clearinghouse answers.' }
  } catch (error) {
    if (error instanceof PartnerFault) return { ok: false, text: error.message }
    throw error
  }
}

async function send(ctx: Ctx, path: string, signal: AbortSignal, init: RequestInit & { headers?: Record<string, string> }): Promise<Response> {
  const base = ctx.config.restUrl.endsWith('/') ? ctx.config.restUrl : `${ctx.config.restUrl}/`
  try {
    // A redirect would take the token and the patient to another host: it is not followed.
    return await fetch(new URL(path, base), {
      ...init,
      headers: { ...init.headers, authorization: `Bearer ${ctx.secrets.restToken}` },
      redirect: 'manual',
      signal,
    })
  } catch (error) {
    throw faultOfConnection(error, signal)
  }
}

/** Before the connection stood, nothing was sent; afterwards the clearinghouse may have seen it. */
const neverSent = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT'])

function faultOfConnection(error: unknown, signal: AbortSignal): PartnerFault {
  if (signal.aborted) return new PartnerFault('timeout', 'The clearinghouse did not answer in time.', { cause: error })
  const code = causeCode(error)
  if (code !== undefined && neverSent.has(code)) return new PartnerFault('unavailable', 'The clearinghouse cannot be reached.', { detail: code, cause: error })
  return new PartnerFault('uncertain', 'The connection to the clearinghouse was lost after the question was sent.', { detail: code, cause: error })
}
function causeCode(error: unknown): string | undefined {
  const cause = error instanceof Error ? error.cause : undefined
  return typeof cause === 'object' && cause !== null && 'code' in cause && typeof cause.code === 'string' ? cause.code : undefined
}

async function readBody(response: Response, signal: AbortSignal): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  try {
    for await (const chunk of response.body ?? []) {
      bytes += chunk.byteLength
      if (bytes > answerBytesMax) throw new PartnerFault('contract', 'The answer of the clearinghouse is too large.')
      chunks.push(chunk)
    }
  } catch (error) {
    if (error instanceof PartnerFault) throw error
    throw faultOfConnection(error, signal)
  }
  return Buffer.concat(chunks)
}

function faultOfStatus(response: Response, ctx: Ctx): PartnerFault | undefined {
  const { status } = response
  const detail = `HTTP ${status}`
  if (status === 200) return undefined
  if (status === 401 || status === 403) return new PartnerFault('credentials', 'The clearinghouse does not accept our token.', { detail })
  const retryAfterMs = readRetryAfter(response.headers.get('retry-after'), ctx.now())
  // 409: the same key is still being answered.
  if (status === 429 || status === 409) return new PartnerFault('throttled', 'The clearinghouse asks us to slow down.', { detail, retryAfterMs })
  if (status === 408 || status === 504) return new PartnerFault('timeout', 'The clearinghouse gave up waiting.', { detail, retryAfterMs })
  if (status >= 500) return new PartnerFault('unavailable', 'The clearinghouse is out of order.', { detail, retryAfterMs })
  return new PartnerFault('contract', 'The clearinghouse does not understand our request.', { detail })
}

const retryAfterMsMax = 3_600_000
/** Seconds or an HTTP date. */
function readRetryAfter(header: string | null, now: Date): number | undefined {
  if (header === null) return undefined
  const ms = /^\d{1,6}$/.test(header) ? Number(header) * 1000 : Date.parse(header) - now.getTime()
  return Number.isFinite(ms) ? Math.min(Math.max(ms, 0), retryAfterMsMax) : undefined
}

/** UTF-8, and Latin-1 where it is not: names may come in either, and a verdict hangs on neither. */
function decode(body: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body)
  } catch {
    return new TextDecoder('latin1').decode(body)
  }
}

const documentFaults: Readonly<Record<string, () => PartnerFault>> = {
  PAYER_UNAVAILABLE: () => new PartnerFault('unavailable', 'The payer cannot be reached through the clearinghouse.'),
  SERVICE_UNAVAILABLE: () => new PartnerFault('unavailable', 'The clearinghouse is out of order.'),
  TIMEOUT: () => new PartnerFault('timeout', 'The payer did not answer the clearinghouse in time.'),
  RATE_LIMITED: () => new PartnerFault('throttled', 'The clearinghouse asks us to slow down.'),
  UNAUTHORIZED: () => new PartnerFault('credentials', 'The clearinghouse does not accept our token.'),
}
function faultOfDocument(text: string): PartnerFault {
  const known = documentFaults[failureCode(text)]
  return known ? known() : new PartnerFault('contract', 'The clearinghouse answered with something other than X12.')
}
function failureCode(text: string): string {
  try {
    const document: unknown = JSON.parse(text)
    const error = typeof document === 'object' && document !== null && 'error' in document ? document.error : undefined
    const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined
    return typeof code === 'string' && Object.hasOwn(documentFaults, code) ? code : ''
  } catch {
    return ''
  }
}
