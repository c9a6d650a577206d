import { expect } from 'chai'
import type { FastifyInstance } from 'fastify'
import { buildApp } from './app.ts'
import { lakeside, linkHeaders, makeWorld, now, rhein, staffHeaders, type World } from './testing/fakes.ts'

const key = 'key-0123456789abcdef'

describe('corrections', () => {
  let world: World
  let app: FastifyInstance
  beforeEach(async () => {
    world = makeWorld()
    app = await buildApp(world.deps)
  })
  afterEach(() => app.close())

  /** A sent intake whose patient is asked for these. */
  function asked(fields: ('memberId' | 'payerId' | 'birthDate' | 'secondPayerId' | 'secondMemberId')[] = ['memberId', 'payerId']) {
    const link = world.link({ status: 'submitted' })
    world.offers.set(`${link.facts.tenantId} ${link.facts.intakeId}`, { fields, askedBy: 'staff', hints: { memberId: '871', payerId: 'HELIO1' }, left: 5 })
    return link
  }
  const open = (token: string) => app.inject({ url: '/api/intake/correction', headers: linkHeaders(token) })
  const send = (token: string, payload: Record<string, unknown>, idempotencyKey: string | null = key) =>
    app.inject({
      method: 'POST',
      url: '/api/intake/correction',
      headers: { ...linkHeaders(token), ...(idempotencyKey ? { 'idempotency-key': idempotencyKey } : {}) },
      payload,
    })

  it('shows what is asked and how what is there ends, and the insurers only where the insurer is asked', async () => {
    const view = (await open(asked().token)).json()
    expect(view).to.deep.include({ fields: ['memberId', 'payerId'], askedBy: 'staff', hints: { memberId: '871', payerId: 'HELIO1' }, left: 5 })
    expect(view.payers).to.have.length.above(0)
    expect((await open(asked(['memberId']).token)).json().payers).to.deep.equal([])
  })

  it('takes new values once: the same key and body get the same answer, other ones a 409', async () => {
    const { token } = asked()
    const first = await send(token, { memberId: 'HX99872' })
    expect(first.statusCode).to.equal(202)
    expect(first.json().statusUrl).to.equal(`http://hub.example/status/${token}`)
    expect((await send(token, { memberId: 'HX99872' })).json()).to.deep.equal(first.json())
    expect((await send(token, { memberId: 'HX99873' })).json().error.code).to.equal('idempotency-conflict')
    expect(world.corrections).to.have.length(1)
  })

  it('gives the new insurer its name, and refuses one that is not on the list', async () => {
    const { token } = asked()
    const unknown = await send(token, { payerId: 'NOBODY' })
    expect([unknown.statusCode, unknown.json().error.fields]).to.deep.equal([400, [{ path: 'payerId', message: 'must be one of the listed insurers' }]])
    const { id, name } = (await open(token)).json().payers[0]
    expect((await send(token, { payerId: id })).statusCode).to.equal(202)
    expect(world.corrections[0]?.payerName).to.equal(name)
  })

  it('asks for the second insurance with the list of insurers, and takes one of it or the patient’s words', async () => {
    const { token } = asked(['secondPayerId', 'secondMemberId'])
    const { payers } = (await open(token)).json()
    expect(payers).to.have.length.above(0)
    expect((await send(token, { secondPayerId: 'NOBODY' })).json().error.fields).to.deep.equal([
      { path: 'secondPayerId', message: 'must be one of the listed insurers' },
    ])
    expect((await send(token, { secondMemberId: '4242424242424242' })).json().error).to.deep.include({ code: 'card-number-refused' })
    expect((await send(token, { secondPayerId: 'not-listed' })).statusCode).to.equal(400)
    expect((await send(token, { memberId: 'HX99872' })).json().error.code).to.equal('correction-closed')
    const wish = { secondPayerId: 'not-listed', secondPayerText: 'Prairie Farm Mutual', secondMemberId: 'PF1' }
    expect((await send(token, wish)).statusCode).to.equal(202)
    expect(world.corrections[0]).to.deep.include({ fields: wish, payerName: null })
    const listed = asked(['secondPayerId']).token
    expect((await send(listed, { secondPayerId: payers[0].id })).statusCode).to.equal(202)
    expect(world.corrections[1], 'of the first insurer nothing is said').to.deep.include({ payerName: null })
  })

  it('takes one that is not on the list by the patient’s words for it, and only with them', async () => {
    const { token } = asked()
    expect((await send(token, { payerId: 'not-listed' })).statusCode).to.equal(400)
    expect((await send(token, { payerId: 'not-listed', payerText: 'Prairie Farm Mutual' })).statusCode).to.equal(202)
    expect(world.corrections[0]).to.include({ payerName: 'Insurer not on the list' })
  })

  it('refuses nothing at all, a field too many, a malformed value, a value nobody asked for, a card number, and no key', async () => {
    const { token } = asked(['memberId'])
    const refused = async (body: Record<string, unknown>, idempotencyKey: string | null = key) => {
      const answer = await send(token, body, idempotencyKey)
      return [answer.statusCode, answer.json().error.code]
    }
    expect(await refused({})).to.deep.equal([400, 'invalid'])
    expect(await refused({ memberId: 'HX1', phone: '+1 512 555 0100' })).to.deep.equal([400, 'invalid'])
    expect(await refused({ memberId: 'HX 1!' })).to.deep.equal([400, 'invalid'])
    expect(await refused({ memberId: 'HX99872' }, null)).to.deep.equal([400, 'invalid'])
    expect(await refused({ birthDate: '1981-04-09' })).to.deep.equal([409, 'correction-closed'])
    expect(await refused({ memberId: '4242424242424242' })).to.deep.equal([400, 'card-number-refused'])
    expect(world.corrections).to.deep.equal([])
  })

  it('is closed where nothing is asked, before the form was sent, once the visit is over, and for a link that has ended', async () => {
    expect((await open(world.link({ status: 'submitted' }).token)).json().error.code).to.equal('correction-closed')
    const unsent = asked()
    unsent.facts.status = 'opened'
    expect((await open(unsent.token)).json().error.code).to.equal('correction-closed')
    const over = asked()
    over.facts.endsAt = new Date(now.getTime() - 1000).toISOString()
    expect((await open(over.token)).json().error.code).to.equal('correction-closed')
    expect((await send(over.token, { memberId: 'HX99872' })).json().error.code).to.equal('correction-closed')
    const ended = asked()
    ended.facts.startsAt = '2025-01-01T00:00:00Z'
    expect((await open(ended.token)).statusCode).to.equal(410)
    expect((await open('x'.repeat(43))).statusCode).to.equal(404)
  })

  it('leads there from the link and from the status page, and nowhere else once it is done', async () => {
    const { token } = asked()
    const link = await app.inject({ url: `/i/${token}` })
    expect([link.statusCode, link.headers.location]).to.deep.equal([302, `/correct/${token}`])
    const status = await app.inject({ url: `/status/${token}` })
    expect(status.body).to.contain(`href="/correct/${token}?lang=en"`).and.to.contain('Put my details right')
    await send(token, { memberId: 'HX99872' })
    expect((await app.inject({ url: `/correct/${token}` })).headers.location).to.equal(`/status/${token}`)
    expect((await app.inject({ url: `/i/${token}` })).headers.location).to.equal(`/status/${token}`)
    expect((await app.inject({ url: `/status/${token}` })).body).to.not.contain('/correct/')
    expect((await app.inject({ url: `/correct/${world.link().token}` })).headers.location).to.match(/^\/i\//)
  })

  it('opens answers to ops for a purpose, exactly the fields named, audited, and none of another clinic', async () => {
    const { facts } = world.link({ tenantId: lakeside, status: 'submitted' })
    const ask = (intakeId: string, cookie: string) =>
      app.inject({
        method: 'POST',
        url: `/api/ops/intakes/${intakeId}/answers`,
        headers: staffHeaders(cookie),
        payload: { purpose: 'correct-data', fields: ['memberId'] },
      })
    const { cookie } = world.session(['ops'])
    expect((await ask(facts.intakeId, cookie)).json()).to.deep.equal({ values: { memberId: 'of memberId' } })
    expect(world.audits.at(-1)).to.include({ action: 'phi.read', purpose: 'correct-data' })
    expect((await ask(world.link({ tenantId: rhein }).facts.intakeId, cookie)).statusCode).to.equal(404)
  })
})
