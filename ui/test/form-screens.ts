import type { Page } from 'playwright-core'
import type { FakeHub, Seen } from './fake-hub.ts'
import { fakeScreens } from './screens.ts'
import { sendForm, submitStep, waitForStep } from './walk-intake.ts'

/** What a form brought to the clinic. */
interface Sent {
  answers: Record<string, unknown>
  consents: { textSha256: string }[]
  signature: { typedName: string }
}
/** The form of one link, on a small phone. */
interface FormScreens {
  readonly hub: FakeHub
  readonly page: Page
  /** `#/about`: at that page of it. */
  open(hash?: string): Promise<unknown>
  /** From the answers to a page and back. */
  change(step: string, work: () => Promise<unknown>): Promise<void>
  /** Sends it, up to the status page. */
  arrives(): Promise<void>
  /** What was sent last. */
  sent(): Sent
}

/** The set-up of a spec about the form in front of a fake hub. */
export function formScreens(suite: Mocha.Suite): FormScreens {
  const screens = fakeScreens(suite, { width: 320 })
  return {
    get hub() {
      return screens.hub
    },
    get page() {
      return screens.page
    },
    open: (hash = '') => screens.open(`/i/a-token-of-a-link${hash}`),
    change: async (step, work) => {
      const { page } = screens
      await page.locator(`#change-${step}`).click()
      await waitForStep(page, step)
      await work()
      await submitStep(page)
      await waitForStep(page, 'check')
    },
    arrives: async () => {
      await sendForm(screens.page)
      await screens.page.waitForURL(/\/status\//)
    },
    sent: () => {
      const call: Seen | undefined = screens.calls('POST', '/api/intake/submit').at(-1)
      if (!call) throw new Error('no form was sent')
      return call.body as Sent
    },
  }
}
