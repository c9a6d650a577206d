import type { ClaimLine } from '../../../docker/local/claim-line.ts'
import { buildUi } from '../../build.ts'
import { launch } from '../browser.ts'
import { startFakeHub } from '../fake-hub.ts'
import { Looks } from './looks.ts'

/** The front desk's pages, which speak English: where they are, and what is there once they are drawn. */
const pages = [
  ['/clinic', 'tbody tr'],
  ['/clinic?day=2020-01-01', 'h1'],
  ['/clinic/new', '#time'],
  ['/clinic/intakes/00000000-0000-4000-8000-000000000001', 'h1'],
  ['/clinic/intakes/00000000-0000-4000-8000-000000000003', 'h1'],
  ['/clinic/intakes/00000000-0000-4000-8000-000000000005', 'h1'],
  ['/signin', '#email'],
] as const

export async function claimDesk(): Promise<ClaimLine> {
  await buildUi()
  const looks = new Looks('patient.desk')
  const hub = await startFakeHub()
  const browser = await launch()
  try {
    for (const [path, there] of pages) {
      const view = await browser.view({ width: 1280 })
      if (path === '/signin') hub.data.session = null
      await view.page.goto(hub.url + path)
      await view.page.locator(there).first().waitFor()
      await view.page.waitForLoadState('networkidle').catch(() => undefined)
      await looks.at(view.page, path)
      await view.close()
    }
    return looks.line(pages.length)
  } finally {
    await browser.close()
    await hub.close()
  }
}
