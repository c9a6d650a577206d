import { useMutation } from '@tanstack/react-query'
import { useCallback, useState } from 'react'
import { flushSync } from 'react-dom'
import { useLocation, useSearchParams } from 'wouter'
import { ApiError, claimOverride, type ItemGroup, type OverrideItem, releaseOverride } from '../client.gen.ts'
import { itemWords } from '../shared/messages/item-words.ts'
import { queueWords } from '../shared/messages/queue-words.ts'
import { staff } from '../shared/messages/staff.ts'
import { ProblemNotice, wordsFor } from '../shared/staff/problem.tsx'
import { EmptyState, PageTitle, useMay, useSession } from '../shared/staff/shell.tsx'
import { useKeys } from '../shared/staff/use-keys.ts'
import { useWide } from '../shared/staff/use-wide.ts'
import { Notice } from '../shared/state-chip.tsx'
import { BulkDialog } from './bulk-dialog.tsx'
import { IncidentLine } from './incident-line.tsx'
import { QueueCards } from './queue-cards.tsx'
import { nameOfGroup } from './queue-cells.tsx'
import { filterOf, isNarrowed, type QueueFilter, searchOf, selectionOf, withFilter } from './queue-filter.ts'
import { QueueFilters } from './queue-filters.tsx'
import { QueueTable } from './queue-table.tsx'
import { useTriage } from './triage.tsx'
import { useQueue } from './use-queue.ts'
import { WeatherStrip } from './weather-strip.tsx'

const t = queueWords.overrides
interface Bulk {
  about: string
  selection: NonNullable<ReturnType<typeof selectionOf>>
}

/** The queue: what waits for a person, soonest visit first. */
export function QueuePage() {
  const [query, setQuery] = useSearchParams()
  const filter = filterOf(query)
  const search = searchOf(filter)
  const setFilter = (next: QueueFilter): void => setQuery(new URLSearchParams(searchOf(next)))
  const queue = useQueue(filter)
  const { list, rows, items, first, changes, showChanges, stale, onEnd } = queue
  const [bulk, setBulk] = useState<Bulk | null>(null)
  const mayBulk = useMay('bulk-release.run')
  const wide = useWide()
  const triage = useTriage()
  // A filter of its own begins at the top; coming back from an item begins at that item.
  const [place, setPlace] = useState<{ search: string; key: string | undefined }>(() => ({ search, key: triage.at() }))
  const at = place.search === search && place.key ? rows.findIndex(({ key }) => key === place.key) : -1
  const remember = (item: OverrideItem): void => {
    triage.remember(
      items.map(({ id }) => id),
      search,
      item.id,
    )
  }
  const onAt = (index: number): void => setPlace({ search, key: rows[index]?.key })
  const { said } = useTriageKeys({ queue, at, onAt, changes, showChanges })
  const selection = selectionOf(filter)
  const listProps = {
    rows,
    status: filter.status,
    at,
    onAt,
    onOpen: remember,
    onEnd,
    groupHref: ({ incidentId }: ItemGroup) => `/?${searchOf(withFilter(filter, 'incident', incidentId))}`,
    onBulk: mayBulk
      ? (group: ItemGroup) => setBulk({ about: `${t.waitsOnPartner(group.items)} (${nameOfGroup(group)})`, selection: { incidentId: group.incidentId } })
      : undefined,
  }
  return (
    <>
      <PageTitle title={t.title}>
        <p className="text-quiet">{t.lead}</p>
        {/* Its room is kept, so that nothing moves when something is said. */}
        <div className="flex min-h-[36px] flex-wrap items-center gap-x-4 gap-y-2 max-sm:w-full sm:ms-auto">
          <p role="status" className="text-quiet">
            {said}
          </p>
          <div role="status">
            {changes > 0 ? (
              <button type="button" className="button" onClick={showChanges}>
                {staff.newRows(changes)}
              </button>
            ) : null}
          </div>
        </div>
      </PageTitle>
      <WeatherStrip />
      <IncidentLine />
      <QueueFilters filter={filter} page={first} onChange={setFilter}>
        {mayBulk && selection && (first?.total ?? 0) > 1 ? (
          <button type="button" className="button toggle min-h-[28px] px-2.5 py-0" onClick={() => setBulk({ about: t.count(first?.total ?? 0), selection })}>
            {t.bulk}
          </button>
        ) : null}
      </QueueFilters>
      {stale ? (
        <div className="mb-3">
          <Notice tone="provisional">
            <p>{t.stale}</p>
          </Notice>
        </div>
      ) : null}
      {list.isPending ? (
        <p role="status" className="min-h-[40vh] text-quiet">
          {staff.loading}
        </p>
      ) : list.isError && !list.data ? (
        <ProblemNotice error={list.error} onAgain={() => void list.refetch()} />
      ) : rows.length === 0 ? (
        <Empty filter={filter} onClear={() => setFilter({ status: filter.status, sort: filter.sort })} />
      ) : wide ? (
        <QueueTable {...listProps} />
      ) : (
        <QueueCards {...listProps} />
      )}
      {list.isFetchingNextPage ? <p className="py-2 text-quiet">{t.loadingMore}</p> : null}
      {list.isFetchNextPageError ? <ProblemNotice error={list.error} words={t.moreFailed} onAgain={() => void list.fetchNextPage()} /> : null}
      {bulk ? <BulkDialog about={bulk.about} selection={bulk.selection} onClose={() => setBulk(null)} /> : null}
    </>
  )
}

function focusFilter(): void {
  // Folded away where there is little room.
  document.getElementById('filter-details')?.setAttribute('open', '')
  document.getElementById('filter-status')?.focus()
}

/** j and k move, c claims, r decides, n shows what is new, f goes to the filter. Enter is the link's own. */
function useTriageKeys({
  queue: { rows, replace },
  at,
  onAt,
  changes,
  showChanges,
}: {
  queue: ReturnType<typeof useQueue>
  at: number
  onAt(index: number): void
  changes: number
  showChanges(): void
}): { said: string } {
  const { userId } = useSession()
  const [, navigate] = useLocation()
  const mayClaim = useMay('override.claim')
  const [said, setSaid] = useState('')
  const here = rows[at]
  const claim = useMutation({
    mutationFn: async (item: OverrideItem): Promise<OverrideItem> => {
      const params = { overrideId: item.id }
      if (item.claim?.userId !== userId) return { ...item, claim: (await claimOverride({ params })).claim }
      await releaseOverride({ params })
      return { ...item, claim: null }
    },
    onSuccess: (item) => {
      replace(item)
      setSaid(item.claim ? itemWords.claim.took : itemWords.claim.gave)
    },
    onError: (error) => setSaid(error instanceof ApiError && error.code === 'claimed' ? t.claimFailed(error.fields[0]?.message ?? '') : wordsFor(error)),
  })
  const focusRow = useCallback(
    (index: number): void => {
      // Drawn and focused before the next key comes: an Enter that overtook the focus would open the row that one just left.
      flushSync(() => onAt(index))
      document.querySelector<HTMLElement>(`[data-row="${index}"]`)?.focus({ preventScroll: true })
    },
    [onAt],
  )
  const open = here?.is === 'item' && here.item.status === 'open' ? here.item : undefined
  useKeys({
    j: rows.length > 0 ? () => focusRow(Math.min(at + 1, rows.length - 1)) : undefined,
    k: rows.length > 0 ? () => focusRow(Math.max(at - 1, 0)) : undefined,
    c: open && mayClaim ? () => claim.isPending || claim.mutate(open) : undefined,
    r: open
      ? () => {
          document.querySelector<HTMLElement>(`[data-row="${at}"]`)?.click()
          navigate(`/overrides/${open.id}#actions`)
        }
      : undefined,
    n: changes > 0 ? showChanges : undefined,
    f: focusFilter,
  })
  return { said }
}

function Empty({ filter, onClear }: { filter: QueueFilter; onClear(): void }) {
  const clear = (
    <button type="button" className="button" onClick={onClear}>
      {t.clearFilter}
    </button>
  )
  if (filter.mine) {
    return (
      <EmptyState title={t.emptyMine} text={t.emptyMineWhy}>
        {clear}
      </EmptyState>
    )
  }
  if (isNarrowed(filter)) return <EmptyState title={t.emptyFilter}>{clear}</EmptyState>
  return filter.status === 'open' ? <EmptyState title={t.emptyOpen} text={t.emptyOpenWhy} /> : <EmptyState title={t.emptyResolved} />
}
