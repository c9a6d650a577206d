import { useCallback, useEffect, useState } from 'react'
import { ApiError, type CorrectionView, openCorrection, openIntake } from '../../client.gen.ts'
import { applyBrand } from '../../shared/brand.ts'
import { TextContext, useText, type Words } from '../../shared/messages/index.ts'
import { Frame } from '../frame.tsx'
import { useLanguage, withLanguage } from '../language.ts'
import { ProblemPage } from '../problem-page.tsx'
import { toProof } from '../proof/to-proof.ts'
import { usePageHeading } from '../step-page.tsx'
import { CorrectionForm } from './form.tsx'

type Loaded =
  | { is: 'loading' }
  | { is: 'problem'; error: ApiError }
  | { is: 'open'; view: CorrectionView }
  | { is: 'over'; why: 'sent' | 'closed' | 'tooMany'; statusUrl: string }

/** The status page of this link stands beside the form, under the same token. */
const statusPath = (): string => window.location.pathname.replace(/^\/correct\//, '/status/')

/** Asks what is to be put right, and then shows the form for it, the status page, or why neither. */
export function CorrectionApp({ first }: { first: Words }) {
  const { language, setLanguage, offer, text } = useLanguage(first)
  const [loaded, setLoaded] = useState<Loaded>({ is: 'loading' })
  const [clinic, setClinic] = useState<CorrectionView['clinic'] | null>(null)
  const known = useCallback(
    (of: CorrectionView['clinic']) => {
      applyBrand(of.brandColour)
      offer(of.languages)
      setClinic(of)
    },
    [offer],
  )

  const over = useCallback((error: ApiError) => {
    if (toProof(error)) return
    if (error.code === 'too-many-corrections') return setLoaded({ is: 'over', why: 'tooMany', statusUrl: statusPath() })
    // An earlier try of this page arrived, or somebody else put it right: either way nothing is asked any more.
    if (error.code === 'correction-closed' || error.code === 'idempotency-conflict') return setLoaded({ is: 'over', why: 'closed', statusUrl: statusPath() })
    setLoaded({ is: 'problem', error })
  }, [])
  const load = useCallback(async () => {
    setLoaded({ is: 'loading' })
    try {
      const view = await openCorrection()
      known(view.clinic)
      setLoaded({ is: 'open', view })
    } catch (error) {
      const refused = error instanceof ApiError ? error : new ApiError({ code: 'unreadable', message: String(error), status: 500 })
      over(refused)
      // "Nothing is asked" names no clinic, and the page says whom to call.
      if (refused.status === 409)
        await openIntake().then(
          ({ clinic: of }) => known(of),
          () => undefined,
        )
    }
  }, [over, known])
  useEffect(() => void load(), [load])

  return (
    <TextContext value={text}>
      <Frame clinic={clinic} language={language} onLanguage={setLanguage}>
        {loaded.is === 'loading' ? (
          <div role="status" className="min-h-[60vh]">
            <h1>{text.loading}</h1>
          </div>
        ) : loaded.is === 'problem' ? (
          <ProblemPage error={loaded.error} onAgain={() => void load()} />
        ) : loaded.is === 'over' ? (
          <Over why={loaded.why} statusUrl={withLanguage(loaded.statusUrl, language)} clinicName={clinic?.name ?? ''} />
        ) : (
          <CorrectionForm
            view={loaded.view}
            onOver={over}
            onSent={(statusUrl) => {
              setLoaded({ is: 'over', why: 'sent', statusUrl })
              window.location.replace(withLanguage(statusUrl, language))
            }}
          />
        )}
      </Frame>
    </TextContext>
  )
}

/** On the way to the status page, or in place of a form that asks for nothing. */
function Over({ why, statusUrl, clinicName }: { why: 'sent' | 'closed' | 'tooMany'; statusUrl: string; clinicName: string }) {
  const text = useText()
  const t = text.correction
  const title = t[`${why}Title`]
  const heading = usePageHeading(title, clinicName || 'Heliox')
  return (
    <div className="space-y-4">
      <h1 ref={heading} tabIndex={-1}>
        {title}
      </h1>
      <p>{t[`${why}Text`]}</p>
      <a className="button button-main" href={statusUrl}>
        {text.problem.sentLink}
      </a>
    </div>
  )
}
