import type { LanguageTag } from '@heliox/core/kit'
import { useCallback, useEffect, useState } from 'react'
import { english, languageTags, offeredLanguage, type Words, wordsIn } from '../shared/messages/index.ts'

/** What the address asks for, then what the browser prefers. */
const wanted = (): string[] => [...new URLSearchParams(window.location.search).getAll('lang'), ...navigator.languages]

/** Before the clinic is known: English where nothing wanted is there, or its words do not arrive. */
export const firstWords = (): Promise<Words> => wordsIn(offeredLanguage(wanted(), languageTags)).catch(() => english)

export interface LanguageOfPage extends Words {
  setLanguage(to: LanguageTag): void
  /** The clinic's languages are known now. The words of all are fetched: a switch then works without a connection. */
  offer(languages: readonly LanguageTag[]): void
}

/** The language of this page and its words, the page's own attribute with it. */
export function useLanguage(first: Words): LanguageOfPage {
  const [words, setWords] = useState(first)
  useEffect(() => {
    document.documentElement.lang = words.language
  }, [words])
  const setLanguage = useCallback((to: LanguageTag) => {
    // Words that do not arrive leave the page in the language that it has.
    void wordsIn(to).then(setWords, () => undefined)
  }, [])
  const offer = useCallback(
    ([preferred, ...others]: readonly LanguageTag[]) => {
      if (!preferred) return
      const offered = [preferred, ...others] as const
      for (const tag of offered) wordsIn(tag).catch(() => undefined)
      setWords((now) => {
        if (!offered.includes(now.language)) setLanguage(offeredLanguage(wanted(), offered))
        return now
      })
    },
    [setLanguage],
  )
  return { ...words, setLanguage, offer }
}

/** An address of ours that goes on in the language a person reads. */
export function withLanguage(url: string, language: string): string {
  const target = new URL(url, window.location.href)
  target.searchParams.set('lang', language)
  return target.href
}
