import type { LanguageTag } from '@heliox/core/kit'
import { useState } from 'react'
import type { IntakeForm } from '../client.gen.ts'
import type { TypedForm } from '../intake/draft.ts'
import { questionsOf, wordsOf } from '../intake/own-forms.ts'
import { QuestionField } from '../intake/pages/own-form.tsx'
import { formsWords as t } from '../shared/messages/forms-words.ts'
import { AsPatient } from './as-patient.tsx'
import { definitionOf, type FormDraft } from './form-draft.ts'

const orUnsaid = (words: string | undefined): string => words || t.unsaid

/** What is not said yet stands there as such, so that nobody takes a code for words. */
function shownForm(draft: FormDraft, languages: readonly LanguageTag[]): IntakeForm {
  const definition = definitionOf(draft, languages)
  const words = Object.entries(definition.words).map(([language, { title, fields }]) => {
    const shown = Object.entries(fields).map(([name, said]) => [
      name,
      {
        ...said,
        label: orUnsaid(said.label),
        ...(said.options ? { options: Object.fromEntries(Object.entries(said.options).map(([value, text]) => [value, orUnsaid(text)])) } : {}),
      },
    ])
    return [language, { title: orUnsaid(title), fields: Object.fromEntries(shown) }]
  })
  return { ...definition, id: 'preview', version: 1, schema: definition.schema as unknown as IntakeForm['schema'], words: Object.fromEntries(words) }
}

/** The page of the form, as it will be: it can be filled in, and nothing of that is kept. */
export function FormPreview({ draft, languages }: { draft: FormDraft; languages: readonly LanguageTag[] }) {
  const [typed, setTyped] = useState<TypedForm>({})
  const form = shownForm(draft, languages)
  return (
    <AsPatient id="preview" title={t.preview} choose={t.previewLanguage} languages={languages}>
      {(language) => (
        <>
          <h3 className="text-[1.5em] leading-tight font-semibold">{wordsOf(form, language).title}</h3>
          {questionsOf(form, language).map((question) => (
            <QuestionField
              key={question.name}
              form={form}
              question={question}
              typed={typed}
              change={(answers) => setTyped((before) => ({ ...before, ...answers }))}
            />
          ))}
        </>
      )}
    </AsPatient>
  )
}
