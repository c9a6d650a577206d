import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { type AllowedAction, ApiError, type DecideOverride, decideOverride, type OverrideDetail } from '../client.gen.ts'
import { ErrorSummary, type ShownProblem } from '../shared/error-summary.tsx'
import { ProblemContext, SelectField, TextAreaField } from '../shared/fields.tsx'
import { itemWords } from '../shared/messages/item-words.ts'
import { queueWords } from '../shared/messages/queue-words.ts'
import { reasonNamed, reasonOptions } from '../shared/messages/reason-words.ts'
import { staff } from '../shared/messages/staff.ts'
import { StaffDialog } from '../shared/staff/dialog.tsx'
import { ProblemNotice } from '../shared/staff/problem.tsx'
import { Notice } from '../shared/state-chip.tsx'
import { ActionValues, emptyValues, type Values, valuesFor } from './action-values.tsx'
import { wordsOfFailure } from './decision-panel.tsx'
import { useTellDecision } from './undo-toasts.tsx'

const t = itemWords.decide

/**
 * One way to settle an item. Every way needs a reason, which the audit keeps, and a note, which is kept sealed. The decision's
 * id is made when the dialog opens: a double click, or a second try after a lost answer, is one decision.
 */
export function ActionDialog({
  detail,
  allowed,
  refresh,
  onClose,
}: {
  detail: OverrideDetail
  allowed: AllowedAction
  refresh(): Promise<void>
  onClose(): void
}) {
  const { item } = detail
  const words = itemWords.actions[allowed.action]
  const tell = useTellDecision()
  const [decisionId] = useState(() => crypto.randomUUID())
  const [values, setValues] = useState<Values>(() => emptyValues(allowed))
  const [reason, setReason] = useState<ReturnType<typeof reasonNamed>>('')
  const [note, setNote] = useState('')
  const [problems, setProblems] = useState<readonly ShownProblem[]>([])
  const [round, setRound] = useState(0)
  const send = useMutation({
    mutationFn: (body: DecideOverride) => decideOverride({ params: { overrideId: item.id }, body }),
    onSuccess: async (decision) => {
      tell({
        decisionId: decision.id,
        overrideId: item.id,
        words: t.doneOf(decision.state === 'proposed' ? t.proposedDone(words.name) : words.done, item.reference ?? ''),
        undoUntil: decision.state === 'scheduled' ? decision.undoUntil : null,
      })
      await refresh()
      onClose()
    },
    // What made the api say no is on the page once it is looked at again.
    onError: (error) => void (error instanceof ApiError && error.status === 409 && refresh()),
  })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (send.isPending || send.isSuccess) return
    const found: ShownProblem[] = []
    const made = valuesFor(detail, allowed, values, found)
    if (reason === '') found.push({ id: 'reason', message: queueWords.override.needReason })
    if (note.trim() === '') found.push({ id: 'note', message: queueWords.override.needNote })
    setProblems(found)
    setRound((n) => n + 1)
    if (found.length === 0 && made && reason !== '') send.mutate({ ...made, decisionId, reason, note: note.trim() })
  }
  return (
    <StaffDialog
      open
      title={words.name}
      lead={words.text}
      wide={allowed.shape !== null || allowed.action === 'answer' || allowed.action === 'choose'}
      onClose={onClose}
    >
      <ProblemContext value={new Map(problems.map(({ id, message }) => [id, message]))}>
        <form noValidate onSubmit={submit} className="space-y-4">
          <ErrorSummary title={staff.problemTitle} problems={problems} round={round} />
          <ActionValues detail={detail} allowed={allowed} values={values} onChange={setValues} />
          <SelectField
            id="reason"
            label={queueWords.override.reason}
            empty={queueWords.override.reasonPick}
            value={reason}
            onChange={(value) => setReason(reasonNamed(value))}
            options={reasonOptions(allowed.reasons)}
          />
          <TextAreaField id="note" label={queueWords.override.note} hint={queueWords.override.noteHint} value={note} onChange={setNote} maxLength={500} />
          {allowed.needsSecond ? (
            <Notice tone="needs-someone">
              <p>{t.second}</p>
            </Notice>
          ) : null}
          {send.isError ? <Failure error={send.error} /> : null}
          <div className="flex flex-wrap items-center gap-3">
            <button type="submit" className="button button-main" aria-disabled={send.isPending}>
              {send.isPending ? t.submitting : words.submit}
            </button>
            <button type="button" className="button" onClick={onClose}>
              {staff.cancel}
            </button>
            <span className="text-quiet">{allowed.needsSecond ? '' : allowed.undoSeconds > 0 ? t.undoNote(allowed.undoSeconds) : t.noUndoNote}</span>
          </div>
        </form>
      </ProblemContext>
    </StaffDialog>
  )
}

function Failure({ error }: { error: unknown }) {
  if (error instanceof ApiError && error.code === 'claimed')
    return <ProblemNotice error={error} words={itemWords.claim.takenNow(error.fields[0]?.message ?? '')} />
  if (error instanceof ApiError && error.code === 'outcome-unknown') return <ProblemNotice error={error} words={queueWords.override.unknownOutcome} />
  return <ProblemNotice error={error} words={wordsOfFailure(error)} />
}
