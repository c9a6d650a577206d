import { expect } from 'chai'
import type { FastifyInstance } from 'fastify'
import { buildApp } from './app.ts'
import { hillside, linkHeaders, makeWorld, type World } from './testing/fakes.ts'

/** Reads whole events off an open stream. */
class Reader {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>
  #text = ''
  readonly events: { event: string; data: Record<string, unknown> }[] = []
  heartbeats = 0
  constructor(answer: Response) {
    if (!answer.body) throw new Error('no stream')
    this.#reader = answer.body.getReader()
  }
  async #more(): Promise<boolean> {
    const { value, done } = await this.#reader.read()
    if (done) return false
    this.#text += new TextDecoder().decode(value)
    const parts = this.#text.split('\n\n')
    this.#text = parts.pop() ?? ''
    for (const part of parts) {
      const match = /^event: (\w+)\ndata: (.*)$/.exec(part)
      if (match) this.events.push({ event: match[1] ?? '', data: JSON.parse(match[2] ?? '') })
      else this.heartbeats += 1
    }
    return true
  }
  async until(enough: (reader: Reader) => boolean): Promise<void> {
    while (!enough(this)) if (!(await this.#more())) throw new Error('the stream ended')
  }
  async ended(): Promise<void> {
    while (await this.#more());
  }
}

describe('live status', () => {
  let world: World
  let app: FastifyInstance
  let base: string
  let abort: AbortController
  beforeEach(async () => {
    world = makeWorld()
    world.deps.limits = { streamsPerIntakeMax: 2, streamHeartbeatMs: 30 }
    app = await buildApp(world.deps)
    base = await app.listen({ host: '127.0.0.1', port: 0 })
    abort = new AbortController()
  })
  afterEach(async () => {
    abort.abort()
    await app.close()
  })
  const open = (token: string) => fetch(`${base}/api/intake/status/stream`, { headers: linkHeaders(token), signal: abort.signal })

  it('sends where things stand at once and after every change of that intake, and beats in between', async () => {
    const { token, facts } = world.link({ status: 'submitted' })
    const answer = await open(token)
    expect(answer.headers.get('content-type')).to.equal('text/event-stream; charset=utf-8')
    expect(answer.headers.get('x-correlation-id')).to.match(/^[0-9a-f-]{36}$/)
    const reader = new Reader(answer)
    await reader.until((r) => r.events.length === 1)
    expect(reader.events[0]?.data).to.include({ intakeId: facts.intakeId, eligibility: null, settled: false })
    await reader.until((r) => r.heartbeats > 0)

    const journey = world.journeys.get(facts.intakeId)
    if (journey) journey.eligibility = 'confirmed'
    world.journeyChanged({ tenantId: hillside, intakeId: facts.intakeId })
    world.journeyChanged({ tenantId: facts.tenantId, intakeId: world.link().facts.intakeId })
    world.journeyChanged({ tenantId: facts.tenantId, intakeId: facts.intakeId })
    await reader.until((r) => r.events.length === 2)
    expect(reader.events[1]?.data).to.include({ eligibility: 'confirmed', settled: true })
  })

  it('tells at once what was charged and what goes back, without another state', async () => {
    const { token, facts } = world.link({ status: 'submitted' })
    const { ofPatient } = world.deps.payments
    const moves: { is: 'charge'; state: 'done'; amountMinor: number; currency: string; at: string }[] = []
    world.deps.payments.ofPatient = async (link, now) => ({ ...(await ofPatient(link, now)), moves })
    const reader = new Reader(await open(token))
    await reader.until((r) => r.events.length === 1)
    expect(reader.events[0]?.data).to.deep.include({ moves: [] })
    moves.push({ is: 'charge', state: 'done', amountMinor: 2500, currency: 'USD', at: '2026-03-01T09:00:00.000Z' })
    world.journeyChanged({ tenantId: facts.tenantId, intakeId: facts.intakeId })
    await reader.until((r) => r.events.length === 2)
    expect(reader.events[1]?.data).to.deep.include({ moves })
  })

  it('refuses more streams than its limit for one intake, and takes one again when another has gone', async () => {
    const { token } = world.link()
    const first = new AbortController()
    const one = await fetch(`${base}/api/intake/status/stream`, { headers: linkHeaders(token), signal: first.signal })
    expect(one.status).to.equal(200)
    expect((await open(token)).status).to.equal(200)
    const third = await open(token)
    const told = (await third.json()) as { error: { code: string } }
    expect([third.status, told.error.code]).to.deep.equal([429, 'too-many-requests'])
    first.abort()
    const deadline = performance.now() + 20_000
    let status = 429
    while (status === 429 && performance.now() < deadline) status = (await open(token)).status
    expect(status).to.equal(200)
  })

  it('tells ops which intakes of their clinic changed, and nobody else’s', async () => {
    const { cookie, user } = world.session(['ops'])
    const reader = new Reader(await fetch(`${base}/api/ops/journeys/stream`, { headers: { cookie }, signal: abort.signal }))
    await reader.until((r) => r.heartbeats > 0)
    world.journeyChanged({ tenantId: hillside, intakeId: '00000000-0000-4000-8000-000000000001' })
    world.journeyChanged({ tenantId: user.tenantId, intakeId: '00000000-0000-4000-8000-000000000002' })
    await reader.until((r) => r.events.length > 0)
    expect(reader.events).to.deep.equal([{ event: 'change', data: { intakeId: '00000000-0000-4000-8000-000000000002' } }])
  })

  it('ends its streams when the process stops, without waiting for the readers', async () => {
    const reader = new Reader(await open(world.link().token))
    await reader.until((r) => r.events.length === 1)
    const started = performance.now()
    await app.close()
    await reader.ended()
    expect(performance.now() - started).to.be.below(10_000)
  })

  it('tells ops what changed in their own clinic, by name and id', async () => {
    const { cookie, user } = world.session(['ops'])
    const answer = await fetch(`${base}/api/ops/stream`, { headers: { cookie }, signal: abort.signal })
    const reader = new Reader(answer)
    await reader.until((r) => r.heartbeats > 0)
    world.opsChanged({ tenantId: hillside, is: 'item', id: 'theirs' })
    world.opsChanged({ tenantId: user.tenantId, is: 'item', id: 'ours' })
    world.opsChanged({ tenantId: user.tenantId, is: 'breaker', id: 'clearinghouse/QUIET3' })
    await reader.until((r) => r.events.length >= 2)
    expect(reader.events).to.deep.equal([
      { event: 'item', data: { id: 'ours' } },
      { event: 'breaker', data: { id: 'clearinghouse/QUIET3' } },
    ])
  })
})
