import { accessCodeOf, type GivenConsent, shownBody } from '@heliox/core/compliance'
import type { LanguageTag } from '@heliox/core/kit'
import { fill, locales, withdrawalMeans } from '@heliox/core/messages'
import type { ClinicFacts } from '../kit/clinic-facts.ts'
import { type Html, html } from './html.ts'
import { layout } from './layout.ts'
import { clinicHead, contactLine, languageLinks } from './parts.ts'

interface ConsentsPageOptions {
  language: LanguageTag
  intakeId: string
  /** Path of this page, without query. */
  path: string
  statusPath: string
  /** Null: this browser has not proved who it is. */
  receiptPath: string | null
}

type Say = (key: Parameters<typeof fill>[0], values?: Record<string, string>) => string

/** The words in which it was signed, whatever language the page is in. One button to ask, a second to do it. */
function consentHtml({ id, text, signedAt, withdrawnAt }: GivenConsent, say: Say, time: (iso: string) => string, code: string): Html {
  const meaning = say(withdrawalMeans[text.kind])
  return html`<section class="consent" aria-labelledby="c-${id}">
<h2 id="c-${id}" lang="${text.language}">${text.title}</h2>
<p>${say('consents.signed', { when: time(signedAt) })}</p>
<details><summary>${say('consents.read')}</summary><div lang="${text.language}">${shownBody(text, code)
    .split(/\n{2,}/)
    .map((paragraph) => html`<p>${paragraph}</p>`)}</div></details>
${
  withdrawnAt
    ? html`<p class="withdrawn">${say('consents.withdrawn', { when: time(withdrawnAt) })} ${meaning}</p>`
    : html`<div data-consent="${id}" hidden><button type="button" data-ask aria-describedby="c-${id}">${say('consents.withdraw')}</button>
<div data-sure hidden><p>${meaning}</p><p class="choices"><button type="button" data-do>${say('consents.sure')}</button> <button type="button" data-keep>${say('consents.keep')}</button></p></div></div>`
}
</section>`
}

/** What was agreed to, in full, with a copy to keep and a way back from each; complete without JavaScript but for that way, which then is a phone call. */
export function consentsPage(given: readonly GivenConsent[], clinic: ClinicFacts, options: ConsentsPageOptions): string {
  const { language } = options
  const known = { clinic: clinic.name, phone: clinic.phone }
  const say: Say = (key, values = {}) => fill(key, language, { ...known, ...values })
  // With the year: what was agreed to may be looked at long after.
  const format = new Intl.DateTimeFormat(locales[language], { dateStyle: 'long', timeStyle: 'short', timeZone: clinic.timeZone })
  const time = (iso: string): string => format.format(new Date(iso))
  const code = accessCodeOf(options.intakeId)
  return layout({
    language,
    title: `${say('consents.title')} · ${clinic.name}`,
    brandColour: clinic.brandColour,
    script: 'consents',
    header: html`${clinicHead(clinic)}${languageLinks(options, clinic.languages)}`,
    main: html`<h1>${say('consents.title')}</h1>
${given.length === 0 ? html`<p>${say('consents.none')}</p>` : html`<p>${say('consents.lead')}</p>`}
<p role="status" data-said data-saving="${say('consents.saving')}" data-failed="${say('consents.failed')}">${given.some(({ withdrawnAt }) => !withdrawnAt) ? say('consents.without-script') : null}</p>
${given.map((consent) => consentHtml(consent, say, time, code))}
<section class="keep">
${given.length > 0 && options.receiptPath !== null ? html`<p><a class="button" href="${options.receiptPath}?lang=${language}">${say('consents.receipt')}</a></p>` : null}
<p><a href="${options.statusPath}?lang=${language}">${say('consents.back')}</a></p>
${contactLine(clinic, language)}
</section>`,
  })
}
