import { existsSync } from 'node:fs'
import { accessCodeOf, type GivenConsent, SignatureRecord } from '@heliox/core/compliance'
import { languageTags } from '@heliox/core/kit'
import { fill } from '@heliox/core/messages'
import { expect } from 'chai'
import type { FastifyInstance } from 'fastify'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { demoConsentTexts } from '../db/seed/consent-texts.ts'
import { axeFindings, overflowPx, shoot } from '../ui/test/looks.ts'
import { buildApp } from './app.ts'
import { printable } from './receipt/printable.ts'
import { linkHeaders } from './testing/clinics.ts'
import { makeWorld, type World } from './testing/fakes.ts'
import { pdfText } from './testing/pdf-text.ts'

const chromiumPath = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium'
const signedAt = '2026-03-01T16:05:09.000Z'
const drawn = (text: string): string => printable(text).text

describe('what a patient agreed to', function () {
  this.timeout(60_000)
  let world: World
  let app: FastifyInstance
  let base: string
  let browser: Browser | undefined
  before(async () => {
    if (existsSync(chromiumPath)) browser = await chromium.launch({ executablePath: chromiumPath, args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] })
  })
  after(() => browser?.close())
  beforeEach(async () => {
    world = makeWorld()
    world.deps.intakes.branding = async () => ({
      brandColour: '#1f6f5c',
      contactPhone: '+1 512 555 0100',
      languages: ['en', 'es', 'de', 'fr'],
      logoSha256: null,
    })
    // A language is offered once its texts are there.
    world.deps.intakes.consentTexts = async () => [...demoConsentTexts]
    app = await buildApp(world.deps)
    base = await app.listen({ host: '127.0.0.1', port: 0 })
  })
  afterEach(() => app?.close())

  function signed(over: Partial<SignatureRecord> = {}, language: 'en' | 'de' = 'en') {
    const { token, facts } = world.link({ status: 'submitted', proof: 'given' })
    const given: GivenConsent[] = demoConsentTexts
      .filter((text) => text.language === language)
      .map((text, n) => ({ id: `00000000-0000-4000-8000-00000000020${n}`, text, signedAt, withdrawnAt: null }))
    const record = SignatureRecord.parse({
      signature: { typedName: 'Amira Haddad', language, drawing: null, accessCode: accessCodeOf(facts.intakeId) },
      consents: given.map(({ text }) => ({ textId: text.id, textSha256: text.sha256 })),
      from: { userAgent: 'Mozilla/5.0 (iPhone)', ip: '192.0.2.44' },
      ...{ at: signedAt, timeZone: 'America/Chicago', patient: { givenName: 'Amira', familyName: 'Haddad' } },
      ...over,
    })
    world.consents.set(facts.intakeId, { given, record, recordSha256: 'e'.repeat(64), later: [] })
    const consentOf = (kind: string): GivenConsent => given.find(({ text }) => text.kind === kind) as GivenConsent
    return { token, facts, given, record, consentOf }
  }
  const page = (url: string) => app.inject({ url })
  const withdraw = (token: string, id: string) => app.inject({ method: 'POST', url: `/api/intake/consents/${id}/withdraw`, headers: linkHeaders(token) })

  it('is on a page behind the link, in the words that were signed, reached from the status page', async () => {
    const { token, facts, given } = signed()
    expect((await page(`/status/${token}?lang=de`)).body).to.contain(`href="/consents/${token}?lang=de"`)
    const { body, statusCode } = await page(`/consents/${token}?lang=en`)
    expect(statusCode).to.equal(200)
    for (const { text } of given) expect(body).to.contain(text.title)
    expect(body).to.contain(accessCodeOf(facts.intakeId)).and.to.not.contain('{code}')
    expect((await page(`/consents/${'x'.repeat(43)}`)).statusCode).to.equal(404)
  })

  it('is taken back through the link that signed it and no other, and then says since when and what that means', async () => {
    const { token, consentOf } = signed()
    const other = signed()
    const sms = consentOf('sms')
    const stranger = world.link({ status: 'submitted' })
    expect((await withdraw(stranger.token, sms.id)).statusCode).to.equal(404)
    expect(sms.withdrawnAt).to.equal(null)
    const answer = await withdraw(token, sms.id)
    expect([answer.statusCode, answer.json()]).to.deep.equal([200, { kind: 'sms' }])
    expect((await withdraw(token, sms.id)).statusCode, 'again').to.equal(200)
    const list = (await app.inject({ url: '/api/intake/consents', headers: linkHeaders(token) })).json().items as { kind: string; withdrawnAt: string | null }[]
    expect(list.filter(({ withdrawnAt }) => withdrawnAt).map(({ kind }) => kind)).to.deep.equal(['sms'])
    expect((await page(`/consents/${token}?lang=en`)).body).to.contain('You get no more text messages from this clinic at this number')
    expect(other.given.every(({ withdrawnAt }) => withdrawnAt === null)).to.equal(true)
  })

  it('is a PDF to keep, which says who signed, for whom, when by which clock, from where, and the check sum of each text', async () => {
    const { token, given, facts, consentOf } = signed({ signedAs: 'parent' })
    await withdraw(token, consentOf('card-authorisation').id)
    const answer = await page(`/receipt/${token}?lang=en`)
    expect(answer.headers).to.include({
      ...{ 'content-type': 'application/pdf', 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' },
      'content-security-policy': "default-src 'none'; sandbox",
    })
    expect(answer.headers['content-disposition']).to.match(/^attachment; filename="HX-[0-9A-Z-]+\.pdf"$/)
    const text = pdfText(answer.rawPayload)
    for (const words of ['Amira Haddad', 'a parent', 'America/Chicago', '10:05:09 AM', '192.0.2.44', 'iPhone', 'e'.repeat(64), accessCodeOf(facts.intakeId)]) {
      expect(text, words).to.contain(words)
    }
    for (const { text: consent } of given) expect(text, consent.kind).to.contain(consent.sha256).and.to.contain(drawn(consent.title))
    expect(text).to.contain('You took this back on March 2, 2026')
    expect(answer.rawPayload.toString('latin1')).to.contain('/StructTreeRoot').and.to.contain('/Lang (en-US)')
    expect(world.logLines.join('\n')).to.not.contain('Amira').and.to.not.contain(token)
  })

  it('is a PDF that says of what was agreed to after the form when, how and from where that was, apart from the rest', async () => {
    const { token, facts, record, given, consentOf } = signed()
    const card = consentOf('card-authorisation')
    const again: GivenConsent = { ...card, id: '00000000-0000-4000-8000-000000000299', signedAt: '2026-03-04T18:00:00.000Z' }
    const left = SignatureRecord.parse({
      signature: { typedName: '', language: 'en', drawing: null, accessCode: null },
      consents: [{ textId: card.text.id, textSha256: card.text.sha256 }],
      ...{ from: { userAgent: 'another phone', ip: '192.0.2.77' }, at: again.signedAt, timeZone: 'America/Chicago', action: 'method.leave' },
    })
    const later = [{ record: left, recordSha256: 'd'.repeat(64), consentIds: [again.id] }]
    world.consents.set(facts.intakeId, { given: [...given, again], record, recordSha256: 'e'.repeat(64), later })
    expect((await page(`/consents/${token}?lang=en`)).body.split(card.text.title).length - 1, 'both stand on the page').to.be.at.least(2)
    for (const language of languageTags) {
      const text = pdfText((await page(`/receipt/${token}?lang=${language}`)).rawPayload)
      const [before, after] = text.split(drawn(fill('receipt.later', language)))
      expect(before, language).to.contain('192.0.2.44').and.to.contain('Amira Haddad').and.to.contain('e'.repeat(64)).and.to.not.contain('192.0.2.77')
      expect(before?.split(card.text.sha256), 'the form’s own').to.have.length(2)
      for (const words of ['192.0.2.77', 'another phone', 'd'.repeat(64), card.text.sha256]) expect(after, language).to.contain(words)
      expect(after, 'no name was typed there').to.not.contain(drawn(fill('receipt.signed-by', language)))
    }
  })

  it('is a PDF in every language, also with a drawing that is none, and with a name in other letters', async () => {
    const { token } = signed({ signature: { typedName: 'Łukasz Müller 李', language: 'de', drawing: 'data:image/png;base64,AAAA', accessCode: null } }, 'de')
    for (const language of languageTags) {
      const text = pdfText((await page(`/receipt/${token}?lang=${language}`)).rawPayload)
      expect(text, language)
        .to.contain(drawn(fill('receipt.title', language)))
        .and.to.contain('Łukasz Müller □')
        .and.to.contain(drawn(fill('receipt.letters', language, { square: '□' })))
        .and.to.contain('Einwilligung')
    }
  })

  it('is no PDF for a browser that proved nothing, also where nothing was asked', async () => {
    const { token, facts } = signed()
    facts.proof = 'not-asked'
    expect((await page(`/consents/${token}?lang=en`)).body).to.not.contain(`/receipt/${token}`)
    const answer = await page(`/receipt/${token}?lang=en`)
    expect([answer.statusCode, answer.headers.location, answer.headers['content-type']]).to.deep.equal([302, `/consents/${token}?lang=en`, undefined])
  })

  it('is not there before it was signed and recorded', async () => {
    const { token } = world.link({ status: 'submitted' })
    expect((await page(`/consents/${token}?lang=en`)).body)
      .to.contain('appears here a moment after')
      .and.to.not.contain(`/receipt/${token}`)
    const answer = await page(`/receipt/${token}?lang=en`)
    expect([answer.statusCode, answer.headers.location]).to.deep.equal([302, `/consents/${token}?lang=en`])
  })

  describe('in a browser', () => {
    async function withPage(options: BrowserContextOptions, look: (page: Page) => Promise<void>): Promise<void> {
      const context = await browser?.newContext(options)
      if (!context) throw new Error('no browser')
      try {
        await look(await context.newPage())
      } finally {
        await context.close()
      }
    }
    before(function () {
      if (!browser) this.skip()
    })

    it('is taken back by keyboard in two steps, and the first can be undone', () =>
      withPage({ viewport: { width: 320, height: 640 } }, async (page) => {
        const { token, consentOf } = signed()
        await page.goto(`${base}/consents/${token}?lang=en`)
        const place = page.locator('section.consent', { has: page.getByRole('heading', { name: 'Text messages about this visit' }) })
        await place.getByRole('button', { name: 'Take this back' }).press('Enter')
        await place.getByText('You get no more text messages from this clinic at this number').waitFor()
        await page.keyboard.press('Tab')
        await page.keyboard.press('Enter')
        expect(await page.evaluate('document.activeElement.textContent')).to.equal('Take this back')
        expect(consentOf('sms').withdrawnAt).to.equal(null)
        await page.keyboard.press('Enter')
        await shoot(page, 'patient-consents-asking-320')
        expect(await axeFindings(page)).to.deep.equal([])
        await page.keyboard.press('Enter')
        await place.getByText('You took this back on').waitFor()
        expect(consentOf('sms').withdrawnAt).to.be.a('string')
        expect(await place.getByRole('button').count()).to.equal(0)
      }))

    it('says so when it could not be saved, and can be tried again', () =>
      withPage({}, async (page) => {
        const { token, consentOf } = signed()
        await page.goto(`${base}/consents/${token}?lang=en`)
        await page.route('**/withdraw', (route) => route.abort())
        await page.getByRole('button', { name: 'Take this back' }).first().click()
        await page.getByRole('button', { name: 'Yes, take it back' }).click()
        await page.getByText('This could not be saved.').waitFor()
        await page.unroute('**/withdraw')
        await page.getByRole('button', { name: 'Yes, take it back' }).click()
        await page.getByText('You took this back on').waitFor()
        expect(consentOf('treatment').withdrawnAt).to.be.a('string')
      }))

    it('has no fault that axe knows of at 320 px, in every language, both themes, and from right to left', async () => {
      const { token, consentOf } = signed()
      await withdraw(token, consentOf('card-authorisation').id)
      for (const colorScheme of ['light', 'dark'] as const) {
        for (const language of languageTags) {
          await withPage({ colorScheme, viewport: { width: 320, height: 640 } }, async (page) => {
            for (const path of ['consents', 'status']) {
              await page.goto(`${base}/${path}/${token}?lang=${language}`)
              expect(await page.evaluate('document.documentElement.lang')).to.equal(language)
              expect(await axeFindings(page), `${path} ${colorScheme} ${language}`).to.deep.equal([])
              expect(await overflowPx(page), `${path} ${language}`).to.equal(0)
              if (colorScheme === 'light') await shoot(page, `patient-${path}-320-${language}`)
              await page.evaluate("document.documentElement.dir = 'rtl'")
              expect(await overflowPx(page), `${path} ${language} from right to left`).to.equal(0)
              if (language === 'de' && colorScheme === 'light') await shoot(page, `patient-${path}-320-rtl`)
            }
          })
        }
      }
    })

    it('says whom to call where there is no script', () =>
      withPage({ javaScriptEnabled: false }, async (page) => {
        const { token } = signed()
        await page.goto(`${base}/consents/${token}?lang=fr`)
        await page.getByText('Pour retirer un accord, appelez Lakeside Clinic').waitFor()
        expect(await page.getByRole('button').count()).to.equal(0)
      }))
  })
})
