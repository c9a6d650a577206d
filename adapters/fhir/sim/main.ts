import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { SimClock } from '../../sim-clock.ts'
import { endOnSigterm, listening, sayReady, textOf } from '../../sim-http.ts'
import { SimJournal } from '../../sim-journal.ts'
import { answerOf, capabilityStatement } from './answers.ts'
import { control } from './control.ts'
import { Effects } from './effects.ts'
import { Faults } from './faults.ts'
import { Knobs } from './knobs.ts'
import { Refusal } from './refusal.ts'
import { type Reply, Rest } from './rest.ts'
import { Searches } from './search.ts'
import { SmartServer } from './smart.ts'
import { FhirStore } from './store.ts'
import { isVendor } from './vendors.ts'
import { Writer } from './writer.ts'

/**
 * A stand-in for an EHR: a FHIR R4 endpoint in memory, as a process of its own, sharing no code with the adapter (README.md).
 * Settings: SIM_PORT (0 takes any), SIM_TOKEN, SIM_VENDOR, SIM_JOURNAL (a file: what was written and answered is there again
 * after a kill and a restart).
 */
const token = process.env.SIM_TOKEN ?? ''
if (token === '') throw new Error('SIM_TOKEN is missing')
const vendor = process.env.SIM_VENDOR ?? 'plain'
if (!isVendor(vendor)) throw new Error('SIM_VENDOR is no vendor that this simulator knows')
const bodyBytesMax = 1024 * 1024

/** `drop` breaks the connection, `silence` never answers; a text is sent as it is. */
type Answer = Reply | 'drop' | 'silence'

const journal = new SimJournal()
const clock = new SimClock(journal)
const effects = new Effects(journal)
const knobs = new Knobs(journal, vendor)
const faults = new Faults(journal)
const smart = new SmartServer(journal, clock)
const store = new FhirStore(journal, clock, effects)
const searches = new Searches(store, knobs, effects)
const rest = new Rest(store, searches, new Writer(store, searches, knobs), knobs)
const parts = { journal, store, effects, faults, knobs, clock, smart }
journal.open(process.env.SIM_JOURNAL)

const server = createServer((request, response) => {
  reply(request)
    .catch((error: unknown): Reply => {
      if (error instanceof Refusal) return answerOf(error)
      process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`)
      return answerOf(new Refusal(500, 'exception', 'the simulator failed'))
    })
    .then((answer) => say(answer, request, response))
})

async function reply(request: IncomingMessage): Promise<Answer> {
  const { method = 'GET', headers } = request
  const base = `http://${headers.host ?? 'sim'}`
  const url = new URL(request.url ?? '/', base)
  const body = await textOf(request, bodyBytesMax, () => new Refusal(413, 'too-long', 'the body is too large'))
  if (url.pathname.startsWith('/_sim/')) return control(parts, method, url, body)

  const isRead = method === 'GET' || url.pathname.endsWith('/_search') || url.pathname === '/auth/token'
  const mode = faults.take({ isWrite: !isRead, hasIfMatch: headers['if-match'] !== undefined || body.includes('"ifMatch"') })
  const wrong = misbehave(mode, body)
  if (wrong) return wrong
  if (method === 'GET' && url.pathname === '/metadata') return { status: 200, body: capabilityStatement(knobs, base) }
  if (method === 'GET' && url.pathname === '/.well-known/smart-configuration')
    return { status: 200, body: smart.configuration(base), headers: { 'content-type': 'application/json' } }
  if (method === 'POST' && url.pathname === '/auth/token') return smart.token(body, headers['content-type'], base)
  if (headers.authorization !== `Bearer ${token}` && !smart.accepts(headers.authorization)) throw new Refusal(401, 'login', 'the token is not known')

  const done = await rest.serve({ method, url, headers, body, base, touched: mode === 'touched-meanwhile' })
  if (mode === 'accepts-then-drops') return 'drop'
  if (mode === 'answers-short') (done.body as { entry?: unknown[] }).entry?.pop()
  return done
}

/** What goes wrong before the request is looked at. */
function misbehave(mode: string, body: string): Answer | undefined {
  const refuse = (status: number, code: string, message: string) => answerOf(new Refusal(status, code, message))
  if (mode === 'drops') return 'drop'
  if (mode === 'stalls') return 'silence'
  if (mode === 'throttles') return answerOf(new Refusal(429, 'throttled', 'too many requests'), { 'retry-after': '1' })
  if (mode === 'refuses-key') return refuse(401, 'login', 'the token is not known')
  if (mode === 'answers-garbage') return { status: 200, body: '<html><body>Please log in to the guest network</body></html>' }
  // As real servers do, the refusal quotes what it refuses: a leak test has something to find.
  if (mode === 'rejects')
    return answerOf(new Refusal(422, 'business-rule', `we do not take ${body.slice(0, 4000)}`, 'Bundle.entry[0].resource.ofType(Patient).name'))
  if (mode === 'conflicts' || mode === 'write-conflicts') return refuse(409, 'conflict', 'another transaction is at it')
  if (mode === 'precondition-fails') return refuse(412, 'conflict', `it is another version than that of ${body.slice(0, 4000)}`)
  if (mode === 'fails') return refuse(500, 'exception', 'out of luck')
  if (mode === 'is-away') return { status: 503, body: 'maintenance', headers: { 'retry-after': '2' } }
  if (mode === 'redirects') return { status: 302, body: '', headers: { location: '/elsewhere' } }
  if (mode === 'floods') return { status: 200, body: `"${'x'.repeat(10 * bodyBytesMax)}"` }
  return undefined
}

function say(answer: Answer, request: IncomingMessage, response: ServerResponse): void {
  if (answer === 'silence') return
  if (answer === 'drop') {
    request.socket.destroy()
    return
  }
  const text = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body)
  response.writeHead(answer.status, { 'content-type': 'application/fhir+json', ...answer.headers }).end(text)
}

endOnSigterm(server)
sayReady('fhir', await listening(server, process.env.SIM_PORT))
