import { expect } from 'chai'
import { silent } from '../../docker/local/progress.ts'
import { type Stack, startStack } from '../../docker/local/stack.ts'
import { type Browser, launch, needsChromium, type View } from './browser.ts'
import { shoot } from './looks.ts'

/** The board and the live view of the running hub, every process real; how each behaves in detail is tested beside its code. */
describe('the queue board and the live view of a running hub', function () {
  this.timeout(240_000)
  let stack: Stack | undefined
  let browser: Browser | undefined
  const open: View[] = []

  before(async function () {
    needsChromium(this)
    stack = await startStack({ kind: 'throw-away', bus: 'postgres', progress: silent, live: true })
    browser = await launch()
  })
  afterEach(async () => {
    for (const view of open.splice(0)) await view.close()
  })
  after(async () => {
    await browser?.close()
    await stack?.stop()
  })

  /** Somebody of the demo clinic at a page; `foreign`: what was asked of any other server. */
  async function at(path: string, email: string): Promise<View & { foreign: string[] }> {
    if (!browser || !stack) throw new Error('not started')
    const base = stack.urls.public
    const view = await browser.view({ width: 1280 })
    open.push(view)
    const foreign: string[] = []
    view.page.on('request', (request) => {
      if (!request.url().startsWith(base) && !/^(data|blob):/.test(request.url())) foreign.push(request.url())
    })
    // Signing in leads to the page that was asked for.
    await view.page.goto(`${base}${path}`)
    await view.page.locator('#email').fill(email)
    await view.page.locator('#password').fill('lakeside-demo-1')
    await view.page.locator('form button[type=submit]').click()
    await view.page.waitForURL((url) => url.pathname.startsWith(path))
    return { ...view, foreign }
  }

  it('show the clinic’s figures through the sign-in, from their own process, and ask nobody else', async () => {
    const { page, foreign, complaints } = await at('/ops/live', 'ops@lakeside.example')
    await page.getByText('Lakeside Clinic').first().waitFor()
    await page.getByText('flow.eligibility').first().waitFor()
    await shoot(page, 'real-live-1280')
    expect(foreign).to.deep.equal([])
    expect(complaints).to.deep.equal([])
  })

  it('show every flow’s queue and the override queue on the board, and ask nobody else', async () => {
    const { page, foreign, complaints } = await at('/ops/queues', 'ops@lakeside.example')
    await page.getByRole('link', { name: 'override queue' }).waitFor()
    await page.getByRole('link', { name: 'eligibility', exact: true }).first().waitFor()
    await shoot(page, 'real-queues-1280')
    expect(foreign).to.deep.equal([])
    expect(complaints).to.deep.equal([])
  })

  it('leave operations as they are when the live view is killed, and say so in its place', async () => {
    stack?.child('live').kill('SIGKILL')
    const { page } = await at('/ops/queues', 'admin@lakeside.example')
    const live = await page.request.get(`${stack?.urls.public}/ops/live/overview`)
    expect(live.status()).to.equal(503)
    expect((await page.request.get(`${stack?.urls.public}/api/ops/live`)).status()).to.equal(200)
  })
})
