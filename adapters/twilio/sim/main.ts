import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { endOnSigterm, listening, say, sayReady, textOf } from '../../sim-http.ts'
import { SimJournal } from '../../sim-journal.ts'
import { Calls, type Play, usualPlay } from './calls.ts'
import { SimClock } from './clock.ts'
import { Control, type Mode } from './control.ts'
import { phonePage, phonesPage } from './phone-page.ts'
import { Refusal, type Text, Texts } from './texts.ts'
import { inboundFields, listView, messageView, receiptFields } from './views.ts'

/** Twilio's Messages over HTTP, its signed calls, and a page with the patients' phones (README.md). */
const keySecret = process.env.SIM_TOKEN ?? ''
if (keySecret === '') throw new Error('SIM_TOKEN is missing')
const accountSid = process.env.SIM_ACCOUNT_SID ?? `AC${'0'.repeat(32)}`
/** The clinics' numbers, and where what is sent to them is told; a number without an address is told to nobody. */
const numbers = new Map<string, string>(Object.entries(JSON.parse(process.env.SIM_NUMBERS ?? '{"+15005550006":""}') as Record<string, string>))
const stepMs = Number(process.env.SIM_STEP_MS ?? 150)
const bodyBytesMax = 64 * 1024

const journal = new SimJournal()
const clock = new SimClock({ now: process.env.SIM_NOW, followed: process.env.SIM_CLOCK_URL })
const control = new Control(journal)
const texts = new Texts(journal)
const calls = new Calls(journal, process.env.SIM_AUTH_TOKEN ?? 'f'.repeat(32))
journal.open(process.env.SIM_JOURNAL)

const server = createServer((request, response) => {
  route(request, response).catch((error: unknown) => {
    if (error instanceof Refusal) return json(response, error.status, refusalView(error))
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`)
    response.destroy()
  })
})
const refusalView = ({ status, code, message }: Refusal) => ({ code, message, more_info: `https://www.twilio.com/docs/errors/${code}`, status })

async function route(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://sim')
  const what = `${request.method} ${url.pathname}`
  const body = await textOf(request, bodyBytesMax, () => new Refusal(413, 20413, 'the body is too large'))
  if (url.pathname.startsWith('/_sim/')) return knob(what, url, body === '' ? {} : JSON.parse(body), response)
  if (what === 'GET /') return page(url, response)
  if (what === 'POST /answer') return answerByPage(new URLSearchParams(body), response)
  const isSending = request.method === 'POST'
  const mode = control.take(isSending)
  if (misbehave(mode, response)) return
  mayEnter(request)
  const answer = isSending ? await send(url, new URLSearchParams(body)) : read(url)
  if (mode === 'accepts-then-drops') response.destroy()
  else if (mode === 'accepts-then-breaks') json(response, 500, { code: 20500, message: 'An internal server error has occurred', status: 500 })
  else json(response, isSending ? 201 : 200, answer)
}

/** Faults before anything is done; true when one was played. */
function misbehave(mode: Mode, response: ServerResponse): boolean {
  if (mode === 'drops') response.destroy()
  else if (mode === 'stalls') response.on('close', () => response.destroy())
  else if (mode === 'throttles') json(response, 429, { code: 20429, message: 'Too Many Requests', status: 429 }, { 'retry-after': '2' })
  else if (mode === 'refuses-key') throw new Refusal(401, 20003, 'Authenticate')
  else if (mode === 'breaks') json(response, 503, { code: 20503, message: 'Service unavailable', status: 503 })
  else if (mode === 'answers-garbage') say(response, 200, 'text/html; charset=utf-8', '<html><body>Scheduled maintenance</body></html>')
  else if (mode === 'rejects') throw new Refusal(400, 21612, "The 'To' phone number is not currently reachable.")
  else return false
  return true
}

function mayEnter(request: IncomingMessage): void {
  const [scheme, value = ''] = (request.headers.authorization ?? '').split(' ')
  const [, secret] = Buffer.from(value, 'base64').toString('utf8').split(':')
  if (scheme !== 'Basic' || secret !== keySecret) throw new Refusal(401, 20003, 'Authenticate')
}

const messagesPath = `/2010-04-01/Accounts/${accountSid}/Messages`
async function send(url: URL, form: URLSearchParams) {
  if (url.pathname !== `${messagesPath}.json`) throw new Refusal(404, 20404, `The requested resource ${url.pathname} was not found`)
  const from = form.get('From') ?? (form.has('MessagingServiceSid') ? (numbers.keys().next().value ?? '') : '')
  if (!numbers.has(from)) throw new Refusal(400, 21606, `The 'From' phone number ${from} is not a valid, SMS-capable number of your account.`)
  const atMs = await clock.nowMs()
  // What was sent and that it was sent: a kill leaves both, or neither.
  const text = journal.together(() => {
    const taken = texts.send(form, from, atMs, control)
    tell(taken, 'queued', null)
    return taken
  })
  follow(text)
  return messageView(accountSid, text)
}
function read(url: URL) {
  if (url.pathname === `${messagesPath}.json`) {
    const limit = Math.min(1_000, Math.max(1, Number(url.searchParams.get('PageSize') ?? 50)))
    return listView(accountSid, texts.list({ to: url.searchParams.get('To'), from: url.searchParams.get('From'), limit }), limit)
  }
  const text = url.pathname.startsWith(`${messagesPath}/`) ? texts.get(url.pathname.slice(messagesPath.length + 1).replace(/\.json$/, '')) : undefined
  if (!text) throw new Refusal(404, 20404, `The requested resource ${url.pathname} was not found`)
  return messageView(accountSid, text)
}

/** Goes its way from where it is: a step each moment, and a receipt for each. */
function follow(text: Text): void {
  const course = texts.courseOf(text)
  const ahead = course.slice(course.findIndex(({ status }) => status === text.status) + 1)
  ahead.forEach(({ status, errorCode }, n) => {
    setTimeout(
      () => {
        if (!texts.get(text.sid)) return
        journal.together(() => {
          texts.setStatus(text.sid, status, errorCode)
          // `sending` is told to nobody.
          if (status !== 'sending') tell(text, status, errorCode)
        })
      },
      stepMs * (n + 1),
    ).unref()
  })
}
function tell(text: Text, status: string, errorCode: number | null): void {
  if (text.statusCallback) calls.call(text.statusCallback, receiptFields(accountSid, text, status, errorCode))
}

async function answer(from: string, to: string, body: string): Promise<Text> {
  const atMs = await clock.nowMs()
  const text = journal.together(() => texts.answer(from, to, body, atMs))
  const url = numbers.get(to)
  if (url) calls.call(url, inboundFields(accountSid, text))
  return text
}
async function answerByPage(form: URLSearchParams, response: ServerResponse): Promise<void> {
  const [from, to, body] = [form.get('from') ?? '', form.get('to') ?? '', (form.get('body') ?? '').slice(0, 1600)]
  if (body !== '' && numbers.has(to)) await answer(from, to, body)
  response.writeHead(303, { location: `/?phone=${encodeURIComponent(from)}` }).end()
}
function page(url: URL, response: ServerResponse): void {
  const phone = url.searchParams.get('phone')
  say(response, 200, 'text/html; charset=utf-8', phone === null ? phonesPage(texts.all()) : phonePage(texts, phone, [...numbers.keys()][0] ?? ''))
}

/** What tests and the demo do. */
async function knob(what: string, url: URL, body: Record<string, unknown>, response: ServerResponse): Promise<void> {
  if (what === 'GET /_sim/effects') return json(response, 200, control.effects.counts())
  if (what === 'GET /_sim/effects/each') return json(response, 200, control.effects.each())
  if (what === 'GET /_sim/messages') {
    const limit = Number(url.searchParams.get('limit') ?? 200)
    return json(response, 200, { messages: texts.list({ to: url.searchParams.get('to'), from: url.searchParams.get('from'), limit }) })
  }
  if (what === 'GET /_sim/calls') return json(response, 200, calls.report())
  if (what === 'PUT /_sim/calls') {
    calls.setPlay({ ...usualPlay, ...(body as Partial<Play>) })
    return json(response, 200, calls.report())
  }
  if (what === 'PUT /_sim/token') {
    calls.setToken(String(body.token))
    return json(response, 200, {})
  }
  if (what === 'PUT /_sim/numbers') {
    for (const [number, address] of Object.entries(body)) numbers.set(number, String(address))
    return json(response, 200, Object.fromEntries(numbers))
  }
  if (what === 'POST /_sim/reply') {
    const from = String(body.from)
    const to = String(body.to ?? texts.list({ to: from, from: null, limit: 1 })[0]?.from ?? '')
    return numbers.has(to) ? json(response, 201, await answer(from, to, String(body.body))) : json(response, 404, { error: 'nobody wrote to this number' })
  }
  if (what === 'POST /_sim/faults') return control.set(body.mode, body.times) ? json(response, 200, {}) : json(response, 400, { error: 'no such mode' })
  if (what === 'POST /_sim/reset') {
    journal.together(() => {
      control.reset()
      texts.forget()
      calls.forget()
    })
    return json(response, 200, {})
  }
  return json(response, 404, { error: 'no such knob' })
}

function json(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
  say(response, status, 'application/json; charset=utf-8', JSON.stringify(body))
}

const port = await listening(server, process.env.SIM_PORT)
calls.pump()
for (const text of texts.all()) if (text.direction === 'outbound-api') follow(text)
sayReady('twilio', port)
endOnSigterm(server)
