import { expect } from 'chai'
import type { FastifyInstance } from 'fastify'
import { buildApp } from './app.ts'
import { hillside, makeWorld, staffHeaders, type World } from './testing/fakes.ts'

describe('messages at the front desk', () => {
  let world: World
  let app: FastifyInstance
  let desk: Record<string, string>
  let intakeId: string
  beforeEach(async () => {
    world = makeWorld()
    app = await buildApp(world.deps)
    desk = staffHeaders(world.session(['front-desk']).cookie)
    intakeId = world.link({ status: 'created' }).facts.intakeId
  })
  afterEach(() => app.close())

  const call = (method: 'GET' | 'POST' | 'PUT', path: string, payload?: Record<string, unknown>, headers = desk) =>
    app.inject({ method, url: `/api/clinic/visits/${path}`, headers, ...(payload ? { payload } : {}) })
  const codeOf = async (answer: ReturnType<typeof call>): Promise<[number, string]> => {
    const { statusCode, ...rest } = await answer
    return [statusCode, rest.json().error.code]
  }
  const invitation = { kind: 'invitation' }

  it('sends the link by whatever channel there is, and lists it', async () => {
    const sent = await call('POST', `${intakeId}/messages`, invitation)
    expect([sent.statusCode, sent.json().channel, sent.json().status]).to.deep.equal([202, 'sms', 'planned'])
    const listed = (await call('GET', `${intakeId}/messages`)).json()
    expect(listed.messages).to.deep.equal([sent.json()])
    expect(listed.channels).to.deep.equal({ sms: { is: 'ready' }, mail: { is: 'no-address' } })
  })

  it('sends in quiet hours only what a person wants out at once', async () => {
    const sent = await call('POST', `${intakeId}/messages`, { ...invitation, channel: 'sms', atOnce: true })
    expect([sent.json().status, sent.json().dueAt]).to.deep.equal(['requested', null])
  })

  it('takes no words and no address from the browser, and no other kind', async () => {
    for (const body of [{ ...invitation, body: 'Hello' }, { ...invitation, to: '+13125550100' }, { kind: 'code' }, { kind: 'news' }, {}])
      expect((await call('POST', `${intakeId}/messages`, body)).statusCode, JSON.stringify(body)).to.equal(400)
  })

  it('says why nothing can be sent', async () => {
    const done = world.link({ status: 'submitted' }).facts.intakeId
    expect(await codeOf(call('POST', `${done}/messages`, invitation))).to.deep.equal([409, 'intake-closed'])
    await call('PUT', `${intakeId}/opt-outs/sms`, { out: true })
    expect(await codeOf(call('POST', `${intakeId}/messages`, invitation))).to.deep.equal([409, 'message-stopped'])
    expect((await call('GET', `${intakeId}/messages`)).json().channels.sms).to.include({ is: 'opted-out', cause: 'staff' })
    expect((await call('PUT', `${intakeId}/opt-outs/sms`, { out: false })).statusCode).to.equal(204)
    expect((await call('POST', `${intakeId}/messages`, invitation)).statusCode).to.equal(202)
    expect(await codeOf(call('PUT', `${intakeId}/opt-outs/mail`, { out: true }))).to.deep.equal([409, 'message-no-address'])
    for (let n = 0; n < 5; n += 1) await call('POST', `${intakeId}/messages`, invitation)
    expect(await codeOf(call('POST', `${intakeId}/messages`, invitation))).to.deep.equal([409, 'too-many-messages'])
  })

  it('ends what the clinic ended, or found to take nothing; what the patient stopped, nobody here takes back', async () => {
    const set = (channel: 'sms' | 'mail', out: boolean) => call('PUT', `${intakeId}/opt-outs/${channel}`, { out })
    for (const cause of ['staff', 'address'] as const) {
      world.optOuts.set(`${intakeId} sms`, cause)
      expect([(await set('sms', false)).statusCode, (await call('POST', `${intakeId}/messages`, invitation)).statusCode]).to.deep.equal([204, 202])
    }
    for (const cause of ['stop', 'partner', 'patient'] as const) {
      world.optOuts.set(`${intakeId} sms`, cause)
      expect(await codeOf(set('sms', false)), cause).to.deep.equal([409, 'texts-stopped-by-patient'])
      expect((await set('sms', true)).statusCode).to.equal(204)
      expect(await codeOf(set('sms', false)), 'ended here as well').to.deep.equal([409, 'texts-stopped-by-patient'])
      for (const atOnce of [false, true])
        expect(await codeOf(call('POST', `${intakeId}/messages`, { ...invitation, atOnce }))).to.deep.equal([409, 'message-stopped'])
    }
    world.optOuts.set(`${intakeId} mail`, 'patient')
    expect(await codeOf(set('mail', false))).to.deep.equal([409, 'mails-stopped-by-patient'])
  })

  it('is nobody’s but this clinic’s, and sending is the desk’s', async () => {
    const elsewhere = world.link({ tenantId: hillside }).facts.intakeId
    expect((await call('POST', `${elsewhere}/messages`, invitation)).statusCode).to.equal(404)
    expect((await call('GET', `${elsewhere}/messages`)).statusCode).to.equal(404)
    expect((await call('PUT', `${elsewhere}/opt-outs/sms`, { out: true })).statusCode).to.equal(404)
    const ops = staffHeaders(world.session(['ops']).cookie)
    expect((await call('GET', `${intakeId}/messages`, undefined, ops)).statusCode).to.equal(200)
    for (const [method, path] of [
      ['POST', 'messages'],
      ['PUT', 'opt-outs/sms'],
    ] as const)
      expect((await call(method, `${intakeId}/${path}`, method === 'POST' ? invitation : { out: true }, ops)).statusCode, path).to.equal(403)
  })

  it('lets an administrator say when nobody is disturbed and by what name the clinic writes', async () => {
    const admin = staffHeaders(world.session(['admin']).cookie)
    const rules = { quiet: { fromMinutes: 1200, untilMinutes: 540 }, senderName: 'Lakeside' }
    const put = (payload: Record<string, unknown>, headers = admin) => app.inject({ method: 'PUT', url: '/api/clinic/message-rules', headers, payload })
    expect((await put(rules)).statusCode).to.equal(204)
    const read = await app.inject({ method: 'GET', url: '/api/clinic/message-rules', headers: admin })
    expect(read.json()).to.deep.equal(rules)
    expect((await put(rules, desk)).statusCode).to.equal(403)
    for (const wrong of [
      { ...rules, senderName: 'a{when}' },
      { ...rules, senderName: 'a\nb' },
      { ...rules, quiet: { fromMinutes: 1440, untilMinutes: 0 } },
    ])
      expect((await put(wrong)).statusCode).to.equal(400)
  })
})
