import type { Form } from '@heliox/core/catalog'
import { IsoDate } from '@heliox/core/kit'
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv'
import type { FieldProblem } from '../../kit/errors.ts'

const problemsMax = 20
const ajv = new Ajv({ allErrors: true, strict: true, validateFormats: true, ownProperties: true })
ajv.addFormat('date', { type: 'string', validate: (text: string) => IsoDate.safeParse(text).success })

/** Compiled once for as long as the clinic's facts are kept; a version never changes, so neither does what it compiles to. */
const compiled = new WeakMap<Form, ValidateFunction>()
function checkOf(form: Form): ValidateFunction {
  const kept = compiled.get(form)
  if (kept) return kept
  // One that was saved by an older release, or around the screen, may name a question twice: the checker would refuse the form of every patient.
  const check = ajv.compile({ ...form.schema, required: [...new Set(form.schema.required)] })
  compiled.set(form, check)
  return check
}

/** Our words: what the checker says may quote what was typed. */
function problemOf(formId: string, { keyword, instancePath, params }: ErrorObject): FieldProblem {
  const path = ['answers.forms', formId, ...instancePath.split('/').filter((part) => part !== '')].join('.')
  if (keyword === 'required') return { path: `${path}.${(params as { missingProperty: string }).missingProperty}`, message: 'must be answered' }
  if (keyword === 'additionalProperties') return { path, message: 'has an answer that was not asked for' }
  if (keyword === 'enum') return { path, message: 'must be one of the choices' }
  if (keyword === 'maxLength' || keyword === 'maxItems') return { path, message: 'is too long' }
  if (keyword === 'minLength') return { path, message: 'is too short' }
  if (keyword === 'minimum' || keyword === 'maximum') return { path, message: 'is out of range' }
  return { path, message: keyword === 'format' ? 'must be a date' : 'is not valid' }
}

/**
 * Each form that the clinic asks now, and no other. An answer belongs to the words that were read: where the clinic published others meanwhile, the
 * patient is asked again. A page of before says no version.
 */
export function formProblems(
  forms: readonly Form[],
  answered: Readonly<Record<string, Record<string, unknown>>>,
  versions: Readonly<Record<string, number>> = {},
): FieldProblem[] {
  const unknown = Object.keys(answered).some((id) => !forms.some((form) => form.id === id))
  const problems = forms.flatMap((form) => {
    if (Object.hasOwn(versions, form.id) && versions[form.id] !== form.version) {
      return [{ path: `answers.forms.${form.id}`, message: 'must be answered again: the clinic asks it in other words now' }]
    }
    const check = checkOf(form)
    return check(answered[form.id] ?? {}) ? [] : (check.errors ?? []).map((error) => problemOf(form.id, error))
  })
  return [...(unknown ? [{ path: 'answers.forms', message: 'has a form that the clinic does not ask for now' }] : []), ...problems].slice(0, problemsMax)
}
