import type { LanguageTag } from '@heliox/core/kit'
import type { IntakeForm } from '../client.gen.ts'
import type { PatientMessages } from '../shared/messages/index.ts'
import { realDate } from './birth-date.ts'
import { longDate } from './dates.ts'
import type { TypedForm } from './draft.ts'

/** The part of JSON Schema that a clinic's own questions use (core/catalog/forms.ts says which). */
interface FieldSchema {
  type: 'string' | 'integer' | 'number' | 'boolean' | 'array'
  enum?: readonly string[]
  format?: 'date'
  minLength?: number
  maxLength?: number
  minimum?: number
  maximum?: number
  items?: { enum: readonly string[] }
  maxItems?: number
}
interface Schema {
  properties: Record<string, FieldSchema>
  required?: readonly string[]
}

interface Choice {
  value: string
  label: string
}
export type Asks =
  | { is: 'choice'; options: readonly Choice[] }
  | { is: 'many'; options: readonly Choice[]; max: number }
  | { is: 'date' }
  | { is: 'yes-no' }
  | { is: 'text'; min: number; max: number }
  | { is: 'number'; whole: boolean; min: number; max: number }
export interface Question {
  name: string
  label: string
  hint: string | undefined
  required: boolean
  asks: Asks
}

/** A clinic may not have every language of its form: then the first that it has. */
export function wordsOf(form: IntakeForm, language: LanguageTag): IntakeForm['words'][string] {
  return form.words[language] ?? Object.values(form.words)[0] ?? { title: form.id, fields: {} }
}

/** The questions in their order, each with its words. What is kept as JSON has no order of its own: older versions come in one that nobody chose. */
export function questionsOf(form: IntakeForm, language: LanguageTag): Question[] {
  const { properties, required = [] } = form.schema as unknown as Schema
  const { fields } = wordsOf(form, language)
  return (form.order ?? Object.keys(properties)).flatMap((name) => {
    const schema = properties[name]
    if (!schema) return []
    const said = fields[name]
    const options = (schema.enum ?? schema.items?.enum ?? []).map((value) => ({ value, label: said?.options?.[value] ?? value }))
    return [{ name, label: said?.label ?? name, hint: said?.hint, required: required.includes(name), asks: asksOf(schema, options) }]
  })
}
function asksOf(schema: FieldSchema, options: readonly Choice[]): Asks {
  if (schema.type === 'array') return { is: 'many', options, max: schema.maxItems ?? options.length }
  if (schema.enum) return { is: 'choice', options }
  if (schema.type === 'boolean') return { is: 'yes-no' }
  if (schema.format === 'date') return { is: 'date' }
  if (schema.type === 'string') return { is: 'text', min: schema.minLength ?? 0, max: schema.maxLength ?? 2000 }
  return { is: 'number', whole: schema.type === 'integer', min: schema.minimum ?? 0, max: schema.maximum ?? 0 }
}

/** Beside what was typed: for which version of the form. */
export const versionMark = '#version'
/** What was typed for the questions as they are asked now: an answer to other words is none. */
export function typedOf(form: IntakeForm, forms: Readonly<Record<string, TypedForm>>): TypedForm {
  const typed = forms[form.id] ?? {}
  return typed[versionMark] === undefined || typed[versionMark] === String(form.version) ? typed : {}
}

/** Answered as it was asked before, and not looked at since: also where none of its questions must be answered, no answer is dropped unseen. */
export function askedAnew(form: IntakeForm, forms: Readonly<Record<string, TypedForm>>): boolean {
  const mark = forms[form.id]?.[versionMark]
  return mark !== undefined && mark !== String(form.version)
}

export const controlOf = (form: IntakeForm, name: string): string => `form-${form.id}-${name}`
/** Under which names the three parts of a date are typed. */
export const dateParts = (name: string) => ({ birthMonth: `${name}.month`, birthDay: `${name}.day`, birthYear: `${name}.year` }) as const

const textOf = (typed: TypedForm, name: string): string => {
  const value = typed[name]
  return typeof value === 'string' ? value.trim() : ''
}
const numberForm = /^-?\d+([.,]\d+)?$/

type Read = { value: unknown } | { wrong: (t: PatientMessages['problems']) => string } | 'empty'
function read({ name, label, asks }: Question, typed: TypedForm): Read {
  if (asks.is === 'many') {
    const chosen = typed[name]
    if (!Array.isArray(chosen) || chosen.length === 0) return 'empty'
    return chosen.length > asks.max ? { wrong: (t) => t.many(label, asks.max) } : { value: chosen }
  }
  if (asks.is === 'date') {
    const parts = dateParts(name)
    const [year, month, day] = [parts.birthYear, parts.birthMonth, parts.birthDay].map((part) => textOf(typed, part)) as [string, string, string]
    if (!year && !month && !day) return 'empty'
    const date = realDate(year, month, day)
    return date ? { value: date } : { wrong: (t) => t.date(label) }
  }
  const text = textOf(typed, name)
  if (text === '') return 'empty'
  if (asks.is === 'yes-no') return { value: text === 'yes' }
  if (asks.is === 'choice') return asks.options.some(({ value }) => value === text) ? { value: text } : 'empty'
  if (asks.is === 'text') {
    if (text.length > asks.max) return { wrong: (t) => t.length(label, asks.max) }
    return text.length < asks.min ? { wrong: (t) => t.short(label, asks.min) } : { value: text }
  }
  const number = numberForm.test(text) ? Number(text.replace(',', '.')) : Number.NaN
  const fits = number >= asks.min && number <= asks.max && (!asks.whole || Number.isInteger(number))
  return fits ? { value: number } : { wrong: (t) => t.range(label, asks.min, asks.max) }
}

/** As the api takes them: what was left open is left out. */
export function answersOf(form: IntakeForm, typed: TypedForm = {}): Record<string, unknown> {
  const found = questionsOf(form, 'en').map((question) => [question.name, read(question, typed)] as const)
  return Object.fromEntries(found.flatMap(([name, answer]) => (typeof answer === 'object' && 'value' in answer ? [[name, answer.value]] : [])))
}

export function formProblems(form: IntakeForm, typed: TypedForm = {}): { id: string; say(text: PatientMessages): string }[] {
  return questionsOf(form, 'en').flatMap((question) => {
    const answer = read(question, typed)
    const id = controlOf(form, question.asks.is === 'date' ? dateParts(question.name).birthMonth : question.name)
    // Said with the question as it stands on the page, in the language of the moment.
    const asked = (text: PatientMessages): Question => questionsOf(form, text.tag).find(({ name }) => name === question.name) ?? question
    if (answer === 'empty') return question.required ? [{ id, say: (text) => text.problems.answer(asked(text).label) }] : []
    if ('value' in answer) return []
    return [
      {
        id,
        say: (text) => {
          const again = read(asked(text), typed)
          return typeof again === 'object' && 'wrong' in again ? again.wrong(text.problems) : ''
        },
      },
    ]
  })
}

/** What the page of answers shows. */
export function shownAnswer(question: Question, typed: TypedForm, text: PatientMessages, language: LanguageTag): string {
  const { asks, name } = question
  const value = typed[name]
  if (Array.isArray(value))
    return 'options' in asks
      ? asks.options
          .filter((option) => value.includes(option.value))
          .map(({ label }) => label)
          .join(', ')
      : ''
  if (asks.is === 'date') {
    const answer = read(question, typed)
    return typeof answer === 'object' && 'value' in answer ? longDate(String(answer.value), language) : ''
  }
  const own = textOf(typed, name)
  if (asks.is === 'yes-no') return own === '' ? '' : own === 'yes' ? text.own.yes : text.own.no
  return asks.is === 'choice' ? (asks.options.find((option) => option.value === own)?.label ?? '') : own
}
