import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { AxeBuilder } from '@axe-core/playwright'
import { type BrowserContext, chromium, type Page } from 'playwright-core'

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
]
/**
 * How long a test waits for what a page must say: what it promises is that the page says it, not how fast a machine with
 * several suites side by side draws it.
 */
const patienceMs = 30_000
export const browserTestTimeoutMs = 120_000
const evidenceFolder = fileURLToPath(new URL('../../evidence/', import.meta.url))

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
  close(): Promise<void>
}
export interface Browser {
  view(options?: { width?: number; dark?: boolean; language?: string; touch?: boolean }): Promise<View>
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
      const context: BrowserContext = await browser.newContext({
        viewport: { width, height: width < 600 ? 640 : 900 },
        colorScheme: dark ? 'dark' : 'light',
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
      return { page, complaints, close: () => closeView(context, page, complaints) }
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

/** WCAG 2.2 A and AA plus axe's best practices; each finding as one line. */
export async function axeFindings(page: Page, only?: string[]): Promise<string[]> {
  // Frames are the partner's.
  const builder = new AxeBuilder({ page }).setLegacyMode(true).exclude('iframe')
  const { violations } = await (only ? builder.withRules(only) : builder).analyze()
  return violations.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.target.join(' ')} ${node.failureSummary?.split('\n').slice(1, 2).join('').trim()}`),
  )
}

/** Wider than the screen: a person would have to scroll sideways. */
export const overflowPx = (page: Page): Promise<number> => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)

export const shoot = (page: Page, name: string): Promise<void> => pictureInto('screens', page, name)
/** What a failed test last saw; apart from the album, which shows the screens as they should be. */
export const shootFailed = (page: Page, name: string): Promise<void> => pictureInto('failed-screens', page, name)

async function pictureInto(album: string, page: Page, name: string): Promise<void> {
  const folder = join(evidenceFolder, album)
  mkdirSync(folder, { recursive: true })
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true })
}

/** What axe looks for where: a width between two others finds nothing new, and the dark look differs in nothing but colour. */
const looks: readonly { label: string; width: number; dark: boolean; axe: 'all' | 'contrast' | 'none' }[] = [
  { label: '1280', width: 1280, dark: false, axe: 'all' },
  { label: '1280-dark', width: 1280, dark: true, axe: 'contrast' },
  { label: '768', width: 768, dark: false, axe: 'none' },
  { label: '320', width: 320, dark: false, axe: 'all' },
  { label: '320-dark', width: 320, dark: true, axe: 'none' },
]

/** At desk, tablet and phone width, light and dark: nothing for axe to find and nothing cut off. Leaves a picture of each. */
export async function looksRight(page: Page, name: string): Promise<void> {
  for (const look of looks) {
    await page.setViewportSize({ width: look.width, height: look.width < 600 ? 640 : 900 })
    await page.emulateMedia({ colorScheme: look.dark ? 'dark' : 'light' })
    await shoot(page, `${name}-${look.label}`)
    const cutOffPx = await overflowPx(page)
    if (cutOffPx !== 0) throw new Error(`${name} is ${cutOffPx} px wider than ${look.label}`)
    if (look.axe === 'none') continue
    const findings = await axeFindings(page, look.axe === 'contrast' ? ['color-contrast'] : undefined)
    if (findings.length > 0) throw new Error(`axe at ${look.label}: ${findings.join('\n')}`)
  }
}
