import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { SimJournal } from '../../sim-journal.ts'
import { SimClock } from './clock.ts'
import { Control, type Mode, modes, type Whose } from './control.ts'
import { Keys } from './keys.ts'
import { Account, failure, type Reply } from './objects.ts'

/** Stripe's HTTP protocol for keeping a card, and the browser script that makes a confirmation token (README.md). */
const secretKey = process.env.SIM_TOKEN ?? ''
if (secretKey === '') throw new Error('SIM_TOKEN is missing')
const publishableKey = process.env.SIM_PUBLISHABLE_KEY ?? 'pk_test_heliox'
const bodyBytesMax = 64 * 1024
const journal = new SimJournal()
const clock = new SimClock(journal)
const control = new Control(journal)
const account = new Account(journal, clock)
const keys = new Keys(journal, clock, Number(process.env.SIM_KEY_MEMORY_MS ?? 24 * 3600 * 1000))
journal.open(process.env.SIM_JOURNAL)
const file = (name: string) => readFileSync(new URL(`./browser/${name}`, import.meta.url), 'utf8')
const pages: Readonly<Record<string, { type: string; text: string }>> = {
  '/v3/': { type: 'text/javascript; charset=utf-8', text: file('stripe.js') },
  '/v3/frame': { type: 'text/html; charset=utf-8', text: file('frame.html') },
  '/v3/frame.js': { type: 'text/javascript; charset=utf-8', text: file('frame.js') },
  '/v3/frame.css': { type: 'text/css; charset=utf-8', text: file('frame.css') },
}

const server = createServer((req, res) => {
  route(req, res).catch(() => res.destroy())
})

async function route(req: IncomingMessage, res: ServerResponse): Promise<void> {
  const url = new URL(req.url ?? '/', 'http://sim')
  const page = req.method === 'GET' ? pages[url.pathname] : undefined
  if (page) return send(res, 200, page.type, page.text)
  if (url.pathname.startsWith('/_sim/')) return knob(`${req.method} ${url.pathname}`, req, res)
  if (url.pathname === '/v1/confirmation_tokens') return createToken(req, res)
  const form = req.method === 'POST' ? formOf(await bodyOf(req)) : new Map<string, string>()
  const isCard = req.method === 'POST' && url.pathname.startsWith('/v1/setup_intents')
  const mode = req.method === 'POST' ? control.take(isCard) : control.peek()
  if (beforeWork(mode, res)) return
  if (keyOf(req) !== secretKey) return json(res, failure(401, 'invalid_request_error', null, 'Invalid API Key provided.'))
  if ([...form.keys()].some((name) => name.includes('[card][')))
    return json(res, failure(402, 'card_error', null, 'Card fields are taken at /v1/confirmation_tokens only.'))
  const reply = req.method === 'POST' ? once(req, url.pathname, form, mode, res) : readObject(url)
  if (mode === 'accepts-then-drops') res.destroy()
  else json(res, reply)
}

/** The browser's call: publishable key, card fields, any origin. */
async function createToken(req: IncomingMessage, res: ServerResponse): Promise<void> {
  const form = formOf(await bodyOf(req))
  if (keyOf(req) !== publishableKey) return json(res, failure(401, 'invalid_request_error', null, 'Invalid API Key provided.'))
  json(res, account.createToken(form))
}

/** Runs a write at most once for its idempotency key. What failed validation is not kept, so it may be sent again. */
function once(req: IncomingMessage, path: string, form: Map<string, string>, mode: Mode, res: ServerResponse): Reply {
  const key = String(req.headers['idempotency-key'] ?? '')
  const fingerprint = JSON.stringify([path, [...form].sort(([a], [b]) => (a < b ? -1 : 1))])
  const seen = keys.look(key, fingerprint)
  if (key !== '' && seen.is === 'conflict')
    return failure(400, 'idempotency_error', null, 'Keys for idempotent requests can only be used with the same parameters they were first used with.')
  if (key !== '' && seen.is === 'replay') {
    res.setHeader('idempotent-replayed', 'true')
    return seen.reply
  }
  // What was done and the key under which it was done: a kill leaves both, or neither.
  return journal.together(() => {
    const done = write(path, form, mode, key)
    const reply = mode === 'accepts-then-breaks' ? failure(500, 'api_error', null, 'Something went wrong.') : done
    if (key !== '' && reply.status !== 400 && reply.status !== 404) keys.keep(key, fingerprint, reply)
    return reply
  })
}

function write(path: string, form: Map<string, string>, mode: Mode, key: string): Reply {
  const force = mode === 'rejects' ? 'decline' : null
  const confirm = /^\/v1\/setup_intents\/(seti_\w+)\/confirm$/.exec(path)
  if (path === '/v1/customers') return counted('createCustomer', key, form, account.createCustomer(form))
  if (path === '/v1/setup_intents') return counted('storeCard', key, form, account.createIntent(form, force))
  if (confirm) return counted('storeCard', key, form, account.confirmIntent(confirm[1] ?? '', form, force))
  return failure(404, 'invalid_request_error', null, 'Unrecognized request URL.')
}
function counted(operation: 'createCustomer' | 'storeCard', key: string, form: Map<string, string>, reply: Reply): Reply {
  if (reply.status !== 200) return reply
  const { metadata } = reply.body as { metadata: Record<string, string> }
  const whose: Whose = { payment: metadata.hub_payment ?? null, patient: metadata.hub_patient ?? null, token: form.get('confirmation_token') ?? null }
  control.did(operation, key || randomBytes(4).toString('hex'), whose)
  return reply
}

function readObject(url: URL): Reply {
  const [, , kind, id] = url.pathname.split('/')
  const limit = Number(url.searchParams.get('limit') ?? 10)
  if (kind === 'customers' && id === 'search') return account.searchCustomers(url.searchParams.get('query') ?? '')
  if (kind === 'setup_intents' && !id) return account.listIntents(url.searchParams.get('customer'), limit)
  if (kind === 'setup_intents' && id) return account.intent(id)
  if (kind === 'confirmation_tokens' && id) return account.token(id)
  return failure(404, 'invalid_request_error', null, 'Unrecognized request URL.')
}

/** Faults that happen before anything is done; true when one was played. */
function beforeWork(mode: Mode, res: ServerResponse): boolean {
  if (mode === 'drops') res.destroy()
  else if (mode === 'stalls') res.on('close', () => res.destroy())
  else if (mode === 'throttles') {
    res.setHeader('retry-after', '1')
    json(res, failure(429, 'invalid_request_error', 'rate_limit', 'Too many requests.'))
  } else if (mode === 'refuses-key') json(res, failure(401, 'invalid_request_error', null, 'Invalid API Key provided.'))
  else if (mode === 'breaks') json(res, failure(500, 'api_error', null, 'Something went wrong.'))
  else if (mode === 'answers-garbage') send(res, 200, 'text/html', '<html><body>Scheduled maintenance</body></html>')
  else return false
  return true
}

async function knob(path: string, req: IncomingMessage, res: ServerResponse): Promise<void> {
  if (path === 'GET /_sim/effects') return json(res, { status: 200, body: control.effects() })
  if (path === 'GET /_sim/effects/each') return json(res, { status: 200, body: control.each() })
  if (path === 'GET /_sim/objects') return json(res, { status: 200, body: account.count() })
  if (path === 'GET /_sim/clock') return json(res, { status: 200, body: clockReading() })
  if (path === 'POST /_sim/clock/advance') {
    const { ms }: { ms?: unknown } = JSON.parse(await bodyOf(req))
    return json(res, clock.advance(ms) ? { status: 200, body: clockReading() } : { status: 400, body: { error: { code: 'BAD_MS' } } })
  }
  if (path === 'POST /_sim/forget') keys.forget()
  else if (path === 'POST /_sim/reset')
    journal.together(() => {
      control.reset()
      keys.forget()
      account.clear()
    })
  else if (path === 'POST /_sim/faults') {
    const asked: { mode?: unknown; times?: unknown } = JSON.parse(await bodyOf(req))
    const mode = modes.find((m) => m === asked.mode)
    if (!mode) return json(res, { status: 400, body: { error: { code: 'UNKNOWN_MODE', modes } } })
    control.set(mode, typeof asked.times === 'number' ? asked.times : null)
  } else return json(res, { status: 404, body: { error: { code: 'NOT_FOUND' } } })
  json(res, { status: 200, body: { ok: true } })
}

const clockReading = () => ({ now: new Date(clock.nowMs()).toISOString() })

/** Stripe takes the key as a bearer token or as the user of basic authentication. */
function keyOf(req: IncomingMessage): string {
  const [scheme, value = ''] = (req.headers.authorization ?? '').split(' ')
  return scheme === 'Basic' ? (Buffer.from(value, 'base64').toString('utf8').split(':')[0] ?? '') : value
}
const formOf = (body: string): Map<string, string> => new Map(new URLSearchParams(body))
function json(res: ServerResponse, reply: Reply): void {
  res.setHeader('request-id', `req_${randomBytes(7).toString('hex')}`)
  send(res, reply.status, 'application/json', JSON.stringify(reply.body))
}
function send(res: ServerResponse, status: number, type: string, text: string): void {
  res.writeHead(status, { 'content-type': type, 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' })
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
  console.log(JSON.stringify({ ready: true, process: 'sim:stripe', url: `http://127.0.0.1:${port}` }))
})
process.on('SIGTERM', () => {
  server.close(() => process.exit(0))
  server.closeAllConnections()
})
