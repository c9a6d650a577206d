import { createContext, type ReactNode, use, useMemo, useRef } from 'react'

/** The queue as it was when a person left it for an item: what is next, what was before, and the filter to come back to. */
interface Triage {
  remember(ids: readonly string[], search: string, at: string): void
  /** The item beside this one in the queue; undefined at its ends and for an item that was opened by its own address. */
  beside(id: string, step: 1 | -1): string | undefined
  /** Address of the queue with its filter. */
  queueHref(): string
  /** The row to be at when the queue opens again. */
  at(): string | undefined
}

const TriageContext = createContext<Triage | null>(null)

export function TriageProvider({ children }: { children: ReactNode }) {
  const kept = useRef<{ ids: readonly string[]; search: string; at: string | undefined }>({ ids: [], search: '', at: undefined })
  const triage = useMemo<Triage>(
    () => ({
      remember: (ids, search, at) => {
        kept.current = { ids, search, at }
      },
      beside: (id, step) => {
        const { ids } = kept.current
        const index = ids.indexOf(id)
        return index < 0 ? undefined : ids[index + step]
      },
      queueHref: () => (kept.current.search ? `/?${kept.current.search}` : '/'),
      at: () => kept.current.at,
    }),
    [],
  )
  return <TriageContext value={triage}>{children}</TriageContext>
}

export function useTriage(): Triage {
  const triage = use(TriageContext)
  if (!triage) throw new Error('a page of operations outside its frame')
  return triage
}
