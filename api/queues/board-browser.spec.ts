import { existsSync } from 'node:fs'
import type { Role } from '@heliox/core/identity'
import { expect } from 'chai'
import type { FastifyInstance } from 'fastify'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { buildApp } from '../app.ts'
import { hillside, lakeside, makeWorld, type World } from '../testing/fakes.ts'

const chromiumPath = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium'

describe('the queue board in a browser', function () {
  this.timeout(90_000)
  let browser: Browser
  let world: World
  let app: FastifyInstance
  let base: string
  const contexts: BrowserContext[] = []
  before(async function () {
    if (!existsSync(chromiumPath)) this.skip()
    browser = await chromium.launch({ executablePath: chromiumPath, args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] })
  })
  after(() => browser?.close())
  beforeEach(async () => {
    world = makeWorld()
    world.figures.flows = [{ flow: 'eligibility', active: 1, retrying: 1, held: 0 }]
    const since = '2026-03-02T09:00:00.000Z'
    for (const state of ['open', 'retrying'] as const) {
      world.deliveries.push({ tenantId: lakeside, rootId: crypto.randomUUID(), flow: 'eligibility', version: 1, intakeId: crypto.randomUUID(), state, since })
    }
    app = await buildApp(world.deps)
    base = await app.listen({ host: '127.0.0.1', port: 0 })
  })
  afterEach(async () => {
    for (const context of contexts.splice(0)) await context.close()
    await app?.close()
  })

  /** A page of somebody with these roles; `foreign` and `complaints` fill while it is used. */
  async function pageOf(roles: Role[], tenantId = lakeside): Promise<{ page: Page; foreign: string[]; complaints: string[] }> {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, reducedMotion: 'reduce', locale: 'en-US' })
    contexts.push(context)
    const [name = '', value = ''] = world.session(roles, tenantId).cookie.split('=')
    await context.addCookies([{ name, value, url: base }])
    const page = await context.newPage()
    const foreign: string[] = []
    const complaints: string[] = []
    page.on('request', (request) => {
      if (!request.url().startsWith(base) && !request.url().startsWith('data:')) foreign.push(request.url())
    })
    page.on('pageerror', (error) => complaints.push(error.message))
    page.on('console', (message) => {
      if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) complaints.push(message.text())
    })
    return { page, foreign, complaints }
  }
  /** What a person can press on one thing in a queue, and on all of them at once. */
  const harmless = ['jobActions', 'tabActions', 'tabContent', 'stats'].map((part) => `:not([class^="${part}-"] *)`).join('')
  const pressable = async (page: Page): Promise<{ one: number; all: string[] }> => ({
    one: await page.locator('[class^="jobActions-"] button:visible').count(),
    all: await page.locator(`:is(main, [class^="stickyHeader-"], [class^="headerContext-"]) button${harmless}:visible`).allInnerTexts(),
  })
  const retry = (page: Page) => page.locator('[class^="jobActions-"] button').first()
  const confirm = (page: Page) => page.getByRole('button', { name: 'Confirm' })

  it('shows the flows’ queues, the dead letters and what waits for a person, and asks no other server for anything', async () => {
    world.override({ reference: 'HX-2222-222', staffText: 'The payer did not answer.' })
    const { page, foreign, complaints } = await pageOf(['ops'])
    await page.goto(`${base}/ops/queues`)
    await page.getByRole('link', { name: 'override queue' }).waitFor()
    for (const name of ['eligibility', 'reporting']) await page.getByRole('link', { name, exact: true }).first().waitFor()
    await page.goto(`${base}/ops/queues/queue/flow.eligibility?status=failed`)
    await page.getByText('poison').waitFor()
    await page.goto(`${base}/ops/queues/queue/override?status=failed`)
    await page.getByText('The payer did not answer.').waitFor()
    await page.locator('[class^="titleWithLink-"] a').first().click()
    await page.locator('[class^="tabActions-"] button', { hasText: 'Data' }).click()
    await page.getByText('HX-2222-222').first().waitFor()
    expect(foreign).to.deep.equal([])
    expect(complaints).to.deep.equal([])
  })

  it('leaves nothing to press that our queues cannot do', async () => {
    world.override()
    const { page } = await pageOf(['ops'])
    const left: Record<string, unknown> = {}
    for (const at of ['flow.eligibility?status=active', 'flow.eligibility?status=delayed', 'flow.eligibility?status=failed', 'override?status=failed']) {
      await page.goto(`${base}/ops/queues/queue/${at}`)
      await page.locator('[class^="tabActions-"]').first().waitFor()
      left[at] = await pressable(page)
    }
    await page.goto(`${base}/ops/queues`)
    await page.getByRole('link', { name: 'override queue' }).waitFor()
    left.home = (await pressable(page)).all
    expect(left).to.deep.equal({
      'flow.eligibility?status=active': { one: 0, all: [] },
      'flow.eligibility?status=delayed': { one: 0, all: [] },
      'flow.eligibility?status=failed': { one: 2, all: [] },
      'override?status=failed': { one: 1, all: [] },
      home: [],
    })
  })

  it('gives a dead letter back to its queue, and says who did it', async () => {
    const { page } = await pageOf(['ops'])
    await page.goto(`${base}/ops/queues/queue/flow.eligibility?status=failed`)
    await retry(page).click()
    const answered = page.waitForResponse((response) => response.url().endsWith('/retry'))
    await confirm(page).click()
    expect((await answered).status()).to.equal(204)
    expect(world.audits.map(({ tenantId, action, resource, outcome }) => ({ tenantId, action, resource, outcome }))).to.deep.equal([
      { tenantId: lakeside, action: 'dead-letter.requeue', resource: 'd1', outcome: 'ok' },
    ])
  })

  it('takes a correction of a dead letter in the board’s own form', async () => {
    const { page } = await pageOf(['ops'])
    await page.goto(`${base}/ops/queues/queue/flow.eligibility?status=failed`)
    await page.locator('[class^="jobActions-"] li:has(svg.lucide-pencil) button').click()
    const dialog = page.getByRole('dialog')
    const shown = { queue: 'flow.eligibility', type: 'x.v1', reference: null, intakeId: null, correctable: [] }
    const data = { ...shown, payload: { amount: 12 }, correctionReason: 'software-fixed' }
    await dialog.locator('.cm-content, textarea').first().fill(JSON.stringify(data))
    const answered = page.waitForResponse((response) => response.url().endsWith('/update-data'))
    await dialog.getByRole('button', { name: 'Update' }).click()
    expect((await answered).status()).to.equal(200)
    expect(world.audits.map(({ action, resource, outcome }) => ({ action, resource, outcome }))).to.deep.equal([
      { action: 'dead-letter.correct', resource: 'd1 fields:serviceDate', outcome: 'ok' },
    ])
  })

  it('lets an administrator look and press nothing, and refuses what is sent anyway', async () => {
    world.override()
    const { page } = await pageOf(['admin'])
    await page.goto(`${base}/ops/queues/queue/flow.eligibility?status=failed`)
    await page.getByText('poison').waitFor()
    expect(await pressable(page)).to.deep.equal({ one: 0, all: [] })
    const answer = await page.request.put(`${base}/ops/queues/api/queues/flow.eligibility/d1/retry`, { headers: { origin: base } })
    expect(answer.status()).to.equal(405)
    expect(world.audits).to.deep.equal([])
  })

  it("shows nothing of another clinic's", async () => {
    world.override({ tenantId: lakeside })
    const { page } = await pageOf(['ops'], hillside)
    await page.goto(`${base}/ops/queues/queue/flow.eligibility?status=failed`)
    await page.locator('[class^="statusTabs-"]').waitFor()
    const { queues } = await (await page.request.get(`${base}/ops/queues/api/queues?activeQueue=override&page=1&jobsPerPage=10`)).json()
    expect(queues.find((queue: { name: string }) => queue.name === 'override').jobs).to.deep.equal([])
    expect(queues.find((queue: { name: string }) => queue.name === 'flow.eligibility').counts.failed).to.equal(0)
    const answer = await page.request.put(`${base}/ops/queues/api/queues/flow.eligibility/d1/retry`, { headers: { origin: base } })
    expect(answer.status()).to.equal(404)
  })

  it('sends whoever is not signed in to sign in, and back', async () => {
    const context = await browser.newContext()
    contexts.push(context)
    const page = await context.newPage()
    await page.goto(`${base}/ops/queues/queue/override`)
    const url = new URL(page.url())
    expect([url.pathname, url.searchParams.get('next')]).to.deep.equal(['/signin', '/ops/queues'])
  })
})
