import type { LanguageTag } from '@heliox/core/kit'
import { languageNames } from '@heliox/core/messages'
import { type ReactNode, useEffect, useState } from 'react'
import { ProblemContext, SelectField } from '../shared/fields.tsx'
import { english, TextContext, type Words, wordsIn } from '../shared/messages/index.ts'

const noProblems: ReadonlyMap<string, string> = new Map()

/** A part of a patient's page, in the patient's size and in one of the clinic's languages: the very components that the patient's page is made of. */
export function AsPatient({
  id,
  title,
  choose,
  languages,
  children,
}: {
  id: string
  title: string
  choose: string
  languages: readonly LanguageTag[]
  children(language: LanguageTag): ReactNode
}) {
  const [wanted, setWanted] = useState<LanguageTag>(languages[0] ?? 'en')
  const [words, setWords] = useState<Words>(english)
  useEffect(() => {
    let isWanted = true
    const show = (read: Words): void => {
      if (isWanted) setWords(read)
    }
    // What does not arrive leaves the language that is shown; choosing asks again.
    wordsIn(wanted).then(show, () => setWanted(words.language))
    return () => {
      isWanted = false
    }
  }, [wanted, words.language])
  return (
    <section
      aria-labelledby={`${id}-title`}
      className="min-w-0 space-y-3 xl:sticky xl:top-4 xl:max-h-[calc(100dvh-32px)] xl:overflow-y-auto xl:overscroll-contain xl:p-1"
    >
      <h2 id={`${id}-title`}>{title}</h2>
      {languages.length > 1 ? (
        <SelectField
          id={`${id}-language`}
          label={choose}
          className="control max-w-60"
          value={wanted}
          options={languages.map((tag) => ({ value: tag, label: languageNames[tag] }))}
          onChange={(tag) => setWanted(tag as LanguageTag)}
        />
      ) : null}
      <TextContext value={words.text}>
        {/* What is wrong with the editor's fields is told there. */}
        <ProblemContext value={noProblems}>
          <div lang={words.language} data-language={words.language} className="panel patient as-patient space-y-6 p-4">
            {children(words.language)}
          </div>
        </ProblemContext>
      </TextContext>
    </section>
  )
}
