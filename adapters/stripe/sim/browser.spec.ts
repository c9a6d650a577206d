import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect } from 'chai'
import { type Browser, chromium, type Page } from 'playwright-core'
import { type Simulator, startSimulator } from '../../contract-suite.ts'
import { testCards } from '../fixtures/cards.ts'

const chromiumPath = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium'
const publishableKey = 'pk_test_heliox'

/** A clinic's page as strict as the hub's: script and frame from the simulator, no connection anywhere. */
const pageOf = (simUrl: string, locale: string) => `<!doctype html>
<html><head><meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src ${simUrl} 'unsafe-inline'; frame-src ${simUrl}; style-src 'unsafe-inline'"></head>
<body><div id="card"></div><script src="${simUrl}/v3/"></script><script>
  window.seen = []
  window.addEventListener('message', (event) => window.seen.push(JSON.stringify(event.data)))
  const stripe = Stripe('${publishableKey}', { locale: '${locale}' })
  const elements = stripe.elements({ mode: 'setup', currency: 'usd' })
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
      res.end(pageOf(sim.url, req.url === '/es' ? 'es' : 'en'))
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
  it('speaks Spanish', async () => {
    await open('/es')
    const spanish = page.frameLocator('iframe[title="Datos de la tarjeta"]')
    expect(await spanish.getByLabel('Código de seguridad').isVisible()).to.equal(true)
  })
  it('fits a phone of 320 pixels', async () => {
    const card = page.frames().find((f) => f.url().startsWith(sim.url))
    const beyond = await card?.evaluate('document.documentElement.scrollWidth - window.innerWidth')
    expect(beyond).to.be.at.most(0)
    const box = await frame().getByLabel('Security code').boundingBox()
    expect(box?.height).to.be.at.least(44)
  })
})
