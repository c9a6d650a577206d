import { fhir } from '@heliox/adapters/fhir/adapter'
import { keySet, newKey } from '@heliox/adapters/fhir/testing/keys'
import { stripe } from '@heliox/adapters/stripe/adapter'
import { makeStores, openPool, openVault, type Pool } from '@heliox/db'
import { demo } from '@heliox/db/seed/demo'
import { freshDatabase, type TestDatabase } from '@heliox/db/testing'
import { expect } from 'chai'
import type { FastifyInstance } from 'fastify'
import { buildApp } from './app.ts'
import { makeWorld, staffHeaders, type World } from './testing/fakes.ts'

const config = {
  baseUrl: 'https://ehr.example/fhir',
  identifierSystem: 'https://hub.example.org/ids',
  practiceName: 'Lakeside Clinic',
  auth: { kind: 'smart-backend', clientId: 'hub', scope: 'system/Patient.crus' },
}
const [first, second] = [newKey('first'), newKey('second', 'RS384')]

describe('public keys of a connection', function () {
  this.timeout(60_000)
  let database: TestDatabase
  let pool: Pool
  let app: FastifyInstance
  let world: World
  let cookie: string
  before(async () => {
    database = await freshDatabase({ seed: true })
    pool = openPool(database.urlAs('hub_api'), { max: 4 })
    world = makeWorld()
    const vault = openVault({ pool, kmsFile: database.kmsFile })
    const { connectionAdmin } = makeStores({ pool, vault, process: 'api-1', clock: world.deps.clock })
    // The session is one of the tests' own clinic; rows are kept for a clinic that the database has.
    const { id } = demo.lakeside
    const connections: typeof connectionAdmin = {
      list: () => connectionAdmin.list(id),
      save: (_, ...rest) => connectionAdmin.save(id, ...rest),
      publicKeys: (keysId) => connectionAdmin.publicKeys(keysId),
    }
    app = await buildApp({ ...world.deps, connections, adapters: [fhir, stripe] })
    cookie = world.session(['admin']).cookie
  })
  after(async () => {
    await app?.close()
    await pool?.end()
    await database?.drop()
  })

  const save = async (secrets?: Record<string, string>, changes: object = {}): Promise<string | null> => {
    const payload = { config: { ...config, ...changes }, ...(secrets ? { secrets } : {}) }
    const answer = await app.inject({ method: 'PUT', url: '/api/admin/connections/fhir', headers: staffHeaders(cookie), payload })
    expect(answer.statusCode, answer.body).to.equal(200)
    return answer.json().keysUrl
  }
  const fetched = async (url: string | null) => {
    const answer = await app.inject({ method: 'GET', url: new URL(url ?? 'http://none').pathname })
    return { status: answer.statusCode, kids: answer.statusCode === 200 ? answer.json().keys.map(({ kid }: { kid: string }) => kid) : [], body: answer.body }
  }

  it('are fetched by whoever has the address, without showing who that is; and nothing private is in them', async () => {
    const url = await save({ signingKeys: keySet(first) })
    expect(url).to.match(/\/api\/keys\/[A-Za-z0-9_-]{32}\/jwks\.json$/)
    const { kids, body } = await fetched(url)
    expect(kids).to.deep.equal(['first'])
    expect(body).not.to.contain(first.private.d)
  })

  it('stay at one address while keys are changed, both there as long as both are kept', async () => {
    const url = await save({ signingKeys: keySet(second, first) })
    expect((await fetched(url)).kids).to.deep.equal(['second', 'first'])
    expect(await save({ signingKeys: keySet(second) })).to.equal(url)
    const { kids, body } = await fetched(url)
    expect(kids).to.deep.equal(['second'])
    for (const part of ['d', 'p', 'q', 'dp', 'dq', 'qi'] as const) expect(body).not.to.contain(second.private[part])
  })

  it('stay as they are when settings alone are saved', async () => {
    const url = await save(undefined, { practiceName: 'Lakeside North' })
    expect((await fetched(url)).kids).to.deep.equal(['second'])
  })

  it('are gone when the connection has none, and at the same address again when it has', async () => {
    const url = await save({ signingKeys: keySet(first) })
    expect(await save({ token: 'a-fixed-token' })).to.equal(null)
    expect((await fetched(url)).status).to.equal(404)
    expect(await save({ signingKeys: keySet(first) })).to.equal(url)
  })

  it('are not told at an address that nobody gave', async () => {
    for (const id of ['x'.repeat(32), 'short', `${'x'.repeat(32)}'`]) {
      expect((await app.inject({ method: 'GET', url: `/api/keys/${encodeURIComponent(id)}/jwks.json` })).statusCode).to.be.oneOf([400, 404])
    }
  })

  it('are told by one function that gives no row of any table', async () => {
    const rows = await pool.query('SELECT count(*)::int AS n FROM identity.connections')
    expect(rows.rows[0].n, 'without a tenant there are none').to.equal(0)
  })

  it('a partner that calls us is told an address for it with its first settings, and no other is', async () => {
    const till = { apiBase: 'https://api.stripe.com', publishableKey: 'pk_test_0123', scriptUrl: 'https://js.stripe.com/v3/', webhooks: true }
    const payload = { config: till, secrets: { secretKey: 'sk_test_0123456789' } }
    const url = '/api/admin/connections/stripe'
    const answer = await app.inject({ method: 'PUT', url, headers: staffHeaders(cookie), payload })
    expect(answer.statusCode, answer.body).to.equal(200)
    expect(answer.json().hookUrl).to.match(/\/hooks\/stripe\/[A-Za-z0-9_-]{32}$/)
    await save({ signingKeys: keySet(first) })
    const { items } = (await app.inject({ method: 'GET', url: '/api/admin/connections', headers: staffHeaders(cookie) })).json()
    const hooks = items.map(({ adapterId, hookUrl }: { adapterId: string; hookUrl: string | null }) => [adapterId, hookUrl !== null])
    expect(hooks).to.deep.include.members([
      ['stripe', true],
      ['fhir', false],
    ])
  })
})
