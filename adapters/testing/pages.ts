import { existsSync, readFileSync } from 'node:fs'
import { type Browser, chromium, type Page } from 'playwright-core'

/** What specs of simulators' pages share: a browser the width of the smallest phone, and what may not be wrong on any page. */
const chromiumPath = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium'
const axeSource = readFileSync(new URL(import.meta.resolve('axe-core/axe.min.js')), 'utf8')
const args = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking']

/** Undefined where there is no browser: named as skipped in the summary. */
export async function openBrowser(): Promise<Browser | undefined> {
  return existsSync(chromiumPath) ? chromium.launch({ executablePath: chromiumPath, args }) : undefined
}
export const smallPhone = { width: 320, height: 640 }

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
