import { expect } from 'chai'
import type { Page } from 'playwright-core'
import type { FakeHub } from './fake-hub.ts'
import { looksRight } from './looks.ts'
import { fakeScreens } from './screens.ts'

/** A screen in one of its states: where it is, what the hub knows, and what a person did there. */
export interface Picture {
  name: string
  path: string
  prepare?(hub: FakeHub): unknown
  /** Ends when the screen shows the state: what is loading has a heading too. */
  drive(page: Page, hub: FakeHub): Promise<unknown>
}

/**
 * At desk, tablet and phone width, light and dark: nothing for axe to find, nothing wider than the screen, nothing on the
 * console. Each leaves its pictures in evidence/screens for people to look at.
 */
export function album(title: string, pictures: readonly Picture[]): void {
  describe(title, function () {
    const screens = fakeScreens(this, {}, { onePage: true })
    for (const { name, path, prepare, drive } of pictures) {
      it(`${name}: nothing for axe, nothing cut off, nothing on the console, at every width, light and dark`, async () => {
        const { page, hub } = screens
        prepare?.(hub)
        await page.goto(hub.url + path, { waitUntil: 'domcontentloaded' })
        await drive(page, hub)
        await looksRight(page, name)
        expect(screens.complaints, 'console').to.deep.equal([])
      })
    }
  })
}
