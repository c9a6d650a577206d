import type { LanguageTag } from '@heliox/core/kit'
import { lazy, type ReactNode, Suspense, useEffect, useMemo, useState } from 'react'
import type { IntakeView } from '../client.gen.ts'
import { useText } from '../shared/messages/index.ts'
import { dayOf, nowMs } from '../shared/time.ts'
import { FormContext } from './context.ts'
import { laterPages } from './later.ts'
import { LaterBoundary } from './later-boundary.tsx'
import { AboutPage } from './pages/about.tsx'
import { AddressPage } from './pages/address.tsx'
import { CardPage } from './pages/card.tsx'
import { CheckPage } from './pages/check.tsx'
import { ConsentsPage } from './pages/consents.tsx'
import { ContactPage } from './pages/contact.tsx'
import { GuardianPage } from './pages/guardian.tsx'
import { InsurancePage } from './pages/insurance.tsx'
import { PersonPage } from './pages/person.tsx'
import { PhotoPage } from './pages/photo.tsx'
import { SecondPage } from './pages/second.tsx'
import { SignPage } from './pages/sign.tsx'
import { StartPage } from './pages/start.tsx'
import { SavingLine } from './saving-line.tsx'
import { hashOf, isFormStep, type Place, placeOf, stepsFor } from './steps.ts'
import { useDraft } from './use-draft.ts'

const OwnFormPage = lazy(async () => ({ default: (await laterPages.own()).OwnFormPage }))
const PreviousPage = lazy(async () => ({ default: (await laterPages.previous()).PreviousPage }))
const ConflictPage = lazy(async () => ({ default: (await laterPages.conflict()).ConflictPage }))

function usePlace(): Place {
  const [place, setPlace] = useState(() => placeOf(window.location.hash))
  useEffect(() => {
    const moved = (): void => setPlace(placeOf(window.location.hash))
    window.addEventListener('hashchange', moved)
    return () => window.removeEventListener('hashchange', moved)
  }, [])
  return place
}

/** The form itself: one page at a time over one draft. */
export function IntakeForm({
  intake,
  language,
  reload,
  refresh,
  onSent,
}: {
  intake: IntakeView
  language: LanguageTag
  reload(edited?: boolean): void
  refresh(): Promise<IntakeView | null>
  onSent(statusUrl: string): void
}) {
  const today = dayOf(new Date(nowMs()).toISOString(), intake.clinic.timeZone)
  const { draft, patch, conflict, settle, saving, autosave, clear } = useDraft(intake, today, language, () => reload())
  const asked = usePlace()
  // A page that this patient is not asked (an old address, another answer since) is the list of tasks.
  const known = asked.step === 'start' || stepsFor({ draft, intake, today }).includes(asked.step)
  const place = useMemo<Place>(() => (known ? asked : { step: 'start', fromCheck: false }), [known, asked])
  const form = useMemo(
    () => ({
      intake,
      draft,
      patch,
      place,
      language,
      reload,
      refresh,
      today,
      go: (step: Place['step'], fromCheck = false) => {
        window.location.hash = hashOf(step, fromCheck)
        void autosave.flush()
      },
      clear: () => {
        void clear()
        window.location.hash = hashOf('start')
      },
      sending: (on: boolean) => (on ? autosave.pause() : autosave.resume()),
    }),
    [intake, draft, patch, place, language, reload, refresh, today, autosave, clear],
  )
  return (
    <FormContext value={form}>
      <LaterBoundary>
        <Suspense fallback={<Waiting />}>
          {conflict ? (
            <ConflictPage draft={draft} theirs={conflict} clinic={intake.clinic} settle={settle} />
          ) : (
            <>
              {/* The address changes a moment before the page does: this says which page stands there. */}
              <div data-step={place.step}>{pageOf(place, intake, onSent)}</div>
              <SavingLine saving={saving} timeZone={intake.clinic.timeZone} language={language} />
            </>
          )}
        </Suspense>
      </LaterBoundary>
    </FormContext>
  )
}

function Waiting() {
  return (
    <p role="status" className="min-h-[60vh]">
      {useText().loading}
    </p>
  )
}

function pageOf({ step }: Place, intake: IntakeView, onSent: (statusUrl: string) => void): ReactNode {
  if (isFormStep(step)) {
    const own = intake.forms.find(({ id }) => step === `form-${id}`)
    return own ? <OwnFormPage key={step} form={own} /> : null
  }
  switch (step) {
    case 'start':
      return <StartPage />
    case 'previous':
      return <PreviousPage />
    case 'about':
      return <AboutPage />
    case 'guardian':
      return <GuardianPage />
    case 'person':
      return <PersonPage />
    case 'contact':
      return <ContactPage />
    case 'address':
      return <AddressPage />
    case 'insurance':
      return <InsurancePage />
    case 'second':
      return <SecondPage />
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
