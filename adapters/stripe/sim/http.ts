import { randomBytes } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { say, textOf } from '../../sim-http.ts'
import type { Mode } from './control.ts'
import { failure, type Reply } from './replies.ts'

const bodyBytesMax = 64 * 1024

/** Stripe takes the key as a bearer token or as the user of basic authentication. */
export function keyOf(req: IncomingMessage): string {
  const [scheme, value = ''] = (req.headers.authorization ?? '').split(' ')
  return scheme === 'Basic' ? (Buffer.from(value, 'base64').toString('utf8').split(':')[0] ?? '') : value
}
export const formOf = async (req: IncomingMessage): Promise<Map<string, string>> => new Map(new URLSearchParams(await bodyOf(req)))

export function json(res: ServerResponse, reply: Reply): void {
  res.setHeader('request-id', `req_${randomBytes(7).toString('hex')}`)
  say(res, reply.status, 'application/json', JSON.stringify(reply.body))
}
export const bodyOf = (req: IncomingMessage): Promise<string> => textOf(req, bodyBytesMax, () => new Error('body too large'))

/** Faults that happen before anything is done; true when one was played. */
export function beforeWork(mode: Mode, res: ServerResponse): boolean {
  if (mode === 'drops') res.destroy()
  else if (mode === 'stalls') res.on('close', () => res.destroy())
  else if (mode === 'throttles') {
    res.setHeader('retry-after', '1')
    json(res, failure(429, 'invalid_request_error', 'rate_limit', 'Too many requests.'))
  } else if (mode === 'refuses-key') json(res, failure(401, 'invalid_request_error', null, 'Invalid API Key provided.'))
  else if (mode === 'breaks') json(res, failure(500, 'api_error', null, 'Something went wrong.'))
  else if (mode === 'answers-garbage') say(res, 200, 'text/html', '<html><body>Scheduled maintenance</body></html>')
  else return false
  return true
}
