import { useCallback, useEffect, useMemo, useState } from 'react'
import { ApiError, getProof, type IntakeView, openIntake, type ProofNeeded } from '../client.gen.ts'
import { applyBrand } from '../shared/brand.ts'
import { withAccounts } from '../shared/messages/account-words.ts'
import { TextContext, type Words } from '../shared/messages/index.ts'
import { afterProof } from './after-proof.ts'
import { clearDraft, tabStorage } from './draft.ts'
import { IntakeForm } from './form.tsx'
import { Frame } from './frame.tsx'
import { useLanguage, withLanguage } from './language.ts'
import { fetchLater } from './later.ts'
import { AlreadySent, ProblemPage } from './problem-page.tsx'
import type { ProofPage } from './proof/page.tsx'

type Loaded =
  | { is: 'loading' }
  | { is: 'problem'; error: ApiError }
  | { is: 'proof'; proof: ProofNeeded; Page: typeof ProofPage }
  | { is: 'open'; intake: IntakeView }
  | { is: 'sent'; statusUrl: string; intake: IntakeView; edited?: boolean }

const asError = (error: unknown): ApiError => (error instanceof ApiError ? error : new ApiError({ code: 'unreadable', message: String(error), status: 500 }))

/** Asks what this link is for, and then shows the form, the status page, what proves whose it is, or why none of them. */
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
        if (intake.status !== 'submitted') {
          setLoaded({ is: 'open', intake })
          return void fetchLater()
        }
        clearDraft(tabStorage())
        setLoaded({ is: 'sent', statusUrl: intake.statusUrl, intake, edited })
        // What was changed too late has to be read before the status page.
        if (edited) return
        window.location.replace(withLanguage(afterProof(intake.statusUrl, window.location.search), document.documentElement.lang))
      } catch (error) {
        if (!(error instanceof ApiError) || error.code !== 'proof-needed') return setLoaded({ is: 'problem', error: asError(error) })
        try {
          const [proof, { ProofPage: Page }] = await Promise.all([getProof(), import('./proof/page.tsx')])
          applyBrand(proof.clinic.brandColour)
          offer(proof.clinic.languages)
          setLoaded({ is: 'proof', proof, Page })
        } catch (other) {
          setLoaded({ is: 'problem', error: asError(other) })
        }
      }
    },
    [offer],
  )
  useEffect(() => void load(), [load])
  const refresh = useCallback(async () => {
    const intake = await openIntake()
    if (intake.status === 'submitted') return null
    offer(intake.clinic.languages)
    setLoaded((now) => (now.is === 'open' ? { is: 'open', intake } : now))
    return intake
  }, [offer])

  const text = useMemo(() => ('intake' in loaded && loaded.intake.card?.bankAccounts ? withAccounts(plain) : plain), [loaded, plain])
  const clinic = 'intake' in loaded ? loaded.intake.clinic : loaded.is === 'proof' ? loaded.proof.clinic : null
  return (
    <TextContext value={text}>
      <Frame clinic={clinic} language={language} onLanguage={setLanguage}>
        {loaded.is === 'loading' ? (
          <div role="status" className="min-h-[60vh]">
            <h1>{text.loading}</h1>
          </div>
        ) : loaded.is === 'problem' ? (
          <ProblemPage error={loaded.error} onAgain={() => void load()} />
        ) : loaded.is === 'proof' ? (
          <loaded.Page proof={loaded.proof} onProved={() => void load()} onOver={(error) => setLoaded({ is: 'problem', error })} />
        ) : loaded.is === 'sent' ? (
          <AlreadySent statusUrl={withLanguage(loaded.statusUrl, language)} edited={loaded.edited === true} />
        ) : (
          <IntakeForm
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
