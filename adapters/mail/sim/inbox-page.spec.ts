import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect } from 'chai'
import type { Browser, Page } from 'playwright-core'
import type { Simulator } from '../../contract-suite.ts'
import { faultsOf, openBrowser, shoot, smallPhone } from '../../testing/pages.ts'
import { mail } from '../adapter.ts'
import { contextOf, letter, startMail } from '../testing/server.ts'

/** The patient's inbox on the simulator's page, as somebody with a small phone uses it. */
describe("The simulator's page of mail", function () {
  this.timeout(60_000)
  let sim: Simulator
  let browser: Browser | undefined
  let page: Page
  let clinic: Server
  let url: string
  before(async function () {
    browser = await openBrowser()
    if (!browser) this.skip()
    sim = await startMail()
    clinic = createServer((_, res) => void res.setHeader('content-type', 'text/html').end('<title>Before your visit</title>')).listen(0, '127.0.0.1')
    await once(clinic, 'listening')
    url = `http://127.0.0.1:${(clinic.address() as AddressInfo).port}/i/abcdefghijklmnopqrstuvwxyz0123456789abcdefgh`
  })
  after(async () => {
    await browser?.close()
    clinic?.closeAllConnections()
    clinic?.close()
    await sim?.stop()
  })
  for (const colorScheme of ['light', 'dark'] as const)
    describe(`in ${colorScheme}`, () => {
      beforeEach(async () => {
        await sim.reset()
        page = await (browser as Browser).newPage({ viewport: smallPhone, colorScheme })
      })
      afterEach(() => page.close())

      it('says what would fill it while it is empty', async () => {
        await page.goto(sim.url)
        expect(await page.getByText('No mail was sent yet').isVisible()).to.equal(true)
        expect(await faultsOf(page)).to.deep.equal([])
        await shoot(page, `mail-empty-${colorScheme}`)
      })

      it('shows what was sent while somebody looks, and lets them follow the link of text and HTML', async () => {
        await page.goto(sim.url)
        const asked: string[] = []
        page.on('request', (request) => asked.push(request.url()))
        const message = letter({ link: { url, label: 'Fill in the form' }, code: '482913', unsubscribeUrl: 'https://hub.example/stop/abc' })
        expect((await mail.operations.sendMail.call(message, contextOf(sim))).is).to.equal('ok')
        await page.getByRole('link', { name: message.subject }).click({ timeout: 10_000 })
        const asHtml = page.frameLocator('iframe')
        await asHtml.getByText('482913').waitFor()
        expect(await faultsOf(page)).to.deep.equal([])
        await shoot(page, `mail-letter-${colorScheme}`)
        for (const one of [asHtml.getByRole('link', { name: 'Fill in the form' }), page.locator('pre').getByRole('link', { name: url })]) {
          const [followed] = await Promise.all([page.waitForEvent('popup'), one.click()])
          await followed.waitForLoadState()
          expect([followed.url(), await followed.title()]).to.deep.equal([url, 'Before your visit'])
          await followed.close()
        }
        expect(await asHtml.locator('html').evaluate((html) => html.scrollWidth - html.clientWidth)).to.equal(0)
        expect(asked.filter((one) => !one.startsWith(sim.url) && !one.startsWith('data:') && !one.startsWith('about:'))).to.deep.equal([])
        await page.goto(sim.url)
        await shoot(page, `mail-inbox-${colorScheme}`)
        expect(await faultsOf(page)).to.deep.equal([])
      })
    })
})
