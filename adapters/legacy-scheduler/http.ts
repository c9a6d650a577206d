import { PartnerFault } from '@heliox/core/kit'
import type { LegacyContext } from './config.ts'

interface LegacyRequest {
  method: 'GET' | 'POST' | 'PUT'
  /** Ids and times only, never a patient's data: paths end up in access logs. */
  path: string
  body?: unknown
  responseBytesMax?: number
}
interface LegacyResponse {
  status: number
  text: string
  /** Undefined when the body is not JSON. */
  json: unknown
}

const usualBytesMax = 64 * 1024

/**
 * One request. Whatever is a fault throws here; a 2xx, and a 4xx with an error code of the scheduler's, come back. A write that broke off is
 * `uncertain`: it may have happened, and every write of ours may be sent again.
 */
export async function send(ctx: LegacyContext, { method, path, body, responseBytesMax = usualBytesMax }: LegacyRequest): Promise<LegacyResponse> {
  const isWrite = method !== 'GET'
  try {
    const response = await fetch(`${ctx.config.baseUrl.replace(/\/+$/, '')}/v2/${path}`, {
      method,
      redirect: 'manual',
      signal: ctx.signal,
      headers: {
        accept: 'application/json',
        'x-api-key': ctx.secrets.apiKey,
        'x-request-id': ctx.idempotencyKey,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await readText(response, responseBytesMax)
    const answer = { status: response.status, text, json: parsed(text) }
    throwFault(answer, response, isWrite)
    return answer
  } catch (cause) {
    if (cause instanceof PartnerFault) throw cause
    if (ctx.signal.aborted) throw new PartnerFault('timeout', 'The old scheduler did not answer in time.')
    // The code only: some messages of the platform quote what was sent.
    const code = ((cause as Error).cause as NodeJS.ErrnoException | undefined)?.code ?? 'no code'
    if (!isWrite || code === 'ECONNREFUSED' || code === 'ENOTFOUND')
      throw new PartnerFault('unavailable', 'The old scheduler cannot be reached.', { detail: code })
    throw new PartnerFault('uncertain', 'The connection to the old scheduler broke before it answered.', { detail: code })
  }
}

function throwFault({ status, json }: LegacyResponse, response: Response, isWrite: boolean): void {
  if (status === 401 || status === 403) throw new PartnerFault('credentials', 'The old scheduler does not take our key.', { detail: `status ${status}` })
  if (status === 429) throw new PartnerFault('throttled', 'The old scheduler asks for fewer requests.', retryAfter(response))
  if (status === 503) throw new PartnerFault('unavailable', 'The old scheduler is away.', retryAfter(response))
  // A gateway's word says nothing about the commit behind it.
  if (status >= 500) throw new PartnerFault(isWrite ? 'uncertain' : 'unavailable', 'The old scheduler failed.', { detail: `status ${status}` })
  if (status >= 300 && status < 400) throw new PartnerFault('contract', 'The old scheduler answers from another address.', { detail: `status ${status}` })
  if (status >= 400 && errorCode(json) === undefined)
    throw new PartnerFault('contract', 'The old scheduler refused in a way the hub does not know.', { detail: `status ${status}` })
}

/** Codes are ours to show; the message beside them quotes what was sent. */
export function errorCode(json: unknown): string | undefined {
  const code = (json as { error?: { code?: unknown } } | null | undefined)?.error?.code
  return typeof code === 'string' && /^[a-z][a-z0-9-]{1,59}$/.test(code) ? code : undefined
}

async function readText(response: Response, bytesMax: number): Promise<string> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length
    if (bytes > bytesMax)
      throw new PartnerFault('contract', 'The old scheduler answered with more than the hub reads.', { detail: `more than ${bytesMax} bytes` })
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function retryAfter(response: Response): { retryAfterMs?: number } {
  const header = response.headers.get('retry-after')
  return header !== null && /^\d{1,6}$/.test(header) ? { retryAfterMs: Math.min(Number(header), 3600) * 1000 } : {}
}
