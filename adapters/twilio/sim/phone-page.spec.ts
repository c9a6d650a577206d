import { expect } from 'chai'
import type { Page } from 'playwright-core'
import { faultsOf, SimulatedPages, shoot } from '../../testing/pages.ts'
import { twilio } from '../adapter.ts'
import { contextOf, startTwilio, text } from '../testing/account.ts'

/** The patient's phone on the simulator's page, as somebody with a small phone uses it. */
describe("The simulator's page of phones", function () {
  this.timeout(60_000)
  const pages = new SimulatedPages(startTwilio)
  let page: Page
  for (const colorScheme of ['light', 'dark'] as const)
    describe(`in ${colorScheme}`, () => {
      beforeEach(async () => {
        page = await pages.open(colorScheme)
      })
      afterEach(() => page.close())

      it('says what would fill it while it is empty', async () => {
        await page.goto(pages.sim.url)
        expect(await page.getByText('No text was sent yet').isVisible()).to.equal(true)
        expect(await faultsOf(page)).to.deep.equal([])
        await shoot(page, `twilio-empty-${colorScheme}`)
      })

      it('shows what was sent while somebody looks, lets them follow the link, and answer STOP and START', async () => {
        await page.goto(pages.sim.url)
        const { to } = text()
        const body = `Lakeside Clinic: please fill in your form before Tue 24 Nov, 9:20. ${pages.link} Reply STOP to end texts.`
        const sent = await twilio.operations.sendMessage.call(text({ body }), contextOf(pages.sim))
        expect(sent.is).to.equal('ok')
        await page.getByRole('link', { name: to }).click({ timeout: 10_000 })
        await page.getByText('delivered').waitFor({ timeout: 10_000 })
        expect(await faultsOf(page)).to.deep.equal([])
        await shoot(page, `twilio-phone-${colorScheme}`)
        expect(await pages.follow(page, page.getByRole('link', { name: pages.link }))).to.deep.equal([pages.link, 'Before your visit'])

        await page.getByRole('button', { name: 'STOP' }).click()
        await page.getByText('This phone said STOP').waitFor()
        expect(await faultsOf(page)).to.deep.equal([])
        await shoot(page, `twilio-stopped-${colorScheme}`)
        expect(await twilio.operations.sendMessage.call(text(), contextOf(pages.sim))).to.have.nested.property('value.reason', 'opted-out')
        await page.getByRole('button', { name: 'START' }).click()
        await page.getByText('messages from this number again').waitFor()
        await page.getByLabel('Answer').fill('<b>Thank you</b> & bye')
        await page.getByRole('button', { name: 'Send' }).click()
        await page.getByText('<b>Thank you</b> & bye').waitFor()
        await page.goto(pages.sim.url)
        await shoot(page, `twilio-phones-${colorScheme}`)
        expect(await faultsOf(page)).to.deep.equal([])
      })
    })
})
