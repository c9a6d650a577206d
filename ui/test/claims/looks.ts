import { languageTags } from '@heliox/core/kit'
import type { Page } from 'playwright-core'
import type { ClaimLine } from '../../../docker/local/claim-line.ts'
import { drawn } from '../browser.ts'
import { axeFindings, overflowPx, shoot } from '../looks.ts'

export const languages = languageTags

/**
 * What is looked at on every page: nothing for axe in light and dark, nothing to scroll sideways at 320 px, no target under 24 px. Each leaves its
 * pictures in evidence/screens for people to look at, also at the width of most phones.
 */
export class Looks {
  readonly #name: string
  #pages = 0
  #axe = 0
  #sideways = 0
  #small = 0
  constructor(name: string) {
    this.#name = name
  }

  /** The page as it is now, on a small phone and on a desk; whoever reads the log finds there what was found. */
  async at(page: Page, state: string): Promise<void> {
    this.#pages += 1
    for (const { width, dark } of [
      { width: 320, dark: false },
      { width: 320, dark: true },
      { width: 1280, dark: false },
    ]) {
      await page.setViewportSize({ width, height: width < 600 ? 640 : 900 })
      await page.emulateMedia({ colorScheme: dark ? 'dark' : 'light' })
      const findings = await axeFindings(page, dark ? ['color-contrast'] : undefined)
      this.#axe += this.#tell(state, width, findings)
      if (width !== 320 || dark) continue
      this.#small += this.#tell(state, width, await axeFindings(page, ['target-size']))
      const widerPx = await overflowPx(page)
      if (widerPx > 0) this.#sideways += this.#tell(state, width, [`wider than the screen by ${widerPx} px`])
    }
    await page.emulateMedia({ colorScheme: 'light' })
    await this.#picture(page, state)
    await page.setViewportSize({ width: 320, height: 640 })
  }

  /** `more`: what else this set of pages promises. */
  line(pagesMin: number, more: { figures?: ClaimLine['figures']; ok?: boolean } = {}): ClaimLine {
    const figures = { pages: this.#pages, axe: this.#axe, sideways320: this.#sideways, under24px: this.#small, ...more.figures }
    const clean = this.#axe + this.#sideways + this.#small === 0
    return { name: this.#name, figures, ok: clean && this.#pages >= pagesMin && (more.ok ?? true) }
  }

  /** In a window as tall as the page: what is beyond the window is drawn without its touch screen, and a button for the camera is missing there. */
  async #picture(page: Page, state: string): Promise<void> {
    for (const width of [320, 390, 1280]) {
      await page.setViewportSize({ width, height: width < 600 ? 640 : 900 })
      // A table becomes a list a frame after its window changed.
      await drawn(page)
      await page.setViewportSize({ width, height: Number(await page.evaluate('document.documentElement.scrollHeight')) })
      await shoot(page, `claims/${this.#name}-${state.toLowerCase().replace(/[^a-z0-9]+/g, '-')}-${width}`)
    }
  }

  #tell(state: string, width: number, findings: readonly string[]): number {
    for (const finding of findings) process.stderr.write(`${this.#name} ${state} ${width} px: ${finding}\n`)
    return findings.length
  }
}
