import type { LanguageTag } from '@heliox/core/kit'
import { languageNames } from '@heliox/core/messages'
import type { ShownProblem } from '../shared/error-summary.tsx'
import { formsWords as t } from '../shared/messages/forms-words.ts'
import { type Definition, definitionOf, type FormDraft, hasChoices, isText, numberOf, type QuestionDraft, type SavedDefinition } from './form-draft.ts'

/** Ids of the controls, for the page and for what is said about them. */
export const controlOf = {
  title: (language: LanguageTag) => `title-${language}`,
  add: 'add-question',
  part: (question: string, part: 'kind' | 'addChoice' | 'longest' | 'smallest' | 'largest' | 'most') => `${question}-${part}`,
  said: (question: string, part: 'label' | 'hint', language: LanguageTag) => `${question}-${part}-${language}`,
  choice: (question: string, value: string, language: LanguageTag) => `${question}-${value}-${language}`,
}

/** What can be said before the api is asked; its own check is the one that counts. */
export function draftProblems({ title, questions }: FormDraft, languages: readonly LanguageTag[]): ShownProblem[] {
  const untitled = languages.filter((language) => !title[language]?.trim())
  return [
    ...untitled.map((language) => ({ id: controlOf.title(language), message: t.need.title(languageNames[language]) })),
    ...(questions.length === 0 ? [{ id: controlOf.add, message: t.need.question }] : []),
    ...questions.flatMap((question, index) => [...wordProblems(question, index + 1, languages), ...limitProblems(question, index + 1)]),
  ]
}

function wordProblems(question: QuestionDraft, n: number, languages: readonly LanguageTag[]): ShownProblem[] {
  const { name, label, hint, choices, kind } = question
  const hinted = languages.some((language) => hint[language]?.trim())
  return [
    ...languages.flatMap((language) => [
      ...(label[language]?.trim() ? [] : [{ id: controlOf.said(name, 'label', language), message: t.need.label(n, languageNames[language]) }]),
      ...(hinted && !hint[language]?.trim() ? [{ id: controlOf.said(name, 'hint', language), message: t.need.hint(n, languageNames[language]) }] : []),
    ]),
    ...(hasChoices(kind) && choices.length < 2 ? [{ id: controlOf.part(name, 'addChoice'), message: t.need.choices(n) }] : []),
    ...(hasChoices(kind) ? languages.flatMap((language) => choiceProblems(question, n, language)) : []),
  ]
}

function choiceProblems({ name, choices }: QuestionDraft, n: number, language: LanguageTag): ShownProblem[] {
  const said = choices.map(({ words }) => words[language]?.trim().toLowerCase() ?? '')
  return choices.flatMap(({ value }, index) => {
    const id = controlOf.choice(name, value, language)
    if (!said[index]) return [{ id, message: t.need.choice(n, index + 1, languageNames[language]) }]
    return said.indexOf(said[index]) < index ? [{ id, message: t.need.sameChoice(n, index + 1, languageNames[language]) }] : []
  })
}

function limitProblems({ name, kind, choices, longest, shortest = 0, smallest, largest, most, whole }: QuestionDraft, n: number): ShownProblem[] {
  const say = (part: 'longest' | 'smallest' | 'largest' | 'most', message: string): ShownProblem[] => [{ id: controlOf.part(name, part), message }]
  const isWhole = (value: number, from: number, to: number): boolean => Number.isInteger(value) && value >= from && value <= to
  if (isText(kind)) return isWhole(numberOf(longest), Math.max(1, shortest), 2000) ? [] : say('longest', t.need.longest(n))
  if (kind === 'many' && most.trim()) return isWhole(numberOf(most), 1, choices.length) ? [] : say('most', t.need.most(n, choices.length))
  if (kind !== 'number') return []
  const [least, top] = [numberOf(smallest), numberOf(largest)]
  const fits = (value: number): boolean => (whole ? Number.isInteger(value) : !Number.isNaN(value))
  return [...(fits(least) ? [] : say('smallest', t.need.smallest(n))), ...(fits(top) && !(top < least) ? [] : say('largest', t.need.largest(n)))]
}

/** The control that a refusal of the api is about: `definition.words.es.fields.qab12.options.1`. */
export function refusedControl(path: string, { questions }: FormDraft): string {
  const [, language, name, part, index] = /^definition\.words\.(en|es|de|fr)(?:\.fields\.(\w+)(?:\.(label|hint|options)(?:\.(\d+))?)?)?/.exec(path) ?? []
  const tag = language as LanguageTag | undefined
  if (tag && !name) return controlOf.title(tag)
  const question = questions.find((one) => one.name === (name ?? /^definition\.schema\.properties\.(\w+)/.exec(path)?.[1]))
  if (!question) return controlOf.add
  if (!tag) return controlOf.part(question.name, 'kind')
  const choice = part === 'options' ? question.choices[Number(index)] : undefined
  return choice ? controlOf.choice(question.name, choice.value, tag) : controlOf.said(question.name, part === 'hint' ? 'hint' : 'label', tag)
}

/** What differs from the version that is asked, in sentences; empty: nothing. */
export function changesOf(before: Definition | null, draft: FormDraft, languages: readonly LanguageTag[]): string[] {
  const after = definitionOf(draft, languages)
  if (!before) return [t.change.isNew(draft.questions.length)]
  const old = before as unknown as SavedDefinition
  const oldOrder = old.order ?? Object.keys(old.schema.properties)
  const newOrder = after.order ?? []
  const labelIn = (definition: SavedDefinition, name: string): string =>
    languages.map((language) => definition.words[language]?.fields[name]?.label).find(Boolean) ?? name
  const stayed = newOrder.filter((name) => oldOrder.includes(name))
  const titled = languages.filter((language) => old.words[language]?.title !== after.words[language]?.title)
  return [
    ...(titled.length > 0 ? [t.change.title(namesOf(titled))] : []),
    ...newOrder.filter((name) => !oldOrder.includes(name)).map((name) => t.change.added(labelIn(after, name))),
    ...oldOrder.filter((name) => !newOrder.includes(name)).map((name) => t.change.removed(labelIn(old, name))),
    ...(stayed.join() === oldOrder.filter((name) => stayed.includes(name)).join() ? [] : [t.change.moved]),
    ...stayed.flatMap((name) => questionChanges(old, after, name, labelIn(after, name), languages)),
  ]
}

export const namesOf = (languages: readonly LanguageTag[]): string => languages.map((language) => languageNames[language]).join(', ')

function questionChanges(old: SavedDefinition, after: SavedDefinition, name: string, label: string, languages: readonly LanguageTag[]): string[] {
  const isRequired = ({ schema }: SavedDefinition): boolean => schema.required?.includes(name) ?? false
  const choicesIn = ({ schema }: SavedDefinition): unknown => {
    const field = schema.properties[name]
    return field && ('enum' in field ? field.enum : 'items' in field ? field.items.enum : [])
  }
  const wordsIn = (definition: SavedDefinition, language: LanguageTag): string => {
    const said = definition.words[language]?.fields[name]
    return JSON.stringify([said?.label ?? '', said?.hint ?? '', Object.entries(said?.options ?? {}).sort()])
  }
  const worded = languages.filter((language) => wordsIn(old, language) !== wordsIn(after, language))
  const sameChoices = JSON.stringify(choicesIn(old)) === JSON.stringify(choicesIn(after))
  const limits = ({ schema }: SavedDefinition): string =>
    JSON.stringify(
      Object.entries(schema.properties[name] ?? {})
        .filter(([key]) => key !== 'enum' && key !== 'items')
        .sort(),
    )
  return [
    ...(isRequired(old) === isRequired(after) ? [] : [isRequired(after) ? t.change.required(label) : t.change.optional(label)]),
    ...(worded.length > 0 ? [t.change.words(label, namesOf(worded))] : []),
    ...(sameChoices ? [] : [t.change.choices(label)]),
    ...(limits(old) === limits(after) || !sameChoices ? [] : [t.change.limits(label)]),
  ]
}
