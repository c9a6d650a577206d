import type { LanguageTag } from '@heliox/core/kit'
import type { Page } from 'playwright-core'
import type { ClaimLine } from '../../../docker/local/claim-line.ts'
import { buildUi } from '../../build.ts'
import { type Browser, launch } from '../browser.ts'
import { type FakeHub, startFakeHub } from '../fake-hub.ts'
import { cardPicture } from '../fake-partner.ts'
import { examplePatient, fillIntake } from '../walk-intake.ts'
import { Looks, languages } from './looks.ts'

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

/** Every page that a patient may get; the clinic's own forms come beside them. */
const allSteps = [
  ...['previous', 'about', 'guardian', 'person', 'contact', 'address', 'insurance', 'second', 'card-front', 'card-back'],
  ...['consents', 'sign', 'card', 'check'],
]
const photo = { name: 'card.png', mimeType: 'image/png', buffer: cardPicture() }
const link = (hub: FakeHub, language: LanguageTag): string => `${hub.url}/i/a-token?lang=${language}`

/** As if new, and in a clinic that speaks all of them. */
async function opened(browser: Browser, hub: FakeHub, language: LanguageTag, look: (page: Page) => Promise<void>): Promise<void> {
  hub.reset()
  const { intake } = hub.data
  intake.clinic.languages = [...languages]
  for (const tag of languages)
    if (intake.consentTexts[tag].length === 0) intake.consentTexts[tag] = intake.consentTexts.en.map((text) => ({ ...text, language: tag }))
  const view = await browser.view({ width: 320, language })
  try {
    await look(view.page)
    if (view.complaints.length > 0) throw new Error(view.complaints.join('\n'))
  } finally {
    await view.close()
  }
}

/** Where the form really is after it was asked for a page: one that does not concern this patient leads back to the list. */
async function goTo(page: Page, step: string): Promise<boolean> {
  await page.evaluate(`location.hash = '#/${step}'`)
  const there = page.locator(`main [data-step="${step}"] h1`)
  const back = page.locator('main [data-step="start"] h1')
  await there.or(back).first().waitFor()
  return (await there.count()) > 0
}

async function formPages(browser: Browser, hub: FakeHub, language: LanguageTag): Promise<ClaimLine> {
  const looks = new Looks(`patient.form-${language}`)
  await opened(browser, hub, language, async (page) => {
    await page.goto(link(hub, language))
    await page.locator('main [data-step="start"] h1').waitFor()
    if ((await page.evaluate('document.documentElement.lang')) !== language) throw new Error(`the form is not in ${language}`)
    await looks.at(page, 'start')
    for (const step of [...allSteps, ...hub.data.intake.forms.map(({ id }) => `form-${id}`)]) if (await goTo(page, step)) await looks.at(page, step)
    // Under age: somebody else answers and signs.
    await goTo(page, 'about')
    const { birthMonth, birthDay, birthYear } = {
      birthMonth: '3',
      birthDay: '27',
      birthYear: String(new Date(hub.data.intake.visit.startsAt).getUTCFullYear() - 9),
    }
    for (const [id, value] of Object.entries({ birthMonth, birthDay, birthYear })) await page.locator(`#${id}`).fill(value)
    if (!(await goTo(page, 'guardian'))) throw new Error('nobody is asked who signs for a child')
    await looks.at(page, 'guardian')
  })
  await opened(browser, hub, language, async (page) => {
    await page.goto(link(hub, language))
    await fillIntake(page, { ...examplePatient, photos: { front: photo, back: photo } }, async (step) => {
      if (step !== 'start') await looks.at(page, `${step}, filled in`)
    })
  })
  return looks.line(20)
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
    await page.goto(link(hub, language))
    await page.locator('main [data-step="start"] h1').waitFor()
    for (const step of allSteps) {
      if (step === 'check' || !(await goTo(page, step))) continue
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
    hub.fail('/api/intake/uploads', 400, 'invalid', 20)
    await page.goto(`${link(hub, language)}#/card-front`)
    await page.locator('#photo-file').setInputFiles(photo)
    await page.getByRole('alert').first().waitFor()
    await looks.at(page, 'a photo that is refused')
  })
  return looks.line(10)
}
