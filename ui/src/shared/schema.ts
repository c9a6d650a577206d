import { staff } from './messages/staff.ts'

/** The part of JSON Schema (2020-12) that our shapes use: what zod writes for a plain JSON value. */
export interface FormSchema {
  type?: string
  title?: string
  label?: string
  description?: string
  format?: string
  default?: unknown
  const?: unknown
  enum?: readonly (string | number)[]
  pattern?: string
  minLength?: number
  maxLength?: number
  minimum?: number
  maximum?: number
  minItems?: number
  maxItems?: number
  properties?: Record<string, FormSchema>
  required?: readonly string[]
  items?: FormSchema
  anyOf?: readonly FormSchema[]
  oneOf?: readonly FormSchema[]
  $ref?: string
  $defs?: Record<string, FormSchema>
}

/** What kind of control a shape gets. `json`: a shape we have no control for, edited as text. */
export type Control =
  | { is: 'fixed'; value: unknown }
  | { is: 'choice'; options: readonly (string | number)[] }
  | { is: 'tick' }
  | { is: 'number'; whole: boolean }
  | { is: 'text'; long: boolean }
  | { is: 'object'; properties: readonly [name: string, schema: FormSchema, required: boolean][] }
  | { is: 'variants'; tag: string; variants: readonly Variant[] }
  | { is: 'list'; items: FormSchema }
  | { is: 'json' }

/** One of several objects that a fixed value of the same name tells apart: `{kind: 'bearer'} | {kind: 'smart-backend', …}`. */
interface Variant {
  value: string | number
  label: string
  schema: FormSchema
}

export interface Shape {
  schema: FormSchema
  nullable: boolean
  control: Control
}

/** Follows references, takes "or null" apart, and decides on the control. */
export function shapeOf(raw: FormSchema, root: FormSchema): Shape {
  const schema = followed(raw, root)
  const options = schema.anyOf ?? schema.oneOf
  if (options) {
    const real = options.filter((option) => option.type !== 'null')
    const [only] = real
    if (only && real.length === 1)
      return { ...shapeOf({ ...only, title: schema.title ?? only.title, label: schema.label ?? only.label }, root), nullable: real.length < options.length }
    return { schema, nullable: real.length < options.length, control: variantsOf(real, root) ?? { is: 'json' } }
  }
  return { schema, nullable: false, control: controlOf(schema) }
}

const followed = (raw: FormSchema, root: FormSchema): FormSchema =>
  raw.$ref ? { ...root.$defs?.[raw.$ref.split('/').pop() ?? ''], ...raw, $ref: undefined } : raw

/** The first name whose fixed values tell all the objects apart, as zod's discriminated union writes it. */
function variantsOf(options: readonly FormSchema[], root: FormSchema): Control | undefined {
  const schemas = options.map((option) => followed(option, root))
  for (const tag of Object.keys(schemas[0]?.properties ?? {})) {
    const variants = schemas.flatMap((schema): Variant[] => {
      const value = schema.required?.includes(tag) ? schema.properties?.[tag]?.const : undefined
      return typeof value === 'string' || typeof value === 'number' ? [{ value, label: labelOf(String(value), schema), schema }] : []
    })
    if (new Set(variants.map(({ value }) => value)).size === options.length) return { is: 'variants', tag, variants }
  }
  return undefined
}

/** Which of them a value is; undefined: none yet. */
export const variantIn = ({ tag, variants }: Extract<Control, { is: 'variants' }>, value: unknown): Variant | undefined =>
  typeof value === 'object' && value !== null ? variants.find((variant) => variant.value === (value as Record<string, unknown>)[tag]) : undefined

/** Another one, with what was typed for the others kept until it is sent: who looks at the other choice and comes back types nothing twice. */
export const switchedTo = (tag: string, variant: Variant, value: unknown, root: FormSchema): Record<string, unknown> => ({
  ...(blankOf(variant.schema, root) as object),
  ...(typeof value === 'object' && value !== null ? value : {}),
  [tag]: variant.value,
})

function controlOf(schema: FormSchema): Control {
  if (schema.const !== undefined) return { is: 'fixed', value: schema.const }
  if (schema.enum) return { is: 'choice', options: schema.enum }
  switch (schema.type) {
    case 'boolean':
      return { is: 'tick' }
    case 'integer':
    case 'number':
      return { is: 'number', whole: schema.type === 'integer' }
    case 'string':
      // What has a form of its own (an address, a host, a folder) is one line, however long it may be.
      return { is: 'text', long: (schema.maxLength ?? 0) > 200 && !schema.format && !schema.pattern }
    case 'object':
      if (!schema.properties) return { is: 'json' }
      return {
        is: 'object',
        properties: Object.entries(schema.properties).map(([name, property]) => [name, property, schema.required?.includes(name) ?? false]),
      }
    case 'array':
      return schema.items ? { is: 'list', items: schema.items } : { is: 'json' }
    default:
      return { is: 'json' }
  }
}

/** `restUrl` -> `Rest url`, unless the shape says its own label. */
export function labelOf(name: string, schema: FormSchema): string {
  const own = schema.label ?? schema.title
  if (own) return own
  const words = name.replace(/([a-z0-9])([A-Z])/g, '$1 $2').toLowerCase()
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** A value to start from: defaults, fixed values, empty lists; text and numbers stay empty. */
export function blankOf(raw: FormSchema, root: FormSchema): unknown {
  const { schema, nullable, control } = shapeOf(raw, root)
  if (raw.default !== undefined) return raw.default
  if (schema.default !== undefined) return schema.default
  if (nullable) return null
  if (control.is === 'fixed') return control.value
  if (control.is === 'tick') return false
  if (control.is === 'list') return []
  if (control.is === 'object') return Object.fromEntries(control.properties.map(([name, property]) => [name, blankOf(property, root)]))
  return ''
}

/** Text that is no valid JSON yet, kept as typed. */
export class Unparsed {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

interface SchemaProblem {
  id: string
  message: string
}

const isEmpty = (value: unknown): boolean => value === undefined || value === null || value === ''

/** What can be said before the api is asked; the api's own check is the one that counts. `id` is the control's. */
export function schemaProblems(raw: FormSchema, root: FormSchema, value: unknown, id: string, name: string, required = true): SchemaProblem[] {
  const { schema, nullable, control } = shapeOf(raw, root)
  const label = labelOf(name, { ...schema, ...(raw.label ? { label: raw.label } : {}) })
  const say = (message: string): SchemaProblem[] => [{ id, message }]
  const words = staff.form
  if (control.is === 'object' && !(nullable && value === null)) {
    const object = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>
    return control.properties.flatMap(([key, property, needed]) => schemaProblems(property, root, object[key], `${id}.${key}`, key, needed))
  }
  if (control.is === 'list' && Array.isArray(value))
    return value.flatMap((entry, index) => schemaProblems(control.items, root, entry, `${id}.${index}`, `${label} ${index + 1}`))
  if (control.is === 'variants' && !isEmpty(value)) {
    const variant = variantIn(control, value)
    return variant ? schemaProblems(variant.schema, root, value, id, name) : say(words.needed(label))
  }
  if (value instanceof Unparsed) return say(words.badJson(label))
  if (isEmpty(value)) return required && !nullable && control.is !== 'json' && control.is !== 'fixed' ? say(words.needed(label)) : []
  if (control.is === 'number') {
    if (typeof value !== 'number' || Number.isNaN(value) || (control.whole && !Number.isInteger(value))) return say(words.number(label))
    return value < (schema.minimum ?? -Infinity) || value > (schema.maximum ?? Infinity) ? say(words.range(label)) : []
  }
  if (control.is === 'text' && typeof value === 'string') {
    if (schema.maxLength !== undefined && value.length > schema.maxLength) return say(words.long(label, schema.maxLength))
    if (value.length < (schema.minLength ?? 0) || (schema.pattern && !new RegExp(schema.pattern, 'u').test(value))) return say(words.form(label))
  }
  return []
}

/** Ready to send: what is empty and may be absent is absent or null, as the shape says. */
export function cleaned(raw: FormSchema, root: FormSchema, value: unknown): unknown {
  const { nullable, control } = shapeOf(raw, root)
  if (nullable && isEmpty(value)) return null
  if (control.is === 'object' && typeof value === 'object' && value !== null) {
    const object = value as Record<string, unknown>
    return Object.fromEntries(
      control.properties.flatMap(([name, property, required]) => {
        const entry = cleaned(property, root, object[name])
        return !required && (entry === '' || entry === undefined) ? [] : [[name, entry]]
      }),
    )
  }
  const variant = control.is === 'variants' ? variantIn(control, value) : undefined
  if (variant) return cleaned(variant.schema, root, value)
  if (control.is === 'list' && Array.isArray(value)) return value.map((entry) => cleaned(control.items, root, entry))
  return value
}
