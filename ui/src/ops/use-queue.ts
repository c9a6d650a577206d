import { type InfiniteData, useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { listOverrides, type OverrideItem, type OverridePage } from '../client.gen.ts'
import { useNow } from '../shared/staff/use-now.ts'
import { type QueueFilter, searchOf } from './queue-filter.ts'
import { queueRows } from './queue-rows.ts'
import { useOpsStream } from './use-ops-stream.ts'

const pollMs = 20_000
const pageRows = 100
const rowKey = (item: OverrideItem): string =>
  [item.id, item.status, item.attempts, item.owner, item.claim?.userId, item.decision?.id, item.decision?.state].join(' ')

/** Items of one incident are listed; among others they are one row. */
const queryOf = ({ mine, proposed, ...filter }: QueueFilter) => ({
  ...filter,
  ...(mine ? { mine: 'true' as const } : {}),
  ...(proposed ? { proposed: 'true' as const } : {}),
  ...(filter.incident || filter.status === 'resolved' ? {} : { grouped: 'true' as const }),
  limit: pageRows,
})

/**
 * The queue without surprises: what is on the screen stays as it is while someone reads it; a quiet look every now and then
 * (and at every change the api tells of) only counts what is different, until the person asks to see it. More pages come as
 * the reader gets near the end.
 */
export function useQueue(filter: QueueFilter) {
  const client = useQueryClient()
  const search = searchOf(filter)
  const key = useMemo(() => ['overrides', search] as const, [search])
  const [fresh, setFresh] = useState<OverridePage | null>(null)
  const [stale, setStale] = useState(false)
  const list = useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam, signal }) => listOverrides({ query: { ...queryOf(filter), ...(pageParam ? { cursor: pageParam } : {}) } }, { signal }),
    initialPageParam: '',
    getNextPageParam: (last: OverridePage) => last.nextCursor,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
    // Coming back from an item shows the queue as it is now.
    refetchOnMount: 'always',
    gcTime: 0,
  })
  const items = useMemo(() => list.data?.pages.flatMap((page) => page.items) ?? [], [list.data])
  const first = list.data?.pages[0]
  const rows = useMemo(() => queueRows(items, first?.groups ?? [], filter.sort), [items, first, filter.sort])

  const latest = useRef(search)
  latest.current = search
  const look = async (): Promise<void> => {
    if (!list.data) return
    try {
      const page = await listOverrides({ query: queryOf(filter) })
      // An answer to a filter that is no longer on the screen says nothing about what is.
      if (latest.current !== search) return
      setFresh(page)
      setStale(false)
    } catch {
      // The list stays readable; the page says that it may be old.
      if (latest.current === search) setStale(true)
    }
  }
  // A new filter starts from nothing.
  useEffect(() => {
    setFresh(null)
    setStale(false)
    const timer = setInterval(() => void look(), pollMs)
    return () => clearInterval(timer)
  }, [key, list.data])
  useOpsStream((event) => event === 'item' && void look())

  const changes = useMemo(() => (fresh && first ? differences(first, fresh) : 0), [fresh, first])
  const showChanges = useCallback((): void => {
    if (!fresh) return
    client.setQueryData<InfiniteData<OverridePage, string>>(key, { pages: [fresh], pageParams: [''] })
    setFresh(null)
  }, [client, key, fresh])
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = list
  const onEnd = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage()
  }, [hasNextPage, isFetchingNextPage, fetchNextPage])
  /** One row as the api says it is now, in its place: what this person just did shows at once. */
  const replace = useCallback(
    (item: OverrideItem): void => {
      client.setQueryData<InfiniteData<OverridePage, string>>(key, (now) =>
        now ? { ...now, pages: now.pages.map((page) => ({ ...page, items: page.items.map((row) => (row.id === item.id ? item : row)) })) } : now,
      )
    },
    [client, key],
  )
  // Times on the screen grow old.
  useNow(30_000)
  return { list, items, rows, first, changes, showChanges, stale, onEnd, replace }
}

/** How many rows of the first page came, went or changed; groups count as one row each. */
function differences(shown: OverridePage, now: OverridePage): number {
  const keys = (page: OverridePage): Map<string, string> =>
    new Map([...page.items.map((item) => [item.id, rowKey(item)] as const), ...page.groups.map((group) => [group.incidentId, `${group.items}`] as const)])
  const before = keys(shown)
  const after = keys(now)
  const ids = new Set([...before.keys(), ...after.keys()])
  return [...ids].filter((id) => before.get(id) !== after.get(id)).length
}
