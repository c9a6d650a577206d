import { randomUUID } from 'node:crypto'
import { referenceOf } from '@heliox/core/reporting'
import { expect } from 'chai'
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { buildApp } from './app.ts'
import { tokenHash } from './kit/token.ts'
import { lakeside, linkHeaders, makeWorld, now, staffHeaders, visitStartsAt, type World } from './testing/fakes.ts'

describe('staff', () => {
  let world: World
  let app: FastifyInstance
  beforeEach(async () => {
    world = makeWorld()
    app = await buildApp(world.deps)
  })
  afterEach(() => app.close())

  const call = (roles: ('ops' | 'front-desk' | 'admin' | 'analyst')[], method: 'GET' | 'POST' | 'PUT', url: string, payload?: Record<string, unknown>) =>
    app.inject({ method, url, headers: staffHeaders(world.session(roles).cookie), ...(payload ? { payload } : {}) })

  describe('clinic', () => {
    it('makes a link whose token is stored as a hash only and ends half a day after the visit', async () => {
      const answer = await call(['front-desk'], 'POST', '/api/clinic/visits', { startsAt: visitStartsAt, minutes: 20, practitioner: 'Dr Okafor' })
      expect(answer.statusCode).to.equal(201)
      const made = answer.json()
      const token = made.patientUrl.replace('http://hub.example/i/', '')
      expect(world.links.get(tokenHash(token))?.intakeId).to.equal(made.intakeId)
      expect([...world.links.keys()]).to.not.include(token)
      expect(made.reference).to.equal(referenceOf(made.intakeId))
      expect(made.expiresAt).to.equal('2026-03-05T03:40:00.000Z')
      const far = await call(['front-desk'], 'POST', '/api/clinic/visits', { startsAt: '2026-06-01T09:00:00Z', minutes: 20, practitioner: 'Dr Okafor' })
      expect(far.json().expiresAt).to.equal('2026-06-01T21:20:00.000Z')
    })

    it('makes another link, after which the old one is unknown; not after a submit, not for a visit that is over', async () => {
      const { token, facts } = world.link({ expiresAt: '2026-03-01T00:00:00.000Z' })
      const renew = (intakeId: string) => call(['front-desk'], 'POST', `/api/clinic/visits/${intakeId}/link`)
      const opens = async (link: string) => (await app.inject({ url: '/api/intake', headers: linkHeaders(link) })).statusCode
      expect(await opens(token)).to.equal(410)
      const made = await renew(facts.intakeId)
      expect(made.statusCode, made.body).to.equal(201)
      expect(made.json().expiresAt).to.equal('2026-03-05T03:40:00.000Z')
      const fresh = made.json().patientUrl.replace('http://hub.example/i/', '')
      expect([await opens(fresh), await opens(token)]).to.deep.equal([200, 404])
      expect(world.audits.map((a) => [a.action, a.resource])).to.deep.equal([['link.renew', `intake:${facts.intakeId}`]])
      const sent = await renew(world.link({ status: 'submitted' }).facts.intakeId)
      expect([sent.statusCode, sent.json().error.code]).to.deep.equal([409, 'intake-closed'])
      const late = await renew(world.link({ endsAt: new Date(now.getTime() - 12 * 3_600_000 + 1).toISOString() }).facts.intakeId)
      expect(late.statusCode, 'a patient who is seen late').to.equal(201)
      const over = await renew(world.link({ endsAt: new Date(now.getTime() - 12 * 3_600_000).toISOString() }).facts.intakeId)
      expect([over.statusCode, over.json().error.code]).to.deep.equal([409, 'visit-over'])
    })

    it('books nothing twice when the answer to the first time was lost', async () => {
      const booking = { visitId: randomUUID(), startsAt: visitStartsAt, minutes: 20, practitioner: 'Dr Okafor' }
      const book = () => call(['front-desk'], 'POST', '/api/clinic/visits', booking)
      const [first, again] = [await book(), await book()]
      expect([first.statusCode, first.json().visitId]).to.deep.equal([201, booking.visitId])
      expect([again.statusCode, again.json().error.code]).to.deep.equal([409, 'visit-booked-already'])
    })

    it('books nothing in the past', async () => {
      const answer = await call(['front-desk'], 'POST', '/api/clinic/visits', { startsAt: now.toISOString(), practitioner: 'Dr Okafor' })
      expect(answer.json().error.fields).to.deep.equal([{ path: 'startsAt', message: 'must be in the future, within a year' }])
    })

    it('hands out a URL of a clean photo only, and writes down who asked', async () => {
      const { facts } = world.link({ status: 'submitted' })
      const clean = world.upload(facts, { status: 'clean', clean: { key: 'clean/1', sha256: 'a'.repeat(64) } })
      const answer = await call(['front-desk'], 'GET', `/api/clinic/photos/${clean.id}/url`)
      expect(answer.json()).to.include({ contentType: 'image/jpeg', expiresAt: '2026-03-02T10:02:00.000Z' })
      expect(answer.json().url).to.match(new RegExp(`^/api/clinic/photos/${clean.id}/full\\?until=\\d+&pass=[\\w-]{43}$`))
      expect(world.audits.map((a) => [a.action, a.resource, a.outcome])).to.deep.equal([['photo.read', clean.id, 'ok']])
      for (const status of ['expected', 'quarantined', 'rejected'] as const) {
        expect((await call(['front-desk'], 'GET', `/api/clinic/photos/${world.upload(facts, { status }).id}/url`)).statusCode).to.equal(404)
      }
      expect(world.audits).to.have.lengthOf(1)
    })

    it('hands out no URL when it cannot be written down', async () => {
      const clean = world.upload(world.link({ status: 'submitted' }).facts, { status: 'clean', clean: { key: 'clean/1', sha256: 'a'.repeat(64) } })
      world.deps.audit.audit = async () => {
        throw new Error('audit store is down')
      }
      expect((await call(['front-desk'], 'GET', `/api/clinic/photos/${clean.id}/url`)).statusCode).to.equal(500)
    })
  })

  describe('admin', () => {
    const config = { restUrl: 'http://payer.example', submitterId: 'LAKESIDE0000001' }

    it('shows each partner’s form from its definition', async () => {
      const [adapter] = (await call(['admin'], 'GET', '/api/admin/adapters')).json().items
      expect(adapter.configSchema.properties).to.have.all.keys('restUrl', 'submitterId')
      expect(adapter.secretNames).to.deep.equal(['restToken'])
    })

    it('writes secrets and never gives them back; saving without them keeps them', async () => {
      const secret = 'tok_live_very_secret'
      const saved = await call(['admin'], 'PUT', '/api/admin/connections/clearinghouse', { config, secrets: { restToken: secret } })
      expect(saved.json()).to.deep.include({ adapterId: 'clearinghouse', config, secretNames: ['restToken'] })
      const kept = await call(['admin'], 'PUT', '/api/admin/connections/clearinghouse', { config })
      expect(kept.json().secretNames).to.deep.equal(['restToken'])
      expect(world.connections.get(`${lakeside} clearinghouse`)?.secrets).to.deep.equal({ restToken: secret })
      const listed = await call(['admin'], 'GET', '/api/admin/connections')
      expect(saved.body + kept.body + listed.body + world.logLines.join()).to.not.contain(secret)
      expect(world.audits.map((a) => a.action)).to.deep.equal(['connection.save', 'connection.save'])
    })

    it('sends kept secrets to no new address: another origin wants them again, another path does not', async () => {
      const put = (payload: Record<string, unknown>) => call(['admin'], 'PUT', '/api/admin/connections/clearinghouse', payload)
      const saved = () => world.connections.get(`${lakeside} clearinghouse`)?.config
      await put({ config, secrets: { restToken: 'tok_live_very_secret' } })
      for (const restUrl of ['https://thief.example', 'https://payer.example:8443', 'ftp://payer.example']) {
        const moved = await put({ config: { ...config, restUrl } })
        expect([moved.statusCode, moved.json().error.fields]).to.deep.equal([
          400,
          [{ path: 'secrets', message: 'must be given again, because an address changed' }],
        ])
      }
      expect(saved()).to.deep.equal(config)
      expect((await put({ config: { ...config, restUrl: `${config.restUrl}/v2` } })).statusCode).to.equal(200)
      expect((await put({ config: { ...config, restUrl: 'https://new.example' }, secrets: { restToken: 'tok_for_the_new_one' } })).statusCode).to.equal(200)
      expect(saved()).to.deep.equal({ ...config, restUrl: 'https://new.example' })
    })

    it('sends kept secrets to no new host, port or host key; a default that came later is no new address', async () => {
      const [known] = world.deps.adapters
      if (!known) throw new Error('no adapter')
      const shape = { sftpHost: z.string().optional(), sftpPort: z.int().default(22), sftpHostKeySha256: z.string().optional() }
      const wider = await buildApp({ ...world.deps, adapters: [{ ...known, config: known.config.extend(shape) }] })
      const put = async (payload: Record<string, unknown>) =>
        (
          await wider.inject({
            method: 'PUT',
            url: '/api/admin/connections/clearinghouse',
            headers: staffHeaders(world.session(['admin']).cookie),
            payload,
          })
        ).statusCode
      // Stored before these settings were there.
      expect(
        (await call(['admin'], 'PUT', '/api/admin/connections/clearinghouse', { config, secrets: { restToken: 'tok_live_very_secret' } })).statusCode,
      ).to.equal(200)
      expect(await put({ config })).to.equal(200)
      const server = { sftpHost: 'sftp.payer.example', sftpHostKeySha256: 'a'.repeat(43) }
      expect(await put({ config: { ...config, ...server } })).to.equal(400)
      expect(await put({ config: { ...config, ...server }, secrets: { restToken: 'tok_live_very_secret' } })).to.equal(200)
      for (const other of [{ sftpHost: 'thief.example' }, { sftpPort: 2222 }, { sftpHostKeySha256: 'b'.repeat(43) }])
        expect(await put({ config: { ...config, ...server, ...other } }), Object.keys(other)[0]).to.equal(400)
      await wider.close()
    })

    it('refuses a configuration that is wrong, incomplete, or for a partner that is not known', async () => {
      const put = (id: string, payload: Record<string, unknown>) => call(['admin'], 'PUT', `/api/admin/connections/${id}`, payload)
      const wrong = await put('clearinghouse', { config: { ...config, restUrl: 'not an address' }, secrets: { restToken: 'short' } })
      expect(wrong.json().error.fields).to.deep.equal([{ path: 'config.restUrl', message: 'must be a valid url' }])
      expect((await put('clearinghouse', { config, secrets: { restToken: 'short' } })).json().error.fields).to.deep.equal([
        { path: 'secrets.restToken', message: 'must be at least 8 characters' },
      ])
      expect((await put('clearinghouse', { config })).json().error.fields[0].path).to.equal('secrets')
      expect((await put('fax', { config, secrets: {} })).statusCode).to.equal(404)
      expect(world.connections.size).to.equal(0)
    })
  })
})
