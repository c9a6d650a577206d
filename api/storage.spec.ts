import { expect } from 'chai'
import type { FastifyInstance } from 'fastify'
import { buildApp } from './app.ts'
import { linkHeaders, makeWorld, staffHeaders, submission, type World } from './testing/fakes.ts'

const coded = (code: string) => Object.assign(new Error('Zebulonia in the text of the server'), { code })
const away = coded('ECONNREFUSED')
const full = coded('53100')
const readOnly = coded('25006')

/** What people and programs are told while the database is away, full or closed to writes. The real ones: `evidence/storage.spec.ts`. */
describe('storage that cannot be used', () => {
  let world: World
  let app: FastifyInstance
  let token: string
  beforeEach(async () => {
    world = makeWorld()
    app = await buildApp(world.deps)
    token = world.link().token
  })
  afterEach(() => app.close())
  const submit = () =>
    app.inject({
      method: 'POST',
      url: '/api/intake/submit',
      headers: { ...linkHeaders(token), 'idempotency-key': 'key-0123456789abcdef' },
      payload: submission(),
    })
  const failing = (error: Error) => async () => {
    throw error
  }

  for (const [what, error, code, retryAfter, says] of [
    ['away', away, 'storage-away', '5', 'may not be saved yet'],
    ['full', full, 'storage-read-only', '30', 'was not saved'],
    ['read-only', readOnly, 'storage-read-only', '30', 'was not saved'],
  ] as const) {
    it(`${what}: a patient’s submit is answered 503, with when to try again and that nothing is lost`, async () => {
      world.deps.intakes.submit = failing(error)
      const answer = await submit()
      expect([answer.statusCode, answer.json().error.code, answer.headers['retry-after']]).to.deep.equal([503, code, retryAfter])
      expect(answer.json().error.message).to.contain(says).and.to.contain('Nothing is lost on your side')
      expect(answer.headers['cache-control']).to.equal('no-store')
      expect(answer.body).to.not.contain('Zebulonia')
      expect(world.logLines.join('\n')).to.contain(error.code).and.to.not.contain('Zebulonia')
    })
  }

  it('staff get the same from the door on: who they are cannot be looked up', async () => {
    world.deps.accounts.session = failing(away)
    const answer = await app.inject({ url: '/api/ops/overrides', headers: staffHeaders(world.session(['ops']).cookie) })
    expect([answer.statusCode, answer.json().error.code]).to.deep.equal([503, 'storage-away'])
  })

  it('a page says that something went wrong on our side, with 503', async () => {
    world.deps.intakes.findLink = failing(away)
    const page = await app.inject({ url: `/status/${token}`, headers: { 'accept-language': 'es' } })
    expect([page.statusCode, page.headers['retry-after']]).to.deep.equal([503, '5'])
    expect(page.body).to.contain('No se ha perdido nada')
  })

  it('readiness says which it is; the process lives', async () => {
    const ready = async () => {
      const answer = await app.inject('/api/ready')
      return [answer.statusCode, answer.json().error?.code ?? null]
    }
    expect(await ready()).to.deep.equal([200, null])
    const { submit: works } = world.deps.intakes
    world.deps.intakes.submit = failing(full)
    await submit()
    expect(await ready(), 'it cannot ask a disk: it goes by the last refused write').to.deep.equal([503, 'storage-read-only'])
    world.deps.intakes.submit = works
    for (const [error, code] of [
      [away, 'storage-away'],
      [readOnly, 'storage-read-only'],
      [new Error('x'), 'not-ready'],
    ] as const) {
      world.deps.ready = failing(error)
      expect(await ready()).to.deep.equal([503, code])
    }
    expect((await app.inject('/api/health')).statusCode).to.equal(200)
  })

  it('does not write a line of trouble for each of two hundred refused requests', async () => {
    world.deps.intakes.findLink = failing(away)
    for (let i = 0; i < 200; i += 1) await app.inject({ url: '/api/intake', headers: linkHeaders(token) })
    expect(world.logLines.filter((line) => line.includes('storage could not be used'))).to.have.length(20)
  })

  it('takes nothing else for it: a bug stays a 500', async () => {
    world.deps.intakes.submit = failing(coded('23505'))
    expect((await submit()).statusCode).to.equal(500)
  })
})
