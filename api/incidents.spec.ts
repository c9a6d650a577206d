import { expect } from 'chai'
import type { FastifyInstance } from 'fastify'
import { buildApp } from './app.ts'
import { hillside, makeWorld, now, staffHeaders, type World } from './testing/fakes.ts'

describe('incidents', () => {
  let world: World
  let app: FastifyInstance
  beforeEach(async () => {
    world = makeWorld()
    app = await buildApp(world.deps)
  })
  afterEach(() => app.close())

  const call = (method: 'GET' | 'POST', url: string, payload?: Record<string, unknown>) =>
    app.inject({ method, url, headers: staffHeaders(world.session(['ops']).cookie), ...(payload ? { payload } : {}) })
  const idsOf = async (query: string): Promise<string[]> => (await call('GET', `/api/ops/incidents${query}`)).json().items.map((i: { id: string }) => i.id)

  it('lists what is open unless asked for what is closed, of this clinic, by kind', async () => {
    const refused = world.incident()
    const silence = world.incident({ kind: 'silence', payerId: 'SLOWB4', payerName: 'Slow Batch', about: { is: 'payer', id: 'SLOWB4' }, canSendAgain: false })
    const closed = world.incident({ status: 'resolved', reason: 'went-away', closedAt: now.toISOString() })
    world.incident({ tenantId: hillside })
    expect(await idsOf('')).to.deep.equal([refused, silence])
    expect(await idsOf('?kind=silence')).to.deep.equal([silence])
    expect(await idsOf('?status=resolved')).to.deep.equal([closed])
    expect((await call('GET', '/api/ops/incidents?kind=weather')).statusCode).to.equal(400)
  })

  it('shows no field that the document does not name', async () => {
    world.incident({ memberId: 'PLANTED' } as object)
    expect((await call('GET', '/api/ops/incidents')).body)
      .to.not.contain('PLANTED')
      .and.not.contain('tenantId')
  })

  it('closes once, with a reason from the list, in the name of who is signed in', async () => {
    const id = world.incident()
    const close = (reason: string) => call('POST', `/api/ops/incidents/${id}/close`, { reason })
    expect((await close('because I said so')).statusCode).to.equal(400)
    // These two the hub alone may write: they say what it did.
    for (const reason of ['sent-again', 'went-away']) expect((await close(reason)).statusCode, reason).to.equal(400)
    expect((await close('partner-is-back')).json()).to.deep.equal({ incidentId: id })
    expect(world.incidents.get(id)?.closedBy).to.match(/^user:/)
    const again = await close('partner-is-back')
    expect([again.statusCode, again.json().error.code]).to.deep.equal([409, 'already-resolved'])
  })

  it('sends again once and says how many; not what was answered meanwhile, and not what is closed', async () => {
    const id = world.incident()
    const again = (incidentId: string) => call('POST', `/api/ops/incidents/${incidentId}/send-again`)
    expect((await again(id)).json()).to.deep.equal({ incidentId: id, inquiries: 3 })
    const twice = await again(id)
    expect([twice.statusCode, twice.json().error.code]).to.deep.equal([409, 'already-resolved'])
    const nothing = await again(world.incident({ canSendAgain: false }))
    expect([nothing.statusCode, nothing.json().error.code]).to.deep.equal([409, 'nothing-to-send'])
  })
})
