import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Control, type Mode, modes } from './control.ts'
import { replyTo } from './payers.ts'
import { type Inquiry, parse270, write271 } from './x12.ts'

/** A clearinghouse's real-time door: one 270 in, one 271 out, over HTTP with a bearer token. */
const token = process.env.SIM_TOKEN ?? ''
if (token === '') throw new Error('SIM_TOKEN is missing')
const bodyBytesMax = 256 * 1024
const control = new Control()
/** What was answered under which idempotency key; the same key and trace get the same 271 again. */
const remembered = new Map<string, { trace: string; text: string }>()
const rememberedMax = 50_000
let counter = 1000

const server = createServer((req, res) => {
  route(req, res).catch(() => res.destroy())
})

async function route(req: IncomingMessage, res: ServerResponse): Promise<void> {
  const path = `${req.method} ${new URL(req.url ?? '/', 'http://sim').pathname}`
  if (path === 'GET /_sim/effects') return json(res, 200, control.effects())
  if (path === 'POST /_sim/reset') {
    control.reset()
    remembered.clear()
    return json(res, 200, { ok: true })
  }
  if (path === 'POST /_sim/faults') return setFault(res, JSON.parse(await bodyOf(req)))
  if (path === 'GET /health') return health(req, res)
  if (path === 'POST /realtime/eligibility') return answer(req, res)
  json(res, 404, { error: { code: 'NOT_FOUND' } })
}

function setFault(res: ServerResponse, asked: { mode?: unknown; times?: unknown }): void {
  const mode = modes.find((m) => m === asked.mode)
  if (mode) control.set(mode, typeof asked.times === 'number' ? asked.times : null)
  json(res, mode ? 200 : 400, mode ? { mode } : { error: { code: 'UNKNOWN_MODE', modes } })
}

function health(req: IncomingMessage, res: ServerResponse): void {
  const mode = control.peek()
  if (mode === 'drops') res.destroy()
  else if (mode === 'breaks') json(res, 503, { error: { code: 'SERVICE_UNAVAILABLE' } })
  else if (mode === 'refuses-key' || !authorized(req)) json(res, 401, { error: { code: 'UNAUTHORIZED' } })
  else if (mode !== 'stalls') json(res, 200, { status: 'up' })
}

async function answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
  const body = await bodyOf(req)
  const mode = control.take()
  if (beforeAnswer(mode, res)) return
  if (!authorized(req)) return json(res, 401, { error: { code: 'UNAUTHORIZED' } })
  const inquiry = parse270(body)
  if ('refused' in inquiry) return json(res, 400, { error: { code: 'BAD_270', reason: inquiry.refused } })
  const key = String(req.headers['idempotency-key'] ?? '')
  const known = remembered.get(key)
  if (known && known.trace !== inquiry.trace.id) return json(res, 422, { error: { code: 'KEY_REUSED' } })
  const text = known?.text ?? make(inquiry, mode, key)
  if (mode === 'accepts-then-drops') res.destroy()
  else send(res, 200, 'application/edi-x12', mode === 'answers-truncated' ? text.slice(0, Math.floor(text.length * 0.7)) : text)
}

/** Faults that happen before anything is done; true when one was played. */
function beforeAnswer(mode: Mode, res: ServerResponse): boolean {
  if (mode === 'drops') res.destroy()
  else if (mode === 'stalls') res.on('close', () => res.destroy())
  else if (mode === 'throttles') {
    res.setHeader('retry-after', '1')
    json(res, 429, { error: { code: 'RATE_LIMITED' } })
  } else if (mode === 'refuses-key') json(res, 401, { error: { code: 'UNAUTHORIZED' } })
  else if (mode === 'breaks') json(res, 503, { error: { code: 'SERVICE_UNAVAILABLE' } })
  else if (mode === 'answers-garbage') send(res, 200, 'text/html', '<html><body>Scheduled maintenance</body></html>')
  else if (mode === 'answers-document') json(res, 200, { error: { code: 'PAYER_UNAVAILABLE' } })
  else return false
  return true
}

function make(inquiry: Inquiry, mode: Mode, key: string): string {
  const asked = mode === 'answers-foreign' ? { ...inquiry, reference: 'SOMEONE-ELSE', trace: { ...inquiry.trace, id: 'SOMEONE-ELSE' } } : inquiry
  const reply = replyTo(asked, mode === 'rejects' ? 'reject' : undefined)
  counter += 1
  const text = write271(asked, reply.rows, new Date(), counter)
  if (reply.answered && mode !== 'answers-foreign') {
    control.did(key || inquiry.trace.id)
    if (key !== '' && remembered.size < rememberedMax) remembered.set(key, { trace: inquiry.trace.id, text })
  }
  return text
}

const authorized = (req: IncomingMessage): boolean => req.headers.authorization === `Bearer ${token}`
const json = (res: ServerResponse, status: number, value: unknown): void => send(res, status, 'application/json', JSON.stringify(value))
function send(res: ServerResponse, status: number, type: string, text: string): void {
  res.writeHead(status, { 'content-type': type })
  res.end(text)
}
async function bodyOf(req: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of req) {
    bytes += chunk.length
    if (bytes > bodyBytesMax) throw new Error('body too large')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

server.listen(Number(process.env.SIM_PORT ?? 0), '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo
  console.log(JSON.stringify({ ready: true, process: 'sim:clearinghouse', url: `http://127.0.0.1:${port}` }))
})
process.on('SIGTERM', () => {
  server.close(() => process.exit(0))
  server.closeAllConnections()
})
