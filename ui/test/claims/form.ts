import type { LanguageTag } from '@heliox/core/kit'
import type { Page } from 'playwright-core'
import type { ClaimLine } from '../../../docker/local/claim-line.ts'
import { buildUi } from '../../build.ts'
import { type Browser, launch } from '../browser.ts'
import { type FakeHub, startFakeHub } from '../fake-hub.ts'
import { form } from '../fake-known.ts'
import { asksProof } from '../fake-link.ts'
import { examplePatient, fillIntake } from '../walk-intake.ts'
import { Looks } from './looks.ts'
import { inLanguage, linkPath, opened, ownForm, photo } from './speaking.ts'

/** Every page of the form, empty, refused, filled in and as it is when it cannot be opened, before a hub that says whatever is wanted. */
export async function claimForm(language: LanguageTag): Promise<ClaimLine[]> {
  await buildUi()
  const hub = await startFakeHub()
  const browser = await launch()
  try {
    return [await formPages(browser, hub, language), await errorPages(browser, hub, language)]
  } finally {
    await browser.close()
    await hub.close()
  }
}

/** Every page that an adult gets of whom the clinic knows something, where it has a form of its own. */
const adultSteps = [
  ...['previous', 'about', 'person', 'contact', 'address', 'insurance', 'second', 'card-front', 'card-back', `form-${form.id}`],
  ...['consents', 'sign', 'card', 'check'],
]
const link = (hub: FakeHub, language: LanguageTag): string => hub.url + linkPath(language)

/** A page that is not reached is not looked at: then this claim has nothing to say. */
async function goTo(page: Page, step: string): Promise<void> {
  await page.evaluate(`location.hash = '#/${step}'`)
  await page
    .locator(`main [data-step="${step}"] h1`)
    .waitFor({ timeout: 10_000 })
    .catch(() => {
      throw new Error(`the form does not lead to ${step}`)
    })
}

/** Under age on the day of the visit: somebody else answers and signs. */
async function typeChild(page: Page, hub: FakeHub): Promise<void> {
  await goTo(page, 'about')
  const birthYear = String(new Date(hub.data.intake.visit.startsAt).getUTCFullYear() - 9)
  for (const [id, value] of Object.entries({ birthMonth: '3', birthDay: '27', birthYear })) await page.locator(`#${id}`).fill(value)
}

async function formPages(browser: Browser, hub: FakeHub, language: LanguageTag): Promise<ClaimLine> {
  const looks = new Looks(`patient.form-${language}`)
  await opened(browser, hub, language, async (page) => {
    await page.goto(link(hub, language))
    await page.locator('main [data-step="start"] h1').waitFor()
    await inLanguage(page, language)
    await looks.at(page, 'start')
    for (const step of adultSteps) {
      await goTo(page, step)
      await looks.at(page, step)
    }
    await typeChild(page, hub)
    await goTo(page, 'guardian')
    await looks.at(page, 'guardian')
  })
  await opened(browser, hub, language, async (page) => {
    await page.goto(link(hub, language))
    await fillIntake(page, { ...examplePatient, photos: { front: photo, back: photo } }, async (step) => {
      if (step !== 'start') await looks.at(page, `${step}, filled in`)
    })
  })
  return looks.line(30)
}

async function errorPages(browser: Browser, hub: FakeHub, language: LanguageTag): Promise<ClaimLine> {
  const looks = new Looks(`patient.errors-${language}`)
  for (const [status, code] of [
    [404, 'link-unknown'],
    [410, 'link-ended'],
    [429, 'too-many-requests'],
    [503, 'internal'],
  ] as const)
    await opened(browser, hub, language, async (page) => {
      hub.fail('/api/intake', status, code, 20)
      await page.goto(link(hub, language))
      await page.locator('main h1').waitFor()
      await page.getByRole('status').waitFor({ state: 'detached' })
      await looks.at(page, code)
    })
  await opened(browser, hub, language, async (page) => {
    hub.data.intake.forms = [ownForm(['smokes', 'drinks', 'since'])]
    await page.goto(link(hub, language))
    await page.locator('main [data-step="start"] h1').waitFor()
    for (const step of [...adultSteps, 'guardian']) {
      if (step === 'check') continue
      if (step === 'guardian') await typeChild(page, hub)
      await goTo(page, step)
      const submit = page.locator('main form button[type=submit]')
      if ((await submit.count()) === 0) continue
      await submit.first().click()
      // A page that asks for nothing leads on, and has no such state.
      if (
        await page
          .getByRole('alert')
          .first()
          .waitFor({ timeout: 2_000 })
          .then(
            () => true,
            () => false,
          )
      )
        await looks.at(page, `${step}, refused`)
    }
  })
  await opened(browser, hub, language, async (page) => {
    hub.data.link.proof = asksProof()
    await page.goto(link(hub, language))
    await page.locator('[data-page=proof] h1').waitFor()
    await looks.at(page, 'the proof')
    await page.locator('main form button[type=submit]').click()
    await page.getByRole('alert').first().waitFor()
    await looks.at(page, 'the proof, refused')
  })
  await opened(browser, hub, language, async (page) => {
    hub.fail('/api/intake/uploads', 400, 'invalid', 20)
    await page.goto(`${link(hub, language)}#/card-front`)
    await page.locator('#photo-file').setInputFiles(photo)
    await page.getByRole('alert').first().waitFor()
    await looks.at(page, 'a photo that is refused')
  })
  return looks.line(16)
}
