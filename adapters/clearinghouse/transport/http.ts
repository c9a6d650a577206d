import { type CallContext, PartnerFault } from '@heliox/core/kit'
import type { ClearinghouseConfig, ClearinghouseSecrets } from '../config.ts'

export type ClearinghouseContext = CallContext<ClearinghouseConfig, ClearinghouseSecrets>

/** A real 271 is a few KB; the largest seen is under 200 KB. */
const answerBytesMax = 1024 * 1024

/** Below the path of the configured address, whether it ends in a slash or not. */
export function addressOf(restUrl: string, path: string): URL {
  return new URL(path, restUrl.endsWith('/') ? restUrl : `${restUrl}/`)
}

/** One request with its whole answer, whatever its status. A redirect would take token and patient to another host: it is not followed. */
export async function request(url: URL, init: RequestInit, signal: AbortSignal): Promise<{ response: Response; body: Buffer }> {
  try {
    const response = await fetch(url, { ...init, redirect: 'manual', signal })
    return { response, body: await readBody(response) }
  } catch (error) {
    if (error instanceof PartnerFault) throw error
    throw faultOfConnection(error, signal)
  }
}

async function readBody(response: Response): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength
    if (bytes > answerBytesMax) throw new PartnerFault('contract', 'The answer of the clearinghouse is too large.')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
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

/** What a status other than 200 (and 202, where it is expected) says. */
export function faultOfStatus({ status, headers }: Response, now: Date): PartnerFault {
  const detail = `HTTP ${status}`
  if (status === 401 || status === 403) return new PartnerFault('credentials', 'The clearinghouse does not accept our token.', { detail })
  const retryAfterMs = readRetryAfter(headers.get('retry-after'), now)
  // 409: the same key is still being answered.
  if (status === 429 || status === 409) return new PartnerFault('throttled', 'The clearinghouse asks us to slow down.', { detail, retryAfterMs })
  if (status === 408 || status === 504) return new PartnerFault('timeout', 'The clearinghouse gave up waiting.', { detail, retryAfterMs })
  if (status >= 500) return new PartnerFault('unavailable', 'The clearinghouse is out of order.', { detail, retryAfterMs })
  return new PartnerFault('contract', 'The clearinghouse does not understand our request.', { detail })
}

const retryAfterMsMax = 3_600_000
/** Seconds or an HTTP date. */
export function readRetryAfter(header: string | null, now: Date): number | undefined {
  if (header === null) return undefined
  const ms = /^\d{1,6}$/.test(header) ? Number(header) * 1000 : Date.parse(header) - now.getTime()
  return Number.isFinite(ms) ? Math.min(Math.max(ms, 0), retryAfterMsMax) : undefined
}
