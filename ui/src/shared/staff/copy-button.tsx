import { Check, Copy } from 'lucide-react'
import { useEffect, useState } from 'react'

/** Copies a text and says so; says too when the browser does not let it. */
export function CopyButton({ text, label, done, failed, main = false }: { text: string; label: string; done: string; failed: string; main?: boolean }) {
  const [state, setState] = useState<'idle' | 'done' | 'failed'>('idle')
  useEffect(() => {
    if (state !== 'done') return
    const timer = setTimeout(() => setState('idle'), 3_000)
    return () => clearTimeout(timer)
  }, [state])
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text)
      setState('done')
    } catch {
      setState('failed')
    }
  }
  const Icon = state === 'done' ? Check : Copy
  return (
    <>
      <button type="button" className={`button ${main ? 'button-main' : ''}`} onClick={() => void copy()}>
        <Icon aria-hidden="true" className="size-4" />
        {state === 'done' ? done : label}
      </button>
      <span role="status" className={state === 'failed' ? 'text-quiet' : 'sr-only'}>
        {state === 'done' ? done : state === 'failed' ? failed : ''}
      </span>
    </>
  )
}
