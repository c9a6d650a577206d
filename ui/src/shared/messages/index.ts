import type { LanguageTag } from '@heliox/core/kit'
import { createContext, use } from 'react'
import { en, type PatientMessages } from './en.ts'
import { es } from './es.ts'

export type { PatientMessages }

/** A language that core knows and this table lacks does not compile. */
export const languages = { en, es } satisfies Record<LanguageTag, PatientMessages>
export const languageTags = Object.keys(languages) as LanguageTag[]

export const TextContext = createContext<PatientMessages>(en)
/** The catalogue in the language the patient reads. */
export const useText = (): PatientMessages => use(TextContext)

/** What the browser prefers among the languages we have; English otherwise. */
export function preferredLanguage(wanted: readonly string[]): LanguageTag {
  for (const tag of wanted) {
    const found = languageTags.find((known) => tag.toLowerCase().startsWith(known))
    if (found) return found
  }
  return 'en'
}
