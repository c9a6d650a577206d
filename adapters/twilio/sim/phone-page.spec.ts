import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect } from 'chai'
import type { Browser, Page } from 'playwright-core'
import type { Simulator } from '../../contract-suite.ts'
import { faultsOf, openBrowser, shoot, smallPhone } from '../../testing/pages.ts'
import { twilio } from '../adapter.ts'
import { contextOf, startTwilio, text } from '../testing/account.ts'

/** The patient's phone on the simulator's page, as somebody with a small phone uses it. */
describe("The simulator's page of phones", function () {
  this.timeout(60_000)
  let sim: Simulator
  let browser: Browser | undefined
  let page: Page
  let clinic: Server
  let link: string
  before(async function () {
    browser = await openBrowser()
    if (!browser) this.skip()
    sim = await startTwilio()
    clinic = createServer((_, res) => void res.setHeader('content-type', 'text/html').end('<title>Before your visit</title>')).listen(0, '127.0.0.1')
    await once(clinic, 'listening')
    link = `http://127.0.0.1:${(clinic.address() as AddressInfo).port}/i/abcdefghijklmnopqrstuvwxyz0123456789abcdefgh`
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
        expect(await page.getByText('No text was sent yet').isVisible()).to.equal(true)
        expect(await faultsOf(page)).to.deep.equal([])
        await shoot(page, `twilio-empty-${colorScheme}`)
      })

      it('shows what was sent while somebody looks, lets them follow the link, and answer STOP and START', async () => {
        await page.goto(sim.url)
        const { to } = text()
        const body = `Lakeside Clinic: please fill in your form before Tue 24 Nov, 9:20. ${link} Reply STOP to end texts.`
        const sent = await twilio.operations.sendMessage.call(text({ body }), contextOf(sim))
        expect(sent.is).to.equal('ok')
        await page.getByRole('link', { name: to }).click({ timeout: 10_000 })
        await page.getByText('delivered').waitFor({ timeout: 10_000 })
        expect(await faultsOf(page)).to.deep.equal([])
        await shoot(page, `twilio-phone-${colorScheme}`)
        const [followed] = await Promise.all([page.waitForEvent('popup'), page.getByRole('link', { name: link }).click()])
        await followed.waitForLoadState()
        expect([followed.url(), await followed.title()]).to.deep.equal([link, 'Before your visit'])
        await followed.close()

        await page.getByRole('button', { name: 'STOP' }).click()
        await page.getByText('This phone said STOP').waitFor()
        expect(await faultsOf(page)).to.deep.equal([])
        await shoot(page, `twilio-stopped-${colorScheme}`)
        expect(await twilio.operations.sendMessage.call(text(), contextOf(sim))).to.have.nested.property('value.reason', 'opted-out')
        await page.getByRole('button', { name: 'START' }).click()
        await page.getByText('messages from this number again').waitFor()
        await page.getByLabel('Answer').fill('<b>Thank you</b> & bye')
        await page.getByRole('button', { name: 'Send' }).click()
        await page.getByText('<b>Thank you</b> & bye').waitFor()
        await page.goto(sim.url)
        await shoot(page, `twilio-phones-${colorScheme}`)
        expect(await faultsOf(page)).to.deep.equal([])
      })
    })
})
