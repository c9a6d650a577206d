import type { LanguageTag } from '@heliox/core/kit'
import { fill, languageNames, locales } from '@heliox/core/messages'
import { type Html, html } from './html.ts'

/** What several server-made pages have. */
export function visitTime(iso: string, timeZone: string, language: LanguageTag): string {
  return new Intl.DateTimeFormat(locales[language], { weekday: 'long', day: 'numeric', month: 'long', hour: 'numeric', minute: '2-digit', timeZone }).format(
    new Date(iso),
  )
}

/** French sets a space before it, which must not begin a line. */
export const colonOf = (language: LanguageTag): string => (language === 'fr' ? '\u00a0:' : ':')

/** The clinic as it shows itself. The name stands beside the logo, so that the picture says nothing twice. */
export const clinicHead = ({ name, logoUrl }: { name: string; logoUrl: string | null }): Html =>
  html`<p class="clinic">${logoUrl ? html`<img src="${logoUrl}" alt="" height="32">` : null}${name}</p>`

/** A text whose number a phone can call as it stands, and that no line breaks in two. */
export function callable(key: Parameters<typeof fill>[0], language: LanguageTag, { phone = '', ...values }: Record<string, string>): Html {
  const call = html`<a class="phone" dir="ltr" href="tel:${phone.replace(/[^+\d]/g, '')}">${phone}</a>`
  const parts = fill(key, language, { ...values, phone: '\u0000' }).split('\u0000')
  return html`${parts.map((part, at) => html`${at === 0 ? null : call}${part}`)}`
}

/** Whom to ask. */
export const contactLine = ({ name, phone }: { name: string; phone: string }, language: LanguageTag): Html =>
  html`<p>${callable('page.contact', language, { clinic: name, phone })}</p>`

/** The languages that the clinic offers; `path` without query. */
export function languageLinks({ language, path }: { language: LanguageTag; path: string }, offered: readonly LanguageTag[]): Html {
  const links = offered.map((tag) =>
    tag === language
      ? html`<span aria-current="true">${languageNames[tag]}</span>`
      : html`<a href="${path}?lang=${tag}" lang="${tag}" hreflang="${tag}">${languageNames[tag]}</a>`,
  )
  return html`<nav aria-label="${fill('page.language', language)}">${links}</nav>`
}
