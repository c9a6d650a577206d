import { useMutation, useQuery } from '@tanstack/react-query'
import { listDeadLetters, requeueDeadLetter } from '../client.gen.ts'
import { staff } from '../shared/messages/staff.ts'
import { ProblemNotice } from '../shared/staff/problem.tsx'
import { EmptyState, PageTitle, useMay } from '../shared/staff/shell.tsx'
import { Notice } from '../shared/state-chip.tsx'

const t = staff.deadLetters

/** What the bus gave up on. Rare, and each row is an invitation to look for a bug. */
export function DeadLettersPage() {
  const list = useQuery({ queryKey: ['dead-letters'], queryFn: ({ signal }) => listDeadLetters({ query: { limit: 100 } }, { signal }) })
  const mayRequeue = useMay('dead-letter.requeue')
  const requeue = useMutation({ mutationFn: (body: { queue: string; id: string }) => requeueDeadLetter({ body }), onSuccess: () => list.refetch() })
  return (
    <>
      <PageTitle title={t.title} />
      <p className="mb-4 max-w-[48rem] text-quiet">{t.lead}</p>
      <div role="status" className="mb-4">
        {requeue.isSuccess ? (
          <Notice tone="confirmed">
            <p>{t.requeued}</p>
          </Notice>
        ) : null}
      </div>
      {requeue.isError ? <ProblemNotice error={requeue.error} /> : null}
      {list.isPending ? (
        <p className="text-quiet">{staff.loading}</p>
      ) : !list.data ? (
        <ProblemNotice error={list.error} onAgain={() => void list.refetch()} />
      ) : list.data.items.length === 0 ? (
        <EmptyState title={t.empty} text={t.emptyWhy} />
      ) : (
        <ul className="space-y-2">
          {list.data.items.map((letter) => (
            <li key={`${letter.queue} ${letter.id}`} className="panel flex flex-wrap items-center justify-between gap-4 p-3">
              <dl className="grid grid-cols-[6rem_1fr] gap-x-4 gap-y-1">
                <dt className="text-quiet">{t.queue}</dt>
                <dd>{letter.queue}</dd>
                <dt className="text-quiet">{t.type}</dt>
                <dd>{letter.type ?? staff.none}</dd>
                <dt className="text-quiet">{t.reason}</dt>
                <dd>{letter.reason ?? staff.none}</dd>
              </dl>
              {mayRequeue ? (
                <button
                  type="button"
                  className="button"
                  aria-label={t.requeueOf(letter.queue)}
                  aria-disabled={requeue.isPending}
                  onClick={() => requeue.isPending || requeue.mutate({ queue: letter.queue, id: letter.id })}
                >
                  {t.requeue}
                </button>
              ) : null}
            </li>
          ))}
        </ul>
      )}
    </>
  )
}
