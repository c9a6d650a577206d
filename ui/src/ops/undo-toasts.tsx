import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Undo2, X } from 'lucide-react'
import { createContext, type ReactNode, use, useCallback, useEffect, useRef, useState } from 'react'
import { ApiError, undoDecision } from '../client.gen.ts'
import { opsWords } from '../shared/messages/ops-words.ts'
import { wordsFor } from '../shared/staff/problem.tsx'
import { useKeys } from '../shared/staff/use-keys.ts'
import { useNow } from '../shared/staff/use-now.ts'

const t = opsWords.toast
/** How long a message stays that asks for nothing. */
const readMs = 8_000
const toastsMax = 4

interface Toast {
  decisionId: string
  overrideId: string
  /** What was decided, about which item. */
  words: string
  /** Until when it may be undone; null: it may not. */
  undoUntil: string | null
}

const ToastContext = createContext<((toast: Toast) => void) | null>(null)
/** Says what was just decided, wherever in operations the person goes next, with its undo for as long as there is one. */
export function useTellDecision(): (toast: Toast) => void {
  const tell = use(ToastContext)
  if (!tell) throw new Error('a page of operations outside its frame')
  return tell
}

export function ToastProvider({ children }: { children: ReactNode }) {
  const [toasts, setToasts] = useState<readonly Toast[]>([])
  const tell = useCallback(
    (toast: Toast) => setToasts((now) => [...now.filter(({ decisionId }) => decisionId !== toast.decisionId), toast].slice(-toastsMax)),
    [],
  )
  const hide = useCallback((decisionId: string) => setToasts((now) => now.filter((toast) => toast.decisionId !== decisionId)), [])
  return (
    <ToastContext value={tell}>
      {children}
      {/* Always there, so that a screen reader hears what comes into it. */}
      <section aria-label={t.region} className="pointer-events-none fixed inset-x-2 bottom-2 z-30 mx-auto max-w-[36rem] space-y-2">
        {toasts.map((toast, index) => (
          <One key={toast.decisionId} toast={toast} newest={index === toasts.length - 1} onHide={() => hide(toast.decisionId)} />
        ))}
      </section>
    </ToastContext>
  )
}

function One({ toast, newest, onHide }: { toast: Toast; newest: boolean; onHide(): void }) {
  const client = useQueryClient()
  const hide = useRef<HTMLButtonElement>(null)
  const [said, setSaid] = useState('')
  const until = toast.undoUntil ? Date.parse(toast.undoUntil) : 0
  const now = useNow(500, said === '')
  const leftSeconds = Math.max(0, Math.ceil((until - now) / 1000))
  const undo = useMutation({
    mutationFn: () => undoDecision({ params: { decisionId: toast.decisionId } }),
    onSuccess: () => setSaid(t.undone),
    // Carried out a moment before is an answer like any other.
    onError: (error) => setSaid(error instanceof ApiError && error.status === 409 ? t.tooLate : wordsFor(error)),
    onSettled: () => client.invalidateQueries({ queryKey: ['override', toast.overrideId] }),
  })
  // The button goes with the press: the focus stays in the message.
  const press = (): void => {
    hide.current?.focus()
    undo.mutate()
  }
  const may = leftSeconds > 0 && said === '' && !undo.isPending
  useKeys({ u: newest && may ? () => undo.mutate() : undefined })
  // A message with an undo stays as long as the undo, one without as long as it takes to read.
  const over = leftSeconds === 0 && !undo.isPending
  useEffect(() => {
    if (!over) return
    const timer = setTimeout(onHide, readMs)
    return () => clearTimeout(timer)
  }, [over, said, onHide])
  return (
    <div className="panel pointer-events-auto flex items-center gap-3 p-3 shadow-lg">
      <p role="status" className="min-w-0 flex-1 wrap-anywhere">
        {said || toast.words}
      </p>
      {may ? (
        <>
          <span aria-hidden="true" className="flex-none text-quiet">
            {t.left(leftSeconds)}
          </span>
          <button type="button" className="button button-main" aria-label={t.undoOf(toast.words)} onClick={press}>
            <Undo2 aria-hidden="true" className="size-4" />
            {t.undo}
          </button>
        </>
      ) : null}
      <button ref={hide} type="button" className="button border-transparent px-2" aria-label={t.dismiss} onClick={onHide}>
        <X aria-hidden="true" className="size-4" />
      </button>
    </div>
  )
}
