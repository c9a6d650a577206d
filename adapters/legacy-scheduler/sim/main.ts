import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { endOnSigterm, listening, sayReady, textOf } from '../../sim-http.ts'
import { SimJournal } from '../../sim-journal.ts'
import { Book, type Kept, Refusal } from './book.ts'
import { Control, modes } from './control.ts'

/** An old scheduler as a clinic has one: a book of appointments behind plain JSON, changed by its own people too (../BEHAVIOR.md). */
const token = process.env.SIM_TOKEN ?? ''
if (token === '') throw new Error('SIM_TOKEN is missing')
const bodyBytesMax = 64 * 1024

type Reply = { status: number; body: unknown; headers?: Record<string, string> } | 'drop' | 'silence'
const ok = (body: unknown, status = 200): Reply => ({ status, body })
const refuse = ({ status, code, message }: Refusal, headers?: Record<string, string>): Reply => ({ status, body: { error: { code, message } }, headers })

const journal = new SimJournal()
const book = new Book(journal)
const control = new Control(journal)
journal.open(process.env.SIM_JOURNAL)

const server = createServer((request, response) => {
  reply(request)
    .catch((error: unknown): Reply => {
      if (error instanceof Refusal) return refuse(error)
      process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`)
      return refuse(new Refusal(500, 'failed', 'the simulator failed'))
    })
    .then((answer) => say(answer, request, response))
})

async function reply(request: IncomingMessage): Promise<Reply> {
  const url = new URL(request.url ?? '/', 'http://sim')
  const what = `${request.method} ${url.pathname}`
  const text = await textOf(request, bodyBytesMax, () => new Refusal(413, 'too-large', 'the body is too large'))
  const body = text === '' ? {} : (parse(text) as Record<string, unknown>)
  if (url.pathname.startsWith('/_sim/')) return knob(what, body)
  const mode = control.take(isAct(what, url))
  const wrong = misbehave(mode, text)
  if (wrong) return wrong
  if (request.headers['x-api-key'] !== token) throw new Refusal(401, 'key-unknown', 'the key is not known')
  // What was done and that it was done: a kill leaves both, or neither.
  const answer = journal.together(() => serve(what, url, body, String(request.headers['x-request-id'] ?? '')))
  return mode === 'accepts-then-drops' ? 'drop' : answer
}

/** A look by our reference, and the feed, go before something else. */
const isAct = (what: string, url: URL): boolean => !url.searchParams.has('externalRef') && !what.includes('/v2/changes') && what !== 'GET /v2/status'

function misbehave(mode: string, body: string): Reply | undefined {
  if (mode === 'drops') return 'drop'
  if (mode === 'stalls') return 'silence'
  if (mode === 'throttles') return refuse(new Refusal(429, 'slow-down', 'too many requests'), { 'retry-after': '1' })
  if (mode === 'refuses-key') return refuse(new Refusal(401, 'key-unknown', 'the key is not known'))
  if (mode === 'answers-garbage') return { status: 200, body: '<html><body>Session expired, please sign in</body></html>' }
  if (mode === 'rejects') return refuse(new Refusal(422, 'not-accepted', `we do not take ${body.slice(0, 2000)}`))
  if (mode === 'fails') return { status: 502, body: 'bad gateway' }
  if (mode === 'is-away') return { status: 503, body: 'maintenance', headers: { 'retry-after': '2' } }
  return undefined
}

function serve(what: string, url: URL, body: Record<string, unknown>, requestId: string): Reply {
  const limit = Math.min(Number(url.searchParams.get('limit') ?? 100), 500)
  if (what === 'GET /v2/status') return ok(book.status())
  if (what === 'PUT /v2/mode') {
    if (book.mode(body.mode, body.ref)) control.wrote('setMode', String(body.ref))
    return ok(book.status())
  }
  if (what === 'GET /v2/changes') return ok(book.changes(url.searchParams.get('subscriber') ?? '', limit))
  if (what === 'PUT /v2/changes/taken') {
    book.take(body.subscriber, body.through)
    return ok({ taken: body.through })
  }
  if (what === 'GET /v2/appointments') {
    const ref = url.searchParams.get('externalRef')
    if (ref !== null) return ok({ appointments: book.byRef(ref).slice(0, limit), next: null })
    control.asked('listAppointments', requestId)
    return ok(book.page(url.searchParams.get('from') ?? '', url.searchParams.get('after'), limit))
  }
  if (what === 'POST /v2/appointments') {
    const appointment = book.create(wantedOf(body), 'api')
    control.wrote('putAppointment', String(appointment.externalRef))
    return ok({ appointment }, 201)
  }
  const id = /^(GET|PUT) \/v2\/appointments\/([A-Za-z0-9-]{1,40})$/.exec(what)
  if (id?.[1] === 'GET') {
    const appointment = book.one(id[2] ?? '')
    control.asked('readAppointment', requestId)
    return ok({ appointment })
  }
  if (id?.[1] === 'PUT') {
    const appointment = book.change(id[2] ?? '', wantedOf(body), 'api')
    control.wrote('putAppointment', String(appointment.externalRef))
    return ok({ appointment })
  }
  throw new Refusal(404, 'not-found', 'no such address')
}

/** What tests and the demo do: faults, counts, and the clinic's own people at the old screen. */
function knob(what: string, body: Record<string, unknown>): Reply {
  if (what === 'GET /_sim/effects') return ok(control.counts())
  if (what === 'GET /_sim/effects/each') return ok(control.each())
  if (what === 'GET /_sim/appointments') return ok({ ...book.status(), appointments: book.all() })
  if (what === 'POST /_sim/people') return ok(book.create(wantedOf(body), 'people'), 201)
  const changed = /^PUT \/_sim\/people\/([A-Za-z0-9-]{1,40})$/.exec(what)
  if (changed) return ok(book.change(changed[1] ?? '', wantedOf(body), 'people'))
  // Somebody with a database tool, past the read-only mark.
  const forced = /^PUT \/_sim\/database\/([A-Za-z0-9-]{1,40})$/.exec(what)
  if (forced) return ok(pastTheMark(forced[1] ?? '', wantedOf(body)))
  if (what === 'PUT /_sim/settings') {
    book.setStrict(body.strict === true)
    return ok({ ok: true })
  }
  if (what === 'POST /_sim/faults')
    return control.set(body.mode, body.times) ? ok({ ok: true }) : { status: 400, body: { error: `mode is one of ${modes.join(', ')}` } }
  if (what === 'POST /_sim/reset') {
    journal.together(() => {
      book.reset()
      control.reset()
    })
    return ok({ ok: true })
  }
  return { status: 404, body: { error: 'no such control' } }
}

function pastTheMark(id: string, wanted: Partial<Kept>): Kept {
  const { mode, ref } = book.status()
  return journal.together(() => {
    book.mode('open', ref)
    const kept = book.change(id, wanted, 'people')
    book.mode(mode, ref)
    return kept
  })
}

/** Only what it knows. */
function wantedOf(body: Record<string, unknown>): Partial<Kept> {
  const known = ['revision', 'externalRef', 'externalVersion', 'starts', 'minutes', 'provider', 'status', 'ehrPatientId']
  return Object.fromEntries(Object.entries(body).filter(([name]) => known.includes(name)))
}

function say(answer: Reply, request: IncomingMessage, response: ServerResponse): void {
  if (answer === 'silence') return
  if (answer === 'drop') {
    request.socket.destroy()
    return
  }
  const text = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body)
  response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers }).end(text)
}

function parse(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null) return value
  } catch {
    // said below
  }
  throw new Refusal(400, 'not-json', 'not JSON')
}

endOnSigterm(server)
sayReady('legacy-scheduler', await listening(server, process.env.SIM_PORT))
