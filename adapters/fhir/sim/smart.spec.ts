import { randomUUID } from 'node:crypto'
import { expect } from 'chai'
import { SignJWT } from 'jose'
import type { Simulator } from '../../contract-suite.ts'
import { asking, startEhr } from '../testing/ehr.ts'
import { newKey, publicSet } from '../testing/keys.ts'

const clientId = 'hub-of-the-clinic'
const scope = 'system/Patient.crus system/Coverage.crus'
const known = newKey('one')
const second = newKey('two', 'RS384')

/** What the certification kit for SMART backend services tries, and a few more: all of it must be refused. */
describe('The token endpoint of the simulated EHR', () => {
  let sim: Simulator
  const ask = asking(() => sim)
  let nowSeconds = 0
  before(async () => {
    sim = await startEhr()
  })
  after(() => sim.stop())
  beforeEach(async () => {
    await sim.reset()
    await sim.control('PUT', '/_sim/smart', { clientId, jwks: publicSet(known, second), scope, tokenSeconds: 300 })
    nowSeconds = Math.floor(Date.parse(((await sim.control('GET', '/_sim/clock')) as { now: string }).now) / 1_000)
  })

  interface Wrong {
    header?: object
    claims?: object
    key?: ReturnType<typeof newKey>
    form?: Record<string, string | undefined>
    type?: string
    spoil?: (assertion: string) => string
  }
  async function assertion({ header = {}, claims = {}, key = known }: Wrong = {}): Promise<string> {
    const alg = key.private.kty === 'RSA' ? 'RS384' : key.private.crv === 'P-256' ? 'ES256' : 'ES384'
    const all = { iss: clientId, sub: clientId, aud: `${sim.url}/auth/token`, exp: nowSeconds + 240, iat: nowSeconds, jti: randomUUID(), ...claims }
    return new SignJWT(all).setProtectedHeader({ alg, kid: key.private.kid, typ: 'JWT', ...header }).sign(key.privateKey)
  }
  async function token(wrong: Wrong = {}) {
    const signed = await assertion(wrong)
    const fields = {
      grant_type: 'client_credentials',
      scope: 'system/Patient.crus',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: wrong.spoil?.(signed) ?? signed,
      ...wrong.form,
    }
    const form = new URLSearchParams(Object.entries(fields).filter((field): field is [string, string] => field[1] !== undefined))
    const headers = { 'content-type': wrong.type ?? 'application/x-www-form-urlencoded' }
    const response = await fetch(`${sim.url}/auth/token`, { method: 'POST', headers, body: form.toString() })
    return { status: response.status, headers: response.headers, body: (await response.json()) as Record<string, unknown> }
  }
  const withToken = (said: Awaited<ReturnType<typeof token>>) => ({ authorization: `Bearer ${said.body.access_token}` })

  for (const key of [known, second]) {
    it(`gives a token for an assertion signed with ${key.private.kty === 'RSA' ? 'RS384' : 'ES384'}, and it opens the EHR`, async () => {
      const said = await token({ key })
      expect(said.status).to.equal(200)
      expect(said.body).to.deep.include({ token_type: 'bearer', expires_in: 300, scope: 'system/Patient.crus' })
      expect([said.headers.get('cache-control'), said.headers.get('pragma')]).to.deep.equal(['no-store', 'no-cache'])
      expect((await ask('GET', 'Patient', undefined, withToken(said))).status).to.equal(200)
    })
  }

  const unsigned = (text: string) => `${Buffer.from('{"alg":"none","kid":"one"}').toString('base64url')}.${text.split('.')[1]}.`
  /** By its error where OAuth has one for it; every `invalid_client` by what was wrong with it, so that no test passes for another reason. */
  const refused: [what: string, wrong: () => Wrong, why: string][] = [
    ['another grant', () => ({ form: { grant_type: 'authorization_code' } }), 'unsupported_grant_type'],
    ['no grant', () => ({ form: { grant_type: undefined } }), 'unsupported_grant_type'],
    ['another type of assertion', () => ({ form: { client_assertion_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer' } }), 'invalid_request'],
    ['JSON in place of a form', () => ({ type: 'application/json' }), 'invalid_request'],
    ['no assertion', () => ({ form: { client_assertion: undefined } }), 'not a signed token'],
    ['an assertion that is none', () => ({ form: { client_assertion: 'not.a.token' } }), 'not a signed token'],
    ['an assertion without a signature', () => ({ spoil: unsigned }), 'signed in a way that the profile does not name'],
    ['a signature that was tampered with', () => ({ spoil: (text) => `${text.slice(0, -6)}AAAAAA` }), 'the signature is not that key’s'],
    ['a key that is not published', () => ({ key: newKey('three') }), 'no key of that name'],
    ['another key under a published name', () => ({ key: newKey('one') }), 'the signature is not that key’s'],
    ['a curve that the profile does not name', () => ({ key: newKey('one', 'P-256') }), 'signed in a way that the profile does not name'],
    ['no name of a key', () => ({ header: { kid: undefined } }), 'no key of that name'],
    ['another client', () => ({ claims: { iss: 'somebody', sub: 'somebody' } }), 'not a client of ours, or iss and sub differ'],
    ['iss and sub that differ', () => ({ claims: { sub: 'somebody' } }), 'not a client of ours, or iss and sub differ'],
    ['another audience', () => ({ claims: { aud: 'https://elsewhere.example/token' } }), 'meant for another audience'],
    ['an assertion that has ended', () => ({ claims: { exp: nowSeconds - 10 } }), 'expired'],
    ['an assertion of more than five minutes', () => ({ claims: { exp: nowSeconds + 400 } }), 'valid for more than five minutes'],
    ['an assertion without an end', () => ({ claims: { exp: undefined } }), 'expired'],
    ['an assertion of tomorrow', () => ({ claims: { nbf: nowSeconds + 100 } }), 'not valid yet'],
    ['an assertion without jti', () => ({ claims: { jti: undefined } }), 'no jti'],
    ['no scope', () => ({ form: { scope: undefined } }), 'invalid_scope'],
    ['scopes that it does not know', () => ({ form: { scope: 'system/Device.r everything' } }), 'invalid_scope'],
  ]
  for (const [what, wrong, why] of refused) {
    it(`refuses ${what}`, async () => {
      const said = await token(wrong())
      const isOAuth = /^(invalid|unsupported)_/.test(why)
      expect(said.status).to.equal(isOAuth ? 400 : 401)
      expect(said.body).to.include(isOAuth ? { error: why } : { error: 'invalid_client', error_description: why })
      expect(said.body).not.to.have.property('access_token')
      expect(await sim.control('GET', '/_sim/smart')).to.deep.include({ tokensGiven: 0, assertionsRefused: 1 })
    })
  }

  it('takes an assertion once', async () => {
    const jti = randomUUID()
    expect((await token({ claims: { jti } })).status).to.equal(200)
    expect((await token({ claims: { jti } })).body).to.include({ error: 'invalid_client' })
  })
  it('gives of the scopes that are asked for those that the client may have', async () => {
    const said = await token({ form: { scope: 'system/Coverage.crus system/Device.r system/Patient.crus' } })
    expect(said.body.scope).to.equal('system/Coverage.crus system/Patient.crus')
  })
  it('gives tokens that end, and that can be taken back', async () => {
    const said = await token()
    const status = async (headers: Record<string, string>) => (await ask('GET', 'Patient', undefined, headers)).status
    await sim.control('POST', '/_sim/clock/advance', { ms: 299_000 })
    expect(await status(withToken(said))).to.equal(200)
    await sim.control('POST', '/_sim/clock/advance', { ms: 2_000 })
    expect(await status(withToken(said))).to.equal(401)
    nowSeconds += 301
    const next = await token()
    await sim.post('/_sim/smart/forget-tokens')
    expect(await status(withToken(next))).to.equal(401)
  })
})
