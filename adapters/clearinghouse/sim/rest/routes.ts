import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Clearinghouse } from '../clearinghouse.ts'
import type { Mode } from '../control.ts'
import { bytesOf, json, send } from './http.ts'
import type { RealTimeDoor } from './real-time.ts'
import type { Tokens } from './tokens.ts'

const formBytesMax = 8 * 1024
const inquiryBytesMax = 256 * 1024
/** What a test counts is inquiries: health and tokens see only that the house is down, and use no fault up. */
const down = (mode: Mode, res: ServerResponse): boolean => ['drops', 'stalls', 'breaks', 'refuses-key'].includes(mode) && before(mode, res)

/** The partner's own HTTP: token, real-time door, health. The control port is `control-port.ts`. */
export function partnerRoutes({ house, tokens, door }: { house: Clearinghouse; tokens: Tokens; door: RealTimeDoor }) {
  const authorized = (req: IncomingMessage, res: ServerResponse): boolean => {
    if (tokens.knows(req.headers.authorization)) return true
    json(res, 401, { error: { code: 'UNAUTHORIZED' } })
    return false
  }
  return async (req: IncomingMessage, res: ServerResponse, url: URL): Promise<void> => {
    const { control } = house
    const path = `${req.method} ${url.pathname}`
    if (path === 'GET /health') {
      if (!down(control.peek(), res) && authorized(req, res)) json(res, 200, { status: 'up' })
      return
    }
    if (path === 'POST /oauth/token') {
      const form = await bytesOf(req, formBytesMax)
      if (down(control.peek(), res)) return
      const granted = tokens.grant(new URLSearchParams(form.toString('utf8')))
      return json(res, granted.status, granted.body)
    }
    if (path === 'POST /realtime/eligibility') {
      const text = (await bytesOf(req, inquiryBytesMax)).toString('latin1')
      const mode = control.take()
      if (!before(mode, res) && authorized(req, res)) await door.ask({ text, key: String(req.headers['idempotency-key'] ?? '') }, res, mode)
      return
    }
    const poll = /^GET \/realtime\/eligibility\/results\/([\w-]{1,64})$/.exec(path)?.[1]
    const trace = path === 'GET /realtime/eligibility' ? url.searchParams.get('trace') : null
    if (poll === undefined && trace === null) return json(res, 404, { error: { code: 'NOT_FOUND' } })
    if (before(control.peek(), res) || !authorized(req, res)) return
    if (poll !== undefined) door.poll(res, poll)
    else door.lookUp(res, trace ?? '')
  }
}

/** Faults that happen before anything is read; true when one was played. */
function before(mode: Mode, res: ServerResponse): boolean {
  switch (mode) {
    case 'drops':
      res.destroy()
      return true
    case 'stalls':
      return true
    case 'throttles':
      res.setHeader('retry-after', '1')
      json(res, 429, { error: { code: 'RATE_LIMITED' } })
      return true
    case 'refuses-key':
      json(res, 401, { error: { code: 'UNAUTHORIZED' } })
      return true
    case 'breaks':
      json(res, 503, { error: { code: 'SERVICE_UNAVAILABLE' } })
      return true
    case 'answers-garbage':
      send(res, 200, 'text/html', '<html><body>Scheduled maintenance</body></html>')
      return true
    case 'answers-document':
      json(res, 200, { error: { code: 'PAYER_UNAVAILABLE' } })
      return true
    default:
      return false
  }
}
