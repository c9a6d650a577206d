import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { SimClock } from '../../sim-clock.ts'
import { endOnSigterm, listening, say, sayReady } from '../../sim-http.ts'
import { SimJournal } from '../../sim-journal.ts'
import { Account } from './account.ts'
import { bankDecision, bankPage } from './bank-page.ts'
import { Control, type Mode } from './control.ts'
import { usualPlay, Webhooks } from './events.ts'
import { beforeWork, bodyOf, formOf, json, keyOf } from './http.ts'
import { Keys } from './keys.ts'
import { knob } from './knobs.ts'
import { PaymentIntents } from './payment-intents.ts'
import { Store } from './records.ts'
import { Refunds } from './refunds.ts'
import { failure, type Reply } from './replies.ts'
import { SetupIntents } from './setup-intents.ts'
import { createToken } from './tokens.ts'

/** Stripe's HTTP protocol for keeping and charging methods, its webhooks, and the browser script that makes a confirmation token (README.md). */
const secretKey = process.env.SIM_TOKEN ?? ''
if (secretKey === '') throw new Error('SIM_TOKEN is missing')
const publishableKey = process.env.SIM_PUBLISHABLE_KEY ?? 'pk_test_heliox'
const settleEveryMs = 1_000
const journal = new SimJournal()
const clock = new SimClock(journal)
const control = new Control(journal)
const store = new Store(journal, clock)
const webhooks = new Webhooks(journal, clock, process.env.SIM_CLOCK_URL)
const setups = new SetupIntents(store, webhooks.emit)
const payments = new PaymentIntents(store, webhooks.emit)
const refunds = new Refunds(journal, store, webhooks.emit)
const account = new Account({ store, setups, payments, refunds, control })
const keys = new Keys(journal, clock, Number(process.env.SIM_KEY_MEMORY_MS ?? 24 * 3600 * 1000))
journal.open(process.env.SIM_JOURNAL)
const { SIM_WEBHOOK_URL, SIM_WEBHOOK_SECRET } = process.env
if (SIM_WEBHOOK_URL && SIM_WEBHOOK_SECRET) webhooks.register({ url: SIM_WEBHOOK_URL, secret: SIM_WEBHOOK_SECRET, secretBefore: null, play: usualPlay })

const file = (name: string) => readFileSync(new URL(`./browser/${name}`, import.meta.url), 'utf8')
const pages: Readonly<Record<string, { type: string; text: string }>> = {
  '/v3/': { type: 'text/javascript; charset=utf-8', text: file('stripe.js') },
  '/v3/frame': { type: 'text/html; charset=utf-8', text: file('frame.html') },
  '/v3/frame.js': { type: 'text/javascript; charset=utf-8', text: file('frame.js') },
  '/v3/frame.css': { type: 'text/css; charset=utf-8', text: file('frame.css') },
}

let origin = ''
const server = createServer((req, res) => {
  route(req, res).catch(() => res.destroy())
})

async function route(req: IncomingMessage, res: ServerResponse): Promise<void> {
  const url = new URL(req.url ?? '/', 'http://sim')
  const page = req.method === 'GET' ? pages[url.pathname] : undefined
  if (page) return say(res, 200, page.type, page.text)
  if (url.pathname.startsWith('/_sim/')) return controlPort(req, url, res)
  if (url.pathname.startsWith('/bank/')) return bank(req, url, res)
  if (url.pathname === '/v1/confirmation_tokens') return browserToken(req, res)
  const form = req.method === 'POST' ? await formOf(req) : new Map<string, string>()
  const mode = modeOf(req.method, url.pathname)
  if (beforeWork(mode, res)) return
  if (keyOf(req) !== secretKey) return json(res, failure(401, 'invalid_request_error', null, 'Invalid API Key provided.'))
  if ([...form.keys()].some((name) => /\[(card|us_bank_account)\]\[(number|account_number|cvc)/.test(name)))
    return json(res, failure(402, 'card_error', null, 'Card fields are taken at /v1/confirmation_tokens only.'))
  const reply = req.method === 'POST' ? once(req, url.pathname, form, mode, res) : account.read(url, origin)
  if (mode === 'accepts-then-drops') res.destroy()
  else json(res, mode === 'accepts-then-breaks' ? broken : reply)
}
const broken: Reply = failure(500, 'api_error', null, 'Something went wrong.')
function modeOf(method: string | undefined, path: string): Mode {
  if (method === 'POST') return control.take(Account.isWork(path))
  return Account.isLook(path) ? control.take(true, true) : control.peek()
}

/** The browser's call: publishable key, card fields, any origin. */
async function browserToken(req: IncomingMessage, res: ServerResponse): Promise<void> {
  const form = await formOf(req)
  if (keyOf(req) !== publishableKey) return json(res, failure(401, 'invalid_request_error', null, 'Invalid API Key provided.'))
  json(res, createToken(store, form))
}

/** The patient's browser at the bank. */
async function bank(req: IncomingMessage, url: URL, res: ServerResponse): Promise<void> {
  const id = url.pathname.slice('/bank/'.length)
  const around = { store, origin, expand: [] }
  const decision = req.method === 'POST' ? ((await formOf(req)).get('decision') ?? null) : null
  const answer = req.method === 'POST' ? journal.together(() => bankDecision(store, setups, payments, id, decision, around)) : bankPage(store, id)
  if (answer.is === 'page') return say(res, answer.status, 'text/html; charset=utf-8', answer.html)
  res.writeHead(303, { location: answer.to })
  res.end()
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
    const done = account.write(path, form, mode, key, origin)
    const reply = mode === 'accepts-then-breaks' ? broken : done
    if (key !== '' && reply.status !== 400 && reply.status !== 404) keys.keep(key, fingerprint, reply)
    return reply
  })
}

const settle = (): void => journal.together(() => account.settle(origin))
const reset = (): void =>
  journal.together(() => {
    control.reset()
    keys.forget()
    store.clear()
    refunds.setShort(false)
    webhooks.forget()
  })
async function controlPort(req: IncomingMessage, url: URL, res: ServerResponse): Promise<void> {
  const text = req.method === 'GET' ? '' : await bodyOf(req)
  const parts = { store, clock, control, keys, refunds, webhooks, settle, reset }
  json(res, await knob(parts, `${req.method} ${url.pathname}`, text === '' ? {} : JSON.parse(text)))
}

const port = await listening(server, process.env.SIM_PORT)
origin = `http://127.0.0.1:${port}`
setInterval(settle, settleEveryMs).unref()
webhooks.pump()
sayReady('stripe', port)
endOnSigterm(server)
