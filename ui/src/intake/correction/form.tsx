import { type FormEvent, useMemo, useRef, useState } from 'react'
import { ApiError, type CorrectionView, submitCorrection } from '../../client.gen.ts'
import { ErrorSummary } from '../../shared/error-summary.tsx'
import { ProblemContext } from '../../shared/fields.tsx'
import { useText } from '../../shared/messages/index.ts'
import { Notice } from '../../shared/state-chip.tsx'
import { dayOf, nowMs, visitTime } from '../../shared/time.ts'
import { notListed } from '../covers.ts'
import { usePageHeading } from '../step-page.tsx'
import { CorrectionControls } from './fields.tsx'
import { type CorrectionProblem, correctionOf, firstControl, nothingTyped, problemOfPath } from './typed.ts'

type Sending = { is: 'idle' | 'sending' } | { is: 'offline' | 'failed' | 'refused'; correlationId: string | null }
/** What the api says about the form as a whole: the page around it decides. */
const overCodes = ['correction-closed', 'too-many-corrections', 'idempotency-conflict', 'link-ended', 'link-unknown']
const submitTimeoutMs = 30_000

/** One short page with what is asked. Nothing is kept on the device: leaving the page forgets it. */
export function CorrectionForm({ view, onSent, onOver }: { view: CorrectionView; onSent(statusUrl: string): void; onOver(error: ApiError): void }) {
  const text = useText()
  const t = text.correction
  const [typed, setTyped] = useState(() => nothingTyped(view))
  const [problems, setProblems] = useState<readonly CorrectionProblem[]>([])
  const [round, setRound] = useState(0)
  const [sending, setSending] = useState<Sending>({ is: 'idle' })
  const heading = usePageHeading(t.title, view.clinic.name, problems.length > 0)
  // One key for all tries of this page: a first try whose answer was lost counts once.
  const key = useRef(crypto.randomUUID())
  const busy = useRef(false)
  const shown = useMemo(() => problems.map(({ id, say }) => ({ id, message: say(text) })), [problems, text])

  const tell = (found: readonly CorrectionProblem[]): void => {
    setProblems(found)
    setRound((n) => n + 1)
  }
  const send = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    if (busy.current) return
    const read = correctionOf(view, typed, dayOf(new Date(nowMs()).toISOString(), view.clinic.timeZone))
    tell('problems' in read ? read.problems : [])
    if ('problems' in read) return
    busy.current = true
    setSending({ is: 'sending' })
    try {
      onSent((await submitCorrection({ headers: { 'idempotency-key': key.current }, body: read.fields }, { timeoutMs: submitTimeoutMs })).statusUrl)
    } catch (error) {
      const problem = error instanceof ApiError ? error : null
      if (problem && overCodes.includes(problem.code)) return onOver(problem)
      setSending({ is: problem?.status === 0 ? 'offline' : !problem || problem.passing ? 'failed' : 'refused', correlationId: problem?.correlationId ?? null })
      const cardNumber = problem?.code === 'card-number-refused'
      const named = (problem?.fields ?? []).flatMap(({ path }) => problemOfPath(path, cardNumber) ?? [])
      tell(problem?.code === 'nothing-changed' ? [{ id: firstControl(view), say: (words) => words.correction.same }] : named)
      // What was refused was not stored: other values are another request.
      if (problem && !problem.passing) key.current = crypto.randomUUID()
    } finally {
      busy.current = false
    }
  }

  const failed = sending.is === 'offline' || sending.is === 'failed' || (sending.is === 'refused' && problems.length === 0) ? sending : null
  return (
    <ProblemContext value={new Map(shown.map(({ id, message }) => [id, message]))}>
      <div className="space-y-6" data-page="correction">
        <ErrorSummary title={text.problemTitle} problems={shown} round={round} />
        <div className="space-y-2">
          <h1 ref={heading} tabIndex={-1}>
            {t.title}
          </h1>
          <p className="first-letter:uppercase">
            {visitTime(view.visit.startsAt, view.clinic.timeZone, text.tag)}, {text.start.withWhom(view.visit.practitioner)}
          </p>
          <p>{t.leads[view.askedBy]}</p>
          <p>{t.keep}</p>
        </div>
        <form noValidate onSubmit={(event) => void send(event)} className="space-y-6">
          <CorrectionControls view={view} typed={typed} change={(patch) => setTyped((now) => ({ ...now, ...patch }))} />
          {failed ? (
            <Notice tone="failed" title={failed.is === 'offline' ? text.check.offlineTitle : text.check.failedTitle} alert>
              <p>{failed.is === 'offline' ? text.check.offlineText : failed.is === 'failed' ? text.check.failedText : t.refusedText}</p>
              {'correlationId' in failed && failed.correlationId ? <p className="text-quiet">{text.problem.reference(failed.correlationId)}</p> : null}
            </Notice>
          ) : null}
          <p className="text-quiet">
            {/* Who asks an insurer that is not listed is said beside its name. */}
            {typed.payerId === notListed ? '' : `${t.after} `}
            {t.left(view.left)}
          </p>
          <button type="submit" className="button button-main w-full sm:w-auto" aria-disabled={sending.is === 'sending'}>
            {sending.is === 'sending' ? text.check.sending : t.send}
          </button>
        </form>
        <p>{t.allRight}</p>
      </div>
    </ProblemContext>
  )
}
