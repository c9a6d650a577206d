import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { ProblemContext, SelectField } from '../shared/fields.tsx'
import { type Purpose, queueWords } from '../shared/messages/queue-words.ts'
import { ProblemNotice } from '../shared/staff/problem.tsx'

const t = queueWords.override

/** Asks why before patient data is opened. What comes back stays in this page's memory only, and leaves it with the page. */
export function PurposeForm<Opened>({
  id,
  lead,
  submit,
  onOpen,
  onOpened,
}: {
  /** Of the select; one page may have several. */
  id: string
  lead: string
  submit: string
  onOpen(purpose: Purpose): Promise<Opened>
  onOpened(opened: Opened): void
}) {
  const [purpose, setPurpose] = useState<Purpose | ''>('')
  const [missing, setMissing] = useState(false)
  const open = useMutation({ mutationFn: onOpen, onSuccess: onOpened, gcTime: 0 })
  const press = (): void => {
    setMissing(purpose === '')
    if (purpose === '') document.getElementById(id)?.focus()
    else if (!open.isPending) open.mutate(purpose)
  }
  return (
    <ProblemContext value={new Map(missing ? [[id, t.needPurpose]] : [])}>
      <div className="space-y-3">
        <p className="text-quiet">{lead}</p>
        <div className="max-w-96">
          <SelectField
            id={id}
            label={t.purpose}
            empty={t.purposePick}
            value={purpose}
            onChange={(value) => setPurpose(queueWords.purposes.find((one) => one.value === value)?.value ?? '')}
            options={queueWords.purposes}
          />
        </div>
        {open.isError ? <ProblemNotice error={open.error} /> : null}
        {/* No form of its own: it also stands inside another one. */}
        <button type="button" className="button" aria-disabled={open.isPending} onClick={press}>
          {open.isPending ? t.opening : submit}
        </button>
      </div>
    </ProblemContext>
  )
}
