import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import type { FastifyInstance } from 'fastify'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { type Child, startChild } from '../../docker/local/child.ts'
import { buildApp } from '../app.ts'
import { hillside, lakeside, makeWorld, type World } from '../testing/fakes.ts'

const chromiumPath = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium'
const key = 'k'.repeat(40)

/** The real view, its process, Node-RED and all, behind the API; only the stores are in memory. It asks every five seconds. */
describe('the live view in a browser', function () {
  this.timeout(120_000)
  let browser: Browser
  let live: Child | undefined
  let folder = ''
  let account: { token: string; id: string }
  let world: World
  let app: FastifyInstance
  let base: string
  const contexts: BrowserContext[] = []

  before(async function () {
    if (!existsSync(chromiumPath)) this.skip()
    world = makeWorld()
    account = world.account()
    const liveUrls = { [lakeside]: 'http://127.0.0.1:9', [hillside]: 'http://127.0.0.1:9' }
    Object.assign(world.deps.settings, { liveUrls, liveKey: key })
    app = await buildApp(world.deps)
    base = await app.listen({ host: '127.0.0.1', port: 0 })
    folder = mkdtempSync(join(tmpdir(), 'heliox-live-spec-'))
    live = await startChild({
      name: 'live',
      file: 'hub/live/main.ts',
      logFile: join(folder, 'live.log'),
      env: {
        ...{ HUB_ENV: 'test', HUB_REGION: 'us-east', HUB_PROCESS: 'live-1', HUB_PORT: '0' },
        ...{ HUB_API_URL: base, HUB_LIVE_TOKEN: account.token, HUB_LIVE_KEY: key },
      },
    })
    liveUrls[lakeside] = String(live.ready.url)
    browser = await chromium.launch({ executablePath: chromiumPath, args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] })
  })
  after(async () => {
    await browser?.close()
    await app?.close()
    await live?.stop()
    if (folder) rmSync(folder, { recursive: true, force: true })
  })
  beforeEach(() => {
    world.figures = {
      payers: [
        { payerId: 'HELIO1', payerName: 'Helio Health Plan', open: true, nextOpenAt: null, doubtedSince: null, waiting: 0, held: 0 },
        { payerId: 'NORTH2', payerName: 'Northwind Mutual', open: false, nextOpenAt: '2026-03-02T13:00:00.000Z', doubtedSince: null, waiting: 12, held: 1 },
      ],
      breakers: [
        ...[{ partner: 'stripe', payerId: null, operation: 'setupCard', state: 'open' as const, since: '2026-03-02T09:50:00.000Z' }].map((one) => ({
          ...one,
          next: '2026-03-02T10:01:00.000Z',
          cause: 'unavailable' as const,
        })),
      ],
      flows: [{ flow: 'eligibility', active: 3, retrying: 12, held: 7 }],
      throughput: Array.from({ length: 60 }, (_, n) => ({ minute: new Date(Date.UTC(2026, 2, 2, 9, n)).toISOString(), answered: n, failed: n % 5 })),
      partners: [{ partner: 'stripe', calls: 40, failed: 10 }],
    }
  })
  afterEach(async () => {
    for (const context of contexts.splice(0)) await context.close()
  })

  async function pageOf(role: 'ops' | 'admin' | 'front-desk' | null, tenantId = lakeside) {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, reducedMotion: 'reduce', locale: 'en-US' })
    contexts.push(context)
    if (role) {
      const [name = '', value = ''] = world.session([role], tenantId).cookie.split('=')
      await context.addCookies([{ name, value, url: base }])
    }
    const page = await context.newPage()
    const foreign: string[] = []
    const complaints: string[] = []
    const sockets: string[] = []
    page.on('request', (request) => {
      if (!request.url().startsWith(base) && !/^(data|blob):/.test(request.url())) foreign.push(request.url())
    })
    page.on('websocket', (socket) => sockets.push(socket.url()))
    page.on('pageerror', (error) => complaints.push(error.message))
    page.on('console', (message) => {
      if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) complaints.push(message.text())
    })
    return { page, foreign, complaints, sockets }
  }
  const text = (page: Page, words: string | RegExp) => page.getByText(words).first()

  it('shows breakers, queues, calls, failures and the payers’ weather in words, and asks no other server for anything', async () => {
    const { page, foreign, complaints, sockets } = await pageOf('ops')
    await page.goto(`${base}/ops/live`)
    await text(page, 'Lakeside Clinic').waitFor()
    for (const words of ['closed by its own hours until', 'stripe (all)', 'does not answer', 'flow.eligibility', 'Northwind Mutual', 'Given up']) {
      await text(page, words).waitFor()
    }
    expect(await page.locator('canvas').count(), 'two charts').to.equal(2)
    if (process.env.SCREENS) await page.screenshot({ path: `${process.env.SCREENS}/live.png`, fullPage: true })
    expect(foreign).to.deep.equal([])
    expect(complaints).to.deep.equal([])
    expect(sockets.every((url) => url.startsWith(base.replace('http', 'ws')))).to.equal(true)
  })

  it('changes by itself when something happens', async () => {
    const { page } = await pageOf('ops')
    await page.goto(`${base}/ops/live/overview`)
    await text(page, '7 waiting for a person').waitFor()
    world.figures.flows = [{ flow: 'eligibility', active: 0, retrying: 0, held: 8 }]
    await text(page, '8 waiting for a person').waitFor()
  })

  it('says why when there are no new figures, and shows the last ones meanwhile', async () => {
    const { page } = await pageOf('ops')
    await page.goto(`${base}/ops/live/overview`)
    await text(page, 'Northwind Mutual').waitFor()
    const kept = [...world.accounts.values()].find((one) => one.id === account.id)
    if (!kept) throw new Error('no account')
    kept.endedAt = world.deps.clock.now().toISOString()
    await text(page, 'service account does not open this clinic').waitFor()
    await text(page, 'Northwind Mutual').waitFor()
    kept.endedAt = null
    await text(page, 'Lakeside Clinic').waitFor()
  })

  it('takes nothing from a browser but the wish to see', async () => {
    const { page } = await pageOf('ops')
    await page.goto(`${base}/ops/live/overview`)
    await text(page, 'Lakeside Clinic').waitFor()
    // As the dashboard's own client would send it, if it had something to send.
    const polled = await page.request.get(`${base}/ops/live/socket.io/?EIO=4&transport=polling`)
    const { sid } = JSON.parse((await polled.text()).slice(1))
    const say = (data: string) =>
      page.request.post(`${base}/ops/live/socket.io/?EIO=4&transport=polling&sid=${sid}`, { data, headers: { origin: base, 'content-type': 'text/plain' } })
    await say('40')
    await say('42["widget-change","live-now","All is well."]')
    await page.waitForTimeout(800)
    expect(await page.getByText('All is well.').count()).to.equal(0)
    const { page: other } = await pageOf('admin')
    await other.goto(`${base}/ops/live/overview`)
    await text(other, 'Lakeside Clinic').waitFor()
    expect(await other.getByText('All is well.').count()).to.equal(0)
  })

  it('is for operations and administrators of the clinic it belongs to', async () => {
    for (const [role, tenantId, status] of [
      ['ops', lakeside, 200],
      ['admin', lakeside, 200],
      ['front-desk', lakeside, 403],
      ['ops', hillside, 503],
    ] as const) {
      const { page } = await pageOf(role, tenantId)
      expect((await page.goto(`${base}/ops/live/overview`))?.status(), `${role} ${tenantId}`).to.equal(status)
    }
    const { page } = await pageOf(null)
    await page.goto(`${base}/ops/live`)
    const url = new URL(page.url())
    expect([url.pathname, url.searchParams.get('next')]).to.deep.equal(['/signin', '/ops/live'])
  })

  it('lets nobody in past the API, and no socket from another site', async () => {
    const direct = await fetch(`${live?.ready.url}/ops/live/overview`)
    expect(direct.status).to.equal(403)
    const shaken = await fetch(`${live?.ready.url}/ops/live/socket.io/?EIO=4&transport=polling`)
    expect(shaken.status).to.equal(403)
    const { cookie } = world.session(['ops'])
    const posted = await fetch(`${base}/ops/live/socket.io/?EIO=4&transport=polling&sid=x`, {
      method: 'POST',
      headers: { cookie, origin: 'https://evil.example' },
      body: '40',
    })
    expect(posted.status).to.equal(403)
    const opened = await fetch(`${base}/ops/live/socket.io/?EIO=4&transport=polling`)
    expect(opened.status, 'no session').to.be.within(302, 401)
    for (const door of ['_debug/datastore/live-now', 'sw.js']) {
      expect((await fetch(`${base}/ops/live/${door}`, { headers: { cookie } })).status, door).to.equal(404)
    }
  })

  it('leaves operations as they are when it is away', async () => {
    const { page } = await pageOf('ops', hillside)
    const answer = await page.goto(`${base}/ops/live/overview`)
    expect(answer?.status()).to.equal(503)
    expect((await page.request.get(`${base}/api/ops/weather`)).status()).to.equal(200)
  })
})
