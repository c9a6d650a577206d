import type { LanguageTag } from '@heliox/core/kit'
import { Group, TextField, useProblem } from '../shared/fields.tsx'
import { useText } from '../shared/messages/index.ts'

/** In the order in which people say a date; the hint says it too. Spanish is that of the United States here. */
const dayFirst: Record<LanguageTag, boolean> = { en: false, es: false, de: true, fr: true }

type Part = 'birthMonth' | 'birthDay' | 'birthYear'

/** A date that people know by heart, as text: quicker than a calendar, and the same with every keyboard and voice. */
export function BirthDateFields({
  label,
  hint,
  optional,
  values,
  onChange,
  complete = false,
  ids = { birthMonth: 'birthMonth', birthDay: 'birthDay', birthYear: 'birthYear' },
}: {
  label: string
  hint?: string | undefined
  optional?: string | undefined
  values: Readonly<Record<Part, string>>
  onChange(change: Partial<Record<Part, string>>): void
  /** It is the birth date of the one who types. */
  complete?: boolean
  ids?: Readonly<Record<Part, string>>
}) {
  const { about: t, tag } = useText()
  const whole = useProblem(ids.birthMonth) !== undefined
  const some = [whole, useProblem(ids.birthDay) !== undefined, useProblem(ids.birthYear) !== undefined].includes(true)
  const filled = values.birthMonth !== '' && values.birthDay !== '' && values.birthYear !== ''
  // The problem is told once, of one of them; what is missing is wrong too, and all of it in a date that no calendar has.
  const wrong = (name: Part): boolean => some && (values[name] === '' || (filled && whole))
  const part = (name: Part, size: string, maxLength: number) => (
    <TextField
      id={ids[name]}
      value={values[name]}
      onChange={(text) => onChange({ [name]: text })}
      label={{ birthMonth: t.month, birthDay: t.day, birthYear: t.year }[name]}
      toldByGroup
      wrong={wrong(name)}
      className={size}
      inputMode="numeric"
      maxLength={maxLength}
      autoComplete={complete ? { birthMonth: 'bday-month', birthDay: 'bday-day', birthYear: 'bday-year' }[name] : 'off'}
    />
  )
  return (
    <Group id={ids.birthMonth} also={[ids.birthDay, ids.birthYear]} label={label} hint={hint ?? t.birthDateHint} optional={optional}>
      <div className="flex gap-3">
        {dayFirst[tag] ? part('birthDay', 'w-20', 2) : null}
        {part('birthMonth', 'w-20', 2)}
        {dayFirst[tag] ? null : part('birthDay', 'w-20', 2)}
        {part('birthYear', 'w-24', 4)}
      </div>
    </Group>
  )
}
