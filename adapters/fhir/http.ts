import http from 'node:http'
import https from 'node:https'
import { PartnerFault } from '@heliox/core/kit'
import { authorization, forgetAuthorization } from './auth/index.ts'
import type { FhirContext } from './types.ts'

/**
 * One request, one connection. `fetch` pools connections: a socket that the server closed meanwhile fails after we wrote to
 * it, and looks exactly like a write whose outcome is unknown. With a fresh connection "not connected" proves that nothing
 * was sent. Redirects are not followed (the token would go with them); the body is bounded while it is read.
 */
export interface FhirRequest {
  method: 'GET' | 'POST' | 'PUT'
  /** Relative to the base address; '' is the base itself; or a whole address that the EHR gave, under the same origin. Never holds a patient's data. */
  path: string
  headers?: { 'if-match'?: string; 'if-none-exist'?: string; prefer?: string }
  body?: { json: unknown } | { form: Record<string, string> }
  responseBytesMax: number
  /** What a connection lost after sending means: a read can be asked again, a write may have happened. */
  lost: 'unavailable' | 'uncertain'
}
export interface FhirResponse {
  status: number
  retryAfterMs: number | undefined
  etag: string | undefined
  location: string | undefined
  /** As it came. */
  bytes: Buffer
  /** Undefined when the body is not JSON. */
  json: unknown
}

export async function send(ctx: FhirContext, request: FhirRequest): Promise<FhirResponse> {
  const header = await authorization(ctx)
  const response = await exchange(ctx, request, header)
  // 401 is said before the work: a write that got it may go again, with a token that was not taken back.
  return response.status === 401 && forgetAuthorization(ctx, header) ? exchange(ctx, request, await authorization(ctx)) : response
}

async function exchange(ctx: FhirContext, request: FhirRequest, header: string): Promise<FhirResponse> {
  const url = addressOf(ctx.config.baseUrl, request.path)
  const body = encode(request.body)
  const headers: http.OutgoingHttpHeaders = {
    accept: 'application/fhir+json',
    authorization: header,
    ...(body ? { 'content-type': body.type, 'content-length': body.bytes.length, prefer: 'return=minimal' } : {}),
    ...request.headers,
  }
  let connected = false
  if (request.lost === 'uncertain') ctx.onWrite?.()
  try {
    return await new Promise<FhirResponse>((resolve, reject) => {
      const client = url.protocol === 'https:' ? https : http
      const outgoing = client.request(url, { method: request.method, headers, agent: false, signal: ctx.signal }, (incoming) => {
        read(incoming, request.responseBytesMax).then(resolve, reject)
      })
      outgoing.on('socket', (socket) => {
        socket.once(url.protocol === 'https:' ? 'secureConnect' : 'connect', () => {
          connected = true
        })
      })
      outgoing.on('error', reject)
      outgoing.end(body?.bytes)
    })
  } catch (cause) {
    throw networkFault(cause, ctx.signal, connected ? request.lost : 'unavailable')
  }
}

/** An address of another origin is refused: our token would go there. */
function addressOf(baseUrl: string, path: string): URL {
  const base = `${baseUrl.replace(/\/+$/, '')}/`
  const url = path === '' ? new URL(baseUrl) : /^https?:/.test(path) ? new URL(path) : new URL(base + path.replace(/^\/+/, ''))
  if (url.origin !== new URL(baseUrl).origin) throw new PartnerFault('contract', 'The EHR sent us to another server.', { detail: 'other origin' })
  return url
}

function encode(body: FhirRequest['body']): { type: string; bytes: Buffer } | undefined {
  if (!body) return undefined
  if ('json' in body) return { type: 'application/fhir+json; charset=utf-8', bytes: Buffer.from(JSON.stringify(body.json)) }
  return { type: 'application/x-www-form-urlencoded', bytes: Buffer.from(new URLSearchParams(body.form).toString()) }
}

async function read(incoming: http.IncomingMessage, bytesMax: number): Promise<FhirResponse> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > bytesMax) {
      incoming.destroy()
      throw new PartnerFault('contract', 'The EHR answered with more than the hub reads.', {
        detail: `more than ${bytesMax} bytes, status ${incoming.statusCode}`,
      })
    }
    chunks.push(chunk)
  }
  const { etag, location } = incoming.headers
  const body = Buffer.concat(chunks)
  return { status: incoming.statusCode ?? 0, retryAfterMs: retryAfter(incoming.headers['retry-after']), etag, location, bytes: body, json: parse(body) }
}

function parse(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch {
    return undefined
  }
}

/** Seconds only: the date form would need the partner's clock to agree with ours. Bounded, a partner must not park us for a week. */
function retryAfter(header: string | undefined): number | undefined {
  if (header === undefined || !/^\d{1,6}$/.test(header)) return undefined
  return Math.min(Number(header), 3600) * 1000
}

function networkFault(cause: unknown, signal: AbortSignal, kind: 'unavailable' | 'uncertain'): PartnerFault {
  if (cause instanceof PartnerFault) return cause
  if (signal.aborted) return new PartnerFault('timeout', 'The EHR did not answer in time.')
  const code = (cause as NodeJS.ErrnoException | undefined)?.code
  // The code only: some messages of the platform quote what was sent.
  const detail = typeof code === 'string' ? code : 'no code'
  if (kind === 'unavailable') return new PartnerFault('unavailable', 'The EHR cannot be reached.', { detail })
  return new PartnerFault('uncertain', 'The connection to the EHR broke before it answered.', { detail })
}
