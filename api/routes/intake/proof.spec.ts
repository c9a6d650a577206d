import { VisitContact } from '@heliox/core/identity'
import { languageTags } from '@heliox/core/kit'
import { fill } from '@heliox/core/messages'
import { makeChangeFeed, makeStores, openPool, openVault, type Pool, type Stores } from '@heliox/db'
import { demo } from '@heliox/db/seed/demo'
import { freshDatabase, type TestDatabase } from '@heliox/db/testing'
import { expect } from 'chai'
import type { FastifyInstance } from 'fastify'
import { buildApp } from '../../app.ts'
import { newToken, tokenHash } from '../../kit/token.ts'
import { linkHeaders, makeWorld } from '../../testing/fakes.ts'
import { apiRoutes } from '../registry.ts'

const at = new Date('2026-01-05T13:00:00.000Z')
const contact = VisitContact.parse({ givenName: 'Amira', familyName: 'Haddad', birthDate: '1984-05-06', phone: '+15125550123', email: 'amira@example.org' })

/** A link whose patient the clinic has named, over the real storage. */
describe('a link before and after the proof', function () {
  this.timeout(60_000)
  let database: TestDatabase
  let pool: Pool
  let stores: Stores
  let app: FastifyInstance
  let logLines: string[]
  before(async () => {
    database = await freshDatabase({ seed: true })
    pool = openPool(database.urlAs('hub_api'), { max: 6 })
    const clock = { now: () => at }
    stores = makeStores({ pool, vault: openVault({ pool, kmsFile: database.kmsFile }), process: 'api-1', clock })
    for (const adapterId of ['twilio', 'mail'])
      await stores.connectionAdmin.save(demo.lakeside.id, adapterId, {}, { webhookToken: 'x'.repeat(32) }, 'user:admin', at)
    const world = makeWorld({ region: 'us-east', publicUrl: 'https://hub.example' })
    logLines = world.logLines
    const { intake, clinic, visits, corrections, connectionAdmin, payments, ops, audit, proofs, drafts, knownPatients, contacts } = stores
    const real = { intakes: intake, clinic, visits, corrections, connections: connectionAdmin, payments, ops, audit, proofs, drafts, knownPatients, contacts }
    app = await buildApp({ ...world.deps, ...real, clock, changes: makeChangeFeed(pool) })
    await app.ready()
  })
  after(async () => {
    await app?.close()
    await pool?.end()
    await database?.drop()
  })

  interface Held {
    token: string
    intakeId: string
  }
  async function booked(of: VisitContact | null = contact): Promise<Held> {
    const token = newToken()
    const link = { token, tokenSha256: tokenHash(token), expiresAt: new Date('2026-01-08T00:00:00Z') }
    const details = { startsAt: '2026-01-07T15:20:00.000Z', minutes: 20, practitioner: 'Dr Okafor', ...(of ? { contact: of } : {}) }
    const made = await stores.clinic.createVisit(demo.lakeside.id, details, link, 'user:desk', at)
    if (typeof made === 'string') throw new Error(made)
    return { token, intakeId: made.intakeId }
  }
  type Method = 'GET' | 'POST' | 'PUT' | 'DELETE'
  const call = ({ token }: Held, method: Method, url: string, more: { cookie?: string; payload?: object; headers?: Record<string, string> } = {}) =>
    app.inject({
      method,
      url,
      headers: { ...linkHeaders(token), ...(more.cookie ? { cookie: more.cookie } : {}), ...more.headers },
      ...(more.payload ? { payload: more.payload } : {}),
    })
  const cookieOf = (answer: { headers: Record<string, unknown> }): string => String(answer.headers['set-cookie']).split(';')[0] ?? ''
  async function code(held: Held): Promise<string> {
    const shown = await stores.proofs.showCode(demo.lakeside.id, held.intakeId, 'user:desk', at)
    if (shown === 'not-found') throw new Error(shown)
    return shown.code
  }
  const prove = async (held: Held, payload: object) => call(held, 'POST', '/api/intake/proof', { payload })
  const saved = (held: Held, version: number, data: object, cookie?: string) =>
    call(held, 'PUT', '/api/intake/draft', { payload: { data, birthDate: null }, headers: { 'if-match': `"${version}"` }, ...(cookie ? { cookie } : {}) })

  it('shows and changes nothing at any of its routes before', async () => {
    const held = await booked()
    const routes = apiRoutes.filter(({ access }) => access.by === 'link' && !('before' in access && access.before === 'proof'))
    expect(routes.length).to.be.greaterThan(8)
    for (const { method, url, operationId } of routes) {
      const answer = await call(held, method, url.replace(/:\w+/g, held.intakeId), method === 'GET' ? {} : { payload: {} })
      expect([answer.statusCode, answer.json().error?.code], operationId).to.deep.equal([401, 'proof-needed'])
      for (const secret of ['Haddad', 'Amira', '1984', '5550123', 'Okafor', '15:20']) expect(answer.body, operationId).not.to.contain(secret)
    }
  })

  it('says what it asks, and no name, no time, no address', async () => {
    const held = await booked()
    const answer = await call(held, 'GET', '/api/intake/proof')
    expect(answer.json()).to.deep.include({
      asks: { birthDate: true },
      to: [
        { channel: 'sms', masked: '…23' },
        { channel: 'mail', masked: 'a…@e…' },
      ],
      code: null,
    })
    for (const secret of ['Haddad', 'Amira', '1984', '5550123', 'amira', 'Okafor', '2026-01-07']) expect(answer.body).not.to.contain(secret)
  })

  it('sends the browser to the form from every page of the status, with the language and the page that were asked for', async () => {
    const held = await booked()
    const location = async (path: string, query = '') => {
      const answer = await app.inject({ url: `/${path}/${held.token}${query}` })
      expect(answer.statusCode, path).to.equal(302)
      return answer.headers.location
    }
    expect(await location('status')).to.equal(`/i/${held.token}`)
    expect(await location('status', '?lang=es')).to.equal(`/i/${held.token}?lang=es`)
    for (const path of ['confirm', 'confirm-charge']) expect(await location(path), path).to.equal(`/i/${held.token}`)
    for (const path of ['correct', 'consents', 'method']) expect(await location(path, '?lang=de&to=ops'), path).to.equal(`/i/${held.token}?lang=de&to=${path}`)
    expect(await location('receipt', '?lang=%2F%2Fevil.example')).to.equal(`/i/${held.token}?to=consents`)
  })

  it('is forgotten at the press of a button that needs no script, by no other site, and says so in the language of the page', async () => {
    const held = await booked()
    const cookie = cookieOf(await prove(held, { birthDate: '1984-05-06', code: await code(held) }))
    const page = async (query = '') => (await app.inject({ url: `/status/${held.token}${query}`, headers: { cookie } })).body
    for (const language of ['en', 'es'] as const)
      expect(await page(`?lang=${language}`))
        .to.contain(`<form method="post" action="/forget/${held.token}?lang=${language}"`)
        .and.contain(fill('forget.do', language))
    const press = (headers: Record<string, string>, query = '?lang=es') =>
      app.inject({
        ...{ method: 'POST', url: `/forget/${held.token}${query}`, payload: '' },
        headers: { 'content-type': 'application/x-www-form-urlencoded', cookie, ...headers },
      })
    for (const site of ['cross-site', 'same-site']) expect((await press({ 'sec-fetch-site': site })).statusCode, site).to.equal(403)
    expect((await call(held, 'GET', '/api/intake', { cookie })).statusCode, 'still known').to.equal(200)

    const done = await press({ 'sec-fetch-site': 'same-origin', origin: 'null' })
    expect([done.statusCode, done.headers.location]).to.deep.equal([303, '/forgotten?lang=es'])
    expect(String(done.headers['set-cookie'])).to.match(/^__Host-hub_proof_[0-9a-f]{8}=; .*Path=\/; .*HttpOnly; Secure; SameSite=Strict$/)
    expect((await call(held, 'GET', '/api/intake', { cookie })).statusCode, 'also for who kept the cookie').to.equal(401)
    expect((await app.inject({ url: `/status/${held.token}`, headers: { cookie } })).statusCode).to.equal(302)
    for (const language of languageTags)
      expect((await app.inject({ url: `/forgotten?lang=${language}` })).body, language)
        .to.contain(`<html lang="${language}">`)
        .and.contain(fill('forgotten.title', language))
    expect((await press({}, '')).statusCode, 'twice').to.equal(303)
    expect((await app.inject({ method: 'GET', url: `/forget/${held.token}` })).statusCode, 'nobody forgets by looking').to.equal(404)
  })

  it('opens for the browser that has proved it, by a cookie that no script can read, and for no other link', async () => {
    const [held, other] = [await booked(), await booked()]
    const answer = await prove(held, { birthDate: '1984-05-06', code: await code(held) })
    expect(answer.json()).to.deep.equal({ outcome: 'proved', triesLeft: 0, pausedUntil: null })
    expect(String(answer.headers['set-cookie'])).to.match(
      /^__Host-hub_proof_[0-9a-f]{8}=[\w-]{43}; Max-Age=259200; Path=\/; HttpOnly; Secure; SameSite=Strict$/,
    )
    const cookie = cookieOf(answer)
    const open = await call(held, 'GET', '/api/intake', { cookie })
    expect(open.statusCode).to.equal(200)
    expect(open.json()).to.deep.include({ contact, draft: null, draftVersion: 0, previous: null })
    expect(open.json().forms.map((form: { id: string }) => form.id)).to.deep.equal(['before-your-visit'])
    const name = cookie.split('=')[0] ?? ''
    expect((await call(other, 'GET', '/api/intake', { cookie })).statusCode).to.equal(401)
    expect((await call(other, 'GET', '/api/intake', { cookie: cookie.replace(name, `__Host-hub_proof_${other.intakeId.slice(0, 8)}`) })).statusCode).to.equal(
      401,
    )
    expect((await app.inject({ url: `/status/${held.token}`, headers: { cookie } })).statusCode).to.equal(200)
    expect((await call(held, 'DELETE', '/api/intake/proof', { cookie })).statusCode).to.equal(204)
    expect((await call(held, 'GET', '/api/intake', { cookie })).statusCode).to.equal(401)
  })

  it('answers a wrong birth date and a wrong code with the same bytes', async () => {
    const [one, two] = [await booked(), await booked()]
    const [right, other] = [await code(one), await code(two)]
    const wrongCode = String((Number(other) + 1) % 1_000_000).padStart(6, '0')
    const answers = [await prove(one, { birthDate: '1984-05-07', code: right }), await prove(two, { birthDate: '1984-05-06', code: wrongCode })]
    expect(answers.map(({ statusCode, body }) => [statusCode, body])).to.deep.equal(
      Array(2).fill([200, '{"outcome":"wrong","triesLeft":4,"pausedUntil":null}']),
    )
    expect(answers.map(({ headers }) => headers['set-cookie'])).to.deep.equal([undefined, undefined])
  })

  it('sends a code, and says when the next may be asked for', async () => {
    const held = await booked()
    const send = (channel: string) => call(held, 'POST', '/api/intake/proof/code', { payload: { channel } })
    expect((await send('sms')).json()).to.deep.equal({ expiresAt: '2026-01-05T13:10:00.000Z' })
    const again = await send('mail')
    expect([again.statusCode, again.json().error.code, again.headers['retry-after']]).to.deep.equal([409, 'code-paused', '30'])
    const silent = await booked(VisitContact.parse({ givenName: 'A', familyName: 'B', birthDate: '1984-05-06' }))
    expect((await call(silent, 'POST', '/api/intake/proof/code', { payload: { channel: 'sms' } })).json().error.code).to.equal('no-address')
  })

  it('offers and sends no code where none would arrive: after STOP the mailbox, without one only the desk has it', async () => {
    const stopped = { ...contact, phone: '+15125550188' }
    const [mailbox, nothing] = [await booked(stopped), await booked({ ...stopped, email: null })]
    const to = async (held: Held) => (await call(held, 'GET', '/api/intake/proof')).json().to.map(({ channel }: { channel: string }) => channel)
    expect([await to(mailbox), await to(nothing)]).to.deep.equal([['sms', 'mail'], ['sms']])
    expect(await stores.messages.setOptOut(demo.lakeside.id, nothing.intakeId, { channel: 'sms', out: true }, 'user:desk', at)).to.equal('set')
    expect([await to(mailbox), await to(nothing)]).to.deep.equal([['mail'], []])
    const refused = await call(nothing, 'POST', '/api/intake/proof/code', { payload: { channel: 'sms' } })
    expect([refused.statusCode, refused.json().error.code]).to.deep.equal([409, 'no-address'])
    expect((await call(nothing, 'GET', '/api/intake/proof')).json().code, 'none is said to be out').to.equal(null)
    expect((await prove(nothing, { birthDate: '1984-05-06', code: await code(nothing) })).json().outcome).to.equal('proved')
  })

  it('is open at once where nobody named the patient, until a browser begins to type', async () => {
    const held = await booked(null)
    expect((await call(held, 'GET', '/api/intake')).statusCode).to.equal(200)
    const first = await saved(held, 0, { fields: { givenName: 'Am' } })
    expect(first.json()).to.deep.equal({ version: 1, savedAt: at.toISOString() })
    const cookie = cookieOf(first)
    expect((await call(held, 'GET', '/api/intake')).statusCode, 'another device').to.equal(401)
    expect((await call(held, 'GET', '/api/intake', { cookie })).json()).to.deep.include({
      draftVersion: 1,
      draft: { version: 1, savedAt: at.toISOString(), data: { fields: { givenName: 'Am' } } },
    })
    expect((await saved(held, 1, { fields: { givenName: 'Amira' } }, cookie)).json().version).to.equal(2)
    expect((await saved(held, 1, { fields: {} }, cookie)).json().error.code).to.equal('draft-changed')
    expect((await call(held, 'GET', '/api/intake/draft', { cookie })).json().data).to.deep.equal({ fields: { givenName: 'Amira' } })
    expect((await call(held, 'DELETE', '/api/intake/draft', { cookie })).statusCode).to.equal(204)
    expect((await call(held, 'GET', '/api/intake/draft')).json().error.code).to.equal('not-found')
  })

  it('lets a browser go on whose first save was kept and whose answer to it was lost, and no other', async () => {
    const held = await booked(null)
    const opened = await call(held, 'GET', '/api/intake')
    const cookie = cookieOf(opened)
    expect(String(opened.headers['set-cookie'])).to.match(
      /^__Host-hub_proof_[0-9a-f]{8}=[\w-]{43}; Max-Age=259200; Path=\/; HttpOnly; Secure; SameSite=Strict$/,
    )
    expect(cookieOf(await call(held, 'GET', '/api/intake', { cookie })), 'another tab of this browser').to.equal(cookie)
    const elsewhere = cookieOf(await call(held, 'GET', '/api/intake'))
    expect(elsewhere).not.to.equal(cookie)
    await saved(held, 0, { fields: { givenName: 'Am' } }, cookie)
    const again = await saved(held, 0, { fields: { givenName: 'Am' } }, cookie)
    expect([again.statusCode, again.json().error.code]).to.deep.equal([409, 'draft-changed'])
    expect((await call(held, 'GET', '/api/intake', { cookie })).json().draft.data).to.deep.equal({ fields: { givenName: 'Am' } })
    expect((await saved(held, 1, { fields: { givenName: 'Amira' } }, cookie)).json().version).to.equal(2)
    for (const other of [elsewhere, undefined]) {
      expect((await saved(held, 2, {}, other)).json().error.code).to.equal('proof-needed')
      expect((await call(held, 'GET', '/api/intake', other ? { cookie: other } : {})).statusCode).to.equal(401)
    }
    expect((await call(held, 'DELETE', '/api/intake/draft', { cookie })).statusCode).to.equal(204)
    expect((await saved(held, 3, { fields: {} }, cookie)).json().version, 'typed anew in the same browser').to.equal(4)
    expect((await call(held, 'GET', '/api/intake', { cookie })).statusCode).to.equal(200)
  })

  it('lets every patient of a day fill in their form on one tablet, which remembers the newest of them', async () => {
    const jar = new Map<string, string>()
    const keep = (answer: { cookies: { name: string; value: string }[] }): void => {
      for (const { name, value } of answer.cookies) {
        if (value === '') jar.delete(name)
        else jar.set(name, value)
      }
    }
    const cookies = () => [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
    // Of before the newest were all that is kept.
    for (let n = 0; n < 40; n += 1) jar.set(`__Host-hub_proof_${String(n).padStart(8, '0')}`, newToken())
    for (let n = 1; n <= 17; n += 1) {
      const held = await booked(n % 5 === 0 ? contact : null)
      if (n % 5 === 0) keep(await call(held, 'POST', '/api/intake/proof', { payload: { birthDate: '1984-05-06', code: await code(held) }, cookie: cookies() }))
      keep(await call(held, 'GET', '/api/intake', { cookie: cookies() }))
      for (const version of [0, 1]) {
        const answer = await saved(held, version, { fields: { n: String(n) } }, cookies())
        expect(answer.statusCode, `patient ${n}, save ${version + 1}`).to.equal(200)
        keep(answer)
      }
      expect(jar.size, `after patient ${n}`).to.equal(15)
      expect([...jar.keys()].at(-1)).to.equal(`__Host-hub_proof_${held.intakeId.slice(0, 8)}`)
    }
  })

  it('makes no browser known by looking: a contact that the clinic names, or another that types first, is behind the proof for it', async () => {
    expect((await call(await booked(), 'GET', '/api/intake')).headers['set-cookie']).to.equal(undefined)
    const held = await booked(null)
    const cookie = cookieOf(await call(held, 'GET', '/api/intake'))
    await saved(held, 0, { fields: { givenName: 'Am' } })
    expect((await call(held, 'GET', '/api/intake', { cookie })).statusCode).to.equal(401)
  })

  it('keeps no signature, no payment token and no card number in a draft', async () => {
    const held = await booked(null)
    for (const data of [
      { drawing: 'data:image/png;base64,AAAA' },
      { card: { tokenId: 'ctoken_12345' } },
      { memberId: '4242 4242 4242 4242' },
      { text: 'x'.repeat(50_000) },
    ]) {
      expect((await saved(held, 0, data)).statusCode).to.equal(400)
    }
    expect((await call(held, 'GET', '/api/intake')).json().draftVersion).to.equal(0)
  })

  it('writes nothing of any of this into the log', () => {
    const log = logLines.join('\n')
    for (const secret of ['Haddad', 'Amira', '1984-05', '5550123', 'amira@']) expect(log).not.to.contain(secret)
  })
})
