import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { listening, say, sayReady, textOf } from '../../sim-http.ts'
import { SimJournal } from '../../sim-journal.ts'
import { Control } from './control.ts'
import { Inbox } from './inbox.ts'
import { inboxPage, mailPage } from './inbox-page.ts'
import { smtpServer } from './smtp.ts'

/** A mail server that keeps what it gets, and a page that shows it (../README.md). */
const password = process.env.SIM_TOKEN ?? ''
if (password === '') throw new Error('SIM_TOKEN is missing')
const { SIM_TLS_CERT: cert, SIM_TLS_KEY: key } = process.env
const bodyBytesMax = 64 * 1024
const heardMax = 1_000

const journal = new SimJournal()
const control = new Control(journal)
const inbox = new Inbox(journal)
journal.open(process.env.SIM_JOURNAL)
const heard: string[] = []

async function keep(raw: Buffer, to: string): Promise<void> {
  const mail = await inbox.read(raw, to, Date.now())
  // What arrived and that it arrived: a kill leaves both, or neither.
  journal.together(() => {
    inbox.keep(mail)
    control.effects.did(mail.messageId)
  })
}
const smtp = smtpServer({
  control,
  user: process.env.SIM_USER ?? 'hub',
  password,
  tls: cert && key ? { cert, key, fromStart: process.env.SIM_TLS_FROM_START === '1' } : undefined,
  heard: (line) => {
    heard.push(line)
    if (heard.length > heardMax) heard.shift()
  },
  keep,
})

const pages = createServer((request, response) => {
  route(request, response).catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`)
    response.destroy()
  })
})
async function route(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://sim')
  const what = `${request.method} ${url.pathname}`
  const body = JSON.parse((await textOf(request, bodyBytesMax, () => new Error('the body is too large'))) || '{}') as Record<string, unknown>
  const json = (status: number, value: unknown) => say(response, status, 'application/json; charset=utf-8', JSON.stringify(value))
  if (what === 'GET /') {
    const asked = url.searchParams.get('mail')
    const mail = asked === null ? undefined : inbox.get(asked)
    return say(response, 200, 'text/html; charset=utf-8', mail ? mailPage(mail) : inboxPage(inbox.list({ to: null, limit: 200 })))
  }
  if (what === 'GET /_sim/messages')
    return json(200, { messages: inbox.list({ to: url.searchParams.get('to'), limit: Number(url.searchParams.get('limit') ?? 200) }) })
  if (what === 'GET /_sim/heard') return json(200, { heard })
  if (what === 'GET /_sim/effects') return json(200, control.effects.counts())
  if (what === 'GET /_sim/effects/each') return json(200, control.effects.each())
  if (what === 'POST /_sim/faults') return control.set(body.mode, body.times) ? json(200, {}) : json(400, { error: 'no such mode' })
  if (what === 'POST /_sim/reset') {
    heard.length = 0
    journal.together(() => {
      control.reset()
      inbox.forget()
    })
    return json(200, {})
  }
  return json(404, { error: 'no such knob' })
}

const [smtpPort, pagePort] = await Promise.all([listening(smtp, process.env.SIM_SMTP_PORT), listening(pages, process.env.SIM_PORT)])
sayReady('mail', pagePort, { smtp: { host: '127.0.0.1', port: smtpPort } })
process.once('SIGTERM', () => process.exit(0))
