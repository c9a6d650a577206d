import { CircleCheck } from 'lucide-react'
import { useCallback, useEffect, useRef, useState } from 'react'
import { ProblemText } from '../../shared/fields.tsx'
import { useText } from '../../shared/messages/index.ts'
import { Notice } from '../../shared/state-chip.tsx'
import { useForm } from '../context.ts'
import { keptWords } from '../kept-words.ts'
import { StepPage } from '../step-page.tsx'
import { elementsFor, loadStripe, type ReadyFields, type StripeElement, takeMethod } from '../stripe.ts'
import { cardIsWanted } from '../validate.ts'

/** The card or bank account on file: given into the payment company's frame, of which this page gets a token and nothing else. */
export function CardPage() {
  const form = useForm()
  const { intake, draft, patch, go } = form
  const text = useText()
  const t = text.card
  const ready = useRef<ReadyFields | null>(null)
  const [saving, setSaving] = useState(false)
  const [failed, setFailed] = useState(false)
  const onReady = useCallback((now: ReadyFields | null) => {
    ready.current = now
  }, [])
  const wanted = cardIsWanted(form)

  if (!wanted || draft.card) {
    return (
      <StepPage step="card" title={t.title}>
        {draft.card && wanted ? (
          <div className="panel space-y-2 p-4">
            <p className="inline-flex items-center gap-2 text-confirmed">
              <CircleCheck aria-hidden="true" className="size-[1.2em]" />
              {keptWords(text, draft.card)}
            </p>
            <p>{t.keptText}</p>
            <button type="button" className="link-button" onClick={() => patch({ card: null })}>
              {t.other}
            </button>
          </div>
        ) : intake.card === null ? (
          <p>{t.unavailable}</p>
        ) : (
          <div className="panel space-y-2 p-4">
            <h2>{t.declinedTitle}</h2>
            <p>{t.declinedText}</p>
            <button type="button" className="link-button" onClick={() => go('consents')}>
              {t.changeMind}
            </button>
          </div>
        )}
      </StepPage>
    )
  }

  const takeToken = async () => {
    const problem = { id: 'card-form', say: () => t.failed }
    if (!ready.current) return draft.cardSkipped ? ('ok' as const) : { id: 'card-form', say: (words: typeof text) => words.wrong.card }
    setSaving(true)
    try {
      const taken = await takeMethod(ready.current)
      if ('refused' in taken) return { ...problem, say: () => taken.refused ?? t.failed }
      patch({ card: taken.kept, cardSkipped: false })
      return 'ok' as const
    } catch {
      // The partner's script failed in a way it does not document: the patient can try again or go on without.
      return problem
    } finally {
      setSaving(false)
    }
  }
  return (
    <StepPage
      step="card"
      title={t.title}
      lead={t.lead}
      before={takeToken}
      busy={saving}
      continueLabel={draft.cardSkipped ? text.continue : failed ? null : t.save}
    >
      <p className="text-quiet">{t.secure}</p>
      {draft.cardSkipped ? (
        <div className="panel space-y-2 p-4">
          <h2>{t.declinedTitle}</h2>
          <p>{t.declinedText}</p>
          <button type="button" className="link-button" onClick={() => patch({ cardSkipped: false })}>
            {t.changeMind}
          </button>
        </div>
      ) : (
        <CardFrame onReady={onReady} onFailed={setFailed} />
      )}
    </StepPage>
  )
}

const readyTimeoutMs = 20_000

/** `onFailed`: there are no fields, and what it says instead is all that there is to do. */
export function CardFrame({ onReady, onFailed }: { onReady(ready: ReadyFields | null): void; onFailed(failed: boolean): void }) {
  const { intake, patch, language } = useForm()
  const text = useText()
  const t = text.card
  const box = useRef<HTMLDivElement>(null)
  const [state, setState] = useState<'loading' | 'ready' | 'failed'>('loading')
  const [round, setRound] = useState(0)
  const { scriptUrl = '', publishableKey = '', bankAccounts = false, currency = '' } = intake.card ?? {}

  // The language is read once: to swap it would throw away what is typed in the frame.
  // See above; `round` starts a new try.
  useEffect(() => {
    let gone = false
    let element: StripeElement | undefined
    const failed = (): void => {
      if (gone) return
      setState('failed')
      onFailed(true)
      onReady(null)
    }
    // A frame that its server never answers tells nobody: after a while that counts as failed.
    const timer = setTimeout(failed, readyTimeoutMs)
    setState('loading')
    onFailed(false)
    loadStripe(scriptUrl, publishableKey, language)
      .then((stripe) => {
        if (gone || !box.current) return
        const dark = window.matchMedia('(prefers-color-scheme: dark)').matches
        const elements = stripe.elements(elementsFor({ bankAccounts, currency }, dark))
        element = elements.create('payment')
        element.on('loaderror', failed)
        element.on('ready', () => {
          clearTimeout(timer)
          if (gone) return
          setState('ready')
          onReady({ stripe, elements })
        })
        element.mount(box.current)
      })
      .catch(failed)
    return () => {
      gone = true
      clearTimeout(timer)
      onReady(null)
      element?.destroy()
    }
  }, [scriptUrl, publishableKey, bankAccounts, currency, round, onReady, onFailed])

  return (
    <div className="space-y-3">
      <ProblemText id="card-form" />
      {/* As tall as the frame will be: the button below must not move away from a finger. */}
      <div id="card-form" data-state={state} tabIndex={-1} ref={box} className={state === 'failed' ? 'hidden' : bankAccounts ? 'min-h-96' : 'min-h-60'} />
      <p role="status" className={state === 'loading' ? 'text-quiet' : 'sr-only'}>
        {state === 'loading' ? t.loading : ''}
      </p>
      {state === 'failed' ? (
        <Notice tone="failed" alert>
          <p>{t.loadFailed}</p>
          <div className="mt-2 flex flex-wrap gap-3">
            <button type="button" className="button" onClick={() => setRound((n) => n + 1)}>
              {text.tryAgain}
            </button>
            <button type="button" className="button" onClick={() => patch({ cardSkipped: true })}>
              {t.without}
            </button>
          </div>
        </Notice>
      ) : null}
    </div>
  )
}
