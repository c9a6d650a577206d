import type { LanguageTag } from '../kit/index.ts'
import { choicesOf } from './form-problems.ts'
import { type Form, questionNames } from './forms.ts'

/** One question as it was asked, and what was answered. Dates stay as they are sent: who shows them knows how. */
export interface AnsweredQuestion {
  label: string
  is: 'none' | 'words' | 'date' | 'yes' | 'no'
  words: string[]
}

/** Which of a form's versions was answered: the likeliest one that asks all of it. An api may have kept the one before for some seconds. */
export const versionAnswered = (likeliestFirst: readonly Form[], answers: Readonly<Record<string, unknown>>): Form | undefined =>
  likeliestFirst.find(({ schema }) => Object.keys(answers).every((name) => Object.hasOwn(schema.properties, name)))

/** The questions in their order, in the wanted language where the form has it. Of a form of which nothing more is known, the names of what was answered. */
export function answeredQuestions(
  form: Form | Pick<Form, 'id'>,
  answers: Readonly<Record<string, unknown>>,
  language: LanguageTag,
): { title: string; questions: AnsweredQuestion[] } {
  const known = 'schema' in form ? form : undefined
  const words = known && (known.words[language] ?? Object.values(known.words)[0])
  const names = known ? questionNames(known) : Object.keys(answers).sort()
  const questions = names.map((name): AnsweredQuestion => {
    const field = known?.schema.properties[name]
    const said = words?.fields[name]
    const label = said?.label ?? name
    const answer = Object.hasOwn(answers, name) ? answers[name] : undefined
    if (answer === undefined || answer === null) return { label, is: 'none', words: [] }
    if (typeof answer === 'boolean') return { label, is: answer ? 'yes' : 'no', words: [] }
    const isChosen = field !== undefined && choicesOf(field).length > 0
    const texts = (Array.isArray(answer) ? answer : [answer]).map((one) => (isChosen ? (said?.options?.[String(one)] ?? String(one)) : String(one)))
    return { label, is: field && 'format' in field ? 'date' : 'words', words: texts }
  })
  return { title: words?.title ?? form.id, questions }
}
