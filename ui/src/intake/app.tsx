import type { LanguageTag } from '@heliox/core/kit'
import { type ReactNode, useCallback, useEffect, useMemo, useState } from 'react'
import { ApiError, type IntakeView, openIntake } from '../client.gen.ts'
import { applyBrand } from '../shared/brand.ts'
import { withAccounts } from '../shared/messages/account-words.ts'
import { TextContext, type Words } from '../shared/messages/index.ts'
import { dayOf, nowMs } from '../shared/time.ts'
import { FormContext } from './context.ts'
import { clearDraft, type Draft, type DraftPatch, emptyDraft, loadDraft, patched, saveDraft, tabStorage } from './draft.ts'
import { Frame } from './frame.tsx'
import { useLanguage, withLanguage } from './language.ts'
import { AboutPage } from './pages/about.tsx'
import { AddressPage } from './pages/address.tsx'
import { CardPage } from './pages/card.tsx'
import { CheckPage } from './pages/check.tsx'
import { ConsentsPage } from './pages/consents.tsx'
import { ContactPage } from './pages/contact.tsx'
import { InsurancePage } from './pages/insurance.tsx'
import { PhotoPage } from './pages/photo.tsx'
import { SignPage } from './pages/sign.tsx'
import { StartPage } from './pages/start.tsx'
import { AlreadySent, ProblemPage } from './problem-page.tsx'
import { hashOf, type Place, placeOf } from './steps.ts'

type Loaded =
  | { is: 'loading' }
  | { is: 'problem'; error: ApiError }
  | { is: 'open'; intake: IntakeView }
  | { is: 'sent'; statusUrl: string; intake: IntakeView; edited?: boolean }

/** Asks what this link is for, and then shows the form, the status page, or why neither. */
export function IntakeApp({ first }: { first: Words }) {
  const { language, setLanguage, offer, text: plain } = useLanguage(first)
  const [loaded, setLoaded] = useState<Loaded>({ is: 'loading' })

  const load = useCallback(
    async (edited = false) => {
      setLoaded({ is: 'loading' })
      try {
        const intake = await openIntake()
        applyBrand(intake.clinic.brandColour)
        offer(intake.clinic.languages)
        // Nothing is to be filled in for a visit that was called off; the status page says so.
        if (intake.visit.status === 'cancelled') return window.location.replace(withLanguage(intake.statusUrl, document.documentElement.lang))
        if (intake.status !== 'submitted') return setLoaded({ is: 'open', intake })
        clearDraft(tabStorage())
        setLoaded({ is: 'sent', statusUrl: intake.statusUrl, intake, edited })
        // What was changed too late has to be read before the status page.
        if (edited) return
        window.location.replace(withLanguage(intake.statusUrl, document.documentElement.lang))
      } catch (error) {
        setLoaded({ is: 'problem', error: error instanceof ApiError ? error : new ApiError({ code: 'unreadable', message: String(error), status: 500 }) })
      }
    },
    [offer],
  )
  useEffect(() => void load(), [load])
  const refresh = useCallback(async () => {
    const intake = await openIntake()
    setLoaded((now) => (now.is === 'open' && intake.status !== 'submitted' ? { is: 'open', intake } : now))
  }, [])

  const text = useMemo(() => ('intake' in loaded && loaded.intake.card?.bankAccounts ? withAccounts(plain) : plain), [loaded, plain])
  const clinic = 'intake' in loaded ? loaded.intake.clinic : null
  return (
    <TextContext value={text}>
      <Frame clinic={clinic} language={language} onLanguage={setLanguage}>
        {loaded.is === 'loading' ? (
          <div role="status" className="min-h-[60vh]">
            <h1>{text.loading}</h1>
          </div>
        ) : loaded.is === 'problem' ? (
          <ProblemPage error={loaded.error} onAgain={() => void load()} />
        ) : loaded.is === 'sent' ? (
          <AlreadySent statusUrl={withLanguage(loaded.statusUrl, language)} edited={loaded.edited === true} />
        ) : (
          <Form
            key={loaded.intake.intakeId}
            intake={loaded.intake}
            language={language}
            reload={(edited) => void load(edited)}
            refresh={refresh}
            onSent={(statusUrl) => {
              clearDraft(tabStorage())
              setLoaded({ is: 'sent', statusUrl, intake: loaded.intake })
              window.location.replace(withLanguage(statusUrl, language))
            }}
          />
        )}
      </Frame>
    </TextContext>
  )
}

function usePlace(): Place {
  const [place, setPlace] = useState(() => placeOf(window.location.hash))
  useEffect(() => {
    const moved = (): void => setPlace(placeOf(window.location.hash))
    window.addEventListener('hashchange', moved)
    return () => window.removeEventListener('hashchange', moved)
  }, [])
  return place
}

function Form({
  intake,
  language,
  reload,
  refresh,
  onSent,
}: {
  intake: IntakeView
  language: LanguageTag
  reload(edited?: boolean): void
  refresh(): Promise<void>
  onSent(statusUrl: string): void
}) {
  const [draft, setDraft] = useState<Draft>(() => loadDraft(tabStorage(), intake.intakeId, nowMs()))
  const place = usePlace()
  const patch = useCallback((change: DraftPatch) => setDraft((now) => patched(now, change)), [])
  useEffect(() => {
    saveDraft(tabStorage(), draft, nowMs())
  }, [draft])
  const form = useMemo(
    () => ({
      intake,
      draft,
      patch,
      place,
      language,
      reload,
      refresh,
      today: dayOf(new Date(nowMs()).toISOString(), intake.clinic.timeZone),
      go: (step: Place['step'], fromCheck = false) => {
        window.location.hash = hashOf(step, fromCheck)
      },
      clear: () => {
        clearDraft(tabStorage())
        setDraft(emptyDraft(intake.intakeId))
        window.location.hash = hashOf('start')
      },
    }),
    [intake, draft, patch, place, language, reload, refresh],
  )
  return (
    <FormContext value={form}>
      {/* The address changes a moment before the page does: this says which page stands there. */}
      <div data-step={place.step}>{pageOf(place, onSent)}</div>
    </FormContext>
  )
}

function pageOf({ step }: Place, onSent: (statusUrl: string) => void): ReactNode {
  switch (step) {
    case 'start':
      return <StartPage />
    case 'about':
      return <AboutPage />
    case 'contact':
      return <ContactPage />
    case 'address':
      return <AddressPage />
    case 'insurance':
      return <InsurancePage />
    case 'card-front':
    case 'card-back':
      return <PhotoPage key={step} kind={step} />
    case 'consents':
      return <ConsentsPage />
    case 'sign':
      return <SignPage />
    case 'card':
      return <CardPage />
    case 'check':
      return <CheckPage onSent={onSent} />
  }
}
