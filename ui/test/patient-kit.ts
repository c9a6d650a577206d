import type { Page } from 'playwright-core'
import { silent } from '../../docker/local/progress.ts'
import { type Stack, type StackOptions, startStack } from '../../docker/local/stack.ts'
import { cardPhoto } from '../../evidence/demo/photo.ts'
import { textsTo } from '../../evidence/demo/simulators.ts'
import { until } from '../../evidence/demo/walk.ts'
import { type Browser, launch, needsChromium, type View } from './browser.ts'
import { shootFailed } from './looks.ts'
import { submitStep } from './walk-intake.ts'

/** A phone as most patients have one, and the smallest that the form promises to fit. */
export const phones = { usual: 390, small: 320 } as const

/** Of one spec: a running hub and a browser; of each of its tests: pages that are closed after it, photographed when it failed. */
export interface PatientWorld {
  readonly stack: Stack
  view(width: number, language?: string): Promise<View>
}

export function patientWorld(suite: Mocha.Suite, options: Pick<StackOptions, 'region' | 'extra'> = {}): PatientWorld {
  suite.timeout(240_000)
  let stack: Stack | undefined
  let browser: Browser | undefined
  const open: View[] = []
  before(async function () {
    needsChromium(this)
    stack = await startStack({ kind: 'throw-away', bus: 'postgres', progress: silent, ...options })
    browser = await launch()
  })
  afterEach(async function () {
    const name = this.currentTest?.title.replace(/[^a-z]+/gi, '-').slice(0, 40)
    if (this.currentTest?.state === 'failed') for (const [i, view] of open.entries()) await shootFailed(view.page, `${name}-${i}`)
    for (const view of open.splice(0)) await view.close()
  })
  after(async () => {
    await browser?.close()
    await stack?.stop()
  })
  return {
    get stack() {
      if (!stack) throw new Error('there is no hub before the first test')
      return stack
    },
    async view(width, language = 'en-US') {
      if (!browser) throw new Error('there is no browser before the first test')
      const view = await browser.view({ width, language })
      if (width === phones.usual) await view.page.setViewportSize({ width, height: 844 })
      open.push(view)
      return view
    },
  }
}

export const photoFile = async (name: string) => ({ name: `${name}.jpg`, mimeType: 'image/jpeg', buffer: await cardPhoto(name) })

/** The link as it stands on the phone, and each code that came after it. */
export const linkOnPhone = (twilio: string, phone: string): Promise<string> =>
  until('the text with the link', 60, async () => {
    const texts = await textsTo(twilio, phone)
    return texts.map(({ body }) => /https?:\/\/\S+\/i\/[A-Za-z0-9_-]+/.exec(body)?.[0]).find((found) => found !== undefined)
  })

/** What a patient does whose link asks who they are: a code is sent, read on the simulated phone's own page, and typed beside the birth date. */
export async function proveWhoIAm(page: Page, phonePage: Page, twilio: string, phone: string, birthDate: string): Promise<void> {
  await page.locator('[data-page=proof] h1').waitFor()
  const before = (await textsTo(twilio, phone)).length
  await page.locator('[data-page=proof] button[type=button]').first().click()
  await until('the code', 60, async () => ((await textsTo(twilio, phone)).length > before ? true : undefined))
  await phonePage.goto(`${twilio}/?phone=${encodeURIComponent(phone)}`)
  const code = await until('the code on the phone', 30, async () => {
    const found = [...(await phonePage.locator('body').innerText()).matchAll(/\b(\d{6})\b/g)].map(([, digits]) => digits)
    const newest = (await textsTo(twilio, phone))[0]?.body ?? ''
    return found.find((digits) => digits !== undefined && newest.includes(digits))
  })
  const [year = '', month = '', day = ''] = birthDate.split('-')
  for (const [id, value] of Object.entries({ birthMonth: month, birthDay: day, birthYear: year, code })) await page.locator(`#${id}`).fill(value)
  await submitStep(page)
  await page.locator('[data-page=proof]').waitFor({ state: 'detached' })
}
