import { type UseQueryResult, useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { Link } from 'wouter'
import { staff } from '../shared/messages/staff.ts'
import { ProblemNotice } from '../shared/staff/problem.tsx'
import { PageTitle } from '../shared/staff/shell.tsx'

/** Not asked again by itself: what is typed stands on what was read. */
export const useReadOnce = <Read,>(queryKey: readonly unknown[], read: (signal: AbortSignal) => Promise<Read>): UseQueryResult<Read> =>
  useQuery({
    queryKey,
    queryFn: ({ signal }) => read(signal),
    refetchOnWindowFocus: false,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  })

/** What was read, or that it is on its way, or why it is not there and a way to try again. `title`: of a page whose own one is read first. */
export function Loaded<Read>({ of, title, children }: { of: UseQueryResult<Read>; title?: string; children(read: Read): ReactNode }) {
  if (of.data !== undefined) return children(of.data)
  return (
    <>
      {title ? <PageTitle title={title} /> : null}
      {of.isPending ? (
        <p role="status" className="text-quiet">
          {staff.loading}
        </p>
      ) : (
        <ProblemNotice error={of.error} onAgain={() => void of.refetch()} />
      )}
    </>
  )
}

/** A page with one panel of settings, which its button saves. */
export function OnePanelPage<Read>({
  id,
  words,
  of,
  children,
}: {
  id: string
  words: { page: string; lead: string; title: string }
  of: UseQueryResult<Read>
  children(read: Read): ReactNode
}) {
  return (
    <>
      <PageTitle title={words.page}>
        <p className="text-quiet">{words.lead}</p>
      </PageTitle>
      <Loaded of={of}>
        {(read) => (
          <section aria-labelledby={`${id}-title`} className="panel max-w-[48rem] space-y-3 p-4">
            <h2 id={`${id}-title`}>{words.title}</h2>
            {children(read)}
          </section>
        )}
      </Loaded>
    </>
  )
}

/** The button that saves, and beside it what became of that: always there, so that a screen reader hears what comes into it. */
export function SaveLine({
  label,
  saving,
  isPending,
  ready = true,
  said,
}: {
  label: string
  saving: string
  isPending: boolean
  ready?: boolean
  said: string
}) {
  return (
    <div className="flex flex-wrap items-center gap-3">
      <button type="submit" className="button button-main" aria-disabled={isPending || !ready}>
        {isPending ? saving : label}
      </button>
      <p role="status">{said}</p>
    </div>
  )
}

export function BackLink({ to, children }: { to: string; children: ReactNode }) {
  return (
    <p className="mb-2">
      <Link href={to} className="inline-block min-h-[24px]">
        {children}
      </Link>
    </p>
  )
}
