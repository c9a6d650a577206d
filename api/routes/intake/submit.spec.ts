import { randomUUID } from 'node:crypto'
import type { Payer } from '@heliox/core/catalog'
import { makeChangeFeed, makeStores, makeWake, openPool, openVault, type Pool, type Wake } from '@heliox/db'
import { demo } from '@heliox/db/seed/demo'
import { freshDatabase, type TestDatabase } from '@heliox/db/testing'
import { expect } from 'chai'
import type { FastifyInstance } from 'fastify'
import pg from 'pg'
import { buildApp } from '../../app.ts'
import { linkHeaders, makeWorld, staffHeaders, submission } from '../../testing/fakes.ts'

const at = new Date('2026-01-05T13:00:00.000Z')
/** Many more than the pool has connections: each waits for one, and none may be sent away for it. */
const atOnce = 200
const connections = 8

interface Reply {
  status: number
  body: string
}

/** One form, sent many times at once, over real HTTP and real storage. */
describe('many submits at once', function () {
  this.timeout(60_000)
  let database: TestDatabase
  let owner: pg.Client
  let pool: Pool
  let wake: Wake
  /** `payers`: those of the catalogue when left out. */
  let appWith: (payers?: Payer[]) => Promise<FastifyInstance>
  let app: FastifyInstance
  let url: string
  let desk: Record<string, string>

  before(async () => {
    database = await freshDatabase({ seed: true })
    owner = new pg.Client({ connectionString: database.ownerUrl })
    await owner.connect()
    pool = openPool(database.urlAs('hub_api'), { max: connections })
    wake = makeWake(pool)
    const clock = { now: () => at }
    const stores = makeStores({ pool, vault: openVault({ pool, kmsFile: database.kmsFile }), process: 'api-1', clock, wake })
    const { intake, accounts, clinic, connectionAdmin, audit } = stores
    appWith = (payers) => {
      const { deps } = makeWorld({ region: 'us-east' })
      const intakes = payers ? { ...intake, payers: async () => payers } : intake
      return buildApp({ ...deps, clock, intakes, accounts, clinic, connections: connectionAdmin, audit, changes: makeChangeFeed(pool) })
    }
    app = await appWith()
    url = await app.listen({ host: '127.0.0.1', port: 0 })
    const session = await app.inject({
      method: 'POST',
      url: '/api/session',
      headers: { 'x-hub-request': '1' },
      payload: { tenant: 'lakeside', email: 'desk@lakeside.example', password: demo.password },
    })
    desk = staffHeaders(String(session.headers['set-cookie']).split(';')[0] ?? '')
  })
  after(async () => {
    await app?.close()
    await wake?.close()
    await pool?.end()
    await owner?.end()
    await database?.drop()
  })

  let token: string
  let intakeId: string
  let form: Record<string, unknown>
  let key: string
  beforeEach(async () => {
    key = randomUUID()
    const visit = { startsAt: '2026-01-07T15:20:00.000Z', minutes: 20, practitioner: 'Dr Okafor' }
    const made = (await app.inject({ method: 'POST', url: '/api/clinic/visits', headers: desk, payload: visit })).json()
    token = made.patientUrl.split('/').pop()
    intakeId = made.intakeId
    const { consentTexts, accessCode } = (await app.inject({ url: '/api/intake', headers: linkHeaders(token) })).json()
    const texts = consentTexts.en as { id: string; sha256: string; kind: string }[]
    const consents = texts.filter((t) => t.kind !== 'card-authorisation').map((t) => ({ textId: t.id, textSha256: t.sha256, granted: true }))
    form = submission({ consents, signature: { typedName: 'Amira Haddad', language: 'en', drawing: null, accessCode } })
  })

  const otherForm = (): Record<string, unknown> => ({ ...form, answers: { ...(form.answers as object), memberId: 'XQ4712' } })
  async function send(body: Record<string, unknown>, underKey = key): Promise<Reply> {
    const headers = { ...linkHeaders(token), 'idempotency-key': underKey, 'content-type': 'application/json' }
    const answer = await fetch(`${url}/api/intake/submit`, { method: 'POST', headers, body: JSON.stringify(body) })
    return { status: answer.status, body: await answer.text() }
  }
  const many = (bodyOf: (n: number) => Record<string, unknown>) => Promise.all(Array.from({ length: atOnce }, (_, n) => send(bodyOf(n))))
  const codeOf = ({ body }: Reply): string => (JSON.parse(body) as { error: { code: string } }).error.code
  async function written(): Promise<Record<string, number>> {
    const found = await owner.query<Record<string, number>>(
      `SELECT (SELECT count(*)::int FROM identity.outbox WHERE intake_id = $1 AND event_type = 'intake.submitted.v1') AS events,
         (SELECT count(*)::int FROM identity.phi_documents WHERE intake_id = $1 AND kind = 'signature') AS signatures,
         (SELECT count(*)::int FROM identity.patients p WHERE p.id IN (SELECT patient_id FROM identity.phi_documents WHERE intake_id = $1)) AS patients,
         (SELECT count(*)::int FROM compliance.audit_logs WHERE action = 'intake.submit' AND resource = 'intake:' || $1::text) AS audited`,
      [intakeId],
    )
    return found.rows[0] ?? {}
  }
  const once = { events: 1, signatures: 1, patients: 1, audited: 1 }

  it(`are one intake: ${atOnce} times the same answer, byte for byte`, async () => {
    const replies = await many(() => form)
    expect(new Set(replies.map(({ status }) => status))).to.deep.equal(new Set([202]))
    expect(new Set(replies.map(({ body }) => body)).size).to.equal(1)
    expect(await written()).to.deep.equal(once)
    expect(await send(form), 'later too').to.deep.equal(replies[0])
  })

  it('let one body have the key, and refuse the other each time', async () => {
    const replies = await many((n) => (n % 2 === 0 ? form : otherForm()))
    const taken = replies.filter(({ status }) => status === 202)
    const refused = replies.filter(({ status }) => status !== 202)
    expect([taken.length, refused.length]).to.deep.equal([atOnce / 2, atOnce / 2])
    expect(new Set(taken.map(({ body }) => body)).size).to.equal(1)
    expect(new Set(refused.map((reply) => `${reply.status} ${codeOf(reply)}`))).to.deep.equal(new Set(['409 idempotency-conflict']))
    expect(await written()).to.deep.equal(once)
  })

  it('are repeated as they were, though the clinic has changed what a form must name since', async () => {
    const first = await send(form)
    expect(first.status).to.equal(202)
    const changed = await appWith([])
    try {
      const again = (body: Record<string, unknown>) =>
        changed.inject({ method: 'POST', url: '/api/intake/submit', headers: { ...linkHeaders(token), 'idempotency-key': key }, payload: body })
      const { statusCode, body } = await again(form)
      expect({ status: statusCode, body }).to.deep.equal(first)
      expect((await again(otherForm())).json().error.code).to.equal('idempotency-conflict')
    } finally {
      await changed.close()
    }
  })
})
