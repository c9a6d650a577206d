import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { expect } from 'chai'
import type { FastifyInstance, InjectOptions } from 'fastify'
import { buildApp } from './app.ts'
import { linkHeaders, makeWorld, password, staffHeaders, submission, type World } from './testing/fakes.ts'

/** Planted where a patient's data would be: none of it may come back or be written to the log. */
const name = 'Zebulonia'
const memberId = 'QX-77-PLANTED'
const card = '4242 4242 4242 4242'
const planted = [name, memberId, card, '4242424242424242', 'PLANTED']

function withPlanted(over: Record<string, unknown> = {}): Record<string, unknown> {
  const { answers } = submission() as { answers: Record<string, unknown> }
  return submission({ answers: { ...answers, givenName: name, memberId, ...over } })
}

describe('bad input', () => {
  let world: World
  let app: FastifyInstance
  let token: string
  beforeEach(async () => {
    world = makeWorld()
    app = await buildApp(world.deps)
    token = world.link().token
  })
  afterEach(() => app.close())

  const submitHeaders = () => ({ ...linkHeaders(token), 'idempotency-key': 'key-0123456789abcdef', 'content-type': 'application/json' })
  const submit = (payload: string | Record<string, unknown>, headers: Record<string, string> = {}): InjectOptions => ({
    method: 'POST',
    url: '/api/intake/submit',
    headers: { ...submitHeaders(), ...headers },
    payload,
  })

  const cases: Record<string, { send: () => InjectOptions; status: number; code: string }> = {
    'malformed JSON': { send: () => submit(`{"answers": {"givenName": "${name}", "memberId": "${memberId}" oops`), status: 400, code: 'malformed-json' },
    'JSON that would change a prototype': { send: () => submit(`{"__proto__": {"x": "${name}"}}`), status: 400, code: 'malformed-json' },
    'a wrong type': { send: () => submit(withPlanted({ birthDate: { day: name } })), status: 400, code: 'invalid' },
    'a value that is too long': { send: () => submit(withPlanted({ givenName: name.repeat(20) })), status: 400, code: 'invalid' },
    'a value of the wrong form': { send: () => submit(withPlanted({ phone: `${name} ${memberId}` })), status: 400, code: 'invalid' },
    'a field that does not belong': { send: () => submit({ ...withPlanted(), [`x${name}`]: memberId }), status: 400, code: 'invalid' },
    'a field deep inside that is made up': { send: () => submit({ ...withPlanted(), consents: [{ [`${name}`]: memberId }] }), status: 400, code: 'invalid' },
    'an array in place of the form': { send: () => submit(JSON.stringify([name, memberId])), status: 400, code: 'invalid' },
    'a text in place of the form': { send: () => submit(JSON.stringify(`${name} ${memberId}`)), status: 400, code: 'invalid' },
    'an empty body': { send: () => submit(''), status: 400, code: 'invalid' },
    'another content type': {
      send: () => submit(`${name}&${memberId}`, { 'content-type': 'application/x-www-form-urlencoded' }),
      status: 415,
      code: 'unsupported-type',
    },
    'an oversized body': { send: () => submit(withPlanted({ givenName: name.repeat(10_000) })), status: 413, code: 'too-large' },
    'a card number': { send: () => submit(withPlanted({ memberId: card })), status: 400, code: 'card-number-refused' },
    'an unknown link with a form': { send: () => submit(withPlanted(), linkHeaders('x'.repeat(43))), status: 404, code: 'link-unknown' },
    'a path that cannot be decoded': { send: () => ({ url: `/api/%E0%A4%A${name}`, headers: {} }), status: 400, code: 'invalid' },
    'an address that is not there': { send: () => ({ url: `/api/${name}/${memberId}?q=${name}`, headers: {} }), status: 404, code: 'no-such-route' },
    'an id that is none': {
      send: () => ({ url: `/api/ops/overrides/${name}`, headers: staffHeaders(world.session(['ops']).cookie) }),
      status: 400,
      code: 'invalid',
    },
    'a query that is not known': {
      send: () => ({ url: `/api/ops/overrides?${name}=${memberId}`, headers: staffHeaders(world.session(['ops']).cookie) }),
      status: 400,
      code: 'invalid',
    },
  }

  for (const [what, { send, status, code }] of Object.entries(cases)) {
    it(`${what}: ${status} ${code}, with a correlation id, nothing stored, nothing of the patient's in answer or log`, async () => {
      const answer = await app.inject(send())
      expect([answer.statusCode, answer.json().error.code]).to.deep.equal([status, code])
      expect(answer.json().error.correlationId).to.match(/^[0-9a-f-]{36}$/)
      expect(answer.headers['x-correlation-id']).to.equal(answer.json().error.correlationId)
      for (const text of planted) {
        expect(answer.body, 'answer').to.not.contain(text)
        expect(world.logLines.join('\n'), 'log').to.not.contain(text)
      }
      expect(world.submits).to.deep.equal([])
    })
  }

  it('names the field that holds a card number, and no name that the caller made up', async () => {
    const fieldsOf = async (body: Record<string, unknown>) => (await app.inject(submit(body))).json().error.fields
    const told = (path: string) => [{ path, message: 'must not be the number of a payment card' }]
    expect(await fieldsOf(withPlanted({ memberId: card }))).to.deep.equal(told('answers.memberId'))
    expect(await fieldsOf({ ...submission(), signature: { typedName: card } })).to.deep.equal(told('signature.typedName'))
    expect(await fieldsOf({ ...submission(), [name]: card })).to.equal(undefined)
  })

  it('names the field and what it must be', async () => {
    const { error } = (await app.inject(submit(withPlanted({ phone: name, birthDate: '31.12.1980', address: null })))).json()
    expect(error.fields).to.deep.equal([
      { path: 'answers.birthDate', message: 'must be a valid date' },
      { path: 'answers.phone', message: 'must be a phone number' },
      { path: 'answers.address', message: 'must be object' },
    ])
  })

  it('takes an address by the rules of its country, as the page does', async () => {
    const fieldsOf = async (address: Record<string, unknown>): Promise<unknown> =>
      (await app.inject(submit(withPlanted({ address: { line1: 'Domkloster 4', city: 'Köln', ...address } })))).json().error?.fields
    expect(await fieldsOf({ country: 'DE', postalCode: '5066' })).to.deep.equal([
      { path: 'answers.address.postalCode', message: 'must be a postal code of its country, for example 50667' },
    ])
    expect(await fieldsOf({ state: 'NRW', postalCode: '50667' })).to.deep.equal([
      { path: 'answers.address.state', message: 'must be two letters, for example TX' },
    ])
    expect(await fieldsOf({ country: 'DE', postalCode: 'D-50667' })).to.equal(undefined)
  })

  it('never answers or logs the text of a bug, only the correlation id', async () => {
    world.deps.intakes.submit = async () => {
      throw Object.assign(new Error(`duplicate key value (member_id)=(${memberId})`), { code: '23505', detail: name })
    }
    const answer = await app.inject(submit(withPlanted()))
    expect(answer.statusCode).to.equal(500)
    expect(answer.json().error).to.include({ code: 'internal' })
    const log = world.logLines.join('\n')
    expect(log).to.contain('23505').and.to.contain(answer.json().error.correlationId)
    for (const text of planted) expect(answer.body + log).to.not.contain(text)
  })

  it('logs the correlation id of what is not even HTTP, and not a byte of it', async () => {
    const url = new URL(await app.listen({ host: '127.0.0.1', port: 0 }))
    const socket = connect(Number(url.port), url.hostname)
    socket.end(`${name} ${memberId}\r\n\r\n`)
    const answer = await text(socket)
    const body: unknown = JSON.parse(answer.slice(answer.indexOf('{')))
    expect(answer).to.match(/^HTTP\/1\.1 400 /)
    expect(body).to.have.nested.property('error.code', 'invalid')
    const { correlationId } = (body as { error: { correlationId: string } }).error
    const lines = world.logLines.filter((line) => line.includes(correlationId))
    expect(lines).to.have.lengthOf(1)
    expect(lines[0]).to.contain('HPE_INVALID')
    for (const sent of planted) expect(answer + world.logLines.join('\n')).to.not.contain(sent)
  })

  it('keeps tokens, cookies and passwords out of the log', async () => {
    const { cookie } = world.session(['ops'])
    await app.inject({ url: `/status/${token}` })
    await app.inject({ url: `/i/${token}` })
    await app.inject({ url: `/status/${token}x` })
    await app.inject({ url: '/api/intake', headers: linkHeaders(token) })
    await app.inject({ url: '/api/session', headers: { cookie } })
    await app.inject({
      method: 'POST',
      url: '/api/session',
      headers: { 'x-hub-request': '1' },
      payload: { tenant: 'lakeside', email: 'ops@lakeside.example', password },
    })
    const log = world.logLines.join('\n')
    expect(world.logLines.filter((line) => line.includes('"answered"'))).to.have.lengthOf(6)
    for (const secret of [token, cookie.slice(12), password, 'ops@lakeside.example']) expect(log).to.not.contain(secret)
  })

  it('slows down who asks too much, and says when to come back', async () => {
    const slow = makeWorld()
    slow.deps.limits = { requestsPerMinuteMax: 2 }
    const limited = await buildApp(slow.deps)
    try {
      const ask = () => limited.inject({ url: '/api/intake', headers: linkHeaders('x'.repeat(43)) })
      await ask()
      await ask()
      const third = await ask()
      expect([third.statusCode, third.json().error.code]).to.deep.equal([429, 'too-many-requests'])
      expect(Number(third.headers['retry-after'])).to.be.within(1, 60)
      expect((await limited.inject({ url: '/api/health' })).statusCode).to.equal(200)
    } finally {
      await limited.close()
    }
  })
})
