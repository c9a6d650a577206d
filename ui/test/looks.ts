import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'

/** How a page looks: what axe finds, what is cut off, and a picture for people. */
const evidenceFolder = fileURLToPath(new URL('../../evidence/', import.meta.url))
const axeSource = readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8')

interface AxeNode {
  target: readonly unknown[]
  failureSummary?: string
}
interface AxeFinding {
  id: string
  nodes: readonly AxeNode[]
}
/** What runs inside the page. */
declare const axe: { run(where: object, how: object): Promise<{ violations: AxeFinding[] }> }

/** WCAG 2.2 A and AA plus axe's best practices; each finding as one line. */
export async function axeFindings(page: Page, only?: readonly string[]): Promise<string[]> {
  // Once a document: reading half a megabyte of it takes longer than looking.
  if ((await page.evaluate('typeof axe')) === 'undefined') await page.evaluate(axeSource)
  const violations = await page.evaluate(async (rules) => {
    const how = { iframes: false, resultTypes: ['violations'], ...(rules ? { runOnly: { type: 'rule', values: rules } } : {}) }
    // Frames are the partner's.
    const found = await axe.run({ exclude: ['iframe'] }, how)
    return found.violations.map(({ id, nodes }) => ({
      id,
      nodes: nodes.map(({ target, failureSummary }) => ({ target: target.join(' '), why: failureSummary?.split('\n')[1]?.trim() ?? '' })),
    }))
  }, only)
  return violations.flatMap(({ id, nodes }) => nodes.map(({ target, why }) => `${id}: ${target} ${why}`))
}

/** Wider than the screen: a person would have to scroll sideways. */
export const overflowPx = (page: Page): Promise<number> => page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')

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
