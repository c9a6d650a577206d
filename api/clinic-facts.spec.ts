import { setTimeout as sleep } from 'node:timers/promises'
import { adapters } from '@heliox/adapters'
import type { ChangeFeed } from '@heliox/core/ports'
import { makeChangeFeed, makeStores, makeWake, openPool, openVault, type Pool, type Wake } from '@heliox/db'
import { demo } from '@heliox/db/seed/demo'
import { freshDatabase, type TestDatabase } from '@heliox/db/testing'
import { expect } from 'chai'
import type { FastifyInstance } from 'fastify'
import pg from 'pg'
import { buildApp } from './app.ts'
import { edgeLimits } from './kit/limits.ts'
import { linkHeaders, makeWorld, staffHeaders, submission } from './testing/fakes.ts'

const at = new Date('2026-01-05T13:00:00.000Z')
/** Long for a notice, and far less than the time after which kept facts end by themselves. */
const atOnceMs = edgeLimits.tenantFactsMs / 3

interface Copy {
  app: FastifyInstance
  close(): Promise<void>
}
interface Text {
  id: string
  sha256: string
  kind: string
  title: string
}

/** Two copies of the API, each with connections of its own, before one database. */
describe('what two copies of the API keep of a clinic', function () {
  this.timeout(60_000)
  let database: TestDatabase
  let published: Copy
  let other: Copy
  let admin: Record<string, string>
  let token: string
  const open: Copy[] = []

  async function copyOf(process: string, hears: (changes: ChangeFeed) => ChangeFeed = (changes) => changes): Promise<Copy> {
    const pool: Pool = openPool(database.urlAs('hub_api'), { max: 4 })
    const wake: Wake = makeWake(pool)
    const clock = { now: () => at }
    const stores = makeStores({ pool, vault: openVault({ pool, kmsFile: database.kmsFile }), process, clock, wake })
    const app = await buildApp({
      ...makeWorld().deps,
      clock,
      adapters,
      intakes: stores.intake,
      accounts: stores.accounts,
      clinic: stores.clinic,
      contacts: stores.contacts,
      proofs: stores.proofs,
      drafts: stores.drafts,
      knownPatients: stores.knownPatients,
      connections: stores.connectionAdmin,
      forms: stores.forms,
      consentTexts: stores.consentTexts,
      look: stores.look,
      audit: stores.audit,
      changes: hears(makeChangeFeed(pool)),
    })
    await app.ready()
    const copy = {
      app,
      close: async () => {
        await app.close()
        await wake.close()
        await pool.end()
      },
    }
    open.push(copy)
    return copy
  }

  beforeEach(async () => {
    database = await freshDatabase({ seed: true })
    published = await copyOf('api-1')
    other = await copyOf('api-2')
    const answer = await published.app.inject({
      method: 'POST',
      url: '/api/session',
      headers: { 'x-hub-request': '1' },
      payload: { tenant: 'lakeside', email: 'admin@lakeside.example', password: demo.password },
    })
    admin = staffHeaders(String(answer.headers['set-cookie']).split(';')[0] ?? '')
    const desk = await published.app.inject({
      method: 'POST',
      url: '/api/session',
      headers: { 'x-hub-request': '1' },
      payload: { tenant: 'lakeside', email: 'desk@lakeside.example', password: demo.password },
    })
    const booked = await published.app.inject({
      method: 'POST',
      url: '/api/clinic/visits',
      headers: staffHeaders(String(desk.headers['set-cookie']).split(';')[0] ?? ''),
      payload: { startsAt: '2026-01-07T15:20:00.000Z', minutes: 20, practitioner: 'Dr Okafor' },
    })
    token = booked.json().patientUrl.split('/').pop()
  })
  afterEach(async () => {
    for (const copy of open.splice(0)) await copy.close()
    await database?.drop()
  })

  const shownAt = async ({ app }: Copy) => (await app.inject({ url: '/api/intake', headers: linkHeaders(token) })).json()
  async function save(method: 'PUT' | 'DELETE', url: string, payload: object | undefined, seen?: number): Promise<void> {
    const headers = seen === undefined ? admin : { ...admin, 'if-match': `"${seen}"` }
    const answer = await published.app.inject({ method, url: `/api/admin/${url}`, headers, payload })
    expect(answer.statusCode, answer.body).to.equal(200)
  }
  async function publishTreatment(title: string): Promise<void> {
    const { newest } = (await published.app.inject({ url: '/api/admin/consents/treatment', headers: admin })).json()
    await save('PUT', 'consents/treatment', { texts: { en: { title, body: 'Words.' }, es: { title, body: 'Palabras.' } } }, newest)
  }
  async function untilShown(copy: Copy, isShown: (view: Awaited<ReturnType<typeof shownAt>>) => boolean): Promise<void> {
    const from = performance.now()
    while (!isShown(await shownAt(copy))) {
      if (performance.now() - from > atOnceMs) throw new Error('the other copy still shows what was')
      await sleep(20)
    }
  }

  it('is dropped at once by both when a text, a form, the look or a partner is saved at one', async () => {
    const before = await shownAt(other)
    await publishTreatment('What was said anew')
    await untilShown(other, ({ consentTexts }) => consentTexts.en.some(({ title }: Text) => title === 'What was said anew'))

    const { items } = (await published.app.inject({ url: '/api/admin/forms', headers: admin })).json()
    expect(before.forms.map(({ id }: { id: string }) => id)).to.include(items[0].id)
    await save('PUT', `forms/${items[0].id}`, { definition: null }, items[0].version)
    await untilShown(other, ({ forms }) => forms.length === before.forms.length - 1)

    await save('PUT', 'look', { brandColour: '#1f3f5c', contactPhone: '+1 512 555 0199', languages: ['en', 'es'] })
    await untilShown(other, ({ clinic }) => clinic.phone === '+1 512 555 0199')

    const { newest } = (await published.app.inject({ url: '/api/admin/consents/sms', headers: admin })).json()
    await save('DELETE', 'consents/sms', undefined, newest)
    await untilShown(other, ({ consentTexts }) => !consentTexts.en.some(({ kind }: Text) => kind === 'sms'))

    const config = { apiBase: 'https://api.stripe.com', publishableKey: 'pk_test_0123456789', scriptUrl: 'https://js.stripe.com/v3/' }
    await save('PUT', 'connections/stripe', { config, secrets: { secretKey: 'sk_test_0123456789abcdef', webhookSecret: 'whsec_0123456789abcdef' } })
    await untilShown(other, ({ card }) => card !== null)
  })

  it('is dropped when the connection on which it would have been heard stands again', async () => {
    await shownAt(other)
    const owner = new pg.Client({ connectionString: database.ownerUrl })
    await owner.connect()
    try {
      const kill = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND application_name IN ('heliox-listen', 'heliox-wake')`
      expect((await owner.query(kill, [database.name])).rowCount).to.be.greaterThan(0)
      await publishTreatment('Said while nobody listened')
      await untilShown(other, ({ consentTexts }) => consentTexts.en.some(({ title }: Text) => title === 'Said while nobody listened'))
    } finally {
      await owner.end()
    }
  })

  it('refuses nobody a form with the text that the other copy shows, also where nothing is heard', async () => {
    const deaf = await copyOf('api-3', (changes) => ({ ...changes, onClinic: async () => async () => undefined }))
    const { accessCode } = await shownAt(published)
    const send = async (texts: readonly Text[]) => {
      const consents = texts.filter(({ kind }) => kind !== 'card-authorisation').map(({ id, sha256 }) => ({ textId: id, textSha256: sha256, granted: true }))
      const signature = { typedName: 'Amira Haddad', language: 'en', drawing: null, accessCode }
      const headers = { ...linkHeaders(token), 'idempotency-key': 'key-0123456789abcdef' }
      return deaf.app.inject({ method: 'POST', url: '/api/intake/submit', headers, payload: submission({ consents, signature }) })
    }
    const was: Text[] = (await shownAt(deaf)).consentTexts.en
    const unheardOf = was.map((text) => (text.kind === 'treatment' ? { ...text, sha256: 'a'.repeat(64) } : text))
    expect((await send(unheardOf)).json().error.code, 'what nobody published').to.equal('invalid')

    await publishTreatment('What was said anew')
    expect((await shownAt(deaf)).consentTexts.en, 'it still keeps what was').to.deep.equal(was)
    const sent = await send((await shownAt(published)).consentTexts.en)
    expect(sent.statusCode, sent.body).to.equal(202)
  })
})
