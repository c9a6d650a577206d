import { expect } from 'chai'
import type { FastifyInstance } from 'fastify'
import { buildApp } from '../app.ts'
import { hillside, lakeside, makeWorld, rhein, staffHeaders, type World } from '../testing/fakes.ts'
import { boardParts } from './board.ts'
import { boardPage } from './board-page.ts'

describe('the queue board at the door', () => {
  let world: World
  let app: FastifyInstance
  beforeEach(async () => {
    world = makeWorld()
    app = await buildApp(world.deps)
  })
  afterEach(() => app.close())
  const origin = { origin: 'http://hub.example' }
  const put = (url: string, headers: Record<string, string>) => app.inject({ method: 'PUT', url: `/ops/queues/api/queues/${url}`, headers })

  it('is for operations and administrators, and refusals are audited', async () => {
    for (const [role, page, data] of [
      ['ops', 200, 200],
      ['admin', 200, 200],
      ['front-desk', 403, 403],
      ['analyst', 403, 403],
    ] as const) {
      const { cookie } = world.session([role])
      expect((await app.inject({ url: '/ops/queues', headers: { cookie } })).statusCode, role).to.equal(page)
      expect((await app.inject({ url: '/ops/queues/api/queues', headers: { cookie } })).statusCode, role).to.equal(data)
    }
    expect(world.audits.map(({ action, outcome }) => `${action} ${outcome}`)).to.deep.equal(Array.from({ length: 4 }, () => 'queue.read denied'))
    expect((await app.inject({ url: '/ops/queues/api/queues' })).statusCode).to.equal(401)
    expect((await app.inject({ url: '/ops/queues/api/queues', headers: { cookie: world.session(['ops'], rhein).cookie } })).statusCode).to.equal(421)
  })

  it('takes a change from our own pages only', async () => {
    const { cookie } = world.session(['ops'])
    const letter = 'flow.eligibility/d1/retry'
    expect((await put(letter, { cookie })).statusCode, 'no word of where it comes from').to.equal(403)
    expect((await put(letter, { cookie, origin: 'https://evil.example' })).statusCode).to.equal(403)
    expect((await put(letter, { cookie, origin: 'null' })).statusCode).to.equal(403)
    expect((await put(letter, { ...staffHeaders(cookie), ...origin })).statusCode).to.equal(204)
    expect(world.audits).to.have.lengthOf(1)
  })

  describe('when a dead letter is corrected', () => {
    const url = '/ops/queues/api/queues/flow.eligibility/d1/update-data'
    const patch = (cookie: string, payload: object) => app.inject({ method: 'PATCH', url, headers: { cookie, ...origin }, payload })
    const shown = { queue: 'flow.eligibility', type: 'x.v1', reference: null, intakeId: null, correctable: [] }
    const why = { correctionReason: 'software-fixed' }
    const corrected: unknown[] = []
    beforeEach(() => {
      corrected.length = 0
      const { deadLetters } = world.deps
      const { correct } = deadLetters
      deadLetters.correct = (tenantId, queue, id, payload, before) => {
        corrected.push({ tenantId, queue, id, payload })
        return correct(tenantId, queue, id, payload, before)
      }
    })

    it('goes back with the new payload, and the audit says who did it', async () => {
      const { cookie } = world.session(['ops'])
      const { job } = (await app.inject({ url: '/ops/queues/api/queues/flow.eligibility/d1', headers: { cookie } })).json()
      expect(job.data).to.deep.equal({ ...shown, payload: null, correctionReason: null })
      expect((await patch(cookie, { jobData: { ...job.data, ...why, payload: { amount: 12 } } })).statusCode).to.equal(200)
      expect(corrected).to.deep.equal([{ tenantId: lakeside, queue: 'flow.eligibility', id: 'd1', payload: { amount: 12 } }])
      expect(world.audits.map(({ action, resource, purpose, outcome }) => ({ action, resource, purpose, outcome }))).to.deep.equal([
        { action: 'dead-letter.correct', resource: 'd1 fields:serviceDate', purpose: 'software-fixed', outcome: 'ok' },
      ])
    })

    it('keeps everything but the payload, and needs a reason from the list', async () => {
      const { cookie } = world.session(['ops'])
      for (const jobData of [
        ...[{ ...shown, ...why, type: 'y.v1', payload: {} }, { ...shown, ...why, queue: 'flow.intake', payload: {} }, { ...why, payload: {} }, 7],
        { ...shown, ...why, correctable: ['verdict'], payload: {} },
        ...[undefined, null, '', 'Jane Q Patient called'].map((correctionReason) => ({ ...shown, payload: {}, correctionReason })),
      ]) {
        const answer = await patch(cookie, { jobData })
        expect([answer.statusCode, answer.json().message], JSON.stringify(jobData)).to.deep.equal([
          409,
          'Only fields named under “correctable” can be put right, so that the contract fits, and “correctionReason” must say why. Nothing was changed.',
        ])
      }
      expect([corrected, world.audits]).to.deep.equal([[], []])
    })

    it("is not for who may only look, for another clinic, for other sites, nor for a person's item", async () => {
      const jobData = { ...shown, ...why, payload: {} }
      const { cookie } = world.session(['ops'])
      expect((await patch(world.session(['admin']).cookie, { jobData })).statusCode).to.equal(405)
      expect((await patch(world.session(['ops'], hillside).cookie, { jobData })).statusCode).to.equal(404)
      expect((await app.inject({ method: 'PATCH', url, headers: { cookie, origin: 'https://evil.example' }, payload: { jobData } })).statusCode).to.equal(403)
      const id = world.override({ tenantId: lakeside })
      const item = `/ops/queues/api/queues/override/${id}/update-data`
      expect((await app.inject({ method: 'PATCH', url: item, headers: { cookie, ...origin }, payload: { jobData: {} } })).statusCode).to.equal(403)
      expect([corrected, world.audits]).to.deep.equal([[], []])
    })
  })

  it('has no route for what only Redis queues can do', async () => {
    const { cookie } = world.session(['ops'])
    for (const url of [
      ...['pause', 'resume', 'flow.eligibility/pause', 'flow.eligibility/empty', 'flow.eligibility/obliterate', 'flow.eligibility/promote'],
      ...['flow.eligibility/clean/failed', 'flow.eligibility/retry/failed', 'flow.eligibility/d1/clean', 'flow.eligibility/d1/promote'],
      ...['flow.eligibility/d1/delay', 'flow.eligibility/d1/priority', 'flow.eligibility/concurrency'],
    ]) {
      expect((await put(url, { cookie, ...origin })).statusCode, url).to.equal(404)
    }
    const added = await app.inject({ method: 'POST', url: '/ops/queues/api/queues/flow.eligibility/add', headers: { cookie, ...origin }, payload: {} })
    expect(added.statusCode).to.equal(404)
  })

  it('says what waits while the bus is away, and that it is away when asked to give something back', async () => {
    const { Refusal } = await import('../kit/errors.ts')
    const away = async () => Promise.reject(new Refusal('bus-away'))
    Object.assign(world.deps.deadLetters, { counts: away, list: away, requeue: away })
    world.figures.flows = [{ flow: 'eligibility', active: 2, retrying: 0, held: 0 }]
    const { cookie } = world.session(['ops'])
    const { queues } = (await app.inject({ url: '/ops/queues/api/queues', headers: { cookie } })).json()
    expect(queues.find((queue: { name: string }) => queue.name === 'flow.eligibility').counts).to.deep.equal({ active: 2, delayed: 0, failed: 0 })
    const answer = await put('flow.eligibility/d1/retry', { cookie, ...origin })
    expect([answer.statusCode, answer.json().message]).to.deep.equal([503, 'The message bus does not answer now. Everything else works.'])
  })

  it('shows ids and codes of an item, and the words for staff, and nothing else', async () => {
    const id = world.override({ tenantId: lakeside, staffText: 'The payer did not answer.' })
    const { cookie } = world.session(['ops'])
    const { job } = (await app.inject({ url: `/ops/queues/api/queues/override/${id}`, headers: { cookie } })).json()
    expect(Object.keys(job.data).sort()).to.deep.equal(
      ['attempts', 'cause', 'flow', 'intakeId', 'operation', 'owner', 'page', 'partner', 'reference', 'step', 'version', 'visitAt'].filter(
        (n) => n !== 'attempts',
      ),
    )
    expect([job.failedReason, job.attempts, job.data.page]).to.deep.equal(['The payer did not answer.', 4, `/ops/overrides/${id}`])
  })

  it('lists nothing beyond the last page that it ever lists', async () => {
    const { cookie } = world.session(['ops'])
    world.figures.flows = [{ flow: 'eligibility', active: 5_000, retrying: 0, held: 0 }]
    const asked: number[] = []
    const deliveries = world.deps.live.deliveries
    world.deps.live.deliveries = (tenantId, flow, state, page) => {
      asked.push(page.limit)
      return deliveries(tenantId, flow, state, page)
    }
    for (const queue of ['flow.eligibility', 'override']) {
      const url = `/ops/queues/api/queues?activeQueue=${queue}&status=active&page=200&jobsPerPage=10`
      expect((await app.inject({ url, headers: { cookie } })).statusCode, queue).to.equal(200)
    }
    expect(
      asked.filter((limit) => limit < 1),
      'storage refuses a negative limit',
    ).to.deep.equal([])
  })

  it('makes one decision of a retry that is pressed twice, in the name of who pressed', async () => {
    const id = world.override({ tenantId: lakeside })
    const { cookie, user } = world.session(['ops'])
    const statuses = await Promise.all([1, 2].map(async () => (await put(`override/${id}/retry`, { cookie, ...origin })).statusCode))
    expect(statuses).to.deep.equal([204, 204])
    expect([...world.decisions.values()].map(({ overrideId, action, reason, by }) => ({ overrideId, action, reason, by: by.userId }))).to.deep.equal([
      { overrideId: id, action: 'retry', reason: 'other', by: user.userId },
    ])
  })

  it('decides anew when the retry before came to nothing', async () => {
    const id = world.override({ tenantId: lakeside })
    const { cookie } = world.session(['ops'])
    await put(`override/${id}/retry`, { cookie, ...origin })
    for (const decision of world.decisions.values()) decision.state = 'refused'
    expect((await put(`override/${id}/retry`, { cookie, ...origin })).statusCode).to.equal(204)
    expect([...world.decisions.values()].map((decision) => decision.state)).to.have.members(['refused', 'scheduled'])
  })

  it('leaves an item to the person who works on it', async () => {
    const claim = { userId: crypto.randomUUID(), name: 'Omar Ops', until: '2026-03-02T10:10:00.000Z' }
    const id = world.override({ tenantId: lakeside, claim })
    const answer = await put(`override/${id}/retry`, { cookie: world.session(['ops']).cookie, ...origin })
    expect(answer.statusCode).to.equal(409)
    expect(world.decisions.size).to.equal(0)
  })

  it("cannot retry another clinic's item", async () => {
    const id = world.override({ tenantId: lakeside })
    const { cookie } = world.session(['ops'], hillside)
    expect((await put(`override/${id}/retry`, { cookie, ...origin })).statusCode).to.equal(404)
    expect(world.decisions.size).to.equal(0)
  })

  it('serves a page in which nothing is foreign and nothing runs inline', async () => {
    const answer = await app.inject({ url: '/ops/queues', headers: { cookie: world.session(['ops']).cookie } })
    expect(answer.body).to.not.match(/https?:|<style|style=|\son\w+=/)
    expect(answer.headers['content-security-policy']).to.include("script-src 'self'").and.to.include("style-src 'self'").and.to.include("base-uri 'self'")
    expect(answer.headers['cache-control']).to.equal('no-store')
  })

  it('does not start with a board that hands over another page or other routes', () => {
    expect(boardPage({ basePath: '/', title: 't', favIconAlternative: 'a', favIconDefault: 'b', uiConfig: '{}' })).to.include('href="board.css"')
    expect(() => boardPage({ basePath: '/' })).to.throw(/the queue board's page is not what it was/)
    expect(boardParts({}).api.length).to.be.greaterThan(20)
  })
})
