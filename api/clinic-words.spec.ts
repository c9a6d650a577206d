import { FormDefinition } from '@heliox/core/catalog'
import { expect } from 'chai'
import type { FastifyInstance } from 'fastify'
import { buildApp } from './app.ts'
import { lakeside, staffHeaders } from './testing/clinics.ts'
import { makeWorld, type World } from './testing/fakes.ts'

const label = (text: string) => ({ title: text, fields: { smoker: { label: text } } })
const health = {
  schema: { type: 'object', properties: { smoker: { type: 'boolean' } }, required: ['smoker'], additionalProperties: false },
  words: { en: label('Do you smoke?'), es: label('¿Fuma?') },
  order: ['smoker'],
}

describe('a clinic’s own words', () => {
  let world: World
  let app: FastifyInstance
  beforeEach(async () => {
    world = makeWorld()
    app = await buildApp(world.deps)
  })
  afterEach(() => app?.close())
  const admin = (): Record<string, string> => staffHeaders(world.session(['admin']).cookie)
  const put = (url: string, seen: number, payload: object) => app.inject({ method: 'PUT', url, headers: { ...admin(), 'if-match': `"${seen}"` }, payload })
  const get = async (url: string) => (await app.inject({ url, headers: admin() })).json()
  const done = (action: string) => world.audits.filter((one) => one.action === action && one.outcome === 'ok').length
  type Told = { code: string; fields?: { path: string; message: string }[] }
  const told = async (answer: Promise<{ statusCode: number; json(): { error: Told } }>) => {
    const { statusCode, json } = await answer
    const { code, fields = [] } = statusCode < 300 ? { code: 'ok' } : json().error
    return [statusCode, code, ...fields.map(({ path }) => path)]
  }

  describe('questions', () => {
    it('are listed with what is missing in which of the clinic’s languages, and read with all their words', async () => {
      expect(await get('/api/admin/forms')).to.deep.include({ languages: ['en', 'es'], askedMax: 10 })
      const [item] = (await get('/api/admin/forms')).items
      expect(item).to.deep.include({ id: 'health', version: 1, title: 'Health', questions: 1, endedAt: null, savedBy: 'Ada Admin', incomplete: ['es'] })
      const form = await get('/api/admin/forms/health')
      expect(FormDefinition.parse(form.definition).order).to.deep.equal(['smoker'])
      expect((await app.inject({ url: '/api/admin/forms/nothing', headers: admin() })).statusCode).to.equal(404)
    })

    it('are saved over the version that was seen, whole, or refused with the field', async () => {
      expect(await told(put('/api/admin/forms/health', 0, { definition: health }))).to.deep.equal([409, 'changed-meanwhile'])
      expect(await told(put('/api/admin/forms/health', 1, { definition: { ...health, words: { en: health.words.en } } }))).to.deep.equal([
        ...[400, 'invalid', 'definition.words.es'],
      ])
      const choices = { ...health.schema, required: [], properties: { smoker: { type: 'string', enum: ['a', 'a'] } } }
      const options = { fields: { smoker: { label: 'x', options: { a: 'A' } } }, title: 'x' }
      expect(await told(put('/api/admin/forms/health', 1, { definition: { ...health, schema: choices, words: { en: options, es: options } } }))).to.deep.equal([
        ...[400, 'invalid', 'definition.schema.properties.smoker'],
      ])
      expect(await told(put('/api/admin/forms/health', 1, { definition: { ...health, order: ['other'] } }))).to.deep.equal([400, 'invalid', 'definition.order'])
      expect(done('form.save')).to.equal(0)
      expect(await told(put('/api/admin/forms/health', 1, { definition: health }))).to.deep.equal([200, 'ok'])
      expect((await get('/api/admin/forms')).items[0]).to.deep.include({ version: 2, incomplete: [] })
      expect(await told(put('/api/admin/forms/health', 2, { definition: null }))).to.deep.equal([200, 'ok'])
      expect((await get('/api/admin/forms')).items[0].endedAt).to.be.a('string')
      expect(done('form.save')).to.equal(2)
    })

    it('are asked in what the clinic offers now, not in what was read half a minute ago', async () => {
      await app.inject({ url: '/api/clinic/paper', headers: admin() })
      const branding = await world.deps.intakes.branding('')
      world.deps.intakes.branding = async () => ({ ...branding, languages: ['en', 'de'] })
      expect(await told(put('/api/admin/forms/health', 1, { definition: health }))).to.deep.equal([400, 'invalid', 'definition.words.de'])
    })

    it('are read with what was answered by the desk, audited, and by nobody of operations', async () => {
      const { facts } = world.link()
      const url = `/api/clinic/visits/${facts.intakeId}/form-answers`
      expect((await app.inject({ url, headers: staffHeaders(world.session(['ops']).cookie) })).statusCode).to.equal(403)
      const answer = await app.inject({ url, headers: staffHeaders(world.session(['front-desk']).cookie) })
      expect(answer.json().items[0]).to.deep.equal({
        id: 'health',
        version: 1,
        isRecorded: true,
        title: 'Health',
        questions: [{ label: 'Do you smoke?', is: 'yes', words: [] }],
      })
      expect(answer.headers['cache-control']).to.match(/no-store/)
      expect(world.audits.filter(({ action }) => action === 'phi.read').map(({ purpose }) => purpose)).to.deep.equal(['front desk'])
    })
  })

  describe('consent texts', () => {
    const both = { texts: { en: { title: 'Care', body: 'Words.' }, es: { title: 'Atención', body: 'Palabras.' } } }

    it('are listed by kind, with who needs them, in which language they are missing, and whether the clinic takes bank accounts', async () => {
      const { items, languages, bankAccounts } = await get('/api/admin/consents')
      expect([languages, bankAccounts]).to.deep.equal([['en', 'es'], false])
      expect(items.map((one: { kind: string; need: string; missing: string[] }) => [one.kind, one.need, one.missing])).to.deep.equal([
        ['treatment', 'always', []],
        ['privacy-notice', 'always', []],
        ['card-authorisation', 'with-card', []],
        ['electronic-signature', 'always', []],
        ['sms', 'free', []],
        ['telehealth', 'free', []],
      ])
      const branding = await world.deps.intakes.branding('')
      world.deps.intakes.branding = async () => ({ ...branding, languages: ['en', 'de'] })
      expect((await get('/api/admin/consents')).items[0]).to.deep.include({ missing: ['de'] })
    })

    it('decide which languages patients are offered: none in which a form could not be sent', async () => {
      const { token } = world.link()
      const offered = async (languages: ['en', ...('es' | 'de')[]]) => {
        const branding = await world.deps.intakes.branding('')
        world.deps.intakes.branding = async () => ({ ...branding, languages })
        const other = await buildApp(world.deps)
        const { clinic } = (await other.inject({ url: '/api/intake', headers: { authorization: `Intake ${token}` } })).json()
        await other.close()
        return clinic.languages
      }
      expect(await offered(['en', 'es'])).to.deep.equal(['en', 'es'])
      expect(await offered(['en', 'de']), 'no text in German').to.deep.equal(['en'])
      const texts = await world.deps.intakes.consentTexts('')
      world.deps.intakes.consentTexts = async () => texts.filter(({ kind, language }) => kind !== 'privacy-notice' || language === 'en')
      expect(await offered(['en', 'es']), 'no privacy notice in Spanish').to.deep.equal(['en'])
      world.deps.intakes.consentTexts = async () => []
      expect(await offered(['en', 'es']), 'nothing at all: as it was').to.deep.equal(['en', 'es'])
    })

    it('are read with their versions and how often each was signed', async () => {
      const detail = await get('/api/admin/consents/treatment')
      expect(detail.newest).to.equal(1)
      expect(detail.versions[0]).to.deep.include({ version: 1, until: null, signed: { count: 6, more: false } })
      expect(detail.versions[0].texts.map(({ language }: { language: string }) => language)).to.have.members(['en', 'es'])
      expect((await app.inject({ url: '/api/admin/consents/other', headers: admin() })).statusCode).to.equal(400)
    })

    it('are published whole, over the version that was seen, or refused with the field', async () => {
      const url = '/api/admin/consents/treatment'
      expect(await told(put(url, 0, both))).to.deep.equal([409, 'changed-meanwhile'])
      expect(await told(put(url, 1, { texts: { en: both.texts.en } }))).to.deep.equal([400, 'invalid', 'texts.es'])
      expect(await told(put(url, 1, { texts: { ...both.texts, fr: both.texts.en } }))).to.deep.equal([400, 'invalid', 'texts.fr'])
      expect(await told(put(url, 1, { texts: { ...both.texts, es: { title: 'x', body: '{code}' } } }))).to.deep.equal([400, 'invalid', 'texts.es.body'])
      expect(await told(put(url, 1, { texts: { ...both.texts, es: { title: '', body: 'x' } } }))).to.deep.equal([400, 'invalid', 'texts.es.title'])
      expect(await told(put(url, 1, { ...both, coversBankAccounts: true }))).to.deep.equal([400, 'invalid', 'coversBankAccounts'])
      expect(await told(put('/api/admin/consents/electronic-signature', 1, both))).to.deep.equal([400, 'invalid', 'texts.en.body', 'texts.es.body'])
      expect(done('consent-text.publish')).to.equal(0)
      expect(await told(put(url, 1, both))).to.deep.equal([200, 'ok'])
      expect(done('consent-text.publish')).to.equal(1)
      const headers = { ...admin(), 'if-match': '2' }
      expect((await app.inject({ method: 'PUT', url, headers, payload: both })).statusCode, 'no version in quotes').to.equal(400)
    })

    it('are asked no more from now on where the form can do without, over the version that was seen', async () => {
      const end = (kind: string, seen = 1) =>
        told(app.inject({ method: 'DELETE', url: `/api/admin/consents/${kind}`, headers: { ...admin(), 'if-match': `"${seen}"` } }))
      for (const kind of ['treatment', 'privacy-notice', 'electronic-signature']) expect(await end(kind), kind).to.deep.equal([409, 'consent-needed'])
      expect(await end('sms', 0)).to.deep.equal([409, 'changed-meanwhile'])
      expect(done('consent-text.end')).to.equal(0)
      expect(await end('sms')).to.deep.equal([200, 'ok'])
      const detail = await get('/api/admin/consents/sms')
      expect(detail).to.deep.include({ inForce: [], newest: 1, missing: ['en', 'es'] })
      expect(detail.versions[0].until, 'the words stay to be read').to.be.a('string')
      expect(await told(put('/api/admin/consents/sms', 1, both)), 'and can be asked again').to.deep.equal([200, 'ok'])
      const ops = staffHeaders(world.session(['ops']).cookie)
      const answer = await app.inject({ method: 'DELETE', url: '/api/admin/consents/telehealth', headers: { ...ops, 'if-match': '"1"' } })
      expect(answer.statusCode).to.equal(403)
    })

    it('keep the authorisation of cards while the clinic takes them', async () => {
      const end = async () => {
        const fresh = await buildApp(world.deps)
        const answer = await fresh.inject({ method: 'DELETE', url: '/api/admin/consents/card-authorisation', headers: { ...admin(), 'if-match': '"1"' } })
        await fresh.close()
        return answer.statusCode === 200 ? 'ended' : answer.json().error.code
      }
      const config = { scriptUrl: 'https://js.stripe.com/v3/', publishableKey: 'pk_test_1' }
      world.connections.set(`${lakeside} stripe`, { adapterId: 'stripe', config, secrets: {}, updatedAt: '' })
      expect(await end()).to.equal('consent-needed')
      world.connections.clear()
      expect(await end()).to.equal('ended')
    })

    it('tell whether the card authorisation covers bank accounts, as the clinic said of these words', async () => {
      const of = async () => (await get('/api/admin/consents')).items.find(({ kind }: { kind: string }) => kind === 'card-authorisation').coversBankAccounts
      expect(await of()).to.equal(false)
      expect(await told(put('/api/admin/consents/card-authorisation', 1, { ...both, coversBankAccounts: true }))).to.deep.equal([200, 'ok'])
      expect(await of()).to.equal(true)
    })
  })
})
