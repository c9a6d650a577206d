import { expect } from 'chai'
import type { FastifyInstance } from 'fastify'
import { buildApp } from './app.ts'
import { chartSince } from './testing/fake-visits.ts'
import { linkHeaders, makeWorld, staffHeaders, submission, type World } from './testing/fakes.ts'

describe('changing a visit through the api', () => {
  let world: World
  let app: FastifyInstance
  beforeEach(async () => {
    world = makeWorld()
    app = await buildApp(world.deps)
  })
  afterEach(() => app.close())

  const change = (visitId: string, body: unknown, match: string | null = '"1"') => {
    const { cookie } = world.session(['front-desk'])
    const headers = { ...staffHeaders(cookie), ...(match === null ? {} : { 'if-match': match }) }
    return app.inject({ method: 'POST', url: `/api/clinic/visits/${visitId}/changes`, headers, payload: body as object })
  }
  const codeOf = (answer: { json(): { error?: { code: string }; code?: string } }): string | undefined => answer.json().error?.code ?? answer.json().code

  it('is for who says which one they saw, and refuses another than that', async () => {
    const { facts } = world.link()
    const cancel = { change: 'cancelled', reason: 'patient-asked' }
    expect((await change(facts.visitId, cancel, null)).statusCode).to.equal(400)
    expect((await change(facts.visitId, cancel, '*')).statusCode).to.equal(400)
    const done = await change(facts.visitId, cancel)
    expect([done.statusCode, done.json().status, done.json().revision]).to.deep.equal([200, 'cancelled', 2])
    expect((await change(facts.visitId, { change: 'reopened' })).statusCode, 'the revision of before').to.equal(409)
    expect((await change(facts.visitId, { change: 'reopened' }, '"2"')).statusCode).to.equal(200)
  })

  it('refuses a time in the past, a reason that is not the desk’s, and what its state does not allow', async () => {
    const { facts } = world.link()
    const past = { change: 'moved', startsAt: '2020-01-01T10:00:00Z', minutes: 20 }
    expect((await change(facts.visitId, past)).statusCode).to.equal(400)
    expect((await change(facts.visitId, { change: 'cancelled', reason: 'elsewhere' })).statusCode).to.equal(400)
    const refused = await change(facts.visitId, { change: 'reopened' })
    expect([refused.statusCode, codeOf(refused)]).to.deep.equal([409, 'visit-not-possible'])
  })

  it('says that its appointment names another patient, and makes no link meanwhile', async () => {
    const { facts } = world.link()
    const { cookie } = world.session(['front-desk'])
    const ask = (method: 'GET' | 'POST', url: string) => app.inject({ method, url, headers: staffHeaders(cookie) })
    expect((await ask('GET', `/api/clinic/visits/${facts.visitId}`)).json().ofAnother).to.equal(false)
    world.ofAnother.add(facts.visitId)
    expect((await ask('GET', `/api/clinic/visits/${facts.visitId}`)).json().ofAnother).to.equal(true)
    const refused = await ask('POST', `/api/clinic/visits/${facts.intakeId}/link`)
    expect([refused.statusCode, codeOf(refused)]).to.deep.equal([409, 'visit-not-possible'])
    world.ofAnother.clear()
    expect((await ask('POST', `/api/clinic/visits/${facts.intakeId}/link`)).statusCode).to.equal(201)
  })

  it('lets a chart be forgotten by who says which one they saw and why, and gives away none of its number', async () => {
    const { facts } = world.link()
    const { cookie } = world.session(['front-desk'])
    const forget = (payload: object) =>
      app.inject({ method: 'POST', url: `/api/clinic/visits/${facts.visitId}/forgotten-charts`, headers: staffHeaders(cookie), payload })
    expect((await forget({ knownSince: chartSince })).statusCode).to.equal(400)
    expect((await forget({ knownSince: chartSince, reason: 'because' })).statusCode).to.equal(400)
    const other = await forget({ knownSince: '2026-01-05T09:00:01.000Z', reason: 'another-person' })
    expect([other.statusCode, codeOf(other)]).to.deep.equal([409, 'changed-meanwhile'])
    for (let times = 0; times < 2; times += 1) {
      const done = await forget({ knownSince: chartSince, reason: 'another-person' })
      expect([done.statusCode, done.json().chart]).to.deep.equal([200, null])
    }
  })

  it('takes no form for a visit that was called off, and tells its patient so in both languages', async () => {
    const { token } = world.link({ visitStatus: 'cancelled' })
    const sent = await app.inject({
      method: 'POST',
      url: '/api/intake/submit',
      headers: { ...linkHeaders(token), 'idempotency-key': 'a-key-of-this-test' },
      payload: submission(),
    })
    expect([sent.statusCode, codeOf(sent)]).to.deep.equal([409, 'visit-cancelled'])
    const opened = await app.inject({ method: 'GET', url: '/api/intake', headers: linkHeaders(token) })
    expect(opened.json().visit.status).to.equal('cancelled')
    for (const [language, words] of [
      ['en', 'Your visit was cancelled'],
      ['es', 'Su visita se canceló'],
    ]) {
      const page = await app.inject({ method: 'GET', url: `/status/${token}?lang=${language}` })
      expect(page.body).to.include(words)
      expect(page.body).to.not.include('class="button" href="/i/')
    }
  })
})
