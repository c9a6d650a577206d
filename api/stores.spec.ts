import { makeChangeFeed, makeStores, makeWake, openPool, openVault, type Pool, type Wake } from '@heliox/db'
import { demo } from '@heliox/db/seed/demo'
import { freshDatabase, type TestDatabase } from '@heliox/db/testing'
import { expect } from 'chai'
import type { FastifyInstance } from 'fastify'
import pg from 'pg'
import { buildApp } from './app.ts'
import { linkHeaders, makeWorld, staffHeaders, submission } from './testing/fakes.ts'

const at = new Date('2026-01-05T13:00:00.000Z')
const key = 'key-0123456789abcdef'

/** The same routes over the real stores: what the fakes promise must be true of PostgreSQL. */
describe('the API on its real stores', function () {
  this.timeout(60_000)
  let database: TestDatabase
  let pool: Pool
  let wake: Wake
  let here: FastifyInstance
  let elsewhere: FastifyInstance
  let objects = new Map<string, Buffer>()

  async function appOf(region: string): Promise<FastifyInstance> {
    const { deps, objects: kept } = makeWorld({ region })
    if (region === 'us-east') objects = kept
    const clock = { now: () => at }
    const vault = openVault({ pool, kmsFile: database.kmsFile })
    const stores = makeStores({ pool, vault, process: 'api-1', clock, wake })
    return buildApp({
      ...deps,
      clock,
      intakes: stores.intake,
      accounts: stores.accounts,
      ops: stores.ops,
      clinic: stores.clinic,
      connections: stores.connectionAdmin,
      queue: stores.queue,
      incidents: stores.incidents,
      audit: stores.audit,
      changes: makeChangeFeed(pool),
    })
  }
  before(async () => {
    database = await freshDatabase({ seed: true })
    pool = openPool(database.urlAs('hub_api'), { max: 6 })
    wake = makeWake(pool)
    here = await appOf('us-east')
    elsewhere = await appOf('eu-west')
    await Promise.all([here.ready(), elsewhere.ready()])
  })
  after(async () => {
    await here?.close()
    await elsewhere?.close()
    await wake?.close()
    await pool?.end()
    await database?.drop()
  })

  async function signIn(app: FastifyInstance, tenant: string, email: string): Promise<Record<string, string>> {
    const answer = await app.inject({
      method: 'POST',
      url: '/api/session',
      headers: { 'x-hub-request': '1' },
      payload: { tenant, email, password: demo.password },
    })
    expect(answer.statusCode, answer.body).to.equal(200)
    return staffHeaders(String(answer.headers['set-cookie']).split(';')[0] ?? '')
  }
  const visit = { startsAt: '2026-01-07T15:20:00.000Z', minutes: 20, practitioner: 'Dr Okafor' }
  async function book(app: FastifyInstance, headers: Record<string, string>): Promise<{ token: string; intakeId: string; visitId: string; reference: string }> {
    const answer = await app.inject({ method: 'POST', url: '/api/clinic/visits', headers, payload: visit })
    expect(answer.statusCode, answer.body).to.equal(201)
    const made = answer.json()
    return { ...made, token: made.patientUrl.split('/').pop() }
  }
  async function asOwner<T extends pg.QueryResultRow>(sql: string, values: unknown[]): Promise<T[]> {
    const client = new pg.Client({ connectionString: database.ownerUrl })
    await client.connect()
    try {
      return (await client.query<T>(sql, values)).rows
    } finally {
      await client.end()
    }
  }
  /** A submit with the texts that this database holds. */
  async function body(token: string, over: Record<string, unknown> = {}): Promise<Record<string, unknown>> {
    const { consentTexts, accessCode } = (await here.inject({ url: '/api/intake', headers: linkHeaders(token) })).json()
    const texts = consentTexts.en as { id: string; sha256: string; kind: string }[]
    const consents = texts.filter((t) => t.kind !== 'card-authorisation').map((t) => ({ textId: t.id, textSha256: t.sha256, granted: true }))
    return submission({ consents, signature: { typedName: 'Amira Haddad', language: 'en', drawing: null, accessCode }, ...over })
  }
  const submit = (token: string, payload: Record<string, unknown>, idempotencyKey = key) =>
    here.inject({ method: 'POST', url: '/api/intake/submit', headers: { ...linkHeaders(token), 'idempotency-key': idempotencyKey }, payload })

  it('walks the whole way: sign in, book, open, photo, submit, status; and keeps one submit', async () => {
    const desk = await signIn(here, 'lakeside', 'desk@lakeside.example')
    const { token, intakeId } = await book(here, desk)
    const opened = await here.inject({ url: '/api/intake', headers: linkHeaders(token) })
    expect(opened.json()).to.deep.include({ intakeId, status: 'opened', card: null })
    expect(opened.json().payers.map((p: { id: string }) => p.id)).to.deep.equal(['DUALS5', 'HELIO1', 'NORTH2', 'QUIET3', 'RURAL6', 'SLOWB4'])

    const ticket = await here.inject({
      method: 'POST',
      url: '/api/intake/uploads',
      headers: linkHeaders(token),
      payload: { kind: 'card-front', contentType: 'image/jpeg', bytes: 100, sha256: 'a'.repeat(64) },
    })
    const { uploadId, parts } = ticket.json()
    const early = await submit(token, await body(token, { uploadIds: [uploadId] }))
    expect(early.json().error.fields[0].path).to.equal('uploadIds.0')
    const complete = () => here.inject({ method: 'POST', url: `/api/intake/uploads/${uploadId}/complete`, headers: linkHeaders(token) })
    expect((await complete()).json().error.code).to.equal('upload-incomplete')
    objects.set(`quarantine:${new URL(parts[0].putUrl).pathname.replace('/quarantine/', '')}`, Buffer.alloc(100))
    const done = await complete()
    expect(done.statusCode).to.equal(202)

    const form = await body(token, { uploadIds: [uploadId] })
    const answers = await Promise.all([submit(token, form), submit(token, form), submit(token, form)])
    expect(answers.map((a) => a.statusCode)).to.deep.equal([202, 202, 202])
    expect(new Set(answers.map((a) => a.body)).size).to.equal(1)
    expect((await submit(token, { ...form, uploadIds: [] })).json().error.code).to.equal('idempotency-conflict')
    expect((await submit(token, form, 'another-key-0123456789')).json().error.code, 'from who is not known').to.equal('proof-needed')
    const known = { ...linkHeaders(token), cookie: String(answers[0]?.headers['set-cookie']).split(';')[0] ?? '' }
    const written = await asOwner<{ type: string }>('select event_type as type from identity.outbox where payload::text like $1', [`%${intakeId}%`])
    expect(written.filter((row) => row.type === 'intake.submitted.v1')).to.have.lengthOf(1)

    const status = await here.inject({ url: '/api/intake/status', headers: known })
    expect(status.json()).to.deep.include({ intake: 'submitted', settled: false })
    expect((await here.inject({ url: `/status/${token}`, headers: { cookie: known.cookie } })).body)
      .to.contain('We have your form.')
      .and.to.contain('Wednesday, January 7 at 9:20 AM')
    expect((await here.inject({ url: `/clinic/none`, headers: desk })).statusCode).to.equal(503)
    expect((await here.inject({ url: `/api/clinic/intakes/${intakeId}/photos`, headers: desk })).json().items).to.deep.equal([
      { id: uploadId, kind: 'card-front', status: 'quarantined', reason: null, sent: false },
    ])
    expect((await here.inject({ url: `/api/clinic/photos/${uploadId}/url`, headers: desk })).statusCode).to.equal(404)
  })

  it('replaces a link: the old one is unknown, the new one goes on with the form, and a sent form keeps its own', async () => {
    const desk = await signIn(here, 'lakeside', 'desk@lakeside.example')
    const { token, intakeId } = await book(here, desk)
    const open = async (link: string) => (await here.inject({ url: '/api/intake', headers: linkHeaders(link) })).statusCode
    const renew = () => here.inject({ method: 'POST', url: `/api/clinic/visits/${intakeId}/link`, headers: desk })
    expect(await open(token)).to.equal(200)
    await asOwner('update identity.intake_sessions set expires_at = $2 where id = $1', [intakeId, at])
    expect(await open(token)).to.equal(410)
    const made = await renew()
    expect(made.statusCode, made.body).to.equal(201)
    const fresh = made.json().patientUrl.split('/').pop()
    expect([await open(token), await open(fresh)]).to.deep.equal([404, 200])
    const audited = await asOwner<{ actor: string }>(`select actor from compliance.audit_logs where action = 'link.renew' and resource = $1`, [
      `intake:${intakeId}`,
    ])
    expect(audited.map((row) => row.actor)).to.deep.equal([`user:${demo.lakeside.users[0]?.id}`])
    expect((await submit(fresh, await body(fresh))).statusCode).to.equal(202)
    expect((await renew()).json().error.code).to.equal('intake-closed')
    const foreign = await signIn(elsewhere, 'rhein', 'ops@rhein.example')
    expect((await elsewhere.inject({ method: 'POST', url: `/api/clinic/visits/${intakeId}/link`, headers: foreign })).statusCode).to.be.oneOf([403, 404])
  })

  it('stores nothing of a form that holds a card number, and nothing of a wrong one', async () => {
    const { token } = await book(here, await signIn(here, 'lakeside', 'desk@lakeside.example'))
    const form = await body(token)
    const before = await asOwner('select count(*)::int as n from identity.patient_phi', [])
    const card = await submit(token, { ...form, signature: { typedName: '4242 4242 4242 4242', language: 'en' } })
    expect(card.json().error.code).to.equal('card-number-refused')
    expect((await submit(token, { ...form, answers: { ...(form.answers as object), birthDate: 'soon' } })).statusCode).to.equal(400)
    expect(await asOwner('select count(*)::int as n from identity.patient_phi', [])).to.deep.equal(before)
    expect((await here.inject({ url: '/api/intake/status', headers: linkHeaders(token) })).json().intake).to.not.equal('submitted')
  })

  it('tells one clinic nothing about another, whatever ids it knows', async () => {
    const rhein = await book(elsewhere, await signIn(elsewhere, 'rhein', 'ops@rhein.example'))
    const ticket = await elsewhere.inject({
      method: 'POST',
      url: '/api/intake/uploads',
      headers: linkHeaders(rhein.token),
      payload: { kind: 'card-front', contentType: 'image/png', bytes: 100, sha256: 'a'.repeat(64) },
    })
    const { uploadId } = ticket.json()
    const ops = await signIn(here, 'lakeside', 'ops@lakeside.example')
    for (const url of [`/api/ops/intakes/${rhein.intakeId}/journey`, `/api/clinic/photos/${uploadId}/url`, `/api/ops/overrides/${rhein.visitId}`]) {
      expect((await here.inject({ url, headers: ops })).statusCode, url).to.equal(404)
    }
    expect((await here.inject({ url: `/api/clinic/intakes/${rhein.intakeId}/photos`, headers: ops })).json()).to.deep.equal({ items: [] })
    const { token } = await book(here, await signIn(here, 'lakeside', 'desk@lakeside.example'))
    const stolen = await submit(token, await body(token, { uploadIds: [uploadId] }))
    expect(stolen.json().error.fields[0].path).to.equal('uploadIds.0')
    // Another region's link, session and sign-in are sent away.
    expect((await here.inject({ url: '/api/intake', headers: linkHeaders(rhein.token) })).statusCode).to.equal(421)
    expect((await elsewhere.inject({ url: '/api/session', headers: ops })).statusCode).to.equal(421)
    const signedIn = await here.inject({
      method: 'POST',
      url: '/api/session',
      headers: { 'x-hub-request': '1' },
      payload: { tenant: 'rhein', email: 'ops@rhein.example', password: demo.password },
    })
    expect(signedIn.statusCode).to.equal(421)
  })

  it('writes down who was refused', async () => {
    const analyst = await signIn(here, 'lakeside', 'analyst@lakeside.example')
    expect((await here.inject({ url: '/api/ops/overrides', headers: analyst })).statusCode).to.equal(403)
    const rows = await asOwner<{ actor: string }>(`select actor from compliance.audit_logs where action = 'override.list' and outcome = 'denied'`, [])
    expect(rows.map((row) => row.actor)).to.deep.equal([`user:${demo.lakeside.users.find(({ roles }) => roles.includes('analyst'))?.id}`])
  })

  it('pages, signs out for good, and knows no session that was made up', async () => {
    const ops = await signIn(here, 'lakeside', 'ops@lakeside.example')
    expect((await here.inject({ url: '/api/ops/overrides?limit=1', headers: ops })).json()).to.deep.include({
      items: [],
      total: 0,
      nextCursor: null,
      groups: [],
    })
    expect((await here.inject({ url: '/api/clinic/visits?limit=1', headers: ops })).statusCode).to.equal(200)
    expect((await here.inject({ url: '/api/ops/overrides?cursor=made-up', headers: ops })).statusCode).to.equal(200)
    expect((await here.inject({ method: 'DELETE', url: '/api/session', headers: ops })).statusCode).to.equal(204)
    expect((await here.inject({ url: '/api/session', headers: ops })).statusCode).to.equal(401)
    expect((await here.inject({ url: '/api/session', headers: { cookie: `hub_session=${'x'.repeat(43)}` } })).statusCode).to.equal(401)
  })

  it('saves a connection sealed, and shows it without its secret', async () => {
    const admin = await signIn(here, 'lakeside', 'admin@lakeside.example')
    const secret = 'tok_live_very_secret'
    const put = (payload: Record<string, unknown>) => here.inject({ method: 'PUT', url: '/api/admin/connections/clearinghouse', headers: admin, payload })
    const config = { restUrl: 'http://payer.example', submitterId: 'LAKESIDE0000001' }
    expect((await put({ config })).statusCode).to.equal(400)
    const saved = await put({ config, secrets: { restToken: secret } })
    expect(saved.statusCode, saved.body).to.equal(200)
    expect(saved.json().secretNames).to.deep.equal(['restToken'])
    expect((await put({ config })).json().secretNames).to.deep.equal(['restToken'])
    expect((await here.inject({ url: '/api/admin/connections', headers: admin })).body).to.not.contain(secret)
  })
})
