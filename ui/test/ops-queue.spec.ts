import { expect } from 'chai'
import type { Page } from 'playwright-core'
import { drawn } from './browser.ts'
import type { FakeHub } from './fake-hub.ts'
import { incident } from './fake-kit.ts'
import { payer } from './fake-ops-data.ts'
import { longQueue, manyOf, override } from './fake-ops-items.ts'
import { fakeScreens } from './screens.ts'

describe('the queue of operations in a browser', function () {
  const screens = fakeScreens(this)
  const { open, says, calls, focused } = screens
  let hub: FakeHub
  let page: Page
  beforeEach(() => {
    ;({ hub, page } = screens)
  })
  const rows = (): Promise<number> => page.locator('tbody tr[data-index]').count()

  it('keeps the filter in the URL, and Back undoes it', async () => {
    await open('/ops')
    await says('5 items')
    await page.getByRole('button', { name: /^Answer could not be understood/ }).click()
    await says('1 item')
    expect(page.url()).to.contain('cause=contract')
    await page.goBack()
    await says('5 items')
  })

  it('takes no filter that it does not know from an address', async () => {
    await open('/ops?cause=%3Cscript%3E&sort=random&owner=nobody&incident=7')
    await says('5 items')
    expect(calls('GET', '/api/ops/overrides').map(({ path }) => path)).to.deep.equal(['/api/ops/overrides?status=open&sort=visit&grouped=true&limit=100'])
  })

  it('moves with j and k, opens with Enter, and comes back to the same row under the same filter', async () => {
    await open('/ops?owner=engineer')
    await says('2 items')
    for (const key of ['j', 'j', 'k', 'j']) await page.keyboard.press(key)
    await page.keyboard.press('Enter')
    await page.waitForURL(`${hub.url}/ops/overrides/${override(44).id}`)
    await page.getByRole('heading', { name: 'Decide' }).waitFor()
    // The item before in that queue, without going back to it.
    await page.keyboard.press('k')
    await page.waitForURL(`${hub.url}/ops/overrides/${override(43).id}`)
    await page.keyboard.press('b')
    await page.waitForURL(/\/ops\/?\?owner=engineer$/)
    await says('2 items')
    await page.keyboard.press('k')
    await drawn(page)
    expect(await focused()).to.equal('Answer could not be understood')
  })

  it('is at the row that the last letter moved to, before anything is drawn', async () => {
    await open('/ops?owner=engineer')
    await says('2 items')
    const at = await page.evaluate(() =>
      ['j', 'j', 'k', 'j'].map((key) => {
        window.dispatchEvent(new KeyboardEvent('keydown', { key }))
        return document.activeElement?.getAttribute('data-row')
      }),
    )
    expect(at).to.deep.equal(['0', '1', '0', '1'])
  })

  it('leaves letters alone in fields and dialogs, and everywhere once a person turned them off', async () => {
    await open('/ops')
    await says('5 items')
    await page.keyboard.press('?')
    await page.getByRole('dialog').waitFor()
    await page.keyboard.press('j')
    await page.getByLabel('Letters act on this page').uncheck()
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    for (const key of ['j', '?', 'c']) await page.keyboard.press(key)
    await drawn(page)
    expect(await page.locator('[data-row]:focus').count()).to.equal(0)
    expect(await page.getByRole('dialog').count()).to.equal(0)
    expect(calls('POST', '/api/ops/overrides')).to.have.length(0)
  })

  it('claims with c and gives back with c, and says who has an item that is somebody else’s', async () => {
    await open('/ops')
    await says('5 items')
    await page.keyboard.press('j')
    await page.keyboard.press('c')
    await says('Claimed. For 15 minutes')
    await page.locator('tbody').getByText('you', { exact: true }).waitFor()
    await page.keyboard.press('c')
    await says('Given back.')
    await page.keyboard.press('j')
    await page.keyboard.press('c')
    await says('Sam Ortiz works on that item.')
  })

  it('goes with r to what can be done', async () => {
    await open('/ops')
    await says('5 items')
    await page.keyboard.press('j')
    await page.keyboard.press('r')
    await page.waitForURL(/\/ops\/overrides\/.*#actions$/)
    await page.locator('#actions button:focus').waitFor()
  })

  it('never moves under the reader: a change is announced, and shown when asked for', async () => {
    await open('/ops')
    await says('5 items')
    hub.data.overrides = [override(77, { cause: 'throttled' }), ...hub.data.overrides]
    hub.change()
    await page.getByRole('button', { name: /1 change/ }).waitFor()
    expect(await rows()).to.equal(5)
    await page.keyboard.press('n')
    await page.locator('tbody').getByText('Partner asks us to wait').waitFor()
    expect(await rows()).to.equal(6)
  })

  it('keeps showing the last known rows when a refresh fails, and says that they may be old', async () => {
    await open('/ops')
    await says('5 items')
    hub.fail('/api/ops/overrides', 500, 'internal', 50)
    hub.change()
    await says('could not be refreshed')
    expect(await rows()).to.equal(5)
  })

  it('shows one row for 214 items of one cause, where its soonest visit stands, and all of them when asked', async () => {
    hub.data.overrides.push(...manyOf(214))
    await open('/ops')
    await says('219 items')
    expect(await rows()).to.equal(6)
    await page.getByRole('link', { name: /^214 items: Quiet Valley Insurance/ }).click()
    await page.waitForURL(new RegExp(`incident=${incident(89).id}`))
    await says('214 items')
    await page.getByRole('button', { name: 'Take out the filter: Items of one incident' }).click()
    await says('219 items')
  })

  it('scrolls through 10,000 items with a hundred rows drawn at most, and keeps the row that has the focus', async () => {
    hub.data.overrides = longQueue(10_000)
    await open('/ops')
    await says('more than 10,000 items')
    await page.keyboard.press('j')
    await drawn(page)
    const framesMs: number[] = await page.evaluate(async () => {
      const frames: number[] = []
      let last = performance.now()
      for (let step = 0; step < 240; step += 1) {
        window.scrollBy(0, 600)
        await new Promise((next) => requestAnimationFrame(next))
        frames.push(performance.now() - last)
        last = performance.now()
      }
      return frames
    })
    expect(await rows()).to.be.lessThan(100)
    expect(calls('GET', '/api/ops/overrides').length, 'pages fetched').to.be.greaterThan(5)
    // The row of j is far away and has the focus all the same.
    expect(await page.locator('[data-row="0"]:focus').count()).to.equal(1)
    const p95 = framesMs.sort((a, b) => a - b)[Math.floor(framesMs.length * 0.95)] ?? 0
    // A second without a frame is a page that stands still, on any machine.
    expect(p95, 'frame in ms, p95').to.be.lessThan(1_000)
  })

  it('saves a view under a name, goes to it, and removes it', async () => {
    await open('/ops?owner=engineer&sort=age')
    await page.getByRole('button', { name: 'Saved views' }).click()
    await page.getByRole('menuitem', { name: 'Save this view' }).click()
    await page.getByLabel('Name').fill('For the engineer')
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    expect(calls('PUT', '/api/ops/views/')[0]?.body).to.deep.equal({ name: 'For the engineer', filter: { owner: 'engineer' }, sort: 'age' })
    await open('/ops')
    await page.getByRole('button', { name: 'Saved views' }).click()
    await page.getByRole('menuitem', { name: 'For the engineer', exact: true }).click()
    await page.waitForURL(/\/ops\/?\?owner=engineer&sort=age$/)
    await page.getByRole('button', { name: 'Saved views' }).click()
    await page.getByRole('menuitem', { name: 'Remove the view For the engineer' }).click()
    await page.getByRole('button', { name: 'Saved views' }).click()
    await page.getByRole('menuitem', { name: 'Turned down today', exact: true }).waitFor()
    expect(await page.getByRole('menuitem', { name: /For the engineer/ }).count()).to.equal(0)
  })

  it('tells the payers’ weather, worst first, and leads to a payer’s items', async () => {
    hub.data.weather = [payer('Northwind Mutual', 'open', { payerId: 'NORTH2', waiting: 214 }), ...hub.data.weather]
    await open('/ops')
    await says('214 waiting')
    await says('2 others ok')
    await page.getByRole('link', { name: 'Northwind Mutual' }).first().click()
    await page.waitForURL(/payer=NORTH2/)
    await says('1 item')
  })

  it('keeps the queue when weather, incidents and views cannot be loaded', async () => {
    for (const path of ['/api/ops/weather', '/api/ops/incidents', '/api/ops/views']) hub.fail(path, 500, 'internal', 99)
    await open('/ops')
    await says('Not known now')
    await says('The incidents could not be loaded')
    expect(await rows()).to.equal(5)
  })

  it('shows the way to the bus queues and the live view only to whom they are for', async () => {
    await open('/ops')
    const nav = page.getByRole('navigation', { name: 'Operations' })
    expect(await nav.getByRole('link', { name: 'Live view' }).getAttribute('href')).to.equal('/ops/live')
    expect(await nav.getByRole('link', { name: 'Bus queues' }).getAttribute('href')).to.equal('/ops/queues')
    if (hub.data.session) hub.data.session.actions = ['override.list', 'override.read']
    await page.reload()
    await says('5 items')
    expect(await nav.getByRole('link').allTextContents()).to.deep.equal(['Queue', 'Waiting by itself'])
  })
})
