import { expect } from 'chai'
import type { FastifyInstance } from 'fastify'
import { buildApp } from './app.ts'
import { makeWorld, password, staffHeaders, type World } from './testing/fakes.ts'

describe('session', () => {
  let world: World
  let app: FastifyInstance
  beforeEach(async () => {
    world = makeWorld()
    app = await buildApp(world.deps)
  })
  afterEach(() => app.close())

  const signIn = (payload: Record<string, unknown>, target = app) =>
    target.inject({ method: 'POST', url: '/api/session', headers: { 'x-hub-request': '1' }, payload })
  const right = { tenant: 'lakeside', email: 'OPS@lakeside.example', password }

  it('signs in with a strict, script-proof cookie, tells what the menu may show, and signs out for good', async () => {
    const answer = await signIn(right)
    expect(answer.statusCode).to.equal(200)
    const cookie = String(answer.headers['set-cookie'])
    expect(cookie).to.match(/^hub_session=[A-Za-z0-9_-]{43}; Max-Age=28800; Path=\/; HttpOnly; SameSite=Strict$/)
    expect(answer.json().actions).to.include('override.decide').and.to.not.include('connection.write')
    expect(answer.json().tenant).to.include({ slug: 'lakeside', region: 'us-east' })
    const headers = staffHeaders(cookie.split(';')[0] ?? '')
    expect((await app.inject({ url: '/api/session', headers })).json().email).to.equal('sam@lakeside.example')
    expect((await app.inject({ method: 'DELETE', url: '/api/session', headers })).statusCode).to.equal(204)
    expect((await app.inject({ url: '/api/session', headers })).json().error.code).to.equal('not-signed-in')
    expect(world.audits.map((a) => [a.action, a.outcome])).to.deep.equal([['session.sign-in', 'ok']])
  })

  it('counts a client by its own address behind our proxy, and believes nobody else about it', async () => {
    const statuses = async (trustProxy: boolean) => {
      const proxied = makeWorld({ trustProxy })
      proxied.deps.limits = { requestsPerMinuteMax: 2 }
      const limited = await buildApp(proxied.deps)
      const from = async (address: string) => (await limited.inject({ url: '/api/session', headers: { 'x-forwarded-for': address } })).statusCode
      try {
        return [await from('203.0.113.1'), await from('203.0.113.1'), await from('203.0.113.2'), await from('198.51.100.9, 203.0.113.1')]
      } finally {
        await limited.close()
      }
    }
    expect(await statuses(true)).to.deep.equal([401, 401, 401, 429])
    expect(await statuses(false)).to.deep.equal([401, 401, 429, 429])
  })

  it('binds the cookie to https and to the host when the hub is served over https', async () => {
    const secure = makeWorld({ publicUrl: 'https://hub.example' })
    const https = await buildApp(secure.deps)
    try {
      const answer = await signIn(right, https)
      expect(String(answer.headers['set-cookie'])).to.match(/^__Host-hub_session=.*; Path=\/; HttpOnly; Secure; SameSite=Strict$/)
      expect(answer.headers['strict-transport-security']).to.be.a('string')
    } finally {
      await https.close()
    }
  })

  it('answers a wrong password, an unknown account and an unknown clinic with the same words', async () => {
    const told = new Set<string>()
    for (const wrong of [{ password: 'wrong' }, { email: 'nobody@lakeside.example' }, { tenant: 'nowhere' }]) {
      const answer = await signIn({ ...right, ...wrong })
      expect(answer.statusCode).to.equal(401)
      expect(answer.headers['set-cookie']).to.equal(undefined)
      const { code, message } = answer.json().error
      told.add(`${code} ${message}`)
    }
    expect(told.size).to.equal(1)
    expect(world.audits.map((a) => [a.action, a.outcome])).to.deep.equal([['session.sign-in', 'denied']])
  })

  it('does the same work for an account that does not exist', async () => {
    const timed = async (payload: Record<string, unknown>): Promise<number> => {
      const started = performance.now()
      await signIn(payload)
      return performance.now() - started
    }
    await timed(right)
    const known: number[] = []
    const unknown: number[] = []
    for (let i = 0; i < 5; i += 1) {
      known.push(await timed({ ...right, password: 'wrong' }))
      unknown.push(await timed({ ...right, email: `nobody${i}@lakeside.example` }))
    }
    // argon2id takes tens of milliseconds, everything else well under one: an answer without it would be a tenth.
    expect(Math.min(...unknown)).to.be.above(Math.min(...known) / 3)
  })

  it('refuses a clinic of another region with 421, and a sign-in from another site', async () => {
    expect((await signIn({ ...right, tenant: 'rhein' })).statusCode).to.equal(421)
    const foreign = await app.inject({ method: 'POST', url: '/api/session', payload: right })
    expect([foreign.statusCode, foreign.json().error.code]).to.deep.equal([403, 'cross-site'])
  })

  it('slows down guessing at one account, and leaves the others alone', async () => {
    const slow = makeWorld()
    slow.deps.limits = { signInsPerMinuteMax: 2 }
    const limited = await buildApp(slow.deps)
    try {
      const guesses = []
      for (let i = 0; i < 3; i += 1) guesses.push((await signIn({ ...right, password: `guess ${i}` }, limited)).statusCode)
      expect(guesses).to.deep.equal([401, 401, 429])
      expect((await signIn(right, limited)).statusCode).to.equal(429)
      expect((await signIn({ ...right, email: 'desk@lakeside.example' }, limited)).statusCode).to.equal(401)
    } finally {
      await limited.close()
    }
  })
})
