import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { openOverrideInput } from '../client.gen.ts'
import { ProblemContext, SelectField } from '../shared/fields.tsx'
import { type Purpose, staff } from '../shared/messages/staff.ts'
import { ProblemNotice } from '../shared/staff/problem.tsx'

const t = staff.override

/** Patient data behind a purpose. It stays in this page's memory only, and leaves it with the page. */
export function InputPanel({ id, input, onInput }: { id: string; input: { value: unknown } | null; onInput(input: { value: unknown } | null): void }) {
  const [purpose, setPurpose] = useState<Purpose | ''>('')
  const [missing, setMissing] = useState(false)
  const open = useMutation({
    mutationFn: (why: Purpose) => openOverrideInput({ params: { overrideId: id }, body: { purpose: why } }),
    onSuccess: (answer) => onInput({ value: answer.input }),
    gcTime: 0,
  })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    setMissing(purpose === '')
    if (purpose === '') document.getElementById('purpose')?.focus()
    else if (!open.isPending) open.mutate(purpose)
  }
  return (
    <section aria-labelledby="input-title" className="panel space-y-3 p-4">
      <h2 id="input-title">{t.input}</h2>
      {input ? (
        <>
          <ValueView value={input.value} />
          <button
            type="button"
            className="button"
            onClick={() => {
              onInput(null)
              open.reset()
            }}
          >
            {t.closeInput}
          </button>
        </>
      ) : (
        <ProblemContext value={new Map(missing ? [['purpose', t.needPurpose]] : [])}>
          <p className="text-quiet">{t.inputLead}</p>
          <form noValidate onSubmit={submit} className="space-y-3">
            <SelectField
              id="purpose"
              label={t.purpose}
              empty={t.purposePick}
              value={purpose}
              onChange={(value) => setPurpose(staff.purposes.find((one) => one.value === value)?.value ?? '')}
              options={staff.purposes}
            />
            {open.isError ? <ProblemNotice error={open.error} /> : null}
            <button type="submit" className="button" aria-disabled={open.isPending}>
              {open.isPending ? t.opening : t.openInput}
            </button>
          </form>
        </ProblemContext>
      )}
    </section>
  )
}

/** A value as nested name and value lines: readable, selectable, no code. */
function ValueView({ value }: { value: unknown }) {
  if (Array.isArray(value)) {
    return value.length === 0 ? (
      <span className="text-quiet">{staff.none}</span>
    ) : (
      <ul className="list-disc ps-4">
        {value.map((entry, index) => (
          // A read-only view of a fixed list.
          <li key={index}>
            <ValueView value={entry} />
          </li>
        ))}
      </ul>
    )
  }
  if (typeof value === 'object' && value !== null) {
    return (
      <dl className="space-y-1">
        {Object.entries(value).map(([name, entry]) => (
          <div key={name} className="grid gap-x-4 sm:grid-cols-[10rem_1fr]">
            <dt className="text-quiet">{name}</dt>
            <dd className="wrap-anywhere select-all">
              <ValueView value={entry} />
            </dd>
          </div>
        ))}
      </dl>
    )
  }
  return <>{value === null || value === undefined || value === '' ? staff.none : String(value)}</>
}
