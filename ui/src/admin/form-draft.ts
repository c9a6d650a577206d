import type { LanguageTag } from '@heliox/core/kit'
import type { ClinicForm, FormToSave } from '../client.gen.ts'

/**
 * A clinic's form as it is typed, and the way between it and the JSON Schema that is kept. Names of questions and values of choices are made up once and
 * never shown: words may change, and an answer still belongs to what was asked. Ids of controls are made of the keys here.
 */
export const kinds = ['text', 'long-text', 'number', 'date', 'yes-no', 'choice', 'many'] as const
export type Kind = (typeof kinds)[number]
export type Said = Partial<Record<LanguageTag, string>>

export interface ChoiceDraft {
  value: string
  words: Said
}
export interface QuestionDraft {
  name: string
  kind: Kind
  required: boolean
  label: Said
  hint: Said
  choices: ChoiceDraft[]
  longest: string
  /** Kept as it was read: the screens ask for no such thing. */
  shortest?: number
  smallest: string
  largest: string
  whole: boolean
  most: string
}
export interface FormDraft {
  title: Said
  questions: QuestionDraft[]
}

export type Definition = ClinicForm['definition']
export type SavedDefinition = NonNullable<FormToSave['definition']>
type Field = SavedDefinition['schema']['properties'][string]

export const hasChoices = (kind: Kind): boolean => kind === 'choice' || kind === 'many'
export const isText = (kind: Kind): boolean => kind === 'text' || kind === 'long-text'
/** Above that a patient gets several lines (ui/src/intake/pages/own-form.tsx). */
export const lineCharsMax = 80
export const longestOf = (kind: Kind): string => (kind === 'long-text' ? '500' : String(lineCharsMax))

const letters = 'abcdefghijklmnopqrstuvwxyz0123456789'
/** Never one that was used before: what a patient typed for a question that is gone must not answer another. */
export function newName(prefix: string): string {
  const random = crypto.getRandomValues(new Uint8Array(8))
  return prefix + [...random].map((n) => letters[n % letters.length]).join('')
}

export const newChoice = (): ChoiceDraft => ({ value: newName('c'), words: {} })
export const newQuestion = (): QuestionDraft => ({
  ...{ name: newName('q'), kind: 'text', required: false, label: {}, hint: {}, choices: [newChoice(), newChoice()] },
  ...{ longest: longestOf('text'), smallest: '0', largest: '100', whole: true, most: '' },
})

/** Another kind is another question: an answer of the one fits the other nowhere. */
export const ofKind = (question: QuestionDraft, kind: Kind): QuestionDraft => {
  const { shortest: _, ...rest } = question
  return { ...rest, name: newName('q'), kind, longest: longestOf(kind) }
}

const saidIn = (languages: readonly LanguageTag[], read: (language: LanguageTag) => string | undefined): Said =>
  Object.fromEntries(
    languages.flatMap((language) => {
      const words = read(language)
      return words ? [[language, words]] : []
    }),
  )

export function draftOf({ definition, languages }: Pick<ClinicForm, 'definition' | 'languages'>): FormDraft {
  const { properties, required = [] } = definition.schema as unknown as SavedDefinition['schema']
  const names = definition.order ?? Object.keys(properties)
  return {
    title: saidIn(languages, (language) => definition.words[language]?.title),
    questions: names.flatMap((name) => {
      const field = properties[name]
      if (!field) return []
      const said = (language: LanguageTag) => definition.words[language]?.fields[name]
      return [
        {
          ...newQuestion(),
          ...read(field),
          name,
          required: required.includes(name),
          label: saidIn(languages, (language) => said(language)?.label),
          hint: saidIn(languages, (language) => said(language)?.hint),
          choices: valuesOf(field).map((value) => ({ value, words: saidIn(languages, (language) => said(language)?.options?.[value]) })),
        },
      ]
    }),
  }
}

const valuesOf = (field: Field): readonly string[] => ('enum' in field ? field.enum : 'items' in field ? field.items.enum : [])
function read(field: Field): Pick<QuestionDraft, 'kind'> & Partial<QuestionDraft> {
  if ('enum' in field) return { kind: 'choice' }
  if ('items' in field) return { kind: 'many', most: field.maxItems < field.items.enum.length ? String(field.maxItems) : '' }
  if ('format' in field) return { kind: 'date' }
  if ('maxLength' in field) {
    const kept = field.minLength === undefined ? {} : { shortest: field.minLength }
    return { kind: field.maxLength > lineCharsMax ? 'long-text' : 'text', longest: String(field.maxLength), ...kept }
  }
  if ('minimum' in field) return { kind: 'number', smallest: String(field.minimum), largest: String(field.maximum), whole: field.type === 'integer' }
  return { kind: 'yes-no' }
}

/** As it is kept. Of use for sending only where nothing is wrong with the draft; the preview shows it in any state. */
export function definitionOf({ title, questions }: FormDraft, languages: readonly LanguageTag[]): SavedDefinition {
  const words = languages.map((language) => {
    const fields = questions.map((question) => {
      const hint = question.hint[language]?.trim()
      const options = question.choices.map(({ value, words: said }) => [value, said[language]?.trim() ?? ''])
      return [
        question.name,
        {
          label: question.label[language]?.trim() ?? '',
          ...(hint ? { hint } : {}),
          ...(hasChoices(question.kind) ? { options: Object.fromEntries(options) } : {}),
        },
      ]
    })
    return [language, { title: title[language]?.trim() ?? '', fields: Object.fromEntries(fields) }]
  })
  return {
    schema: {
      type: 'object',
      properties: Object.fromEntries(questions.map((question) => [question.name, fieldOf(question)])),
      required: questions.filter(({ required }) => required).map(({ name }) => name),
      additionalProperties: false,
    },
    words: Object.fromEntries(words),
    order: questions.map(({ name }) => name),
  }
}

function fieldOf({ kind, choices, longest, shortest, smallest, largest, whole, most }: QuestionDraft): Field {
  const values = choices.map(({ value }) => value)
  switch (kind) {
    case 'choice':
      return { type: 'string', enum: values }
    case 'many':
      return { type: 'array', items: { type: 'string', enum: values }, uniqueItems: true, maxItems: most.trim() ? numberOf(most) : Math.max(values.length, 1) }
    case 'date':
      return { type: 'string', format: 'date' }
    case 'yes-no':
      return { type: 'boolean' }
    case 'number':
      return { type: whole ? 'integer' : 'number', minimum: numberOf(smallest), maximum: numberOf(largest) }
    default:
      return { type: 'string', maxLength: numberOf(longest), ...(shortest === undefined ? {} : { minLength: shortest }) }
  }
}

/** What is no number is NaN. */
export const numberOf = (typed: string): number => (/^-?\d{1,9}([.,]\d{1,4})?$/.test(typed.trim()) ? Number(typed.trim().replace(',', '.')) : Number.NaN)
