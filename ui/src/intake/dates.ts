import type { LanguageTag } from '@heliox/core/kit'
import { locales } from '../shared/messages/index.ts'

/** `March 4, 2027` of a day that is one whatever the zone. */
export const longDate = (date: string, language: LanguageTag): string =>
  new Intl.DateTimeFormat(locales[language], { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' }).format(new Date(`${date}T00:00:00Z`))
/** `March 4, 2027` in the clinic's zone. */
export const dayText = (iso: string, timeZone: string, language: LanguageTag): string =>
  new Intl.DateTimeFormat(locales[language], { day: 'numeric', month: 'long', year: 'numeric', timeZone }).format(new Date(iso))
/** `9:20 AM` in the clinic's zone, as everything else the patient is told. */
export const timeText = (iso: string, timeZone: string, language: LanguageTag): string =>
  new Intl.DateTimeFormat(locales[language], { hour: 'numeric', minute: '2-digit', timeZone }).format(new Date(iso))
