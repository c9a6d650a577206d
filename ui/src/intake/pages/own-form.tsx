import { useEffect } from 'react'
import type { IntakeForm } from '../../client.gen.ts'
import { CheckField, Group, RadioField, SelectField, TextAreaField, TextField } from '../../shared/fields.tsx'
import { useText } from '../../shared/messages/index.ts'
import { BirthDateFields } from '../birth-date-fields.tsx'
import { useForm } from '../context.ts'
import type { TypedForm } from '../draft.ts'
import { askedAnew, controlOf, dateParts, type Question, questionsOf, typedOf, versionMark, wordsOf } from '../own-forms.ts'
import { StepPage } from '../step-page.tsx'

const radiosMax = 6
const shortTextMax = 80

/** One of the clinic's own forms, from its schema and in its own words. */
export function OwnFormPage({ form }: { form: IntakeForm }) {
  const { draft, patch, language } = useForm()
  const typed = typedOf(form, draft.forms)
  const change = (answers: TypedForm): void => patch({ forms: { ...draft.forms, [form.id]: { ...typed, ...answers, [versionMark]: String(form.version) } } })
  // Shown in the words of now: from here on what is typed, or left empty, answers these.
  const anew = askedAnew(form, draft.forms)
  useEffect(() => {
    if (anew) change({})
  }, [anew])
  return (
    <StepPage step={`form-${form.id}`} title={wordsOf(form, language).title}>
      {questionsOf(form, language).map((question) => (
        <QuestionField key={question.name} form={form} question={question} typed={typed} change={change} />
      ))}
    </StepPage>
  )
}

/** Also what an administrator sees of a question that is being written. */
export function QuestionField({ form, question, typed, change }: { form: IntakeForm; question: Question; typed: TypedForm; change(answers: TypedForm): void }) {
  const text = useText()
  const { name, label, hint, required, asks } = question
  const id = controlOf(form, name)
  const value = typed[name]
  const own = typeof value === 'string' ? value : ''
  const onChange = (answer: string): void => change({ [name]: answer })
  const grouped = { id, label, hint, optional: required ? undefined : text.optional }
  const single = { id, label, hint, optional: required ? undefined : text.optional, value: own, onChange }
  switch (asks.is) {
    case 'yes-no':
      return (
        <RadioField
          {...grouped}
          value={own}
          onChange={onChange}
          options={[
            { value: 'yes', label: text.own.yes },
            { value: 'no', label: text.own.no },
          ]}
        />
      )
    case 'choice':
      return asks.options.length <= radiosMax ? (
        <RadioField {...grouped} value={own} onChange={onChange} options={asks.options} />
      ) : (
        <SelectField {...single} empty={text.own.pick} options={asks.options} />
      )
    case 'many': {
      const chosen = Array.isArray(value) ? (value as readonly string[]) : []
      return (
        <Group {...grouped} hint={hint ?? text.own.pickAny}>
          {asks.options.map((option, index) => (
            <CheckField
              key={option.value}
              id={index === 0 ? id : `${id}-${index}`}
              toldByGroup
              label={option.label}
              checked={chosen.includes(option.value)}
              onChange={(ticked) => change({ [name]: ticked ? [...chosen, option.value] : chosen.filter((other) => other !== option.value) })}
            />
          ))}
        </Group>
      )
    }
    case 'date': {
      const parts = dateParts(name)
      const part = (key: keyof typeof parts): string => {
        const kept = typed[parts[key]]
        return typeof kept === 'string' ? kept : ''
      }
      return (
        <BirthDateFields
          label={label}
          hint={hint}
          optional={grouped.optional}
          ids={{ birthMonth: controlOf(form, parts.birthMonth), birthDay: controlOf(form, parts.birthDay), birthYear: controlOf(form, parts.birthYear) }}
          values={{ birthMonth: part('birthMonth'), birthDay: part('birthDay'), birthYear: part('birthYear') }}
          onChange={(parted) => change(Object.fromEntries(Object.entries(parted).map(([key, answer]) => [parts[key as keyof typeof parts], answer])))}
        />
      )
    }
    case 'number':
      return <TextField {...single} inputMode={asks.whole ? 'numeric' : 'decimal'} className="max-w-40" autoComplete="off" />
    case 'text':
      return asks.max > shortTextMax ? <TextAreaField {...single} maxLength={asks.max} /> : <TextField {...single} maxLength={asks.max} autoComplete="off" />
  }
}
