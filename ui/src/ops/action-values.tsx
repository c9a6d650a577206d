import type { CorrectableField } from '@heliox/core/identity'
import type { AllowedAction, DecideOverride, ItemChoice, OverrideDetail } from '../client.gen.ts'
import type { ShownProblem } from '../shared/error-summary.tsx'
import { CheckField, Group, RadioField } from '../shared/fields.tsx'
import { choiceWords } from '../shared/messages/choice-words.ts'
import { itemWords } from '../shared/messages/item-words.ts'
import { queueWords } from '../shared/messages/queue-words.ts'
import { blankOf, cleaned, type FormSchema, schemaProblems } from '../shared/schema.ts'
import { SchemaForm } from '../shared/schema-form.tsx'
import { ChoicePicker } from './choice-picker.tsx'
import { openValues } from './open-values.ts'
import { PurposeForm } from './purpose-form.tsx'

const t = itemWords.decide
type Port = 'ok' | 'rejected'
const fieldNames = Object.keys(itemWords.fields) as CorrectableField[]

/** What an action needs beside reason and note, as far as it is filled in. */
export interface Values {
  fields: readonly CorrectableField[]
  /** Null: not opened yet. */
  input: unknown
  /** As it was opened: only what differs is a correction. */
  opened: unknown
  port: Port | ''
  answers: Partial<Record<Port, unknown>>
  /** Null: not opened yet. */
  choice: ItemChoice | null
  /** Of what there is to choose from; null: none of it; undefined: nothing is chosen yet. */
  option: number | null | undefined
}
/** Starts from the fields that the payer's codes are about. */
export const emptyValues = ({ fields }: AllowedAction): Values => ({
  fields,
  input: null,
  opened: null,
  port: '',
  answers: {},
  choice: null,
  option: undefined,
})

type Bare<Body> = Body extends unknown ? Omit<Body, 'decisionId' | 'reason' | 'note'> : never
/** A decision without its reason. */
type DecisionValues = Bare<DecideOverride>

const answerShape = (detail: OverrideDetail, port: Port): FormSchema | null => (detail.shapes?.[port] ?? null) as FormSchema | null

/** The decision as the api wants it; what is wrong with it goes to `found`. */
export function valuesFor(detail: OverrideDetail, { action, shape, ofAnswers }: AllowedAction, values: Values, found: ShownProblem[]): DecisionValues | null {
  if (action === 'choose') {
    const { choice, option } = values
    if (option !== undefined) return { action, option }
    found.push(choice ? { id: 'option', message: choiceWords.needOption } : { id: 'choice-purpose', message: choiceWords.needOpen })
    return null
  }
  if (action === 'ask-patient') {
    if (values.fields.length === 0) found.push({ id: 'ask-fields', message: t.needFields })
    return { action, fields: [...values.fields] }
  }
  if (action === 'correct') {
    const schema = shape as FormSchema | null
    if (values.input === null || !schema) {
      found.push({ id: 'values-purpose', message: t.needOpen })
      return null
    }
    found.push(...schemaProblems(schema, schema, values.input, 'input', 'input'))
    const input = cleaned(schema, schema, values.input)
    const changed = ofAnswers ? changedOf(values.opened, input) : input
    if (ofAnswers && Object.keys(changed as object).length === 0 && found.length === 0) found.push({ id: 'input', message: t.needChange })
    return { action, input: changed }
  }
  if (action === 'answer') {
    const port = portOf(detail, values)
    const schema = port ? answerShape(detail, port) : null
    if (!port || !schema) {
      found.push({ id: 'port', message: t.needPort })
      return null
    }
    const value = values.answers[port] ?? blankOf(schema, schema)
    found.push(...schemaProblems(schema, schema, value, 'value', 'value'))
    return { action, port, value: cleaned(schema, schema, value) }
  }
  return { action }
}

/** What differs from what was opened: a correction of answers says only what changes. */
function changedOf(opened: unknown, input: unknown): Record<string, unknown> {
  const before = (opened ?? {}) as Record<string, unknown>
  return Object.fromEntries(
    Object.entries((input ?? {}) as Record<string, unknown>).filter(([name, value]) => value !== '' && value !== null && value !== before[name]),
  )
}

/** A yes that only the partner may give is not offered. */
const portOf = (detail: OverrideDetail, values: Values): Port | '' => (detail.shapes?.ok == null ? 'rejected' : values.port)

/** The part of the dialog that only this action has. */
export function ActionValues({
  detail,
  allowed,
  values,
  onChange,
}: {
  detail: OverrideDetail
  allowed: AllowedAction
  values: Values
  onChange(values: Values): void
}) {
  if (allowed.action === 'choose') return <ChoicePicker overrideId={detail.item.id} values={values} onChange={onChange} />
  if (allowed.action === 'ask-patient') {
    const toggle = (field: CorrectableField, on: boolean): void =>
      onChange({ ...values, fields: fieldNames.filter((name) => (name === field ? on : values.fields.includes(name))) })
    return (
      <Group id="ask-fields" label={t.fields}>
        {fieldNames.map((name, index) => (
          <CheckField
            key={name}
            id={index === 0 ? 'ask-fields' : `ask-${name}`}
            label={itemWords.fields[name]}
            checked={values.fields.includes(name)}
            onChange={(on) => toggle(name, on)}
          />
        ))}
      </Group>
    )
  }
  if (allowed.action === 'correct' && allowed.shape) {
    if (values.input === null) {
      return (
        <PurposeForm
          id="values-purpose"
          lead={t.purposeLead}
          submit={t.openValues}
          onOpen={(purpose) => openValues(detail, allowed, purpose)}
          onOpened={(opened) => onChange({ ...values, opened, input: opened })}
        />
      )
    }
    return <SchemaForm id="input" schema={allowed.shape as FormSchema} value={values.input} onChange={(input) => onChange({ ...values, input })} />
  }
  if (allowed.action === 'answer') {
    const port = portOf(detail, values)
    const schema = port ? answerShape(detail, port) : null
    return (
      <>
        <RadioField
          id="port"
          label={queueWords.override.port}
          value={port}
          onChange={(value) => onChange({ ...values, port: value === 'ok' ? 'ok' : 'rejected' })}
          options={[
            ...(detail.shapes?.ok == null ? [] : [{ value: 'ok', label: queueWords.override.portOk }]),
            { value: 'rejected', label: queueWords.override.portRejected },
          ]}
        />
        {port && schema ? (
          <SchemaForm
            id="value"
            schema={schema}
            value={values.answers[port] ?? blankOf(schema, schema)}
            onChange={(value) => onChange({ ...values, answers: { ...values.answers, [port]: value } })}
          />
        ) : null}
      </>
    )
  }
  return null
}
