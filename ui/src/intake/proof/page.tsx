import { type FormEvent, useMemo, useRef, useState } from 'react'
import { ApiError, type ProofNeeded, type ProofResult, sendCode, submitProof } from '../../client.gen.ts'
import { ErrorSummary } from '../../shared/error-summary.tsx'
import { ProblemContext, TextField } from '../../shared/fields.tsx'
import { type PatientMessages, useText } from '../../shared/messages/index.ts'
import { Notice } from '../../shared/state-chip.tsx'
import { dayOf, nowMs, visitTime } from '../../shared/time.ts'
import { birthDateOf } from '../birth-date.ts'
import { BirthDateFields } from '../birth-date-fields.tsx'
import { timeText } from '../dates.ts'
import { usePageHeading } from '../step-page.tsx'

type Say = (text: PatientMessages) => string
interface Told {
  id: string
  say: Say
}
const codeForm = /^\d{6}$/

/** Before a link shows anything of its patient: the birth date and a code. A wrong one of either gets one and the same answer. */
export function ProofPage({ proof, onProved, onOver }: { proof: ProofNeeded; onProved(): void; onOver(error: ApiError): void }) {
  const text = useText()
  const t = text.proof
  const { clinic, asks, to } = proof
  const [typed, setTyped] = useState({ birthMonth: '', birthDay: '', birthYear: '', code: '' })
  const [problems, setProblems] = useState<readonly Told[]>([])
  const [round, setRound] = useState(0)
  const [codeUntil, setCodeUntil] = useState<string | null>(proof.code?.expiresAt ?? null)
  const [checking, setChecking] = useState(false)
  const busy = useRef(false)
  const heading = usePageHeading(t.title, clinic.name, problems.length > 0)
  const shown = useMemo(() => problems.map(({ id, say }) => ({ id, message: say(text) })), [problems, text])
  const time = (iso: string): string => timeText(iso, clinic.timeZone, text.tag)
  // A pause doubles, and may end on another day.
  const moment = (iso: string): string => visitTime(iso, clinic.timeZone, text.tag)
  const change = (part: Partial<typeof typed>): void => setTyped((now) => ({ ...now, ...part }))
  const tell = (found: readonly Told[]): void => {
    setProblems(found)
    setRound((n) => n + 1)
  }
  /** One at a time: a second press while the first travels does nothing. */
  const alone = async (work: () => Promise<void>): Promise<void> => {
    if (busy.current) return
    busy.current = true
    try {
      await work()
    } finally {
      busy.current = false
    }
  }

  const ask = (channel: ProofNeeded['to'][number]['channel']): Promise<void> =>
    alone(async () => {
      try {
        setCodeUntil((await sendCode({ body: { channel } })).expiresAt)
        setProblems([])
        document.getElementById('code')?.focus()
      } catch (error) {
        const problem = error instanceof ApiError ? error : null
        if (problem && (problem.status === 404 || problem.status === 410)) return onOver(problem)
        const say: Say =
          problem?.code === 'code-paused' || problem?.status === 429
            ? (words) => words.proof.pausedSend
            : problem?.code === 'no-address'
              ? (words) => words.proof.noAddress
              : (words) => words.proof.sendFailed
        tell([{ id: 'code', say }])
      }
    })

  const check = async (): Promise<void> => {
    const birth = asks.birthDate ? birthDateOf(typed, dayOf(new Date(nowMs()).toISOString(), clinic.timeZone)) : null
    const code = typed.code.replace(/\D/g, '')
    const found = [
      ...(birth && 'say' in birth ? [birth] : []),
      ...(codeForm.test(code) ? [] : [{ id: 'code', say: (words: PatientMessages) => words.proof.codeForm }]),
    ]
    if (found.length > 0) return tell(found)
    setChecking(true)
    try {
      const answer = await submitProof({ body: { birthDate: birth && 'date' in birth ? birth.date : null, code } })
      if (answer.outcome === 'proved') return onProved()
      change({ code: '' })
      tell([{ id: asks.birthDate && answer.outcome === 'wrong' ? 'birthMonth' : 'code', say: wordsFor(answer, asks.birthDate, moment) }])
      if (answer.outcome !== 'wrong') setCodeUntil(null)
    } catch (error) {
      const problem = error instanceof ApiError ? error : null
      if (problem && (problem.status === 404 || problem.status === 410)) return onOver(problem)
      tell([{ id: 'code', say: (words) => words.proof.failed }])
    } finally {
      setChecking(false)
    }
  }

  return (
    <ProblemContext value={new Map(shown.map(({ id, message }) => [id, message]))}>
      <div className="space-y-6" data-page="proof">
        <ErrorSummary title={text.problemTitle} problems={shown} round={round} />
        <div className="space-y-2">
          <h1 ref={heading} tabIndex={-1}>
            {t.title}
          </h1>
          <p>{asks.birthDate ? t.leadBirth : t.lead}</p>
        </div>
        {proof.pausedUntil ? (
          <Notice tone="needs-someone">
            <p>{t.paused(moment(proof.pausedUntil))}</p>
          </Notice>
        ) : null}
        <div className="space-y-3">
          {to.length === 0 ? <p>{t.noAddress}</p> : null}
          {to.map(({ channel, masked }) => (
            <button key={channel} type="button" className="button w-full sm:w-auto" onClick={() => void ask(channel)}>
              {channel === 'sms' ? t.sms(masked) : t.mail(masked)}
            </button>
          ))}
          <p aria-live="polite">{codeUntil ? t.sent(time(codeUntil)) : ''}</p>
        </div>
        <form
          noValidate
          className="space-y-6"
          onSubmit={(event: FormEvent) => {
            event.preventDefault()
            void alone(check)
          }}
        >
          {asks.birthDate ? <BirthDateFields label={t.birthDate} values={typed} onChange={change} complete /> : null}
          <TextField
            id="code"
            label={t.code}
            hint={t.codeHint}
            className="max-w-48"
            inputMode="numeric"
            autoComplete="one-time-code"
            maxLength={20}
            value={typed.code}
            onChange={(code) => change({ code })}
          />
          <button type="submit" className="button button-main w-full sm:w-auto" aria-disabled={checking}>
            {checking ? t.checking : text.continue}
          </button>
        </form>
        {to.length === 0 ? null : <p className="text-quiet">{t.desk}</p>}
        <p className="text-quiet">{text.more.expires(visitTime(proof.expiresAt, clinic.timeZone, text.tag))}</p>
      </div>
    </ProblemContext>
  )
}

function wordsFor({ outcome, triesLeft, pausedUntil }: ProofResult, withBirthDate: boolean, moment: (iso: string) => string): Say {
  if (outcome === 'ended') return ({ proof }) => proof.ended
  if (outcome === 'paused') return ({ proof }) => (pausedUntil ? proof.paused(moment(pausedUntil)) : proof.pausedSend)
  return ({ proof }) => `${withBirthDate ? proof.wrong : proof.wrongCode} ${proof.left(triesLeft)}`
}
