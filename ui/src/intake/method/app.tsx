import type { LanguageTag } from '@heliox/core/kit'
import { fill } from '@heliox/core/messages'
import { type FormEvent, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { ApiError, type IntakeView, leaveMethod, openIntake } from '../../client.gen.ts'
import { applyBrand } from '../../shared/brand.ts'
import { ErrorSummary } from '../../shared/error-summary.tsx'
import { CheckField, ProblemContext } from '../../shared/fields.tsx'
import { TextContext, useText, type Words } from '../../shared/messages/index.ts'
import { dayOf, nowMs } from '../../shared/time.ts'
import { ConsentWords } from '../consent-words.tsx'
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
          <MethodForm intake={loaded.intake} language={language} onRead={(intake) => setLoaded({ is: 'open', intake })} />
        )}
      </Frame>
    </TextContext>
  )
}

/** Nobody asks, or what was left arrived by an earlier try: the status page says so. */
const overCodes = ['method-not-asked', 'payment-conflict', 'visit-off', 'too-many-methods']

const tickId = 'authorisation'
/** The api's word about the tick: the clinic published another text while this page stood open. */
const isAboutText = (error: unknown): boolean =>
  error instanceof ApiError && error.code === 'invalid' && (error.fields ?? []).some(({ path }) => path.split('.')[0] === 'authorisation')

function MethodForm({ intake, language, onRead }: { intake: IntakeView; language: LanguageTag; onRead(intake: IntakeView): void }) {
  const text = useText()
  const authorisation = intake.consentTexts[language].find(({ kind }) => kind === 'card-authorisation')
  // The tick is of the very words on the screen: in another language, or once they changed, it is ticked anew.
  const [tickedSha256, setTickedSha256] = useState<string | null>(null)
  const takesCards = intake.card !== null && authorisation !== undefined
  const isTicked = authorisation !== undefined && tickedSha256 === authorisation.sha256
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
  const [failed, setFailed] = useState(false)
  const [problems, setProblems] = useState<readonly { id: string; message: string }[]>([])
  const [round, setRound] = useState(0)
  const heading = usePageHeading(title, clinic.name, problems.length > 0)
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
  const tell = (message: string, id = 'card-form'): void => tellAll([{ id, message }])
  const tellAll = (all: typeof problems): void => {
    setProblems(all)
    setRound((n) => n + 1)
  }
  const send = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    if (busy.current || !authorisation) return
    const missing = [
      ...(ready.current || tokenId.current !== null ? [] : [{ id: 'card-form', message: text.wrong.card }]),
      ...(isTicked ? [] : [{ id: tickId, message: text.wrong.consent(authorisation.title) }]),
    ]
    if (missing.length > 0) return tellAll(missing)
    busy.current = true
    setSending(true)
    try {
      if (tokenId.current === null && ready.current) {
        const taken = await takeMethod(ready.current)
        if ('refused' in taken) return tell(taken.refused ?? text.card.failed)
        tokenId.current = taken.kept.tokenId
      }
      if (tokenId.current === null) return
      const { id: textId, sha256: textSha256 } = authorisation
      const shown = { textId, textSha256, granted: true as const }
      await leaveMethod({ body: { methodId: methodId.current, confirmationTokenId: tokenId.current, authorisation: shown } })
      toStatus(language)
    } catch (error) {
      if (error instanceof ApiError && overCodes.includes(error.code)) toStatus(language)
      else if (isAboutText(error)) {
        setTickedSha256(null)
        tell(text.wrong.consentsChanged, tickId)
        // Where it cannot be read now, the next try says the same.
        await openIntake().then(onRead, () => undefined)
      } else tell(fill('other-method.failed', language, { clinic: clinic.name, phone: clinic.phone }))
    } finally {
      busy.current = false
      setSending(false)
    }
  }
  return (
    <FormContext value={form}>
      <ProblemContext value={new Map(problems.map(({ id, message }) => [id, message]))}>
        <div className="space-y-6" data-page="method">
          <ErrorSummary title={text.problemTitle} problems={problems} round={round} />
          <div className="space-y-2">
            <h1 ref={heading} tabIndex={-1}>
              {title}
            </h1>
            {takesCards ? <p>{fill('other-method.asked.meaning', language)}</p> : null}
          </div>
          {!takesCards ? (
            <p>{text.card.unavailable}</p>
          ) : (
            <form noValidate onSubmit={(event) => void send(event)} className="space-y-6">
              <p className="text-quiet">{text.card.secure}</p>
              <CardFrame onReady={onReady} onFailed={setFailed} />
              {failed ? null : (
                <>
                  <section aria-labelledby={`${tickId}-title`} className="panel space-y-3 p-4">
                    <ConsentWords id={`${tickId}-title`} consent={authorisation} code={intake.accessCode} needed open />
                    <p>{fill('other-method.authorise', language, { clinic: clinic.name })}</p>
                    <CheckField
                      id={tickId}
                      label={
                        <>
                          {text.consents.agree}
                          <span className="sr-only">: {authorisation.title}</span>
                        </>
                      }
                      checked={isTicked}
                      onChange={(ticked) => setTickedSha256(ticked ? authorisation.sha256 : null)}
                    />
                  </section>
                  <button type="submit" className="button button-main w-full sm:w-auto" aria-disabled={sending}>
                    {text.card.save}
                  </button>
                </>
              )}
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
