import { randomUUID } from 'node:crypto'
import { expect } from 'chai'
import type { FastifyInstance } from 'fastify'
import { buildApp } from './app.ts'
import { makeWorld, staffHeaders, type World } from './testing/fakes.ts'

describe('bulk releases, as ops ask for them', () => {
  let world: World
  let app: FastifyInstance
  let cookie: string
  beforeEach(async () => {
    world = makeWorld()
    app = await buildApp(world.deps)
    cookie = world.session(['ops']).cookie
  })
  afterEach(() => app.close())

  const post = (path: string, payload?: object) =>
    app.inject({ method: 'POST', url: `/api/ops/bulk-releases${path}`, headers: staffHeaders(cookie), ...(payload ? { payload } : {}) })
  const wish = (of: object = {}) => ({
    ...{
      bulkReleaseId: randomUUID(),
      action: 'retry',
      selection: { cause: 'timeout' },
      ratePerMinute: 60,
      reason: 'partner-is-back',
      note: 'It answers again.',
    },
    ...of,
  })
  const outcome = (answer: { statusCode: number; json(): { error: { code: string } } }) => [answer.statusCode, answer.json().error.code]

  it('are planned first: how many, which visits, some of the items; and nothing is started', async () => {
    const ids = [world.override(), world.override()]
    const answer = await post('/plan', { action: 'retry', selection: { cause: 'timeout' } })
    expect(answer.statusCode).to.equal(200)
    expect(answer.json().plan).to.include({ items: 2, more: false })
    expect(answer.json().sample.map((item: { id: string }) => item.id)).to.have.members(ids)
    expect(world.bulkReleases.size).to.equal(0)
  })

  it('are offered the reasons that the rules give for their action, and the rates that are taken', async () => {
    const offered = async (action: string) => (await post('/plan', { action, selection: { cause: 'timeout' } })).json()
    expect(await offered('other-route')).to.deep.include({ reasons: ['partner-away', 'other'], rateDefault: 60, rateMax: 600 })
    expect((await offered('retry')).reasons).to.deep.equal(['partner-is-back', 'connection-fixed', 'software-fixed', 'other'])
  })

  it('name what they are about: an empty form releases nothing', async () => {
    world.override()
    expect(outcome(await post('/plan', { action: 'retry', selection: {} }))).to.deep.equal([400, 'invalid'])
    expect(outcome(await post('', wish({ selection: {} })))).to.deep.equal([400, 'invalid'])
    expect(outcome(await post('', wish({ selection: { member: 'HX1' } })))).to.deep.equal([400, 'invalid'])
  })

  it('take a rate from 1 to 600 a minute, a reason from the list, and only what may be undone by stopping', async () => {
    world.override()
    for (const wrong of [{ ratePerMinute: 0 }, { ratePerMinute: 601 }, { ratePerMinute: 1.5 }, { reason: 'why not' }, { note: '' }, { action: 'confirm' }])
      expect(outcome(await post('', wish(wrong))), JSON.stringify(wrong)).to.deep.equal([400, 'invalid'])
    expect(world.bulkReleases.size).to.equal(0)
  })

  it('start once under one id, and not over nothing', async () => {
    expect(outcome(await post('', wish()))).to.deep.equal([409, 'bulk-empty'])
    world.override()
    const same = wish()
    const first = await post('', same)
    expect(first.json()).to.include({ id: same.bulkReleaseId, status: 'running' })
    expect((await post('', same)).json()).to.deep.equal(first.json())
    expect(outcome(await post('', { ...same, ratePerMinute: 61 }))).to.deep.equal([409, 'bulk-conflict'])
  })

  it('stop, go on, and say when they have ended', async () => {
    world.override()
    const { bulkReleaseId, ...rest } = wish()
    await post('', { bulkReleaseId, ...rest })
    expect((await post(`/${bulkReleaseId}/stop`)).json()).to.include({ status: 'stopped' })
    expect((await post(`/${bulkReleaseId}/resume`)).json()).to.include({ status: 'running' })
    Object.assign(world.bulkReleases.get(bulkReleaseId) ?? {}, { status: 'finished' })
    expect(outcome(await post(`/${bulkReleaseId}/stop`))).to.deep.equal([409, 'bulk-finished'])
    expect(outcome(await post(`/${randomUUID()}/stop`))).to.deep.equal([404, 'not-found'])
  })

  it('show no note and no clinic', async () => {
    world.override()
    const { bulkReleaseId, ...rest } = wish({ note: 'PLANTED' })
    const started = await post('', { bulkReleaseId, ...rest })
    const listed = await app.inject({ url: '/api/ops/bulk-releases', headers: staffHeaders(cookie) })
    for (const { body } of [started, listed]) expect(body).to.not.match(/PLANTED|tenantId/)
    expect(listed.json().items).to.have.length(1)
  })
})
