import { useMutation, useQuery } from '@tanstack/react-query'
import { Link } from 'wouter'
import { type BulkRelease, getBulkRelease, listBulkReleases, resumeBulkRelease, stopBulkRelease } from '../client.gen.ts'
import { opsWords } from '../shared/messages/ops-words.ts'
import { staff } from '../shared/messages/staff.ts'
import { ProblemNotice } from '../shared/staff/problem.tsx'
import { EmptyState, PageTitle, useMay, useSession } from '../shared/staff/shell.tsx'
import { Notice, StateChip, type Tone } from '../shared/state-chip.tsx'
import { exactTime } from '../shared/time.ts'
import { Skips } from './bulk-plan.tsx'
import { relative } from './words.ts'

const t = opsWords.bulk
const runningMs = 2_000
const tones: Record<BulkRelease['status'], Tone> = { running: 'checking', stopped: 'provisional', finished: 'confirmed' }
const doneOf = ({ progress }: BulkRelease): number => progress.total - progress.waiting

/** Those of this clinic, newest first. */
export function BulkListPage() {
  const list = useQuery({
    queryKey: ['bulk-releases'],
    queryFn: ({ signal }) => listBulkReleases({ query: { limit: 50 } }, { signal }),
    refetchInterval: ({ state }) => (state.data?.items.some(({ status }) => status === 'running') ? runningMs : false),
  })
  return (
    <>
      <PageTitle title={t.title}>
        <p className="text-quiet">{t.lead}</p>
      </PageTitle>
      {list.isPending ? (
        <p role="status" className="text-quiet">
          {staff.loading}
        </p>
      ) : !list.data ? (
        <ProblemNotice error={list.error} onAgain={() => void list.refetch()} />
      ) : list.data.items.length === 0 ? (
        <EmptyState title={t.empty} text={t.emptyWhy} />
      ) : (
        <ul className="space-y-2">
          {list.data.items.map((one) => (
            <li key={one.id} className="panel flex flex-wrap items-center gap-x-4 gap-y-1 p-3">
              <Link href={`/bulk/${one.id}`} className="inline-flex min-h-[24px] items-center font-medium">
                {t.actions[one.action].name}
              </Link>
              <StateChip tone={tones[one.status]}>{t.status[one.status]}</StateChip>
              <span>{t.progressText(doneOf(one), one.progress.total)}</span>
              <span className="text-quiet">{t.startedBy(one.startedBy, relative(one.startedAt))}</span>
            </li>
          ))}
        </ul>
      )}
    </>
  )
}

/** One, as far as it has come, with the button that stops it. */
export function BulkPage({ id }: { id: string }) {
  const bulk = useQuery({
    queryKey: ['bulk-release', id],
    queryFn: ({ signal }) => getBulkRelease({ params: { bulkReleaseId: id } }, { signal }),
    refetchInterval: ({ state }) => (state.data?.status === 'running' || !ended(state.data) ? runningMs : false),
  })
  return (
    <>
      <p className="mb-2">
        <Link href="/bulk" className="inline-block min-h-[24px]">
          {t.back}
        </Link>
      </p>
      {bulk.data ? (
        <One bulk={bulk.data} refresh={() => void bulk.refetch()} stale={bulk.isError} />
      ) : (
        <>
          <PageTitle title={t.title} />
          {bulk.isError ? <ProblemNotice error={bulk.error} onAgain={() => void bulk.refetch()} /> : <p className="text-quiet">{staff.loading}</p>}
        </>
      )}
    </>
  )
}

/** What was decided is carried out a little later: an ended one may still have some on their way. */
const ended = (bulk: BulkRelease | undefined): boolean =>
  bulk !== undefined && bulk.status !== 'running' && bulk.progress.decided === bulk.progress.carriedOut + bulk.progress.refused

function One({ bulk, refresh, stale }: { bulk: BulkRelease; refresh(): void; stale: boolean }) {
  const { tenant } = useSession()
  const may = useMay('bulk-release.run')
  const params = { bulkReleaseId: bulk.id }
  const change = useMutation({
    mutationFn: (to: 'stop' | 'resume') => (to === 'stop' ? stopBulkRelease({ params }) : resumeBulkRelease({ params })),
    onSettled: refresh,
  })
  const at = (iso: string): string => exactTime(iso, tenant.timeZone)
  const words = t.actions[bulk.action]
  const press = (to: 'stop' | 'resume') => () => change.isPending || change.mutate(to)
  return (
    <>
      <PageTitle title={t.titleOf(words.name)}>
        <StateChip tone={tones[bulk.status]}>{t.status[bulk.status]}</StateChip>
      </PageTitle>
      <section aria-labelledby="progress-title" className="panel max-w-[52rem] space-y-3 p-4">
        <h2 id="progress-title">{t.progress}</h2>
        <div className="flex flex-wrap items-center gap-4">
          <progress className="h-3 w-full max-w-96" max={Math.max(bulk.progress.total, 1)} value={doneOf(bulk)} aria-labelledby="progress-title" />
          <p role="status">{t.progressText(doneOf(bulk), bulk.progress.total)}</p>
        </div>
        <Numbers bulk={bulk} />
        <Skips skipped={bulk.progress.skipped} />
        <p className="text-quiet">
          {t.startedBy(bulk.startedBy, at(bulk.startedAt))} {t.rateOf(bulk.ratePerMinute)}.{' '}
          {bulk.changedBy && bulk.changedAt ? `${t.changedBy(bulk.changedBy, at(bulk.changedAt))} ` : ''}
          {bulk.finishedAt ? t.finishedAt(at(bulk.finishedAt)) : bulk.endsAt ? t.endsAt(relative(bulk.endsAt)) : ''}
        </p>
        <p className="text-quiet">
          {t.of}:{' '}
          {Object.entries(bulk.selection).map(([name, value]) => (
            <span key={name} className="me-3">
              {t.selection[name as keyof typeof t.selection]} <code className="select-all">{String(value)}</code>
            </span>
          ))}
        </p>
        {stale ? <p className="text-quiet">{opsWords.weather.stale}</p> : null}
        <div role="status">
          {change.isSuccess && bulk.status === 'stopped' ? (
            <Notice tone="provisional">
              <p>{t.stopped}</p>
            </Notice>
          ) : null}
          {change.isSuccess && change.variables === 'resume' && bulk.status === 'running' ? (
            <Notice tone="checking">
              <p>{t.resumed}</p>
            </Notice>
          ) : null}
        </div>
        {change.isError ? <ProblemNotice error={change.error} {...(bulk.status === 'finished' ? { words: t.over } : {})} /> : null}
        {may && bulk.status !== 'finished' ? (
          <div className="flex flex-wrap items-center gap-3">
            {bulk.status === 'running' ? (
              <button type="button" className="button button-main" aria-disabled={change.isPending} onClick={press('stop')}>
                {t.stop}
              </button>
            ) : (
              <button type="button" className="button" aria-disabled={change.isPending} onClick={press('resume')}>
                {t.resume}
              </button>
            )}
            <span className="text-quiet">{bulk.status === 'running' ? t.stopNote : ''}</span>
          </div>
        ) : null}
      </section>
    </>
  )
}

function Numbers({ bulk: { progress, action } }: { bulk: BulkRelease }) {
  const rows: [string, number][] = [
    [t.waiting, progress.waiting],
    [t.decided, progress.decided],
    [`${t.carriedOut} (${t.actions[action].done})`, progress.carriedOut],
    [t.refused, progress.refused],
    [t.leftAlone, Object.values(progress.skipped).reduce((sum, n) => sum + n, 0)],
  ]
  return (
    <dl className="grid max-w-96 grid-cols-[1fr_auto] gap-x-4 gap-y-1">
      {rows.map(([name, n]) => (
        <div key={name} className="contents">
          <dt className="text-quiet">{name}</dt>
          <dd className="text-end">{n.toLocaleString('en-US')}</dd>
        </div>
      ))}
    </dl>
  )
}
