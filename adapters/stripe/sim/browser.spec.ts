import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect } from 'chai'
import { type Browser, chromium, type Page } from 'playwright-core'
import { type Simulator, startSimulator } from '../../contract-suite.ts'
import { testAccounts, testCards } from '../fixtures/cards.ts'

const chromiumPath = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium'
const publishableKey = 'pk_test_heliox'
const axeSource = readFileSync(new URL(import.meta.resolve('axe-core/axe.min.js')), 'utf8')

const both = { paymentMethodTypes: ['card', 'us_bank_account'], paymentMethodOptions: { us_bank_account: { verification_method: 'instant' } } }
const withOptions = (path: string, options: object): string => `${path}?options=${encodeURIComponent(JSON.stringify(options))}`

/** A clinic's page as strict as the hub's: script and frame from the simulator, no connection anywhere. */
const pageOf = (simUrl: string, locale: string, options: object) => `<!doctype html>
<html><head><meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src ${simUrl} 'unsafe-inline'; frame-src ${simUrl}; style-src 'unsafe-inline'"></head>
<body><div id="card"></div><script src="${simUrl}/v3/"></script><script>
  window.seen = []
  window.addEventListener('message', (event) => window.seen.push(JSON.stringify(event.data)))
  const stripe = Stripe('${publishableKey}', { locale: '${locale}' })
  const elements = stripe.elements(${JSON.stringify({ mode: 'setup', currency: 'usd', ...options })})
  const payment = elements.create('payment')
  window.ready = new Promise((resolve) => payment.on('ready', resolve))
  payment.on('change', (event) => { window.complete = event.complete })
  payment.mount('#card')
  window.submit = () => elements.submit()
  window.token = async () => { try { return await stripe.createConfirmationToken({ elements }) } catch (error) { return { thrown: String(error) } } }
</script></body></html>`

describe("The simulator's browser script", function () {
  // A page that is slow to draw fails with what it waited for, before this does.
  this.timeout(60_000)
  let sim: Simulator
  let browser: Browser
  let server: Server
  let page: Page
  before(async function () {
    // Named as skipped in the summary; where everything must run, that is a failure.
    if (!existsSync(chromiumPath)) this.skip()
    sim = await startSimulator(new URL('./main.ts', import.meta.url), { SIM_TOKEN: 'sk_test_browser', SIM_PUBLISHABLE_KEY: publishableKey })
    server = createServer((req, res) => {
      res.setHeader('content-type', 'text/html')
      const { pathname, searchParams } = new URL(req.url ?? '/', 'http://page')
      res.end(pageOf(sim.url, pathname.slice(1) || 'en', JSON.parse(searchParams.get('options') ?? '{}')))
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const args = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking']
    browser = await chromium.launch({ executablePath: chromiumPath, args })
  })
  beforeEach(async () => {
    page = await browser.newPage({ viewport: { width: 320, height: 640 } })
    await open('/')
  })
  afterEach(() => page.close())
  after(async () => {
    await browser?.close()
    server?.closeAllConnections()
    server?.close()
    await sim?.stop()
  })

  const open = async (path: string): Promise<void> => {
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`)
    await page.evaluate('window.ready.then(() => true)')
  }
  const frame = () => page.frameLocator('iframe[title="Card details"]')
  const fill = async (number: string): Promise<void> => {
    await frame().getByLabel('Card number').pressSequentially(number)
    await frame().getByLabel('Expiry (MM / YY)').pressSequentially('1234')
    await frame().getByLabel('Security code').pressSequentially('123')
  }

  it('makes a token without the card number ever being in the page', async () => {
    await fill(testCards.kept)
    expect(await frame().getByLabel('Card number').inputValue()).to.equal('4242 4242 4242 4242')
    expect(await page.evaluate('window.submit()')).to.deep.equal({})
    const result = (await page.evaluate('window.token()')) as { confirmationToken: { id: string } }
    expect(result.confirmationToken.id).to.match(/^ctoken_[0-9A-Za-z]{24}$/)
    expect(await page.evaluate('window.complete')).to.equal(true)
    const heard = ((await page.evaluate('window.seen')) as string[]).join('\n')
    expect(heard)
      .to.include('ctoken_')
      .and.not.match(/4242 ?4242/)
  })
  it('shows beside the field what is missing, and makes no token before that', async () => {
    await frame().getByLabel('Card number').fill('4242 4242 4242 4241')
    const result = await page.evaluate('window.submit()')
    expect(result).to.have.nested.include({ 'error.type': 'validation_error', 'error.code': 'incomplete_number' })
    expect(await frame().getByText('Check the card number.').isVisible()).to.equal(true)
    expect(await frame().getByLabel('Card number').getAttribute('aria-invalid')).to.equal('true')
    expect(await page.evaluate('window.token()'))
      .to.have.property('thrown')
      .that.includes('elements.submit')
  })
  it('asks for submit again after a change', async () => {
    await fill(testCards.kept)
    await page.evaluate('window.submit()')
    await frame().getByLabel('Security code').fill('99')
    expect(await page.evaluate('window.token()')).to.have.property('thrown')
  })
  for (const [language, title, securityCode, expiry] of [
    ['es', 'Datos de la tarjeta', 'Código de seguridad', 'MM / AA'],
    ['de', 'Kartendaten', 'Sicherheitscode', 'MM / JJ'],
    ['fr', 'Données de la carte', 'Code de sécurité', 'MM / AA'],
  ] as const)
    it(`speaks the patient’s language: ${language}`, async () => {
      await open(`/${language}`)
      const fields = page.frameLocator(`iframe[title="${title}"]`)
      expect(await fields.getByLabel(securityCode).isVisible()).to.equal(true)
      expect(await fields.locator('#expiry').getAttribute('placeholder')).to.equal(expiry)
      expect(await fields.locator('html').getAttribute('lang')).to.equal(language)
    })
  describe('where bank accounts are taken too', () => {
    const fields = () => page.frameLocator('iframe[title="Payment details"]')
    beforeEach(() => open(withOptions('/', both)))

    it('makes a token of the account that was chosen, whose number stays in the frame', async () => {
      await fields().getByRole('radio', { name: 'US bank account' }).check()
      expect(await fields().getByLabel('Card number').isVisible()).to.equal(false)
      await fields().getByLabel('Your account at the test bank').selectOption({ label: 'Account ending in 6789' })
      await fields().getByText('you authorize the clinic to debit it electronically').waitFor()
      expect(await page.evaluate('window.complete')).to.equal(true)
      expect(await page.evaluate('window.submit()')).to.deep.equal({})
      const result = await page.evaluate('window.token()')
      expect(result).to.have.nested.include({
        'confirmationToken.payment_method_preview.type': 'us_bank_account',
        'confirmationToken.payment_method_preview.us_bank_account.last4': '6789',
      })
      expect(((await page.evaluate('window.seen')) as string[]).join()).to.not.contain(testAccounts.good)
    })
    it('takes a card all the same', async () => {
      await fields().getByLabel('Card number').fill(testCards.kept)
      await fields().getByLabel('Expiry (MM / YY)').fill('12 / 34')
      await fields().getByLabel('Security code').fill('123')
      expect(await page.evaluate('window.submit()')).to.deep.equal({})
      expect(await page.evaluate('window.token()')).to.have.nested.property('confirmationToken.payment_method_preview.type', 'card')
    })
    it('says beside the field that an account is missing, in Spanish too', async () => {
      await open(withOptions('/es', both))
      const spanish = page.frameLocator('iframe[title="Datos de pago"]')
      await spanish.getByRole('radio', { name: 'Cuenta bancaria en EE. UU.' }).check()
      expect(await page.evaluate('window.submit()')).to.have.nested.property('error.code', 'incomplete_account')
      expect(await spanish.getByText('Elija la cuenta.').isVisible()).to.equal(true)
      expect(await spanish.getByLabel('Su cuenta en el banco de prueba').getAttribute('aria-invalid')).to.equal('true')
    })
    it('can be used by keys alone, and has nothing for axe on a phone of 320 pixels, with either choice', async () => {
      const frame = page.frames().find((f) => f.url().startsWith(sim.url))
      if (!frame) throw new Error('the frame is not there')
      for (const kind of ['card', 'us_bank_account']) {
        await frame.evaluate(axeSource)
        const found = (await frame.evaluate('axe.run().then(({ violations }) => violations.map(({ id }) => id))')) as string[]
        // A frame is no page: it has neither heading nor landmarks.
        expect(found.filter((id) => !['page-has-heading-one', 'region', 'landmark-one-main'].includes(id))).to.deep.equal([])
        expect(await frame.evaluate('document.documentElement.scrollWidth - window.innerWidth')).to.be.at.most(0)
        expect(await fields().locator('[name=kind]:checked').getAttribute('value')).to.equal(kind)
        await fields().locator('[name=kind]:checked').focus()
        await page.keyboard.press('ArrowDown')
      }
    })
  })
  it('offers cards only where nothing else is asked for, and never an account that no bank has signed for', async () => {
    expect(await frame().getByRole('radio').count()).to.equal(0)
    const thrown: string[] = []
    page.on('pageerror', ({ message }) => thrown.push(message))
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}${withOptions('/', { paymentMethodTypes: both.paymentMethodTypes })}`)
    expect(thrown.join()).to.contain('instantly only')
    expect(await page.locator('iframe').count()).to.equal(0)
  })
  it('fits a phone of 320 pixels', async () => {
    const card = page.frames().find((f) => f.url().startsWith(sim.url))
    const beyond = await card?.evaluate('document.documentElement.scrollWidth - window.innerWidth')
    expect(beyond).to.be.at.most(0)
    const box = await frame().getByLabel('Security code').boundingBox()
    expect(box?.height).to.be.at.least(44)
  })
})
