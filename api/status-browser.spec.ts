import { existsSync } from 'node:fs'
import { expect } from 'chai'
import type { FastifyInstance } from 'fastify'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { axeFindings } from '../ui/test/looks.ts'
import { buildApp } from './app.ts'
import { makeWorld, type World } from './testing/fakes.ts'

const chromiumPath = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium'

describe('the status page in a browser', function () {
  this.timeout(60_000)
  let browser: Browser
  let world: World
  let app: FastifyInstance
  let base: string
  before(async function () {
    if (!existsSync(chromiumPath)) this.skip()
    browser = await chromium.launch({ executablePath: chromiumPath, args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] })
  })
  after(() => browser?.close())
  beforeEach(async () => {
    world = makeWorld()
    app = await buildApp(world.deps)
    base = await app.listen({ host: '127.0.0.1', port: 0 })
  })
  afterEach(() => app?.close())

  async function withPage(options: BrowserContextOptions, look: (page: Page) => Promise<void>): Promise<void> {
    const context = await browser.newContext(options)
    try {
      await look(await context.newPage())
    } finally {
      await context.close()
    }
  }
  function submitted() {
    const { token, facts } = world.link({ status: 'submitted' })
    const journey = world.journeys.get(facts.intakeId)
    if (!journey) throw new Error('no journey')
    Object.assign(journey, { eligibility: 'checking', payment: 'requested', photosExpected: 2 })
    return { url: `${base}/status/${token}`, facts, journey }
  }

  it('changes its words by itself when something happened, on a 320 px phone without sideways scrolling', () =>
    withPage({ viewport: { width: 320, height: 640 } }, async (page) => {
      const { url, facts, journey } = submitted()
      const violations: string[] = []
      page.on('pageerror', (error) => violations.push(error.message))
      page.on('console', (message) => {
        if (/content security policy/i.test(message.text())) violations.push(message.text())
      })
      await page.goto(url)
      await page.getByText('This page updates by itself.').waitFor()
      await page.getByText('We are asking your insurer.').waitFor()
      Object.assign(journey, { eligibility: 'needs-you', payment: 'declined', photosClean: 1, photosRejected: 1 })
      world.journeyChanged({ tenantId: facts.tenantId, intakeId: facts.intakeId })
      await page.getByRole('heading', { name: 'There is something for you to do' }).waitFor()
      expect(await page.evaluate('document.documentElement.scrollWidth')).to.equal(320)
      expect(violations).to.deep.equal([])
    }))

  it('connects again when the server was away, and then knows what it missed', () =>
    withPage({}, async (page) => {
      const { url, journey } = submitted()
      await page.goto(url)
      await page.getByText('This page updates by itself.').waitFor()
      const { port } = new URL(base)
      await app.close()
      Object.assign(journey, { eligibility: 'confirmed', payment: 'stored', photosClean: 2 })
      app = await buildApp(world.deps)
      await app.listen({ host: '127.0.0.1', port: Number(port) })
      await page.getByRole('heading', { name: 'Thank you, that is everything' }).waitFor()
    }))

  it('is complete without JavaScript, and has no fault that axe knows of, in both themes and languages', async () => {
    const { url, journey } = submitted()
    await withPage({ javaScriptEnabled: false }, async (page) => {
      await page.goto(url)
      await page.getByText('Reload this page to see what has changed.').waitFor()
      expect(await page.getByRole('button').count()).to.equal(0)
    })
    Object.assign(journey, { eligibility: 'inactive', payment: 'stored', photosClean: 1 })
    for (const colorScheme of ['light', 'dark'] as const) {
      for (const language of ['en', 'es']) {
        await withPage({ colorScheme, viewport: { width: 1280, height: 800 } }, async (page) => {
          await page.goto(`${url}?lang=${language}`)
          expect(await axeFindings(page), `${colorScheme} ${language}`).to.deep.equal([])
        })
      }
    }
  })
})
