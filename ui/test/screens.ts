import { expect } from 'chai'
import type { Page } from 'playwright-core'
import { buildUi } from '../build.ts'
import { type Browser, browserTestTimeoutMs, type Look, launch, needsChromium, type View } from './browser.ts'
import { type FakeHub, type Seen, startFakeHub } from './fake-hub.ts'

/** Of one spec: a fake hub and a browser; of each of its tests: the hub as if new, and a page. */
export interface Screens {
  readonly hub: FakeHub
  readonly browser: Browser
  readonly page: Page
  /** What the page complained about so far. */
  readonly complaints: readonly string[]
  open(path: string): Promise<unknown>
  /** Waits until the page says so. */
  says(text: string | RegExp): Promise<void>
  /** The api calls whose path, with what follows `?`, begins like this. */
  calls(method: string, path: string): Seen[]
  /** The words of what has the focus. */
  focused(): Promise<string>
}

/**
 * The set-up of a spec about the screens in front of a fake hub. Each test has a page of its own, and fails when the page
 * complained. `onePage`: the page of the test before, emptied, which takes a third of the time; for tests that only drive it.
 */
export function fakeScreens(suite: Mocha.Suite, look: Look = {}, { onePage = false } = {}): Screens {
  suite.timeout(browserTestTimeoutMs)
  let hub: FakeHub | undefined
  let browser: Browser | undefined
  let view: View | undefined
  before(async function () {
    needsChromium(this)
    await buildUi()
    hub = await startFakeHub()
    browser = await launch()
  })
  after(async () => {
    await browser?.close()
    await hub?.close()
  })
  beforeEach(async () => {
    hub?.reset()
    view ??= await browser?.view(look)
  })
  afterEach(async function () {
    const done = view
    const passed = this.currentTest?.state === 'passed'
    if (onePage && passed && done?.complaints.length === 0) return done.empty()
    view = undefined
    await done?.close()
    // A test that failed says so in its own message already.
    if (passed) expect(done?.complaints, 'console').to.deep.equal([])
  })
  const started = <T>(part: T | undefined): T => {
    if (part === undefined) throw new Error('there is no page before the first test')
    return part
  }
  return {
    get hub() {
      return started(hub)
    },
    get browser() {
      return started(browser)
    },
    get page() {
      return started(view).page
    },
    get complaints() {
      return started(view).complaints
    },
    open: (path) => started(view).page.goto(started(hub).url + path),
    says: (text) => started(view).page.getByText(text).first().waitFor(),
    calls: (method, path) => started(hub).seen.filter((call) => call.method === method && call.path.startsWith(path)),
    focused: () => started(view).page.evaluate(() => document.activeElement?.textContent ?? ''),
  }
}
