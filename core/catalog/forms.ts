import { z } from 'zod'
import { LanguageTag, Text } from '../kit/index.ts'

/**
 * A clinic's own questions: JSON Schema, as little of it as the screens can draw and a patient can be asked. Every text has its length, every list its
 * end, and nothing is let in that was not asked for.
 */
const choices = z.array(Text(80)).min(2).max(30)
const FormField = z.union([
  z.strictObject({ type: z.literal('string'), enum: choices }),
  z.strictObject({ type: z.literal('string'), format: z.literal('date') }),
  z.strictObject({ type: z.literal('string'), minLength: z.int().min(1).max(10).optional(), maxLength: z.int().min(1).max(2000) }),
  z.strictObject({ type: z.enum(['integer', 'number']), minimum: z.number().min(-1e9), maximum: z.number().max(1e9) }),
  z.strictObject({ type: z.literal('boolean') }),
  z.strictObject({
    type: z.literal('array'),
    items: z.strictObject({ type: z.literal('string'), enum: choices }),
    uniqueItems: z.literal(true),
    maxItems: z.int().min(1).max(30),
  }),
])
const FieldName = z.string().regex(/^[a-z][A-Za-z0-9]{0,39}$/, 'must be letters and digits')
export const FormId = z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, 'must be small letters, digits and -')

export const FormSchema = z
  .strictObject({
    type: z.literal('object'),
    properties: z.record(FieldName, FormField).refine((fields) => Object.keys(fields).length >= 1 && Object.keys(fields).length <= 30, {
      error: 'must ask between 1 and 30 questions',
    }),
    required: z.array(FieldName).max(30).default([]),
    additionalProperties: z.literal(false),
  })
  .refine(({ properties, required }) => required.every((name) => Object.hasOwn(properties, name)), { error: 'must require only what it asks' })

/** The words of one language: of each question, and of what can be chosen there (by its value). */
const FormWords = z.strictObject({
  title: Text(80),
  fields: z.record(FieldName, z.strictObject({ label: Text(200), hint: Text(300).optional(), options: z.record(z.string().max(80), Text(80)).optional() })),
})

export const FormDefinition = z
  .strictObject({
    schema: FormSchema,
    words: z.partialRecord(LanguageTag, FormWords),
    /** In which order they are asked: a JSON object has none, and PostgreSQL keeps none. Older versions go without. */
    order: z.array(FieldName).max(30).optional(),
  })
  .refine(({ words }) => Object.keys(words).length > 0, { error: 'must have its words in one language at least' })
  .refine(({ schema, words }) => Object.values(words).every(({ fields }) => Object.keys(schema.properties).every((name) => Object.hasOwn(fields, name))), {
    error: 'must have a label of every question in each of its languages',
  })
  .refine(({ schema, order }) => !order || (order.length === Object.keys(schema.properties).length && new Set(order).size === order.length), {
    error: 'must name each question once',
    path: ['order'],
  })
  .refine(({ schema, order }) => !order || order.every((name) => Object.hasOwn(schema.properties, name)), {
    error: 'must name no other question',
    path: ['order'],
  })
export type FormDefinition = z.output<typeof FormDefinition>

/** As it is asked now. */
export const Form = FormDefinition.safeExtend({ id: FormId, version: z.int().min(1) })
export type Form = z.output<typeof Form>
export const questionNames = ({ schema, order }: Pick<FormDefinition, 'schema' | 'order'>): string[] => order ?? Object.keys(schema.properties)

/** So many of one clinic at a time: a patient fills all of them in. */
export const formsMax = 10
