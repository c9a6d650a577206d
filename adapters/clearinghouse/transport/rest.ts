import { type Health, PartnerFault } from '@heliox/core/kit'
import { addressOf, type ClearinghouseContext, faultOfStatus, readRetryAfter, request } from './http.ts'
import { bearerOf } from './token.ts'

const healthTimeoutMs = 5_000
/** Between two looks at an answer that is not ready, when the clearinghouse names no wait; and never less than this. */
const pollMs = 1_000
const pollMsMin = 100
const pollsMax = 60

/**
 * Posts one 270 and returns the bytes of what came back with 200, at once or, after a 202, at the place that it named, and whether the
 * clearinghouse itself says that it made them up. Everything else is a fault of the closed list. `withinMs`: after that it is given up;
 * the same key finds the same inquiry next time.
 */
export async function postInquiry(x12: Uint8Array, ctx: ClearinghouseContext, withinMs: number): Promise<{ bytes: Buffer; mock: boolean }> {
  const untilMs = performance.now() + withinMs
  const first = await authorized(ctx, addressOf(ctx.config.restUrl, 'realtime/eligibility'), {
    method: 'POST',
    headers: { 'content-type': 'application/edi-x12', accept: 'application/edi-x12', 'idempotency-key': ctx.idempotencyKey },
    body: Buffer.from(x12),
  })
  const { response, body } = first.response.status === 202 ? await poll(first.response, ctx, untilMs) : first
  if (response.status !== 200) throw faultOfStatus(response, ctx.now())
  // A failure that comes with 200 is a document in JSON where X12 was asked for.
  if (/^(\ufeff)?\s*\{/.test(body.subarray(0, 100).toString('utf8'))) throw faultOfDocument(body.toString('utf8'))
  return { bytes: body, mock: isMock(response.headers.get('x-api-mock-response')) }
}

/** Availity's mark of an answer of its demo. Whatever does not plainly deny it says so. */
const isMock = (header: string | null): boolean => header !== null && !/^\s*(false|0|no)?\s*$/i.test(header)

/** "Accepted": the answer will lie at `Location`. A look may say so again; only there may another place or wait be named. */
async function poll(accepted: Response, ctx: ClearinghouseContext, untilMs: number): Promise<{ response: Response; body: Buffer }> {
  let last = accepted
  let place = placeOf(accepted, addressOf(ctx.config.restUrl, 'realtime/eligibility'))
  for (let polls = 0; place && polls < pollsMax; polls += 1) {
    const waitMs = Math.max(readRetryAfter(last.headers.get('retry-after'), ctx.now()) ?? pollMs, pollMsMin)
    // To sit out a wait that cannot end in an answer would only take a place from another inquiry.
    if (performance.now() + waitMs >= untilMs) throw new PartnerFault('timeout', 'The clearinghouse is still working on its answer.', { retryAfterMs: waitMs })
    await pause(waitMs, ctx.signal)
    const looked = await authorized(ctx, place, { method: 'GET', headers: { accept: 'application/edi-x12' } })
    // It said that it had the inquiry, and now it knows nothing of it.
    if (looked.response.status === 404 || looked.response.status === 410)
      throw new PartnerFault('uncertain', 'The clearinghouse has lost the inquiry that it accepted.', { detail: `HTTP ${looked.response.status}` })
    if (looked.response.status !== 202) return looked
    last = looked.response
    if (last.headers.has('location')) place = placeOf(last, place)
  }
  if (place) throw new PartnerFault('timeout', 'The clearinghouse is still working on its answer.')
  throw new PartnerFault('contract', 'The clearinghouse accepted the inquiry and named no place of its own for the answer.', { detail: 'HTTP 202' })
}

/** Undefined where there is none, or where it is another server's: our token goes nowhere else. */
function placeOf(response: Response, from: URL): URL | undefined {
  const place = URL.parse(response.headers.get('location') ?? '', from)
  return response.headers.has('location') && place?.origin === from.origin ? place : undefined
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const late = (): void => {
      clearTimeout(timer)
      reject(new PartnerFault('timeout', 'The clearinghouse did not answer in time.'))
    }
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', late)
      resolve()
    }, ms)
    if (signal.aborted) late()
    else signal.addEventListener('abort', late, { once: true })
  })
}

/** With our token; a token that has ended before its time is fetched anew, once. */
async function authorized(ctx: ClearinghouseContext, url: URL, init: RequestInit & { headers?: Record<string, string> }) {
  const attempt = async () => {
    const bearer = await bearerOf(ctx)
    return { bearer, answer: await request(url, { ...init, headers: { ...init.headers, authorization: `Bearer ${bearer.token}` } }, ctx.signal) }
  }
  const { bearer, answer } = await attempt()
  if (answer.response.status !== 401 || !bearer.forget) return answer
  bearer.forget()
  return (await attempt()).answer
}

/** A question that asks about nobody. */
export async function ping(ctx: ClearinghouseContext): Promise<Health> {
  try {
    const signal = AbortSignal.any([ctx.signal, AbortSignal.timeout(healthTimeoutMs)])
    const { response } = await authorized({ ...ctx, signal }, addressOf(ctx.config.restUrl, 'health'), { method: 'GET' })
    return response.status === 200 ? { ok: true, text: 'The clearinghouse answers.' } : { ok: false, text: faultOfStatus(response, ctx.now()).message }
  } catch (error) {
    if (error instanceof PartnerFault) return { ok: false, text: error.message }
    throw error
  }
}

const documentFaults: Readonly<Record<string, () => PartnerFault>> = {
  PAYER_UNAVAILABLE: () => new PartnerFault('unavailable', 'The payer cannot be reached through the clearinghouse.', { scope: 'payer' }),
  SERVICE_UNAVAILABLE: () => new PartnerFault('unavailable', 'The clearinghouse is out of order.'),
  TIMEOUT: () => new PartnerFault('timeout', 'The payer did not answer the clearinghouse in time.', { scope: 'payer' }),
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
