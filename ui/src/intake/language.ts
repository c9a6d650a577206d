import type { LanguageTag } from '@heliox/core/kit'
import { useEffect, useState } from 'react'
import { languages, type PatientMessages, preferredLanguage } from '../shared/messages/index.ts'

/** The language of this page and its words, the page's own attribute with it. `first`: wanted before what the browser wants. */
export function useLanguage(first: readonly string[] = []): { language: LanguageTag; setLanguage(to: LanguageTag): void; text: PatientMessages } {
  const [language, setLanguage] = useState<LanguageTag>(() => preferredLanguage([...first, ...navigator.languages]))
  useEffect(() => {
    document.documentElement.lang = language
  }, [language])
  return { language, setLanguage, text: languages[language] }
}

/** An address of ours that goes on in the language a person reads. */
export function withLanguage(url: string, language: string): string {
  const target = new URL(url, window.location.href)
  target.searchParams.set('lang', language)
  return target.href
}
