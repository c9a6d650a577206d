import { type FormEvent, type ReactNode, useEffect, useMemo, useRef, useState } from 'react'
import { ErrorSummary } from '../shared/error-summary.tsx'
import { ProblemContext } from '../shared/fields.tsx'
import { useText } from '../shared/messages/index.ts'
import { BackLink } from './back-link.tsx'
import { useForm } from './context.ts'
import { hashOf, neighbour, type StepId, stepsFor } from './steps.ts'
import { type Problem, problemsOf } from './validate.ts'

/** Sets the tab's title and puts the focus on the page's heading, as a page load would. */
export function usePageHeading(title: string, clinicName: string, hasProblems = false) {
  const heading = useRef<HTMLHeadingElement>(null)
  const text = useText()
  useEffect(() => {
    document.title = `${hasProblems ? text.errorPrefix : ''}${title} - ${clinicName}`
  }, [title, clinicName, hasProblems, text])
  useEffect(() => {
    window.scrollTo(0, 0)
    heading.current?.focus({ preventScroll: true })
  }, [])
  return heading
}

/**
 * One page of the form: Back, where we are, what is wrong, the question, Continue. `before` runs first and may settle it:
 * with a problem of its own, `ok` (go on) or `stay`; `check` leaves it to the page's rules.
 */
export function StepPage({
  step,
  title,
  lead,
  children,
  before,
  continueLabel,
  busy = false,
  next,
}: {
  step: StepId
  title: string
  lead?: string
  children: ReactNode
  before?: () => Promise<Omit<Problem, 'step'> | 'ok' | 'stay' | 'check'>
  /** Null: there is nothing yet to go on with, and the page says what else to do. */
  continueLabel?: string | null
  busy?: boolean
  /** Another page than the one that follows. */
  next?: () => StepId
}) {
  const form = useForm()
  const { draft, patch, intake, go, place } = form
  const text = useText()
  const [problems, setProblems] = useState<readonly Omit<Problem, 'step'>[]>([])
  const [round, setRound] = useState(0)
  const heading = usePageHeading(title, intake.clinic.name, problems.length > 0)
  const shown = useMemo(() => problems.map(({ id, say }) => ({ id, message: say(text) })), [problems, text])
  const steps = stepsFor(form)

  // Once per visit of this page.
  useEffect(() => {
    if (!draft.seen.includes(step)) patch({ seen: [...draft.seen, step] })
  }, [step])

  const onSubmit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    if (busy) return
    const own = before ? await before() : 'check'
    if (own === 'stay') return
    const found = own === 'ok' ? [] : own === 'check' ? problemsOf(step, form) : [own]
    setProblems(found)
    setRound((n) => n + 1)
    if (found.length > 0) return
    if (place.fromCheck) go('check')
    else go(next ? next() : neighbour(form, step, 1))
  }

  const back = place.fromCheck ? hashOf('check') : hashOf(neighbour(form, step, -1))
  return (
    <ProblemContext value={new Map(shown.map(({ id, message }) => [id, message]))}>
      <div className="space-y-6">
        <BackLink href={back} />
        <ErrorSummary title={text.problemTitle} problems={shown} round={round} />
        <div className="space-y-2">
          <p className="text-quiet">{text.stepOf(steps.indexOf(step) + 1, steps.length)}</p>
          <h1 ref={heading} tabIndex={-1}>
            {title}
          </h1>
          {lead ? <p>{lead}</p> : null}
        </div>
        <form noValidate onSubmit={onSubmit} className="space-y-6">
          {children}
          {continueLabel === null ? null : (
            <button type="submit" className="button button-main w-full sm:w-auto" aria-disabled={busy}>
              {continueLabel ?? (place.fromCheck ? text.backToCheck : text.continue)}
            </button>
          )}
        </form>
      </div>
    </ProblemContext>
  )
}
