import { createServer, type Server } from 'node:http'
import { expect } from 'chai'
import { clockIn, shown } from './figures.ts'
import { messagesOf } from './node.ts'
import { type Figures, pull } from './pull.ts'

const figures = (of: Partial<Figures> = {}): Figures => ({
  ...{
    clinic: 'Lakeside Clinic',
    timeZone: 'America/Chicago',
    asOf: '2026-03-02T16:00:00.000Z',
    breakers: [],
    queues: [],
    throughput: [],
    partners: [],
    weather: [],
  },
  ...of,
})
const payer = (of: Partial<Figures['weather'][number]>): Figures['weather'][number] => ({
  ...{ payerName: 'Helio Health Plan', state: 'ok', since: null, next: null, cause: null, waiting: 0, held: 0 },
  ...of,
})
const stateOf = (of: Parameters<typeof payer>[0]) => shown(figures({ weather: [payer(of)] })).weather[0]?.State

describe('what the live view shows', () => {
  it('tells times as the clinic reads them, with the day when it is another', () => {
    const at = clockIn('America/Chicago', '2026-03-02T16:00:00.000Z')
    expect([at('2026-03-02T15:05:00.000Z'), at('2026-03-03T14:00:00.000Z'), at(null)]).to.deep.equal(['09:05', 'Tue, Mar 3 08:00', ''])
  })

  it('tells each state of a payer in words, with what happens next', () => {
    const next = '2026-03-02T16:05:00.000Z'
    expect([
      stateOf({}),
      stateOf({ state: 'open', cause: 'timeout', next }),
      stateOf({ state: 'open', cause: 'implausible' }),
      stateOf({ state: 'probing', cause: 'timeout' }),
      stateOf({ state: 'closed', next: '2026-03-03T14:00:00.000Z' }),
      stateOf({ state: 'suspicious' }),
    ]).to.deep.equal([
      'answers',
      'not asked now: too slow; tried again at 10:05',
      'not asked now: answers are not believed',
      'being tried with single questions',
      'closed by its own hours until Tue, Mar 3 08:00',
      'answers are not believed and asked again',
    ])
  })

  it('says in one line what a glance must tell', () => {
    const queues = [{ queue: 'flow.eligibility', active: 1, retrying: 2, held: 3, dead: 0 }]
    expect(shown(figures({ queues, weather: [payer({})] })).status).to.equal('Lakeside Clinic, 10:00: every payer answers, 3 waiting for a person')
    expect(shown(figures({ weather: [payer({ state: 'open' }), payer({})] })).status).to.include('1 of 2 payers not as usual')
  })

  it('says that the bus is away in place of a number, and names the whole partner where no payer is meant', () => {
    const breaker = {
      partner: 'stripe',
      payerId: null,
      payerName: null,
      operation: 'setupCard',
      state: 'half-open',
      since: null,
      next: null,
      cause: 'throttled',
    }
    const { queues, breakers } = shown(figures({ queues: [{ queue: 'flow.intake', active: 0, retrying: 0, held: 0, dead: null }], breakers: [breaker] }))
    expect(queues[0]?.['Given up']).to.equal('bus away')
    expect(breakers[0]).to.include({ 'Partner or payer': 'stripe (all)', State: 'being tried', Why: 'asks us to slow down' })
  })

  it('says shut of a breaker that lets nothing through: open reads as the opposite', () => {
    const one = { partner: 'stripe', payerId: null, payerName: null, operation: 'setupCard', since: null, next: null, cause: null }
    const states = ['open', 'half-open'].map((state) => shown(figures({ breakers: [{ ...one, state }] })).breakers[0]?.State)
    expect(states).to.deep.equal(['shut', 'being tried'])
  })

  it('draws two lines and a bar per partner', () => {
    const { throughput, errors } = shown(
      figures({
        throughput: [{ minute: '2026-03-02T15:59:00.000Z', answered: 4, failed: 1 }],
        partners: [{ partner: 'stripe', calls: 4, failed: 1, failedPercent: 25 }],
      }),
    )
    const x = Date.parse('2026-03-02T15:59:00.000Z')
    expect(throughput).to.deep.equal([
      { x, y: 4, series: 'answered' },
      { x, y: 1, series: 'failed' },
    ])
    expect(errors).to.deep.equal([{ x: 'stripe', y: 25, series: 'failed, %' }])
  })
})

describe('how the live view gets its figures', () => {
  let server: Server
  let url: string
  let answer: { status: number; body: string; headers?: Record<string, string> }
  let asked: { path: string | undefined; authorization: string | undefined }
  before((done) => {
    server = createServer((request, response) => {
      asked = { path: request.url, authorization: request.headers.authorization }
      response.writeHead(answer.status, answer.headers).end(answer.body)
    }).listen(0, '127.0.0.1', () => {
      const address = server.address()
      url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`
      done()
    })
  })
  after((done) => void server.close(() => done()))
  const why = async () => {
    const pulled = await pull(url, 'a-token-of-a-program', 1_000)
    return pulled.is === 'none' ? pulled.why : 'figures'
  }

  it('asks as the service account, and for nothing else', async () => {
    answer = { status: 200, body: JSON.stringify(figures()) }
    expect(await why()).to.equal('figures')
    expect(asked).to.deep.equal({ path: '/api/ops/live', authorization: 'Service a-token-of-a-program' })
  })

  it('says why when there are none, and never throws', async () => {
    const told: string[] = []
    for (const one of [
      { status: 401, body: '' },
      { status: 500, body: '' },
      { status: 302, body: '', headers: { location: 'https://elsewhere.example' } },
      { status: 200, body: '<html>' },
      { status: 200, body: '{}' },
    ]) {
      answer = one
      told.push(await why())
    }
    expect(told).to.deep.equal([
      'The view’s service account does not open this clinic any more: make a new one.',
      'The hub does not tell its figures now.',
      'The hub does not answer.',
      'The hub does not answer.',
      'The hub’s figures are not in the form that this view knows.',
    ])
  })

  it('changes the first line only when there are none: the last figures stay', () => {
    expect(messagesOf({ is: 'none', why: 'The hub does not answer.' })).to.deep.equal([{ payload: 'No new figures. The hub does not answer.' }])
    expect(messagesOf({ is: 'figures', figures: figures() })).to.have.lengthOf(6)
  })
})
