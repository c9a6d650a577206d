import { OctagonX } from 'lucide-react'
import { createContext, type InputHTMLAttributes, type ReactNode, type SelectHTMLAttributes, use } from 'react'

/** Problems of the form on this page, by the id of the control they are about. */
export const ProblemContext = createContext<ReadonlyMap<string, string>>(new Map())
export const useProblem = (id: string): string | undefined => use(ProblemContext).get(id)

export const hintId = (id: string): string => `${id}-hint`
export const problemId = (id: string): string => `${id}-problem`

/** What a control says about itself to a screen reader: its hint and its problem. */
function described(id: string, hint: unknown, problem: string | undefined): string | undefined {
  const ids = [hint ? hintId(id) : '', problem ? problemId(id) : ''].filter(Boolean)
  return ids.length > 0 ? ids.join(' ') : undefined
}

const groupDescribed = (id: string, hint: unknown, told: string | undefined): string | undefined =>
  [hint ? hintId(id) : '', told ? problemId(told) : ''].filter(Boolean).join(' ') || undefined

export function ProblemText({ id }: { id: string }) {
  const problem = useProblem(id)
  if (!problem) return null
  return (
    <p id={problemId(id)} className="flex items-start gap-1.5 font-medium text-failed">
      <OctagonX aria-hidden="true" className="mt-[0.2em] size-[1em] flex-none" />
      {problem}
    </p>
  )
}

interface FieldProps {
  id: string
  label: string
  hint?: ReactNode
  /** The word for "optional", when the field is. */
  optional?: string | undefined
}

/** What is optional says so beside its name, and quieter. */
function Label({ label, optional }: Pick<FieldProps, 'label' | 'optional'>) {
  return (
    <>
      {label}
      {optional ? <span className="font-normal text-quiet"> ({optional})</span> : null}
    </>
  )
}

export function FieldFrame({ id, label, hint, optional, quiet = false, children }: FieldProps & { quiet?: boolean; children: ReactNode }) {
  return (
    <div className="space-y-1">
      <label htmlFor={id} className="block w-fit max-w-full font-medium">
        <Label label={label} optional={optional} />
      </label>
      {hint ? (
        <p id={hintId(id)} className="text-quiet">
          {hint}
        </p>
      ) : null}
      {quiet ? null : <ProblemText id={id} />}
      {children}
    </div>
  )
}

type TextFieldProps = FieldProps & {
  /** The group around it tells its problem. */ toldByGroup?: boolean /** A problem of the group is one of this field too. */
  wrong?: boolean
} & Omit<InputHTMLAttributes<HTMLInputElement>, 'id' | 'onChange' | 'value'> & { value: string; onChange(value: string): void }

export function TextField({ id, label, hint, optional, onChange, className = '', toldByGroup = false, wrong = false, ...rest }: TextFieldProps) {
  const problem = useProblem(id)
  return (
    <FieldFrame id={id} label={label} hint={hint} optional={optional} quiet={toldByGroup}>
      <input
        id={id}
        name={id}
        type="text"
        className={`control ${className}`}
        aria-invalid={problem || wrong ? true : undefined}
        aria-describedby={described(id, hint, problem)}
        onChange={(event) => onChange(event.target.value)}
        {...rest}
      />
    </FieldFrame>
  )
}

export function TextAreaField({
  id,
  label,
  hint,
  optional,
  value,
  onChange,
  rows = 3,
  maxLength,
  lang,
}: FieldProps & { value: string; onChange(value: string): void; rows?: number; maxLength?: number; lang?: string }) {
  const problem = useProblem(id)
  return (
    <FieldFrame id={id} label={label} hint={hint} optional={optional}>
      <textarea
        id={id}
        name={id}
        rows={rows}
        maxLength={maxLength}
        lang={lang}
        className="control"
        value={value}
        aria-invalid={problem ? true : undefined}
        aria-describedby={described(id, hint, problem)}
        onChange={(event) => onChange(event.target.value)}
      />
    </FieldFrame>
  )
}

type SelectFieldProps = FieldProps &
  Omit<SelectHTMLAttributes<HTMLSelectElement>, 'id' | 'onChange' | 'value'> & {
    value: string
    onChange(value: string): void
    options: readonly { value: string; label: string }[]
    /** The entry that stands for "nothing chosen yet". */
    empty?: string
  }

/** The browser's own list: on a phone it opens the wheel people know. */
export function SelectField({ id, label, hint, optional, options, empty, onChange, ...rest }: SelectFieldProps) {
  const problem = useProblem(id)
  return (
    <FieldFrame id={id} label={label} hint={hint} optional={optional}>
      <select
        id={id}
        name={id}
        className="control"
        aria-invalid={problem ? true : undefined}
        aria-describedby={described(id, hint, problem)}
        onChange={(event) => onChange(event.target.value)}
        {...rest}
      >
        {empty === undefined ? null : <option value="">{empty}</option>}
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    </FieldFrame>
  )
}

/**
 * Several controls under one question. The first control carries `id`, so that an error link lands on it; `also` are the
 * others whose problem is told here rather than in their own narrow column.
 */
export function Group({
  id,
  label,
  hint,
  optional,
  also = [],
  children,
}: Omit<FieldProps, 'hint'> & { hint?: string | undefined; also?: readonly string[]; children: ReactNode }) {
  const problems = use(ProblemContext)
  const told = [id, ...also].find((one) => problems.has(one)) ?? id
  const problem = problems.get(told)
  return (
    <fieldset className="space-y-2" aria-describedby={groupDescribed(id, hint, problem && told)}>
      <legend className="font-medium">
        <Label label={label} optional={optional} />
      </legend>
      {hint ? (
        <p id={hintId(id)} className="text-quiet">
          {hint}
        </p>
      ) : null}
      <ProblemText id={told} />
      {children}
    </fieldset>
  )
}

export function RadioField({
  id,
  label,
  hint,
  optional,
  value,
  options,
  onChange,
}: Omit<FieldProps, 'hint'> & {
  hint?: string | undefined
  value: string
  options: readonly { value: string; label: string; note?: string }[]
  onChange(value: string): void
}) {
  return (
    <Group id={id} label={label} hint={hint} optional={optional}>
      {options.map((option, index) => (
        <label key={option.value} className="flex min-h-[28px] items-start gap-3 py-1">
          <input
            type="radio"
            className="tick"
            id={index === 0 ? id : `${id}-${option.value}`}
            name={id}
            value={option.value}
            checked={value === option.value}
            onChange={() => onChange(option.value)}
          />
          <span>
            {option.label}
            {option.note ? <span className="block text-quiet">{option.note}</span> : null}
          </span>
        </label>
      ))}
    </Group>
  )
}

export function CheckField({
  id,
  label,
  note,
  checked,
  toldByGroup = false,
  onChange,
}: {
  id: string
  label: ReactNode
  note?: ReactNode
  checked: boolean
  /** The group around it tells its problem. */
  toldByGroup?: boolean
  onChange(checked: boolean): void
}) {
  const problem = useProblem(id)
  return (
    <div className="space-y-1">
      {toldByGroup ? null : <ProblemText id={id} />}
      <label className="flex min-h-[28px] items-start gap-3 py-1">
        <input
          type="checkbox"
          className="tick"
          id={id}
          name={id}
          checked={checked}
          aria-invalid={problem ? true : undefined}
          aria-describedby={described(id, note, problem)}
          onChange={(event) => onChange(event.target.checked)}
        />
        <span>{label}</span>
      </label>
      {note ? (
        <p id={hintId(id)} className="text-quiet">
          {note}
        </p>
      ) : null}
    </div>
  )
}
