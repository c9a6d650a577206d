import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Browser, chromium, type Locator, type Page } from 'playwright-core'
import type { Simulator } from '../contract-suite.ts'

/** What specs of simulators' pages share: a browser the width of the smallest phone, and what may not be wrong on any page. */
const chromiumPath = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium'
const axeSource = readFileSync(new URL(import.meta.resolve('axe-core/axe.min.js')), 'utf8')
const args = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking']

/** Undefined where there is no browser: named as skipped in the summary. */
async function openBrowser(): Promise<Browser | undefined> {
  return existsSync(chromiumPath) ? chromium.launch({ executablePath: chromiumPath, args }) : undefined
}
const smallPhone = { width: 320, height: 640 }

/** In words, for a test that wants none: findings of axe, a page wider than the screen, targets too small for a finger. */
export async function faultsOf(page: Page): Promise<string[]> {
  await page.evaluate(axeSource)
  return page.evaluate(lookAround)
}
/** Runs in the page: text, since nothing here knows a browser's names. */
const lookAround = `(async () => {
  const { violations } = await axe.run(document)
  const { scrollWidth, clientWidth } = document.documentElement
  const small = [...document.querySelectorAll('button, input:not([type=hidden])')].filter((one) => one.getBoundingClientRect().height < 24)
  return [
    ...violations.map(({ id, nodes }) => id + ': ' + nodes[0]?.html),
    ...(scrollWidth > clientWidth ? [scrollWidth - clientWidth + ' px wider than the screen'] : []),
    ...small.map((one) => 'too small: ' + one.outerHTML.slice(0, 80)),
  ]
})()`

/** For people to look at: where `SHOTS_DIR` says. */
export async function shoot(page: Page, name: string): Promise<void> {
  const folder = process.env.SHOTS_DIR
  if (folder) await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true })
}

/** A simulator, a browser, and a clinic's page that what was sent leads to; for the whole suite in which it is called. */
export class SimulatedPages {
  sim!: Simulator
  link = ''
  #browser: Browser | undefined
  #clinic: Server | undefined

  constructor(start: () => Promise<Simulator>) {
    const pages = this
    before(async function () {
      pages.#browser = await openBrowser()
      if (!pages.#browser) this.skip()
      pages.sim = await start()
      pages.#clinic = createServer((_, res) => void res.setHeader('content-type', 'text/html').end('<title>Before your visit</title>')).listen(0, '127.0.0.1')
      await once(pages.#clinic, 'listening')
      pages.link = `http://127.0.0.1:${(pages.#clinic.address() as AddressInfo).port}/i/abcdefghijklmnopqrstuvwxyz0123456789abcdefgh`
    })
    after(async () => {
      await pages.#browser?.close()
      pages.#clinic?.closeAllConnections()
      pages.#clinic?.close()
      await pages.sim?.stop()
    })
  }
  async open(colorScheme: 'light' | 'dark'): Promise<Page> {
    await this.sim.reset()
    return (this.#browser as Browser).newPage({ viewport: smallPhone, colorScheme })
  }
  /** Where the link led, and the title there. */
  async follow(page: Page, link: Locator): Promise<[url: string, title: string]> {
    const [followed] = await Promise.all([page.waitForEvent('popup'), link.click()])
    await followed.waitForLoadState()
    const there: [string, string] = [followed.url(), await followed.title()]
    await followed.close()
    return there
  }
}
