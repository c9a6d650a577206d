import { randomUUID } from 'node:crypto'
import { Agent, request } from 'node:http'
import pg from 'pg'
import { type BenchLine, printLine } from '../docker/local/bench-line.ts'
import { withApiAlone } from './bench/api-alone.ts'
import { atRate, percentile } from './bench/rate.ts'
import type { IntakeView } from './demo/hub-client.ts'
import { somebody } from './demo/people.ts'
import { visitAt } from './demo/walk.ts'

/**
 * How long a patient's last click takes: the form over HTTP to the api as it is deployed (a process of its own, sealing, one commit that
 * the disk has) at 200 a second, against a server that does nothing but keep the same form with one prepared INSERT in the same database, in
 * turns and at the same rate. Each form was opened at the same api before, as every patient does: its link is remembered there. The INSERT
 * without any HTTP is told on stderr. Relay and engine do not run: theirs is other machines' work. On a shared machine only the ratio means
 * anything. `BENCH_QUICK=1` takes fewer rounds.
 */
const perSecond = 200
const quick = process.env.BENCH_QUICK === '1'
// One or two meet the autovacuum of the database, which is not what is asked: the middle one of seven does not.
const rounds = quick ? 2 : 7
const seconds = quick ? 2 : 3
const clients = 64

const startedMs = performance.now()
const progress = (text: string) => process.stderr.write(`${((performance.now() - startedMs) / 1000).toFixed(1).padStart(6)} s  ${text}\n`)
const say = (line: BenchLine): void => void process.stdout.write(`${printLine(line)}\n`)
const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
const agent = new Agent({ keepAlive: true, maxSockets: clients })

/** One patient an address: behind a proxy each has their own, and the limit of one is not what is measured. */
const addressOf = (n: number): string => `10.${(n >> 16) & 255}.${(n >> 8) & 255}.${n & 255}`

interface Answer {
  status: number
  text: string
  cookie: string
}
const post = (url: string, body: string, headers: Record<string, string>) => call('POST', url, body, headers)
function call(method: 'GET' | 'POST', url: string, body: string, headers: Record<string, string>): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sending = request(url, {
      method,
      agent,
      timeout: 20_000,
      headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body), ...headers },
    })
    sending.on('error', reject)
    sending.on('timeout', () => sending.destroy(new Error(`no answer from ${new URL(url).pathname}`)))
    sending.on('response', (answer) => {
      let text = ''
      answer.setEncoding('utf8')
      answer.on('data', (chunk: string) => {
        text += chunk
      })
      answer.on('end', () =>
        resolve({ status: answer.statusCode ?? 0, text, cookie: (answer.headers['set-cookie'] ?? []).map((one) => one.split(';')[0]).join('; ') }),
      )
    })
    sending.end(body)
  })
}

interface Form {
  body: string
  headers: Record<string, string>
}

/** Forms that are filled in and not sent, each of a patient and a visit of its own. */
async function fill(url: string, count: number): Promise<Form[]> {
  const staff = { 'x-hub-request': '1', origin: url }
  const { cookie } = await post(
    `${url}/api/session`,
    JSON.stringify({ tenant: 'lakeside', email: 'desk@lakeside.example', password: 'lakeside-demo-1' }),
    staff,
  )
  const forms: Form[] = []
  const one = async (n: number): Promise<void> => {
    const visit = JSON.stringify({ startsAt: visitAt(n % 24), minutes: 20, practitioner: 'Dr Okafor' })
    const answer = await post(`${url}/api/clinic/visits`, visit, { ...staff, cookie, 'x-forwarded-for': addressOf(n) })
    if (answer.status !== 201) throw new Error(`no visit: ${answer.status} ${answer.text.slice(0, 200)}`)
    const { patientUrl } = JSON.parse(answer.text) as { patientUrl: string }
    const patient = { authorization: `Intake ${new URL(patientUrl).pathname.split('/').at(-1)}`, 'x-forwarded-for': addressOf(n) }
    const { consentTexts, accessCode } = JSON.parse((await call('GET', `${url}/api/intake`, '', patient)).text) as IntakeView
    const consents = consentTexts.en.map(({ id, sha256 }) => ({ textId: id, textSha256: sha256, granted: true }))
    const { answers } = somebody()
    const signature = { typedName: `${answers.givenName} ${answers.familyName}`, language: 'en', drawing: null, accessCode }
    forms.push({
      body: JSON.stringify({ answers, consents, signature, uploadIds: [], confirmationTokenId: `ctoken_bench_${n}` }),
      headers: { ...patient, 'idempotency-key': randomUUID() },
    })
  }
  for (let from = 0; from < count; from += clients / 4) await Promise.all(Array.from({ length: Math.min(clients / 4, count - from) }, (_, i) => one(from + i)))
  return forms
}

await withApiAlone('bench-patient', async ({ url, insertUrl, ownerUrl, cpuMs }) => {
  const each = perSecond * seconds
  progress(`filling in ${each * (rounds + 1)} forms`)
  const forms = await fill(url, each * (rounds + 1))
  const owner = new pg.Pool({ connectionString: ownerUrl, max: 16 })
  try {
    await owner.query('CREATE SCHEMA bench; CREATE TABLE bench.forms (id uuid PRIMARY KEY, body bytea NOT NULL)')
    const [same] = forms
    const bytes = Buffer.from(same?.body ?? '')
    const insert = () => owner.query({ name: 'insert', text: 'INSERT INTO bench.forms (id, body) VALUES ($1, $2)', values: [randomUUID(), bytes] })
    const overHttp = async (to: string, form: Form | undefined) => {
      if (!form) throw new Error('there are fewer forms than submits')
      const { status, text } = await post(to, form.body, form.headers)
      if (status !== 202) throw new Error(`not taken: ${status} ${text.slice(0, 200)}`)
    }
    const contestants = [
      { name: 'insert', work: insert, p95s: [] as number[] },
      { name: 'insert over http', work: () => overHttp(insertUrl, same), p95s: [] as number[] },
      { name: 'submit', work: () => overHttp(`${url}/api/intake/submit`, forms.pop()), p95s: [] as number[] },
    ] as const
    // The first round warms up and does not count; the order turns from round to round.
    for (let round = 0; round <= rounds; round += 1)
      for (const { name, work, p95s } of round % 2 === 0 ? contestants : contestants.toReversed()) {
        const cpuBeforeMs = cpuMs()
        const times = await atRate(perSecond, seconds, work)
        const workedMs = (cpuMs() - cpuBeforeMs) / times.length
        const [p50, p95, p99] = [0.5, 0.95, 0.99].map((of) => percentile(times, of)) as [number, number, number]
        progress(
          `${round === 0 ? 'warm ' : 'round'} ${name.padEnd(16)}  p50 ${p50.toFixed(1)}  p95 ${p95.toFixed(1)}  p99 ${p99.toFixed(1)} ms  api ${workedMs.toFixed(2)} ms of CPU each`,
        )
        if (round > 0) p95s.push(p95)
      }
    const kept = await owner.query<{ n: number }>(`SELECT count(*)::int AS n FROM identity.outbox WHERE event_type = 'intake.submitted.v1'`)
    if (kept.rows[0]?.n !== each * (rounds + 1)) throw new Error(`${kept.rows[0]?.n} forms are kept, not ${each * (rounds + 1)}`)
    const [inserted, insertedOverHttp, submitted] = contestants.map(({ p95s }) => median(p95s)) as [number, number, number]
    progress(`a submit takes ${(submitted / inserted).toFixed(1)} times the INSERT alone, without HTTP`)
    say({
      name: 'patient.submit',
      value: submitted,
      unit: 'ms',
      baseline: 'patient.insert',
      ratio: submitted / insertedOverHttp,
      goal: { op: '<=', limit: 2.5 },
    })
    say({ name: 'patient.submit-p95', value: submitted, unit: 'ms', goal: { op: '<=', limit: 50 } })
  } finally {
    await owner.end()
  }
})
agent.destroy()
