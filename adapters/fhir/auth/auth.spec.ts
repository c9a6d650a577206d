import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { PartnerFault } from '@heliox/core/kit'
import { expect } from 'chai'
import type { Simulator } from '../../contract-suite.ts'
import { ehrToken, startEhr } from '../testing/ehr.ts'
import { keySet, newKey, publicSet } from '../testing/keys.ts'
import { type AuthConfig, type AuthContext, authConfig, authorization, authSecrets, forgetAuthorization, publicKeysOf } from './index.ts'

const scope = 'system/Patient.crus system/Appointment.crus'
const signing = newKey('one')
const signingRsa = newKey('rsa', 'RS384')
let clients = 0

describe('SMART backend services', () => {
  let sim: Simulator
  let nowMs = 0
  let lines: string[] = []
  before(async () => {
    sim = await startEhr()
  })
  after(() => sim.stop())
  beforeEach(async () => {
    await sim.reset()
    nowMs = Date.parse(((await sim.control('GET', '/_sim/clock')) as { now: string }).now)
    lines = []
  })

  type Smart = Extract<AuthConfig, { kind: 'smart-backend' }>
  /** A connection of its own each time: tokens are kept per connection, and tests must not share them. */
  async function connection(
    changes: { keys?: ReturnType<typeof newKey>[]; published?: object; auth?: Partial<Smart>; baseUrl?: string; tokenSeconds?: number } = {},
  ) {
    const clientId = `hub-${++clients}`
    const keys = changes.keys ?? [signing]
    const jwks = changes.published ?? publicSet(...keys)
    await sim.control('PUT', '/_sim/smart', { clientId, jwks, scope, tokenSeconds: changes.tokenSeconds ?? 300 })
    const auth: Smart = { kind: 'smart-backend', clientId, scope, ...changes.auth }
    const log = (fields: Record<string, unknown>, text: string) => void lines.push(`${text} ${JSON.stringify(fields)}`)
    return (more: Partial<AuthContext> = {}): AuthContext => ({
      config: { baseUrl: changes.baseUrl ?? sim.url, auth },
      secrets: { signingKeys: keySet(...keys) },
      now: () => new Date(nowMs),
      signal: AbortSignal.timeout(10_000),
      log: { info: log, warn: log, error: log },
      ...more,
    })
  }
  const opens = async (header: string) => (await fetch(`${sim.url}/Patient`, { headers: { authorization: header } })).status
  const seen = async () => (await sim.control('GET', '/_sim/smart')) as { tokensGiven: number; assertionsRefused: number; keyIds: string[] }
  const faultOf = async (work: Promise<unknown>): Promise<PartnerFault> => {
    const error = await work.catch((thrown: unknown) => thrown)
    if (error instanceof PartnerFault) return error
    throw new Error('a token came where a fault was due')
  }

  it('needs no server for a fixed token, as before there was another way', async () => {
    const ctx = { ...(await connection())(), secrets: { token: ehrToken } }
    for (const auth of [undefined, { kind: 'bearer' as const }]) {
      const fixed = { ...ctx, config: { baseUrl: 'http://127.0.0.1:1', auth } }
      expect(await authorization(fixed)).to.equal(`Bearer ${ehrToken}`)
      expect(forgetAuthorization(fixed, `Bearer ${ehrToken}`), 'another one is not to be had').to.equal(false)
      expect((await faultOf(authorization({ ...fixed, secrets: {} }))).kind).to.equal('credentials')
    }
  })

  for (const [alg, key] of [
    ['ES384', signing],
    ['RS384', signingRsa],
  ] as const) {
    it(`finds where tokens are given, signs with ${alg}, and is let in`, async () => {
      const header = await authorization((await connection({ keys: [key] }))())
      expect(await opens(header)).to.equal(200)
    })
  }
  it('asks at a given address where the EHR publishes none', async () => {
    const nowhere = await connection({ baseUrl: 'http://127.0.0.1:1', auth: { tokenUrl: `${sim.url}/auth/token` } })
    expect(await opens(await authorization(nowhere()))).to.equal(200)
  })

  it('asks once for all who wait, and keeps the token until shortly before its end', async () => {
    const ctx = await connection()
    const all = await Promise.all(Array.from({ length: 12 }, () => authorization(ctx())))
    expect(new Set(all).size).to.equal(1)
    nowMs += 239_000
    expect(await authorization(ctx())).to.equal(all[0])
    expect((await seen()).tokensGiven).to.equal(1)
    nowMs += 2_000
    await sim.control('POST', '/_sim/clock/advance', { ms: 241_000 })
    expect(await authorization(ctx())).not.to.equal(all[0])
    expect((await seen()).tokensGiven).to.equal(2)
  })

  it('asks once more when a token is refused before its time, and who was refused together shares the new one', async () => {
    const ctx = await connection()
    const old = await authorization(ctx())
    await sim.post('/_sim/smart/forget-tokens')
    expect(await opens(old)).to.equal(401)
    const renewed = await Promise.all(
      Array.from({ length: 6 }, async () => {
        expect(forgetAuthorization(ctx(), old)).to.equal(true)
        return authorization(ctx())
      }),
    )
    expect([new Set(renewed).size, (await seen()).tokensGiven]).to.deep.equal([1, 2])
    expect(await opens(renewed[0] ?? '')).to.equal(200)
    forgetAuthorization(ctx(), old)
    expect(await authorization(ctx()), 'who comes late does not drop the new one').to.equal(renewed[0])
  })

  it('goes on with a token that it cannot renew, until its end', async () => {
    const ctx = await connection()
    const token = await authorization(ctx())
    await sim.fault('is-away')
    nowMs += 250_000
    expect(await authorization(ctx())).to.equal(token)
    nowMs += 51_000
    expect((await faultOf(authorization(ctx()))).kind).to.equal('unavailable')
  })

  it('keeps the tokens of one connection from another’s', async () => {
    const [first, second] = [await connection(), await connection()]
    const given = await authorization(second())
    expect((await faultOf(authorization(first()))).kind, 'the EHR knows the second only').to.equal('credentials')
    expect(await authorization(second())).to.equal(given)
  })

  describe('when keys are changed', () => {
    const before = newKey('before')
    const after = newKey('after')
    it('signs with the first', async () => {
      await authorization((await connection({ keys: [after, before] }))())
      expect((await seen()).keyIds).to.deep.equal(['after'])
    })
    it('falls back to the one before while the EHR has not read the new one', async () => {
      const ctx = await connection({ keys: [after, before], published: publicSet(before) })
      expect(await opens(await authorization(ctx()))).to.equal(200)
      expect((await seen()).keyIds).to.deep.equal(['before'])
    })
    it('publishes both, their public halves only', async () => {
      const { keys } = publicKeysOf(keySet(after, before, signingRsa))
      expect(keys.map(({ kid, alg, use }) => [kid, alg, use])).to.deep.equal([
        ['after', 'ES384', 'sig'],
        ['before', 'ES384', 'sig'],
        ['rsa', 'RS384', 'sig'],
      ])
      for (const key of keys) expect(Object.keys(key)).not.to.include.any.members(['d', 'p', 'q', 'dp', 'dq', 'qi', 'k'])
      expect(publicKeysOf(undefined)).to.deep.equal({ keys: [] })
    })
    it('is understood by an EHR that fetches what is published', async () => {
      await withDoor(
        (_, response) => response.end(JSON.stringify(publicKeysOf(keySet(after, before)))),
        async (jwksUrl) => {
          const ctx = (await connection({ keys: [after, before] }))()
          const { clientId } = ctx.config.auth as Smart
          await sim.control('PUT', '/_sim/smart', { clientId, jwksUrl, scope, tokenSeconds: 300 })
          expect(await opens(await authorization(ctx))).to.equal(200)
        },
      )
    })
  })

  describe('when it does not get a token', () => {
    const answers: [what: string, status: number, body: string, kind: string][] = [
      ['the client is not known', 401, '{"error":"invalid_client"}', 'credentials'],
      ['the scopes are refused', 400, '{"error":"invalid_scope","error_description":"quoting system/Patient"}', 'credentials'],
      ['a gateway stands before it', 403, '<html>', 'credentials'],
      ['the endpoint is too busy', 429, '', 'throttled'],
      ['the endpoint is out of order', 502, '', 'unavailable'],
      ['what comes is no token', 200, '{"access_token":"a\\nb","token_type":"bearer","expires_in":300}', 'contract'],
      ['it is of another kind', 200, '{"access_token":"abc","token_type":"mac","expires_in":300}', 'contract'],
      ['it never ends', 200, '{"access_token":"abc","token_type":"bearer"}', 'contract'],
      ['it redirects', 302, '', 'contract'],
      ['it floods', 200, `"${'x'.repeat(200_000)}"`, 'contract'],
    ]
    for (const [what, status, body, kind] of answers) {
      it(`because ${what}: ${kind}, with nothing of keys or of what came in the texts`, async () => {
        let assertion = ''
        const door: RequestListener = async (request, response) => {
          let sent = ''
          for await (const chunk of request) sent += chunk
          assertion = new URLSearchParams(sent).get('client_assertion') ?? ''
          response.writeHead(status, { location: '/elsewhere' }).end(body)
        }
        await withDoor(door, async (tokenUrl) => {
          const ctx = (await connection({ auth: { tokenUrl } }))()
          const fault = await faultOf(authorization(ctx))
          expect(fault.kind).to.equal(kind)
          expect(assertion).to.match(/^[\w-]+\.[\w-]+\.[\w-]+$/)
          const told = `${fault.message} ${fault.detail} ${fault.stack} ${lines.join()}`
          for (const text of [assertion, 'quoting', 'abc', signing.private.d ?? '?']) expect(told).not.to.contain(text)
        })
      })
    }
    it('because the EHR does not say where, or names an open line', async () => {
      for (const body of ['{}', '{"token_endpoint":"http://ehr.example/token"}', '<html>']) {
        await withDoor(
          (_, response) => response.end(body),
          async (baseUrl) => expect((await faultOf(authorization((await connection({ baseUrl }))()))).kind).to.equal('contract'),
        )
      }
    })
    it('in time, and leaves the fetch to the others who wait', async () => {
      await withDoor(
        (_, response) => setTimeout(() => response.end('{"access_token":"abc","token_type":"Bearer","expires_in":300}'), 300),
        async (tokenUrl) => {
          const ctx = await connection({ auth: { tokenUrl } })
          const [hasty, patient] = [faultOf(authorization(ctx({ signal: AbortSignal.timeout(50) }))), authorization(ctx())]
          expect((await hasty).kind).to.equal('unavailable')
          expect(await patient).to.equal('Bearer abc')
        },
      )
    })
    it('because there is nothing to sign with', async () => {
      const ctx = { ...(await connection())(), secrets: { token: ehrToken } }
      expect((await faultOf(authorization(ctx))).kind).to.equal('credentials')
    })
  })

  it('tells of scopes that were not given', async () => {
    const ctx = (await connection({ auth: { scope: `${scope} system/Device.r` } }))()
    await authorization(ctx)
    expect(lines.join()).to.contain('"missing":["system/Device.r"]')
  })

  it('signs an assertion that lives for less than five minutes, a new one each time', async () => {
    const assertions: { header: { kid: string }; claims: { exp: number; iat: number; jti: string; aud: string } }[] = []
    const door: RequestListener = async (request, response) => {
      let sent = ''
      for await (const chunk of request) sent += chunk
      const [header = '', claims = ''] = (new URLSearchParams(sent).get('client_assertion') ?? '').split('.')
      const read = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString())
      assertions.push({ header: read(header), claims: read(claims) })
      response.end('{"access_token":"abc","token_type":"Bearer","expires_in":1}')
    }
    await withDoor(door, async (tokenUrl) => {
      const ctx = await connection({ auth: { tokenUrl } })
      await authorization(ctx())
      nowMs += 2_000
      await authorization(ctx())
      expect(assertions.map(({ header, claims }) => [header.kid, claims.aud, claims.exp - claims.iat])).to.deep.equal(Array(2).fill(['one', tokenUrl, 240]))
      expect(new Set(assertions.map(({ claims }) => claims.jti)).size).to.equal(2)
    })
  })

  describe('its settings', () => {
    it('take keys that may sign, and no others', () => {
      const accepts = (text: string) => authSecrets.signingKeys.safeParse(text).success
      for (const good of [keySet(signing), keySet(signingRsa, signing)]) expect(accepts(good)).to.equal(true)
      const bad: [string, string][] = [
        ['no JSON', 'x'],
        ['an empty set', '{"keys":[]}'],
        ['public keys', JSON.stringify(publicSet(signing))],
        ['a short RSA key', keySet(newKey('short', 'RSA-1024'))],
        ['another curve', keySet(newKey('p256', 'P-256'))],
        ['one name for two keys', keySet(signing, newKey('one'))],
        ['no name', JSON.stringify({ keys: [{ ...signing.private, kid: undefined }] })],
        ['too many', keySet(...['a', 'b', 'c', 'd'].map((kid) => newKey(kid)))],
      ]
      for (const [what, text] of bad) expect(accepts(text), what).to.equal(false)
    })
    it('take no token address on an open line, and no scope that would break the form', () => {
      const smart = { kind: 'smart-backend', clientId: 'hub', scope }
      expect(authConfig.safeParse(smart).success).to.equal(true)
      expect(authConfig.safeParse({ ...smart, tokenUrl: 'http://ehr.example/token' }).success).to.equal(false)
      expect(authConfig.safeParse({ ...smart, scope: 'a  b' }).success).to.equal(false)
      expect(authConfig.safeParse({ kind: 'password' }).success).to.equal(false)
    })
  })
})

async function withDoor(listener: RequestListener, work: (url: string) => Promise<unknown>): Promise<void> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  try {
    await work(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  } finally {
    server.closeAllConnections()
    server.close()
  }
}
