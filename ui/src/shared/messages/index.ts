import type { LanguageTag } from '@heliox/core/kit'
import { languageNames, languageTags, locales, offeredLanguage } from '@heliox/core/messages'
import { createContext, use } from 'react'
import { en, type PatientMessages } from './en.ts'

export { languageNames, languageTags, locales, offeredLanguage, type PatientMessages }

/** Words in one language; a page shows both or neither. */
export interface Words {
  language: LanguageTag
  text: PatientMessages
}

/** Complete by type. A phone downloads the language that it shows: only English is in the page itself, for when another does not arrive. */
const loaders: Record<LanguageTag, () => Promise<PatientMessages>> = {
  en: async () => en,
  es: async () => (await import('./es.ts')).es,
  de: async () => (await import('./de.ts')).de,
  fr: async () => (await import('./fr.ts')).fr,
}
export const english: Words = { language: 'en', text: en }
export const wordsIn = async (language: LanguageTag): Promise<Words> => ({ language, text: await loaders[language]() })

export const TextContext = createContext<PatientMessages>(en)
/** The catalogue in the language the patient reads. */
export const useText = (): PatientMessages => use(TextContext)
