import type { LanguageTag } from '@heliox/core/kit'
import type { Page } from 'playwright-core'
import { demoConsentTexts } from '../../../db/seed/consent-texts.ts'
import type { IntakeForm } from '../../src/client.gen.ts'
import type { Browser } from '../browser.ts'
import type { FakeHub } from '../fake-hub.ts'
import { form, previous } from '../fake-known.ts'
import { cardPicture } from '../fake-partner.ts'
import { languages } from './looks.ts'

/** A clinic that speaks all languages, in front of somebody it knows already, and has a form of its own. */

/** That form in the words of a clinic that speaks all languages. */
export const ownForm = (required: readonly string[]): IntakeForm => ({
  ...form,
  schema: { ...form.schema, required },
  words: Object.fromEntries(languages.map((tag) => [tag, form.words.en])) as IntakeForm['words'],
})
export const photo = { name: 'card.png', mimeType: 'image/png', buffer: cardPicture() }
/** The token is the one that the fake hub keeps drafts for. */
export const token = 'a-token-of-a-link'
export const linkPath = (language: LanguageTag): string => `/i/${token}?lang=${language}`

/** The hub as if new; what the page complained about ends the claim. */
export async function opened(browser: Browser, hub: FakeHub, language: LanguageTag, look: (page: Page) => Promise<void>): Promise<void> {
  hub.reset()
  const { intake, correction } = hub.data
  intake.clinic.languages = [...languages]
  correction.clinic.languages = [...languages]
  // Copies: a claim may change them, and the next one begins as if new.
  for (const tag of languages) intake.consentTexts[tag] = demoConsentTexts.filter((text) => text.language === tag).map((text) => ({ ...text }))
  Object.assign(intake, { previous, forms: [ownForm([])] })
  const view = await browser.view({ width: 320, language })
  try {
    await look(view.page)
    if (view.complaints.length > 0) throw new Error(view.complaints.join('\n'))
  } finally {
    await view.close()
  }
}

/** Not the page from before its words arrived: what is looked at is in the language of the claim. */
export async function inLanguage(page: Page, language: LanguageTag): Promise<void> {
  if ((await page.evaluate('document.documentElement.lang')) !== language) throw new Error(`the page is not in ${language}`)
}
