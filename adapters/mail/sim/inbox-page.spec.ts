import { expect } from 'chai'
import type { Page } from 'playwright-core'
import { faultsOf, SimulatedPages, shoot } from '../../testing/pages.ts'
import { mail } from '../adapter.ts'
import { contextOf, letter, startMail } from '../testing/server.ts'

/** The patient's inbox on the simulator's page, as somebody with a small phone uses it. */
describe("The simulator's page of mail", function () {
  this.timeout(60_000)
  const pages = new SimulatedPages(startMail)
  let page: Page
  for (const colorScheme of ['light', 'dark'] as const)
    describe(`in ${colorScheme}`, () => {
      beforeEach(async () => {
        page = await pages.open(colorScheme)
      })
      afterEach(() => page.close())

      it('says what would fill it while it is empty', async () => {
        await page.goto(pages.sim.url)
        expect(await page.getByText('No mail was sent yet').isVisible()).to.equal(true)
        expect(await faultsOf(page)).to.deep.equal([])
        await shoot(page, `mail-empty-${colorScheme}`)
      })

      it('shows what was sent while somebody looks, and lets them follow the link of text and HTML', async () => {
        await page.goto(pages.sim.url)
        const asked: string[] = []
        page.on('request', (request) => asked.push(request.url()))
        const message = letter({ link: { url: pages.link, label: 'Fill in the form' }, code: '482913', unsubscribeUrl: 'https://hub.example/stop/abc' })
        expect((await mail.operations.sendMail.call(message, contextOf(pages.sim))).is).to.equal('ok')
        await page.getByRole('link', { name: message.subject }).click({ timeout: 10_000 })
        const asHtml = page.frameLocator('iframe')
        await asHtml.getByText('482913').waitFor()
        expect(await faultsOf(page)).to.deep.equal([])
        await shoot(page, `mail-letter-${colorScheme}`)
        for (const one of [asHtml.getByRole('link', { name: 'Fill in the form' }), page.locator('pre').getByRole('link', { name: pages.link })])
          expect(await pages.follow(page, one)).to.deep.equal([pages.link, 'Before your visit'])
        expect(await asHtml.locator('html').evaluate((html) => html.scrollWidth - html.clientWidth)).to.equal(0)
        expect(asked.filter((one) => !one.startsWith(pages.sim.url) && !one.startsWith('data:') && !one.startsWith('about:'))).to.deep.equal([])
        await page.goto(pages.sim.url)
        await shoot(page, `mail-inbox-${colorScheme}`)
        expect(await faultsOf(page)).to.deep.equal([])
      })
    })
})
