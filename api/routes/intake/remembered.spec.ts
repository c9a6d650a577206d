import type { LinkFacts } from '@heliox/core/ports'
import { expect } from 'chai'
import type { FastifyInstance } from 'fastify'
import { buildApp } from '../../app.ts'
import { linkHeaders, makeWorld, submission, type World } from '../../testing/fakes.ts'

/** What is looked up before a form is kept is remembered from the patient's earlier calls. */
describe('the link of a form that is sent', () => {
  let world: World
  let app: FastifyInstance
  let lookUps: number
  let token: string
  let facts: LinkFacts
  beforeEach(async () => {
    world = makeWorld()
    lookUps = 0
    const { intakes } = world.deps
    const findLink: typeof intakes.findLink = (...of) => {
      lookUps += 1
      return intakes.findLink(...of)
    }
    app = await buildApp({ ...world.deps, intakes: { ...intakes, findLink } })
    ;({ token, facts } = world.link())
  })
  afterEach(() => app.close())

  const read = () => app.inject({ url: '/api/intake', headers: linkHeaders(token) })
  const send = async (key = 'key-0123456789abcdef', body: object = submission()) => {
    const answer = await app.inject({ method: 'POST', url: '/api/intake/submit', headers: { ...linkHeaders(token), 'idempotency-key': key }, payload: body })
    return { status: answer.statusCode, code: (answer.json() as { error?: { code: string } }).error?.code ?? null, cookie: answer.headers['set-cookie'] }
  }

  it('is not looked up again where it was read here, and is where it was not', async () => {
    await read()
    expect(lookUps).to.equal(1)
    expect(await send()).to.deep.include({ status: 202 })
    expect([lookUps, world.submits.length]).to.deep.equal([1, 1])
    ;({ token } = world.link())
    expect(await send()).to.deep.include({ status: 202 })
    expect([lookUps, world.submits.length]).to.deep.equal([2, 2])
  })

  it('is looked up for the repeat of a form that was sent, which gets its answer, and for another form, which gets none', async () => {
    await read()
    await send()
    expect(await send()).to.deep.include({ status: 202 })
    expect(await send('key-0123456789abcdeg')).to.deep.include({ status: 409, code: 'intake-closed' })
    expect(world.submits).to.have.length(1)
  })

  const meanwhile: [title: string, change: (facts: LinkFacts) => void, refused: { status: number; code: string }][] = [
    ['was revoked', (link) => Object.assign(link, { status: 'revoked' }), { status: 404, code: 'link-unknown' }],
    ['ran out', (link) => Object.assign(link, { expiresAt: '2020-01-01T00:00:00.000Z' }), { status: 410, code: 'link-ended' }],
    ['asks for the proof', (link) => Object.assign(link, { proof: 'asked' }), { status: 401, code: 'proof-needed' }],
    ['is of a visit that was called off', (link) => Object.assign(link, { visitStatus: 'cancelled' }), { status: 409, code: 'visit-cancelled' }],
  ]
  for (const [title, change, refused] of meanwhile)
    it(`tells the same as ever when it ${title} meanwhile`, async () => {
      await read()
      change(facts)
      const answer = await send()
      expect({ status: answer.status, code: answer.code }).to.deep.equal(refused)
      expect([world.submits.length, answer.cookie]).to.deep.equal([0, undefined])
    })

  it('decides about the day of the visit as it is now, not as it was when it was read', async () => {
    // Of age on the day that was read, not on the day that is.
    const minor = submission()
    const body = { ...minor, answers: { ...(minor.answers as object), birthDate: '2008-03-05' } }
    Object.assign(facts, { startsAt: '2026-03-06T15:00:00.000Z' })
    await read()
    Object.assign(facts, { startsAt: '2026-03-04T15:00:00.000Z' })
    expect(await send(undefined, body)).to.deep.include({ status: 400, code: 'invalid' })
    Object.assign(facts, { startsAt: '2026-03-06T15:00:00.000Z' })
    expect(await send(undefined, body)).to.deep.include({ status: 202 })
  })
})
