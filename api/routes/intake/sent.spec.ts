import { randomUUID } from 'node:crypto'
import { makeChangeFeed, makeStores, openPool, openVault, type Pool, type Stores } from '@heliox/db'
import { demo } from '@heliox/db/seed/demo'
import { freshDatabase, type TestDatabase } from '@heliox/db/testing'
import { expect } from 'chai'
import type { FastifyInstance } from 'fastify'
import { buildApp } from '../../app.ts'
import { newToken, tokenHash } from '../../kit/token.ts'
import { linkHeaders, makeWorld, submission } from '../../testing/fakes.ts'
import { apiRoutes } from '../registry.ts'

const at = new Date('2026-01-05T13:00:00.000Z')

/** A form of which the hub knew nothing before: no draft was saved, and the clinic named nobody. */
describe('a form that was sent at a bare link', function () {
  this.timeout(60_000)
  let database: TestDatabase
  let pool: Pool
  let app: FastifyInstance
  let stores: Stores
  before(async () => {
    database = await freshDatabase({ seed: true })
    pool = openPool(database.urlAs('hub_api'), { max: 6 })
    const clock = { now: () => at }
    stores = makeStores({ pool, vault: openVault({ pool, kmsFile: database.kmsFile }), process: 'api-1', clock })
    const { intake, clinic, visits, corrections, connectionAdmin, payments, ops, audit, proofs, drafts, knownPatients, contacts, consents } = stores
    const real = { intakes: intake, clinic, visits, corrections, connections: connectionAdmin, payments, ops, audit, proofs, drafts, knownPatients }
    // A code leaves only by a way that the clinic has.
    await connectionAdmin.save(demo.lakeside.id, 'twilio', {}, { webhookToken: 'x'.repeat(32) }, 'user:admin', at)
    const { deps } = makeWorld({ region: 'us-east', publicUrl: 'https://hub.example' })
    app = await buildApp({ ...deps, ...real, contacts, consents, clock, changes: makeChangeFeed(pool) })
    await app.ready()
  })
  after(async () => {
    await app?.close()
    await pool?.end()
    await database?.drop()
  })

  let token: string
  let intakeId: string
  let form: Record<string, unknown>
  let key: string
  beforeEach(async () => {
    token = newToken()
    key = randomUUID()
    const details = { startsAt: '2026-01-07T15:20:00.000Z', minutes: 20, practitioner: 'Dr Okafor' }
    const link = { token, tokenSha256: tokenHash(token), expiresAt: new Date('2026-01-08T00:00:00Z') }
    const made = await stores.clinic.createVisit(demo.lakeside.id, details, link, 'user:desk', at)
    if (typeof made === 'string') throw new Error(made)
    intakeId = made.intakeId
    const { consentTexts, accessCode } = (await app.inject({ url: '/api/intake', headers: linkHeaders(token) })).json()
    const texts = consentTexts.en as { id: string; sha256: string; kind: string }[]
    const consents = texts.filter((t) => t.kind !== 'card-authorisation').map((t) => ({ textId: t.id, textSha256: t.sha256, granted: true }))
    form = submission({ consents, signature: { typedName: 'Amira Haddad', language: 'en', drawing: null, accessCode } })
  })
  const send = (over: { body?: Record<string, unknown>; key?: string; cookie?: string } = {}) =>
    app.inject({
      method: 'POST',
      url: '/api/intake/submit',
      headers: { ...linkHeaders(token), 'idempotency-key': over.key ?? key, ...(over.cookie ? { cookie: over.cookie } : {}) },
      payload: over.body ?? form,
    })
  type Answer = Awaited<ReturnType<typeof send>>
  const cookieOf = ({ headers }: Answer): string => String(headers['set-cookie']).split(';')[0] ?? ''
  const get = (url: string, cookie = '') => app.inject({ url, headers: { ...linkHeaders(token), ...(cookie ? { cookie } : {}) } })
  const codeOf = (answer: Answer) => [answer.statusCode, answer.json().error?.code]
  const otherForm = () => ({ ...form, answers: { ...(form.answers as object), memberId: 'XQ4712' } })

  it('is shown to the browser that sent it, without a question', async () => {
    const sent = await send()
    expect(sent.statusCode).to.equal(202)
    expect(String(sent.headers['set-cookie'])).to.match(/^__Host-hub_proof_[0-9a-f]{8}=[\w-]{43}; Max-Age=259200; Path=\/; HttpOnly; Secure; SameSite=Strict$/)
    const cookie = cookieOf(sent)
    expect((await get('/api/intake/status', cookie)).json()).to.deep.include({ intakeId, intake: 'submitted' })
    for (const page of ['status', 'consents']) expect((await get(`/${page}/${token}`, cookie)).statusCode, page).to.equal(200)
  })

  it('shows nothing of it to whoever has the link, at any route and on any page', async () => {
    await send()
    const routes = apiRoutes.filter(({ access, method }) => access.by === 'link' && !('before' in access) && method === 'GET')
    expect(routes.length).to.be.greaterThan(4)
    for (const { url, operationId } of routes) {
      const answer = await get(url.replace(/:\w+/g, intakeId))
      expect(codeOf(answer), operationId).to.deep.equal([401, 'proof-needed'])
      for (const secret of ['Haddad', 'Amira', '1984', '5550123', 'Okafor', '15:20']) expect(answer.body, operationId).not.to.contain(secret)
    }
    for (const [page, query] of Object.entries({ status: '', correct: '?to=correct', consents: '?to=consents', receipt: '?to=consents', confirm: '' })) {
      const answer = await get(`/${page}/${token}`)
      expect([answer.statusCode, answer.headers.location], page).to.deep.equal([302, `/i/${token}${query}`])
    }
  })

  it('says to who comes later where a code can go', async () => {
    await send()
    expect((await get('/api/intake/proof')).json()).to.deep.include({ asks: { birthDate: true }, to: [{ channel: 'sms', masked: '…23' }] })
  })

  it('gives its repeat the same answer, and the cookie that was lost with the first', async () => {
    const sent = await send()
    const again = await send()
    expect([again.statusCode, again.body]).to.deep.equal([202, sent.body])
    expect(cookieOf(again)).to.not.equal(cookieOf(sent))
    expect((await get('/api/intake/status', cookieOf(again))).statusCode).to.equal(200)
    const known = await send({ cookie: cookieOf(again) })
    expect([known.statusCode, known.headers['set-cookie']]).to.deep.equal([202, undefined])
  })

  it('gives no cookie for another form, and tells a stranger only that it asks', async () => {
    const cookie = cookieOf(await send())
    const wrong = [await send({ body: otherForm() }), await send({ key: randomUUID() }), await send({ key: randomUUID(), body: otherForm() })]
    expect(wrong.map(codeOf)).to.deep.equal([
      [409, 'idempotency-conflict'],
      [401, 'proof-needed'],
      [401, 'proof-needed'],
    ])
    expect(wrong.map(({ headers }) => headers['set-cookie'])).to.deep.equal([undefined, undefined, undefined])
    expect(codeOf(await send({ key: randomUUID(), cookie }))).to.deep.equal([409, 'intake-closed'])
  })

  it('is not taken from a browser that has not proved itself, while the link asks and nothing was sent', async () => {
    const save = await app.inject({
      method: 'PUT',
      url: '/api/intake/draft',
      headers: { ...linkHeaders(token), 'if-match': '"0"' },
      payload: { data: {}, birthDate: null },
    })
    expect(codeOf(await send())).to.deep.equal([401, 'proof-needed'])
    expect((await send({ cookie: cookieOf(save) })).statusCode).to.equal(202)
  })
})
