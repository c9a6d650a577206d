import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BrowserContext, chromium, type Locator, type Page } from 'playwright-core'

/** Debian's own browser; nothing is downloaded. */
const candidates = [process.env.CHROMIUM_PATH, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].filter((path) => path !== undefined)
export const chromiumPath = candidates.find((path) => existsSync(path))

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // As Chrome does on a phone, which gives a frame of another origin no process of its own: with one, every click after a picture of the whole
  // page landed in the payment company's frame in 6 of 40 tries, however often it was repeated; without, in none of 60.
  '--disable-site-isolation-trials',
]
/**
 * How long a test waits for what a page must say: what it promises is that the page says it, not how fast a machine with
 * several suites side by side draws it.
 */
const patienceMs = 30_000
export const browserTestTimeoutMs = 120_000

/** Skips the suite by name where there is no browser; with REQUIRE_ALL=1 that is a failure instead. */
export function needsChromium(suite: Mocha.Context): void {
  if (chromiumPath) return
  if (process.env.REQUIRE_ALL === '1') throw new Error('REQUIRE_ALL=1, but there is no Chromium (Debian: apt-get install chromium)')
  suite.skip()
}

export interface View {
  page: Page
  /** What the page complained about: uncaught errors, refused scripts and styles. */
  complaints: string[]
  /**
   * Ready for another test, as if new: nowhere, nothing stored, nothing complained of. For a test that only drives the page:
   * scripts, routes and clocks put into it stay.
   */
  empty(): Promise<void>
  close(): Promise<void>
}
export interface Look {
  width?: number
  dark?: boolean
  language?: string
  touch?: boolean
}
export interface Browser {
  view(look?: Look): Promise<View>
  close(): Promise<void>
}

export async function launch(): Promise<Browser> {
  const profile = mkdtempSync(join(tmpdir(), 'heliox-ui-'))
  const browser = await chromium.launch({
    executablePath: chromiumPath ?? '',
    headless: true,
    args: flags,
    env: { ...process.env, HOME: profile } as Record<string, string>,
  })
  return {
    view: async ({ width = 1280, dark = false, language = 'en-US', touch = width < 600 } = {}) => {
      const viewport = { width, height: width < 600 ? 640 : 900 }
      const colorScheme = dark ? 'dark' : 'light'
      const context: BrowserContext = await browser.newContext({
        ...{ viewport, colorScheme },
        locale: language,
        hasTouch: touch,
        isMobile: touch,
        permissions: ['clipboard-read', 'clipboard-write'],
        reducedMotion: 'reduce',
      })
      const page = await context.newPage()
      page.setDefaultTimeout(patienceMs)
      const complaints: string[] = []
      page.on('pageerror', (error) => complaints.push(error.message))
      page.on('console', (message) => {
        // A refused request shows here too, and tests cause those on purpose; a broken policy or a React error never is.
        if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) complaints.push(message.text())
      })
      const empty = async (): Promise<void> => {
        await emptyPage(page)
        await page.setViewportSize(viewport)
        await page.emulateMedia({ colorScheme })
        complaints.length = 0
      }
      return { page, complaints, empty, close: () => closeView(context, page, complaints) }
    },
    close: async () => {
      await browser.close()
      rmSync(profile, { recursive: true, force: true })
    },
  }
}

/** Two frames and a little: what was scrolled or changed is on the screen, in every process of the page. */
export const drawn = (page: Page): Promise<unknown> =>
  page.evaluate('new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(drawn, 50))))')

/**
 * Waits until this has the focus. A dialog gives it back in a task after the one that takes it off the page, so one who looks
 * at once finds it nowhere.
 */
export const focusOn = (control: Locator): Promise<void> => control.and(control.page().locator(':focus')).waitFor({ state: 'attached' })

async function emptyPage(page: Page): Promise<void> {
  const { origin } = new URL(page.url())
  // What is stored for the tab alone can be reached only from within.
  await page.evaluate('sessionStorage.clear()')
  await page.goto('about:blank')
  const devtools = await page.context().newCDPSession(page)
  await devtools.send('Storage.clearDataForOrigin', { origin, storageTypes: 'all' })
  await devtools.send('Network.clearBrowserCache')
  await devtools.detach()
  await page.context().clearCookies()
}

/** What the views closed since the last test said: where, the alerts first, then the page. */
const lastSaid: string[] = []
const saidCharsMax = 1_500
async function closeView(context: BrowserContext, page: Page, complaints: readonly string[]): Promise<void> {
  const words = await Promise.race([
    page.evaluate(() => [...document.querySelectorAll('[role=alert], main')].map((part) => (part as HTMLElement).innerText.replace(/\s*\n\s*/g, ' | ').trim())),
    new Promise<string[]>((resolve) => setTimeout(resolve, 2_000, ['(the page does not answer)']).unref()),
  ]).catch((error: Error) => [error.message])
  lastSaid.push([page.url(), ...words, ...complaints.map((line) => `console: ${line}`)].join('\n    ').slice(0, saidCharsMax))
  await context.close()
}

/** Root hook: a browser test that failed says in its message what its pages said, so that a failure elsewhere explains itself. */
function sayWhatPagesSaid(this: Mocha.Context): void {
  const error = this.currentTest?.state === 'failed' ? this.currentTest.err : undefined
  const said = lastSaid.splice(0)
  if (!error || said.length === 0) return
  const message = `${error.message}\n  The page said: ${said.join('\n  Another said: ')}`
  error.stack = error.stack?.replace(error.message, () => message)
  error.message = message
}
if (typeof afterEach === 'function') afterEach(sayWhatPagesSaid)
