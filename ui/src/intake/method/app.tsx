import type { LanguageTag } from '@heliox/core/kit'
import { fill } from '@heliox/core/messages'
import { type FormEvent, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { ApiError, type IntakeView, leaveMethod, openIntake } from '../../client.gen.ts'
import { applyBrand } from '../../shared/brand.ts'
import { ErrorSummary } from '../../shared/error-summary.tsx'
import { ProblemContext } from '../../shared/fields.tsx'
import { TextContext, useText, type Words } from '../../shared/messages/index.ts'
import { dayOf, nowMs } from '../../shared/time.ts'
import { FormContext } from '../context.ts'
import { emptyDraft } from '../draft.ts'
import { Frame } from '../frame.tsx'
import { useLanguage, withLanguage } from '../language.ts'
import { CardFrame } from '../pages/card.tsx'
import { ProblemPage } from '../problem-page.tsx'
import { toProof } from '../proof/to-proof.ts'
import { usePageHeading } from '../step-page.tsx'
import { type ReadyFields, takeMethod } from '../stripe.ts'

/** The status page of this link, under the same token: it says what becomes of what was left, and whether one is asked for. */
const statusUrl = (language: LanguageTag): string =>
  withLanguage(new URL(window.location.pathname.replace(/^\/method\//, '/status/'), window.location.origin).href, language)
const toStatus = (language: LanguageTag): void => window.location.replace(statusUrl(language))

/** Another card or account, because the clinic asked. Nothing of it is kept in this page. */
export function MethodApp({ first }: { first: Words }) {
  const { language, setLanguage, offer, text } = useLanguage(first)
  const [loaded, setLoaded] = useState<{ is: 'loading' } | { is: 'problem'; error: ApiError } | { is: 'open'; intake: IntakeView }>({ is: 'loading' })
  const load = useCallback(async () => {
    setLoaded({ is: 'loading' })
    try {
      const intake = await openIntake()
      applyBrand(intake.clinic.brandColour)
      offer(intake.clinic.languages)
      setLoaded({ is: 'open', intake })
    } catch (error) {
      if (toProof(error)) return
      setLoaded({ is: 'problem', error: error instanceof ApiError ? error : new ApiError({ code: 'unreadable', message: String(error), status: 500 }) })
    }
  }, [offer])
  useEffect(() => void load(), [load])
  return (
    <TextContext value={text}>
      <Frame clinic={loaded.is === 'open' ? loaded.intake.clinic : null} language={language} onLanguage={setLanguage}>
        {loaded.is === 'loading' ? (
          <div role="status" className="min-h-[60vh]">
            <h1>{text.loading}</h1>
          </div>
        ) : loaded.is === 'problem' ? (
          <ProblemPage error={loaded.error} onAgain={() => void load()} />
        ) : (
          <MethodForm intake={loaded.intake} language={language} />
        )}
      </Frame>
    </TextContext>
  )
}

/** Nobody asks, or what was left arrived by an earlier try: the status page says so. */
const overCodes = ['method-not-asked', 'payment-conflict', 'visit-off', 'too-many-methods']

function MethodForm({ intake, language }: { intake: IntakeView; language: LanguageTag }) {
  const text = useText()
  const { clinic } = intake
  const title = fill('page.leave-method', language)
  const ready = useRef<ReadyFields | null>(null)
  const onReady = useCallback((now: ReadyFields | null) => {
    ready.current = now
  }, [])
  // One id and one token for all tries of this page: a first try whose answer was lost counts once.
  const methodId = useRef(crypto.randomUUID())
  const tokenId = useRef<string | null>(null)
  const busy = useRef(false)
  const [sending, setSending] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const [round, setRound] = useState(0)
  const heading = usePageHeading(title, clinic.name, problem !== null)
  const form = useMemo(
    () => ({
      ...{ intake, draft: emptyDraft(intake.intakeId), place: { step: 'card' as const, fromCheck: false }, language },
      // "Go on without": what is on file stays, and nothing was left.
      patch: () => toStatus(language),
      go: () => undefined,
      today: dayOf(new Date(nowMs()).toISOString(), clinic.timeZone),
      clear: () => undefined,
      sending: () => undefined,
      reload: () => undefined,
      refresh: async () => null,
    }),
    [intake, clinic, language],
  )
  const tell = (words: string): void => {
    setProblem(words)
    setRound((n) => n + 1)
  }
  const send = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    if (busy.current) return
    if (!ready.current) return tell(text.wrong.card)
    busy.current = true
    setSending(true)
    try {
      if (tokenId.current === null) {
        const taken = await takeMethod(ready.current)
        if ('refused' in taken) return tell(taken.refused ?? text.card.failed)
        tokenId.current = taken.kept.tokenId
      }
      await leaveMethod({ body: { methodId: methodId.current, confirmationTokenId: tokenId.current } })
      toStatus(language)
    } catch (error) {
      if (error instanceof ApiError && overCodes.includes(error.code)) toStatus(language)
      else tell(fill('other-method.failed', language, { clinic: clinic.name, phone: clinic.phone }))
    } finally {
      busy.current = false
      setSending(false)
    }
  }
  const shown = problem === null ? [] : [{ id: 'card-form', message: problem }]
  return (
    <FormContext value={form}>
      <ProblemContext value={new Map(shown.map(({ id, message }) => [id, message]))}>
        <div className="space-y-6" data-page="method">
          <ErrorSummary title={text.problemTitle} problems={shown} round={round} />
          <div className="space-y-2">
            <h1 ref={heading} tabIndex={-1}>
              {title}
            </h1>
            <p>{fill('other-method.asked.meaning', language)}</p>
          </div>
          {intake.card === null ? (
            <p>{text.card.unavailable}</p>
          ) : (
            <form noValidate onSubmit={(event) => void send(event)} className="space-y-6">
              <p className="text-quiet">{text.card.secure}</p>
              <CardFrame onReady={onReady} />
              <button type="submit" className="button button-main w-full sm:w-auto" aria-disabled={sending}>
                {text.card.save}
              </button>
            </form>
          )}
          <p>
            <a className="inline-block min-h-[24px]" href={statusUrl(language)}>
              {text.problem.sentLink}
            </a>
          </p>
        </div>
      </ProblemContext>
    </FormContext>
  )
}
