import { type Health, PartnerFault } from '@heliox/core/kit'
import twilio from 'twilio'
import { credentialCodes, refusalOf } from '../codes.ts'
import type { TwilioContext } from '../config.ts'

const answerBytesMax = 2 * 1024 * 1024
const healthTimeoutMs = 5_000
type Request = Parameters<InstanceType<typeof twilio.RequestClient>['request']>[0]

/**
 * The official SDK over a line of ours. It has no setting for another address, its own line follows redirects with the key in hand, reads
 * endless bodies and cannot be aborted; so the line is replaced, and everything but "yes" and a "no" with a number is a fault here.
 */
export function openTwilio(ctx: TwilioContext, signal: AbortSignal = ctx.signal): InstanceType<typeof twilio.Twilio> {
  const { accountSid, apiKeySid } = ctx.config
  // Named, so that what stands in the engine's environment for some other purpose moves nothing to another region.
  const options = { accountSid, autoRetry: false, env: {}, edge: '', region: '', logLevel: '' }
  return new twilio.Twilio(apiKeySid, ctx.secrets.apiKeySecret, { ...options, httpClient: lineOf(ctx, signal) })
}

function lineOf(ctx: TwilioContext, signal: AbortSignal): InstanceType<typeof twilio.RequestClient> {
  const line = {
    async request(request: Request) {
      const { status, headers, text } = await exchange(ctx, signal, request)
      const body = parsed(text)
      throwFault(status, headers, body)
      return { statusCode: status, body, headers: Object.fromEntries(headers) }
    },
  }
  return line as unknown as InstanceType<typeof twilio.RequestClient>
}

async function exchange(ctx: TwilioContext, signal: AbortSignal, { method, uri, params, data, headers }: Request) {
  const asked = new URL(uri)
  const url = new URL(`${ctx.config.apiBase.replace(/\/+$/, '')}${asked.pathname}`)
  url.search = formOf(params).toString()
  const key = Buffer.from(`${ctx.config.apiKeySid}:${ctx.secrets.apiKeySecret}`).toString('base64')
  const isWrite = method.toLowerCase() !== 'get'
  try {
    const response = await fetch(url, {
      method: method.toUpperCase(),
      redirect: 'manual',
      signal,
      headers: { ...(headers as Record<string, string>), authorization: `Basic ${key}` },
      ...(isWrite && { body: formOf(data as object | undefined) }),
    })
    return { status: response.status, headers: response.headers, text: await readText(response) }
  } catch (cause) {
    if (cause instanceof PartnerFault) throw cause
    if (signal.aborted) throw new PartnerFault('timeout', 'Twilio did not answer in time.')
    // The code only: an error of the platform may quote the address, and a list is asked for by the patient's number.
    const code = ((cause as Error).cause as NodeJS.ErrnoException | undefined)?.code ?? 'no code'
    if (neverSent.has(code)) throw new PartnerFault('unavailable', 'Twilio cannot be reached.', { detail: code })
    throw new PartnerFault('uncertain', 'The connection to Twilio was lost before it answered.', { detail: code })
  }
}
const neverSent = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT'])

function formOf(fields: object | undefined): URLSearchParams {
  const form = new URLSearchParams()
  for (const [name, value] of Object.entries(fields ?? {})) {
    for (const one of Array.isArray(value) ? value : [value]) if (one !== undefined && one !== null) form.append(name, String(one))
  }
  return form
}

async function readText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength
    if (bytes > answerBytesMax) throw new PartnerFault('contract', "Twilio's answer is too large.")
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** Twilio's own message is never passed on: it quotes the number. */
function throwFault(status: number, headers: Headers, body: unknown): void {
  const code = codeOf(body)
  const detail = `HTTP ${status} code ${code ?? '-'}`
  if (status === 429 || code === 20429)
    throw new PartnerFault('throttled', 'Twilio asks us to slow down.', { detail, retryAfterMs: retryAfterMs(headers.get('retry-after')) })
  // A number from the table is a "no", also where it comes as 403.
  if (status < 500 && refusalOf(code)) return
  if (status === 401 || status === 403 || (code !== undefined && credentialCodes.has(code)))
    throw new PartnerFault('credentials', 'Twilio does not accept our key or our account.', { detail })
  // After a 5xx it may have been taken; asking for the message tells.
  if (status >= 500) throw new PartnerFault('uncertain', 'Twilio broke while it was at work.', { detail })
  if (status >= 400 && code !== undefined) return
  if (status < 200 || status >= 300 || typeof body !== 'object' || body === null)
    throw new PartnerFault('contract', 'Twilio answered with something that cannot be read.', { detail })
}

export function codeOf(body: unknown): number | undefined {
  const code = (body as { code?: unknown } | null | undefined)?.code
  return typeof code === 'number' && Number.isInteger(code) ? code : undefined
}
function retryAfterMs(header: string | null): number | undefined {
  return header !== null && /^\d{1,6}$/.test(header) ? Math.min(Number(header), 3600) * 1000 : undefined
}
function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** A page of one: standard keys may not read the account itself. */
export async function ping(ctx: TwilioContext): Promise<Health> {
  if (ctx.config.webhooks && ctx.secrets.webhookToken === undefined)
    return { ok: false, text: 'The auth token is missing, which proves Twilio’s calls: receipts and answers are refused.' }
  const signal = AbortSignal.any([ctx.signal, AbortSignal.timeout(healthTimeoutMs)])
  try {
    await openTwilio(ctx, signal).messages.page({ pageSize: 1 })
    return { ok: true, text: 'Twilio answers.' }
  } catch (error) {
    return { ok: false, text: error instanceof PartnerFault ? error.message : 'Twilio answered with something that cannot be read.' }
  }
}
