import { useEffect, useRef, useState } from 'react'
import { ApiError, type IntakeView, submitIntake } from '../../client.gen.ts'
import { ErrorSummary } from '../../shared/error-summary.tsx'
import { useText } from '../../shared/messages/index.ts'
import { Notice } from '../../shared/state-chip.tsx'
import { BackLink } from '../back-link.tsx'
import { useForm } from '../context.ts'
import { secondPaysFirst } from '../covers.ts'
import { type Draft, unsigned } from '../draft.ts'
import { usePageHeading } from '../step-page.tsx'
import { hashOf, isFormStep, needsGuardian, neighbour, type StepId, stepsFor } from '../steps.ts'
import { submissionOf } from '../submission.ts'
import { titleOf } from '../titles.ts'
import { allProblems, type Problem, problemFromApi } from '../validate.ts'
import { Answers } from './answers.tsx'

type Sending =
  | { is: 'idle' }
  | { is: 'sending' }
  | { is: 'sent' }
  | { is: 'offline' | 'failed' | 'refused'; correlationId: string | null; fields: readonly Problem[]; words: 'refusedText' | 'changedText' | 'cardNumberText' }
/** These answers mean that the intake is no longer open to this browser: what the api says about it now decides. */
const overCodes = ['intake-closed', 'visit-cancelled', 'idempotency-conflict', 'link-ended', 'link-unknown', 'proof-needed']
const submitTimeoutMs = 30_000

const otherCover: Partial<Record<StepId, StepId>> = { insurance: 'second', second: 'insurance' }
/** The api's first insurance is the one that pays first, wherever it was typed. */
function typedAt(problem: Problem, draft: Draft): Problem {
  const step = secondPaysFirst(draft) ? otherCover[problem.step] : undefined
  return step ? { ...problem, step } : problem
}

/** What the api refused, each page's problem once. */
function problemsFrom(fields: readonly { path: string }[], cardNumber: boolean, forms: IntakeView['forms'], draft: Draft): Problem[] {
  const found = fields.flatMap(({ path }): Problem[] => {
    const named = problemFromApi(path)
    const problem = named && typedAt(named, draft)
    return problem
      ? [
          cardNumber
            ? {
                ...problem,
                say: (t) =>
                  t.wrong.cardNumber(problem.id === 'memberId' || problem.id === 'groupNumber' ? t.check[problem.id] : titleOf(problem.step, t, forms)),
              }
            : problem,
        ]
      : []
  })
  return found.filter(({ step }, at) => found.findIndex((other) => other.step === step) === at)
}

const askedByClinic = ({ step, id }: Problem): boolean => step === 'consents' || step === 'guardian' || id === 'payerId' || isFormStep(step)

/** Everything on one page, each answer with its Change link, and the one button that sends. */
export function CheckPage({ onSent }: { onSent(statusUrl: string): void }) {
  const form = useForm()
  const { draft, patch, intake, reload, refresh, sending: hold } = form
  const text = useText()
  const t = text.check
  const [sending, setSending] = useState<Sending>({ is: 'idle' })
  const [round, setRound] = useState(0)
  const missing = allProblems(form)
  const list = stepsFor(form)
  // A page that is not asked any more has nothing to be mended.
  const refusedFields = sending.is === 'refused' ? sending.fields.filter(({ step }) => list.includes(step)) : []
  const heading = usePageHeading(t.title, intake.clinic.name, refusedFields.length > 0)
  const busy = useRef(false)

  const send = async (): Promise<void> => {
    const body = missing.length > 0 ? undefined : submissionOf(form)
    // One at a time: a second tap while the first travels does nothing.
    if (!body || busy.current) return
    busy.current = true
    setSending({ is: 'sending' })
    hold(true)
    try {
      const answer = await submitIntake({ headers: { 'idempotency-key': draft.submitKey }, body }, { timeoutMs: submitTimeoutMs })
      setSending({ is: 'sent' })
      onSent(answer.statusUrl)
    } catch (error) {
      const problem = error instanceof ApiError ? error : null
      if (problem && overCodes.includes(problem.code)) return reload(problem.code === 'idempotency-conflict')
      const cardNumber = problem?.code === 'card-number-refused'
      const refused = problem?.fields ?? []
      const fields = problemsFrom(refused, cardNumber, intake.forms, draft)
      // What this page sent fits what it was asked: where the clinic asks something else by now, no try without that could succeed.
      const now = cardNumber || refused.length === 0 ? null : await refresh().catch(() => null)
      // The visit moved over a birthday: somebody else signs.
      if (now && needsGuardian({ ...form, intake: now }) !== needsGuardian(form)) patch(unsigned)
      const changed = !cardNumber && (fields.some(askedByClinic) || refused.some(({ path }) => path === 'answers.forms'))
      const is = problem?.status === 0 ? 'offline' : !problem || problem.passing ? 'failed' : 'refused'
      hold(false)
      setSending({ is, correlationId: problem?.correlationId ?? null, fields, words: cardNumber ? 'cardNumberText' : changed ? 'changedText' : 'refusedText' })
      setRound((n) => n + 1)
    } finally {
      busy.current = false
    }
  }

  // A try that found no connection is made again by itself as soon as there is one; the key is the same, so nothing doubles.
  const latest = useRef(send)
  latest.current = send
  useEffect(() => {
    if (sending.is !== 'offline') return
    const again = (): void => void latest.current()
    window.addEventListener('online', again)
    return () => window.removeEventListener('online', again)
  }, [sending.is])

  const change = (step: StepId): string => hashOf(step, true)
  const missingSteps = list.filter((step) => missing.some((problem) => problem.step === step))
  // Something was taken away, and nothing is to be answered in its place.
  const lookOnly = sending.is === 'refused' && sending.words === 'changedText' && refusedFields.length + missing.length === 0
  return (
    <div className="space-y-6">
      <BackLink href={hashOf(neighbour(form, 'check', -1))} />
      <ErrorSummary title={text.problemTitle} round={round} problems={refusedFields.map(({ step, say }) => ({ id: `change-${step}`, message: say(text) }))} />
      <div className="space-y-2">
        <p className="text-quiet">{text.stepOf(list.length, list.length)}</p>
        <h1 ref={heading} tabIndex={-1}>
          {t.title}
        </h1>
        <p>{t.lead}</p>
      </div>
      {missing.length > 0 ? (
        <Notice tone="needs-someone" title={t.missing}>
          <ul className="space-y-1">
            {missingSteps.map((step) => (
              <li key={step}>
                <a className="inline-block min-h-[28px]" href={change(step)}>
                  {titleOf(step, text, intake.forms)}
                </a>
              </li>
            ))}
          </ul>
        </Notice>
      ) : null}
      <Answers change={change} />
      {sending.is === 'offline' || sending.is === 'failed' || sending.is === 'refused' ? (
        <Notice tone="failed" title={sending.is === 'offline' ? t.offlineTitle : t.failedTitle} alert>
          <p>{sending.is === 'offline' ? t.offlineText : sending.is === 'failed' ? t.failedText : t[lookOnly ? 'changedLookText' : sending.words]}</p>
          {sending.correlationId ? <p className="text-quiet">{text.problem.reference(sending.correlationId)}</p> : null}
        </Notice>
      ) : null}
      {missing.length > 0 ? null : (
        <button
          id="send"
          type="button"
          className="button button-main w-full sm:w-auto"
          aria-disabled={sending.is === 'sending' || sending.is === 'sent'}
          onClick={() => void send()}
        >
          {sending.is === 'sending' ? t.sending : sending.is === 'idle' || sending.is === 'sent' ? t.send : text.tryAgain}
        </button>
      )}
      <p role="status" className="sr-only">
        {sending.is === 'sending' ? t.sending : sending.is === 'sent' ? t.sent : ''}
      </p>
    </div>
  )
}
