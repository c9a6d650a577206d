import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliCompressSync, brotliDecompressSync } from 'node:zlib'
import { eligibilityStates, paymentStates } from '@heliox/core/billing'
import { expect } from 'chai'
import type { FastifyInstance } from 'fastify'
import { buildApp } from './app.ts'
import { linkHeaders, makeWorld, now, type World } from './testing/fakes.ts'

describe('pages', () => {
  let folder: string
  let world: World
  let app: FastifyInstance
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'hub-ui-'))
    mkdirSync(join(folder, 'assets'))
    for (const name of ['intake', 'signin', 'ops', 'clinic', 'admin']) writeFileSync(join(folder, `${name}.html`), `<!doctype html><title>${name}</title>`)
    writeFileSync(join(folder, 'assets/ops-abc123.js'), 'export {}')
    writeFileSync(join(folder, 'assets/ops-abc123.js.br'), brotliCompressSync('export {}'))
    writeFileSync(join(folder, 'icon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>')
    writeFileSync(join(folder, 'stamp.txt'), 'x')
  })
  after(() => rmSync(folder, { recursive: true }))
  beforeEach(async () => {
    world = makeWorld({ uiFolder: folder })
    app = await buildApp(world.deps)
  })
  afterEach(() => app.close())

  const submitted = () => {
    const link = world.link({ status: 'submitted' })
    const journey = world.journeys.get(link.facts.intakeId)
    if (!journey) throw new Error('no journey')
    return { ...link, journey }
  }
  const page = async (token: string, query = '', headers = {}) => (await app.inject({ url: `/status/${token}${query}`, headers })).body

  describe('status', () => {
    it('says without JavaScript what happened, what it means, what to do and by when', async () => {
      const { token, journey } = submitted()
      journey.eligibility = 'needs-you'
      const text = await page(token)
      expect(text).to.contain('<h1>There is something for you to do</h1>')
      expect(text).to.contain('Your insurer could not find you with these details.')
      const call = '<a class="phone" dir="ltr" href="tel:+15125550100">+1 512 555 0100</a>'
      expect(text, 'a number that is called with a tap').to.contain(`call Lakeside Clinic at ${call} before Wednesday, March 4 at 9:20 AM`)
      expect(text).to.contain(journey.reference).and.to.contain('Dr Okafor').and.to.contain('Keep a copy')
      expect(text).to.not.match(/<script(?![^>]*src=)|<style|style=|onclick/)
    })

    it('says by when an insurer answers that is asked by file, in both languages, and does not call it done', async () => {
      const { token, journey } = submitted()
      Object.assign(journey, { eligibility: 'checking', askedByFile: true })
      expect(await page(token))
        .to.contain('Your insurer answers by file, usually by the next morning.')
        .and.to.contain('We are still checking a few things')
      expect(await page(token, '?lang=es')).to.contain('Su aseguradora responde por archivo, normalmente a la mañana siguiente.')
    })

    it('has words for every state in every language, and never a code', async () => {
      const { token, journey } = submitted()
      for (const language of ['en', 'es']) {
        for (const eligibility of eligibilityStates) {
          for (const payment of [null, ...paymentStates]) {
            Object.assign(journey, { eligibility, payment, photosExpected: 2, photosClean: 1, photosRejected: payment === 'declined' ? 1 : 0 })
            const text = await page(token, `?lang=${language}`)
            expect(text, `${eligibility} ${payment}`)
              .to.contain(`<html lang="${language}">`)
              .and.to.match(/<li class="line/)
            expect(text).to.not.match(/\{[a-z]+\}|undefined|null|AAA/)
          }
        }
      }
    })

    it('speaks the language of the browser unless another is chosen', async () => {
      const { token } = submitted()
      expect(await page(token, '', { 'accept-language': 'fr-FR, es-MX;q=0.8' })).to.contain('<html lang="es">')
      expect(await page(token, '?lang=en', { 'accept-language': 'es' })).to.contain('<html lang="en">')
      expect(await page(token, '?lang=%3Cscript%3E')).to.contain('<html lang="en">')
    })

    it('escapes what comes from the clinic', async () => {
      const { token, facts } = submitted()
      facts.practitioner = 'Dr <img src=x onerror=alert(1)> "O\'Neil"'
      const text = await page(token)
      expect(text).to.contain('Dr &lt;img src=x onerror=alert(1)&gt; &quot;O&#39;Neil&quot;').and.to.not.contain('<img')
    })

    it('does not promise a minute for photos that wait for a scanner', async () => {
      const { token, facts, journey } = submitted()
      Object.assign(journey, { eligibility: 'confirmed', photosExpected: 2, photosClean: 1 })
      const of = async (minutes: number) => {
        const at = new Date(now.getTime() - minutes * 60_000).toISOString()
        world.deps.ops.journey = async () => ({
          journey,
          steps: [{ at, step: 'upload.completed.v1', process: 'api-1', outcome: null, sinceSubmitMs: null, durationMs: null }],
        })
        return page(token)
      }
      expect(await of(1)).to.contain('less than a minute')
      expect(await of(120))
        .to.contain('This takes longer than usual.')
        .and.not.contain('less than a minute')
      expect(facts.status).to.equal('submitted')
    })

    it('sends a patient who has not finished back to the form', async () => {
      const { token } = world.link({ status: 'opened' })
      expect(await page(token))
        .to.contain(`href="/i/${token}"`)
        .and.to.contain('We do not have your form yet')
    })

    it('answers a link that does not work or has ended with a page, without saying why', async () => {
      const unknown = await app.inject({ url: `/status/${'x'.repeat(43)}` })
      expect([unknown.statusCode, unknown.headers['content-type']]).to.deep.equal([404, 'text/html; charset=utf-8'])
      expect(unknown.body).to.contain('This link does not work')
      const ended = await app.inject({ url: `/i/${world.link({ status: 'expired' }).token}?lang=es` })
      expect([ended.statusCode, ended.body.includes('Este enlace ha caducado')]).to.deep.equal([410, true])
      const broken = makeWorld()
      broken.deps.intakes.findLink = async () => {
        throw new Error('database is away')
      }
      const down = await buildApp(broken.deps)
      const failed = await down.inject({ url: `/status/${'x'.repeat(43)}` })
      await down.close()
      expect(failed.statusCode).to.equal(500)
      expect(failed.body).to.contain(String(failed.headers['x-correlation-id'])).and.to.not.contain('database')
    })

    it('brings its own style and script, and the colour of the clinic', async () => {
      const text = await page(submitted().token)
      for (const [, url] of text.matchAll(/(?:href|src)="(\/server-pages\/[^"]+)"/g)) {
        const asset = await app.inject({ url: url ?? '' })
        expect(asset.statusCode, url).to.equal(200)
        expect(asset.headers['x-content-type-options']).to.equal('nosniff')
      }
      expect((await app.inject({ url: '/server-pages/brand/1f6f5c.css' })).body).to.equal(':root{--brand:#1f6f5c}\n')
      expect((await app.inject({ url: '/server-pages/brand/red;}x.css' })).statusCode).to.equal(404)
    })
  })

  describe('policy', () => {
    const policyOf = async (url: string) => String((await app.inject({ url })).headers['content-security-policy'])

    const cardAt = (scriptUrl: string) => ({ scriptUrl, publishableKey: 'pk', apiBase: 'https://api.card.example' })

    it('lets no clinic bring a script of its own to the origin that all clinics share, whatever was saved', async () => {
      for (const [adapterId, scriptUrl] of [
        ['stripe', 'https://evil.example/x.js'],
        ['stripe', 'https://js.stripe.com.evil.example/x.js'],
        ['stripe', 'http://127.0.0.1:9000/v3/'],
        ['fhir', 'https://js.stripe.com/v3/'],
      ] as const) {
        world = makeWorld({ uiFolder: folder })
        await app.close()
        app = await buildApp(world.deps)
        const { token, facts } = world.link()
        world.connections.set(`${facts.tenantId} ${adapterId}`, { adapterId, config: cardAt(scriptUrl), secrets: {}, updatedAt: '' })
        expect(await policyOf(`/i/${token}`), scriptUrl)
          .to.contain("script-src 'self';")
          .and.to.contain("frame-src 'none'")
        expect((await app.inject({ url: '/api/intake', headers: linkHeaders(token) })).json().card, scriptUrl).to.equal(null)
      }
    })

    it('takes the simulator’s script on this machine where there are no real patients', async () => {
      world = makeWorld({ uiFolder: folder, production: false })
      await app.close()
      app = await buildApp(world.deps)
      const { token, facts } = world.link()
      world.connections.set(`${facts.tenantId} stripe`, { adapterId: 'stripe', config: cardAt('http://127.0.0.1:9000/v3/'), secrets: {}, updatedAt: '' })
      expect(await policyOf(`/i/${token}`)).to.contain("script-src 'self' http://127.0.0.1:9000;")
    })

    it('lets the intake page talk to the clinic’s card partner and to the bucket, and to nobody else', async () => {
      const { token, facts } = world.link()
      world.connections.set(`${facts.tenantId} stripe`, { adapterId: 'stripe', config: cardAt('https://js.stripe.com/v3/'), secrets: {}, updatedAt: '' })
      const policy = await policyOf(`/i/${token}`)
      expect(policy).to.contain("script-src 'self' https://js.stripe.com;")
      expect(policy).to.contain("connect-src 'self' https://js.stripe.com https://api.card.example http://objects.example;")
      expect(policy).to.contain('frame-src https://js.stripe.com;')
      expect(policy).to.contain("style-src 'self';").and.to.contain("frame-ancestors 'none'")
    })

    it('runs nothing foreign on any other page, and nothing at all in an API answer', async () => {
      for (const url of ['/', '/ops', `/status/${submitted().token}`, `/status/${'x'.repeat(43)}`]) {
        const policy = await policyOf(url)
        expect(policy, url).to.contain("script-src 'self';").and.to.contain("frame-src 'none'").and.not.contain('unsafe')
      }
      expect(await policyOf('/api/health')).to.equal("default-src 'none'; frame-ancestors 'none'; base-uri 'none'")
    })

    it('never sends a link on as a referrer, and lets no cache keep it', async () => {
      const answer = await app.inject({ url: `/status/${submitted().token}` })
      expect(answer.headers).to.include({ 'referrer-policy': 'no-referrer', 'cache-control': 'no-store', 'x-frame-options': 'DENY' })
    })
  })

  describe('built screens', () => {
    it('answers each entry, and deep links of it', async () => {
      const entries = {
        '/': 'signin',
        '/signin': 'signin',
        '/ops': 'ops',
        '/ops/overrides/1': 'ops',
        '/clinic': 'clinic',
        '/admin/connections': 'admin',
        [`/i/${world.link().token}`]: 'intake',
      }
      for (const [url, name] of Object.entries(entries)) {
        const answer = await app.inject({ url })
        expect(answer.body, url).to.contain(`<title>${name}</title>`)
        expect(answer.headers['cache-control']).to.equal('no-store')
      }
    })

    it('keeps hashed assets for a year, and serves nothing it does not mean to', async () => {
      const asset = await app.inject({ url: '/assets/ops-abc123.js' })
      expect(asset.statusCode).to.equal(200)
      expect(asset.headers['cache-control']).to.equal('public, max-age=31536000, immutable')
      expect((await app.inject({ url: '/icon.svg' })).statusCode).to.equal(200)
      for (const url of ['/assets/none.js', '/assets/../stamp.txt', '/assets/%2e%2e/stamp.txt', '/stamp.txt', '/ops.html', '/.env']) {
        expect((await app.inject({ url })).statusCode, url).to.equal(404)
      }
    })

    it('sends what the build packed to a browser that takes it, and the file itself to any other', async () => {
      const packed = await app.inject({ url: '/assets/ops-abc123.js', headers: { 'accept-encoding': 'gzip, deflate, br' } })
      expect([packed.headers['content-encoding'], packed.headers.vary]).to.deep.equal(['br', 'accept-encoding'])
      expect(packed.headers['content-type']).to.match(/javascript; charset=utf-8$/)
      expect(brotliDecompressSync(packed.rawPayload).toString()).to.equal('export {}')
      const plain = await app.inject({ url: '/assets/ops-abc123.js' })
      expect([plain.headers['content-encoding'], plain.body, plain.headers.vary]).to.deep.equal([undefined, 'export {}', 'accept-encoding'])
      expect((await app.inject({ url: '/icon.svg', headers: { 'accept-encoding': 'br' } })).headers['content-encoding']).to.equal(undefined)
    })

    it('sends a patient who is done from the form to the status', async () => {
      const { token } = submitted()
      const answer = await app.inject({ url: `/i/${token}` })
      expect([answer.statusCode, answer.headers.location]).to.deep.equal([302, `/status/${token}`])
    })

    it('gives the number of the clinic to whose browser runs no scripts, in their language', async () => {
      writeFileSync(join(folder, 'intake.html'), '<!doctype html><title>intake</title><noscript>Turn it on.</noscript><script src="/x.js"></script>')
      const { token, facts } = world.link()
      const page = (await app.inject({ url: `/i/${token}?lang=es` })).body
      expect(page)
        .to.contain('<noscript><p lang="es">Esta página necesita JavaScript.')
        .and.to.contain('+1 512 555 0100')
        .and.to.contain('<script src="/x.js">')
      expect(page).to.not.contain('Turn it on').and.not.contain(facts.practitioner)
    })

    it('says what to do when the screens are not built', async () => {
      const bare = await buildApp(makeWorld().deps)
      const answer = await bare.inject({ url: '/ops' })
      await bare.close()
      expect(answer.statusCode).to.equal(503)
      expect(answer.body).to.contain('not built yet')
    })
  })

  it('is ready only while its database answers, and alive either way', async () => {
    expect((await app.inject({ url: '/api/ready' })).statusCode).to.equal(200)
    world.deps.ready = async () => {
      throw new Error('connection refused to 10.0.0.1')
    }
    const down = await app.inject({ url: '/api/ready' })
    expect([down.statusCode, down.json().error.code]).to.deep.equal([503, 'not-ready'])
    expect((await app.inject({ url: '/api/health' })).json()).to.deep.equal({ ok: true, process: 'api-1' })
    expect((await app.inject({ url: '/api/intake/status', headers: linkHeaders(submitted().token) })).statusCode).to.equal(200)
  })
})
