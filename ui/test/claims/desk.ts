import type { Page } from 'playwright-core'
import type { ClaimLine } from '../../../docker/local/claim-line.ts'
import { buildUi } from '../../build.ts'
import { launch } from '../browser.ts'
import { deskStates } from '../desk-states.ts'
import { startFakeHub } from '../fake-hub.ts'
import { overflowPx, shoot } from '../looks.ts'
import { Looks } from './looks.ts'

/** What a keyboard cannot come to, of what can be pressed or typed into: in a dialog, of that alone. */
async function unreached(page: Page): Promise<string[]> {
  const names = `(() => {
    const inside = document.querySelector('[role=dialog]') ?? document.body
    const parts = [...inside.querySelectorAll('a[href], button, input, select, textarea, summary')]
    return parts.filter((part) => part.checkVisibility({ visibilityProperty: true }) && !part.disabled && part.tabIndex >= 0)
      .map((part, n) => ((part.dataset.reach = String(n)), part.textContent.trim() || part.id || part.tagName))
  })()`
  const wanted = (await page.evaluate(names)) as string[]
  await page.evaluate('document.activeElement?.blur()')
  const reached = new Set<number>()
  for (let n = 0; n < wanted.length * 4 + 10 && reached.size < wanted.length; n += 1) {
    await page.keyboard.press('Tab')
    const at = (await page.evaluate('document.activeElement?.dataset.reach')) as string | undefined
    if (at !== undefined) reached.add(Number(at))
  }
  return wanted.filter((_, n) => !reached.has(n))
}

/** Every page and state of the front desk, which speaks English: nothing for axe, nothing to scroll sideways, all of it by keyboard. Leaves its pictures. */
export async function claimDesk(): Promise<ClaimLine> {
  await buildUi()
  const looks = new Looks('patient.desk')
  const hub = await startFakeHub()
  const browser = await launch()
  const tell = (name: string, what: string): number => {
    process.stderr.write(`patient.desk ${name}: ${what}\n`)
    return 1
  }
  let [keyboard, sideways768, complaints] = [0, 0, 0]
  try {
    for (const { name, path, prepare, drive } of deskStates) {
      hub.reset()
      prepare?.(hub)
      const view = await browser.view({ width: 1280 })
      await view.page.goto(hub.url + path)
      await drive(view.page, hub)
      for (const part of await unreached(view.page)) keyboard += tell(name, `not by keyboard: ${part}`)
      await view.page.setViewportSize({ width: 768, height: 900 })
      // The page lays itself out anew a frame after its window changed; what counts is how it then stays.
      await view.page
        .waitForFunction('document.documentElement.scrollWidth <= document.documentElement.clientWidth', undefined, { timeout: 2_000 })
        .catch(() => undefined)
      const widerPx = await overflowPx(view.page)
      if (widerPx > 0) sideways768 += tell(name, `wider than 768 px by ${widerPx}`)
      await shoot(view.page, `${name}-claim-768`)
      await looks.at(view.page, name)
      await shoot(view.page, `${name}-claim-320`)
      for (const complaint of view.complaints) complaints += tell(name, complaint)
      await view.close()
    }
    return looks.line(deskStates.length, { figures: { sideways768, keyboard, complaints }, ok: keyboard + sideways768 + complaints === 0 })
  } finally {
    await browser.close()
    await hub.close()
  }
}
