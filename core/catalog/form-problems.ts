import type { LanguageTag } from '../kit/index.ts'
import type { FormDefinition } from './forms.ts'

/**
 * What would go wrong with a form though its shape is right: found before it is asked, never when it is read. A form that was saved in another time, or
 * before the clinic offered one more language, is still asked.
 */
interface FormProblem {
  /** From the definition on. */
  path: string
  message: string
}

/** PostgreSQL refuses more than 65,536 bytes of it, and writes a space after each comma and colon. */
export const formBytesMax = 65_536
const storedBytes = (definition: FormDefinition): number => {
  const text = JSON.stringify(definition)
  return new TextEncoder().encode(text).length + text.replaceAll(/[^,:]/g, '').length
}

type Field = FormDefinition['schema']['properties'][string]
export const choicesOf = (field: Field): readonly string[] => ('enum' in field ? field.enum : 'items' in field ? field.items.enum : [])

/** A language of the clinic in which something is not said: whoever reads it would get another language, or a code, in its place. */
export function unsaidIn(definition: FormDefinition, language: LanguageTag): FormProblem[] {
  const at = `words.${language}`
  const words = definition.words[language]
  if (!words) return [{ path: at, message: 'must be there: the clinic offers this language' }]
  return Object.entries(definition.schema.properties).flatMap(([name, field]) => {
    const said = words.fields[name]
    const hinted = Object.values(definition.words).some(({ fields }) => fields[name]?.hint)
    return [
      ...(hinted && !said?.hint ? [{ path: `${at}.fields.${name}.hint`, message: 'must be there, as in the other languages' }] : []),
      ...choicesOf(field).flatMap((value, index) =>
        said?.options && Object.hasOwn(said.options, value) ? [] : [{ path: `${at}.fields.${name}.options.${index}`, message: 'must be there' }],
      ),
    ]
  })
}

/** Nobody could answer it, or nobody could tell its choices apart. */
function unanswerable(name: string, field: Field): FormProblem[] {
  const at = `schema.properties.${name}`
  const choices = choicesOf(field)
  if (new Set(choices).size < choices.length) return [{ path: at, message: 'must have each choice once' }]
  if ('minimum' in field && field.minimum > field.maximum) return [{ path: `${at}.maximum`, message: 'must not be below the smallest' }]
  if ('minimum' in field && field.type === 'integer' && Math.ceil(field.minimum) > Math.floor(field.maximum))
    return [{ path: `${at}.maximum`, message: 'must leave a whole number to answer' }]
  if ('maxLength' in field && (field.minLength ?? 0) > field.maxLength) return [{ path: `${at}.maxLength`, message: 'must not be below the shortest' }]
  return []
}

const problemsMax = 50
export function formProblemsOf(definition: FormDefinition, languages: readonly LanguageTag[]): FormProblem[] {
  const { required, properties } = definition.schema
  const problems = [
    ...(new Set(required).size < required.length ? [{ path: 'schema.required', message: 'must name each question once' }] : []),
    // What every object has by itself would count as answered.
    ...Object.keys(properties).flatMap((name) => (name in {} ? [{ path: `schema.properties.${name}`, message: 'must have another name' }] : [])),
    ...Object.entries(definition.schema.properties).flatMap(([name, field]) => unanswerable(name, field)),
    ...languages.flatMap((language) => unsaidIn(definition, language)),
  ]
  if (storedBytes(definition) > formBytesMax) problems.unshift({ path: '', message: 'must be shorter: all its words together are too many' })
  return problems.slice(0, problemsMax)
}
