import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { SimJournal } from '../../sim-journal.ts'
import { capabilityStatement, operationOutcome } from './answers.ts'
import { Faults, modes } from './faults.ts'
import { Refusal } from './refusal.ts'
import { FhirStore, resourceTypes } from './store.ts'

/**
 * A stand-in for an EHR: a small real FHIR R4 endpoint in memory, as a process of its own, sharing no code with the adapter.
 * Settings: SIM_PORT (0 takes any), SIM_TOKEN, SIM_JOURNAL (a file: what was written and answered is there again after a kill and
 * a restart). Control port: `/_sim/` below.
 */
const port = Number(process.env.SIM_PORT ?? '0')
const token = process.env.SIM_TOKEN ?? ''
if (token === '') throw new Error('SIM_TOKEN is missing')
const bodyBytesMax = 1024 * 1024

/** `drop` breaks the connection, `silence` never answers; a text is sent as it is. */
type Reply = { status: number; body: unknown; headers?: Record<string, string> } | 'drop' | 'silence'

const journal = new SimJournal()
const store = new FhirStore(journal)
const faults = new Faults(journal)
journal.open(process.env.SIM_JOURNAL)

const server = createServer((request, response) => {
  reply(request)
    .catch((error: unknown): Reply => {
      if (error instanceof Refusal) return refuse(error)
      process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`)
      return refuse(new Refusal(500, 'exception', 'the simulator failed'))
    })
    .then((answer) => say(answer, request, response))
})

const refuse = (refusal: Refusal, headers?: Record<string, string>): Reply => ({ status: refusal.status, body: operationOutcome(refusal), headers })

async function reply(request: IncomingMessage): Promise<Reply> {
  const method = request.method ?? 'GET'
  const url = new URL(request.url ?? '/', 'http://sim')
  const body = await readBody(request)
  if (url.pathname.startsWith('/_sim/')) return control(`${method} ${url.pathname}`, body)

  const mode = faults.take(method === 'POST' && !url.pathname.endsWith('/_search'))
  const wrong = misbehave(mode, body)
  if (wrong) return wrong
  if (request.headers.authorization !== `Bearer ${token}`) throw new Refusal(401, 'login', 'the token is not known')
  if (method === 'POST' && url.pathname === '/') {
    const done = store.transaction(parse(body))
    if (mode === 'accepts-then-drops') return 'drop'
    if (mode === 'answers-short') done.entry.pop()
    return { status: 200, body: done }
  }
  return serve(method, url, body)
}

/** What goes wrong before the request is looked at. */
function misbehave(mode: string, body: string): Reply | undefined {
  if (mode === 'drops') return 'drop'
  if (mode === 'stalls') return 'silence'
  if (mode === 'throttles') return refuse(new Refusal(429, 'throttled', 'too many requests'), { 'retry-after': '1' })
  if (mode === 'refuses-key') return refuse(new Refusal(401, 'login', 'the token is not known'))
  if (mode === 'answers-garbage') return { status: 200, body: '<html><body>Please log in to the guest network</body></html>' }
  // As real servers do, the refusal quotes what it refuses: a leak test has something to find.
  if (mode === 'rejects')
    return refuse(new Refusal(422, 'business-rule', `we do not take ${body.slice(0, 4000)}`, 'Bundle.entry[0].resource.ofType(Patient).name'))
  if (mode === 'conflicts') return refuse(new Refusal(409, 'conflict', 'another transaction is at it'))
  if (mode === 'fails') return refuse(new Refusal(500, 'exception', 'out of luck'))
  if (mode === 'is-away') return { status: 503, body: 'maintenance', headers: { 'retry-after': '2' } }
  if (mode === 'redirects') return { status: 302, body: '', headers: { location: '/elsewhere' } }
  if (mode === 'floods') return { status: 200, body: `"${'x'.repeat(10 * bodyBytesMax)}"` }
  return undefined
}

function serve(method: string, url: URL, body: string): Reply {
  if (method === 'GET' && url.pathname === '/metadata') return { status: 200, body: capabilityStatement() }
  const [type, id] = url.pathname.slice(1).split('/')
  if (!type || !resourceTypes.includes(type)) throw new Refusal(404, 'not-supported', 'no such resource type')
  if (method === 'POST' && id === undefined) return { status: 201, body: store.create(type, parse(body)) }
  if (method === 'POST' && id === '_search') return { status: 200, body: store.search(type, new URLSearchParams(body)) }
  if (method === 'GET' && id === undefined) return { status: 200, body: store.search(type, url.searchParams) }
  if (method === 'GET' && id) return { status: 200, body: store.read(type, id) }
  throw new Refusal(405, 'not-supported', 'no such interaction')
}

function control(what: string, body: string): Reply {
  if (what === 'GET /_sim/effects') return { status: 200, body: { writeVisit: store.effects() } }
  if (what === 'GET /_sim/effects/each') return { status: 200, body: store.each() }
  if (what === 'GET /_sim/people') return { status: 200, body: store.people() }
  if (what === 'POST /_sim/faults') {
    const wanted = parse(body) as { mode?: unknown; times?: unknown }
    if (faults.set(wanted.mode, wanted.times)) return { status: 200, body: { ok: true } }
    return { status: 400, body: { error: `mode is one of ${modes.join(', ')}; times a number or null` } }
  }
  if (what === 'POST /_sim/reset') {
    journal.together(() => {
      store.reset()
      faults.set('answers', null)
    })
    return { status: 200, body: { ok: true } }
  }
  return { status: 404, body: { error: 'no such control' } }
}

function say(answer: Reply, request: IncomingMessage, response: ServerResponse): void {
  if (answer === 'silence') return
  if (answer === 'drop') {
    request.socket.destroy()
    return
  }
  const text = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body)
  response.writeHead(answer.status, { 'content-type': 'application/fhir+json', ...answer.headers }).end(text)
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > bodyBytesMax) throw new Refusal(413, 'too-long', 'the body is too large')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    throw new Refusal(400, 'structure', 'not JSON')
  }
}

process.once('SIGTERM', () => {
  server.close(() => process.exit(0))
  server.closeAllConnections()
})
server.listen(port, '127.0.0.1', () => {
  const address = server.address()
  const actual = typeof address === 'object' && address ? address.port : port
  process.stdout.write(`${JSON.stringify({ ready: true, process: 'sim:fhir', url: `http://127.0.0.1:${actual}` })}\n`)
})
