import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useEffect, useState } from 'react'
import { ApiError, type OverrideDetail, type ResolveOverride, resolveOverride } from '../client.gen.ts'
import { ErrorSummary, type ShownProblem } from '../shared/error-summary.tsx'
import { ProblemContext, RadioField, SelectField, TextAreaField } from '../shared/fields.tsx'
import { type Reason, type ResolutionName, staff } from '../shared/messages/staff.ts'
import { blankOf, cleaned, type FormSchema, schemaProblems } from '../shared/schema.ts'
import { SchemaForm } from '../shared/schema-form.tsx'
import { ProblemNotice } from '../shared/staff/problem.tsx'
import { Notice } from '../shared/state-chip.tsx'
import { answerByHand, asksForCoverage, type VerdictByHand } from './answer-by-hand.ts'

const t = staff.override
type Port = 'ok' | 'rejected'

/** Two answers cover a payer that was asked on the phone. */
const isEligibility = (detail: OverrideDetail): boolean => asksForCoverage(detail.item.operation)

/** How a person settles a held item. Every way needs a reason, which the audit keeps, and a note, which is kept sealed. */
export function ResolveForm({
  detail,
  input,
  onDone,
  onStale,
}: {
  detail: OverrideDetail
  input: { value: unknown } | null
  onDone(resolution: ResolutionName): void
  onStale(): void
}) {
  const [how, setHow] = useState<ResolutionName | ''>('')
  const [verdict, setVerdict] = useState<VerdictByHand | ''>('')
  const [picked, setPort] = useState<Port>('ok')
  const [values, setValues] = useState<Partial<Record<Port | 'input', unknown>>>({})
  const [reason, setReason] = useState<Reason | ''>('')
  const [note, setNote] = useState('')
  const [problems, setProblems] = useState<readonly ShownProblem[]>([])
  const [round, setRound] = useState(0)
  const { shapes } = detail
  // A yes that only the partner may give is not offered.
  const mayBeOk = shapes?.ok != null
  const port = mayBeOk ? picked : 'rejected'

  // What is corrected is a copy of what was opened; closing the input takes the copy away too.
  useEffect(() => setValues((now) => ({ ...now, input: input?.value })), [input])

  const send = useMutation({
    mutationFn: (body: ResolveOverride) => resolveOverride({ params: { overrideId: detail.item.id }, body }),
    onSuccess: (_answer, body) => onDone(body.resolution),
    onError: (error) => {
      if (error instanceof ApiError && error.code === 'already-resolved') onStale()
    },
  })

  const schemaOf = (which: Port | 'input'): FormSchema | null => (shapes?.[which] ?? null) as FormSchema | null
  const currentOf = (which: Port | 'input', schema: FormSchema): unknown => values[which] ?? blankOf(schema, schema)

  /** What the chosen way needs beside reason and note; problems of its own fields go to `found`. */
  const wayOf = (found: ShownProblem[], common: { reason: Reason; note: string } | null): ResolveOverride | null => {
    if (how === 'answer' && isEligibility(detail)) {
      if (verdict === '') found.push({ id: 'verdict', message: t.needVerdict })
      return verdict === '' || !common ? null : { resolution: how, port: 'ok', value: answerByHand(detail.item.operation, verdict), ...common }
    }
    if (how === 'answer' || how === 'correct') {
      const which = how === 'answer' ? port : 'input'
      const schema = schemaOf(which)
      if (how === 'correct' && (!input || !schema)) found.push({ id: 'purpose', message: t.needInput })
      if (!schema || (how === 'correct' && !input)) return null
      const id = how === 'answer' ? 'value' : 'input'
      found.push(...schemaProblems(schema, schema, currentOf(which, schema), id, id))
      if (!common) return null
      const made = cleaned(schema, schema, currentOf(which, schema))
      return how === 'answer' ? { resolution: how, port, value: made, ...common } : { resolution: how, input: made, ...common }
    }
    return how && common ? { resolution: how, ...common } : null
  }
  const bodyOf = (): { body: ResolveOverride } | { problems: ShownProblem[] } => {
    const found: ShownProblem[] = []
    if (!how) found.push({ id: 'how', message: t.needHow })
    const body = wayOf(found, reason ? { reason, note: note.trim() } : null)
    if (!reason) found.push({ id: 'reason', message: t.needReason })
    if (!note.trim()) found.push({ id: 'note', message: t.needNote })
    return found.length > 0 || !body ? { problems: found } : { body }
  }
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (send.isPending) return
    const made = bodyOf()
    setProblems('problems' in made ? made.problems : [])
    setRound((n) => n + 1)
    if ('body' in made) send.mutate(made.body)
  }
  const portSchema = schemaOf(port)
  const inputSchema = schemaOf('input')
  return (
    <ProblemContext value={new Map(problems.map(({ id, message }) => [id, message]))}>
      <form noValidate onSubmit={submit} aria-labelledby="resolve-title" className="panel space-y-4 p-4">
        <h2 id="resolve-title">{t.resolve}</h2>
        <ErrorSummary title={staff.problemTitle} problems={problems} round={round} />
        <RadioField
          id="how"
          label={t.how}
          value={how}
          onChange={(value) => setHow(detail.allowed.find((name) => name === value) ?? '')}
          options={detail.allowed.map((name) => ({ value: name, label: staff.resolutions[name].name, note: staff.resolutions[name].text }))}
        />
        {how === 'answer' && isEligibility(detail) ? (
          <RadioField
            id="verdict"
            label={t.verdict}
            value={verdict}
            onChange={(value) => setVerdict(value === 'active' ? 'active' : 'inactive')}
            options={[
              { value: 'active', label: t.active },
              { value: 'inactive', label: t.inactive },
            ]}
          />
        ) : how === 'answer' && portSchema ? (
          <>
            <RadioField
              id="port"
              label={t.port}
              value={port}
              onChange={(value) => setPort(value === 'ok' ? 'ok' : 'rejected')}
              options={[...(mayBeOk ? [{ value: 'ok', label: t.portOk }] : []), { value: 'rejected', label: t.portRejected }]}
            />
            <SchemaForm
              id="value"
              schema={portSchema}
              value={currentOf(port, portSchema)}
              onChange={(value) => setValues((now) => ({ ...now, [port]: value }))}
            />
          </>
        ) : null}
        {how === 'correct' ? (
          input && inputSchema ? (
            <SchemaForm
              id="input"
              schema={inputSchema}
              value={currentOf('input', inputSchema)}
              onChange={(value) => setValues((now) => ({ ...now, input: value }))}
            />
          ) : (
            <Notice tone="checking">
              <p>{t.needInput}</p>
            </Notice>
          )
        ) : null}
        <SelectField
          id="reason"
          label={t.reason}
          empty={t.reasonPick}
          value={reason}
          onChange={(value) => setReason(staff.reasons.find((one) => one.value === value)?.value ?? '')}
          options={staff.reasons}
        />
        <TextAreaField id="note" label={t.note} hint={t.noteHint} value={note} onChange={setNote} maxLength={500} />
        {send.isError ? <Failure error={send.error} /> : null}
        <button type="submit" className="button button-main" aria-disabled={send.isPending}>
          {send.isPending ? t.sending : t.send}
        </button>
      </form>
    </ProblemContext>
  )
}

function Failure({ error }: { error: unknown }) {
  if (error instanceof ApiError && error.code === 'already-resolved') return <ProblemNotice error={error} words={t.alreadyResolved} />
  if (error instanceof ApiError && error.code === 'outcome-unknown') return <ProblemNotice error={error} words={t.unknownOutcome} />
  return <ProblemNotice error={error} />
}
