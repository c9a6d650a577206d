import { type InfiniteData, useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useMemo, useState } from 'react'
import { listOverrides, type OverrideItem, type OverridePage } from '../client.gen.ts'
import { useChanges } from '../shared/staff/use-changes.ts'

export interface OverrideFilter {
  status: OverrideItem['status']
  cause?: OverrideItem['cause']
}
const pollMs = 20_000
const pageRows = 50
const rowKey = (item: OverrideItem): string => `${item.id} ${item.status} ${item.attempts}`

/**
 * The queue without surprises: what is on the screen stays as it is while someone reads it; a quiet look every now and then
 * (and at every change the api tells of) only counts what is different, until the person asks to see it.
 */
export function useOverrideList(filter: OverrideFilter) {
  const client = useQueryClient()
  const key = useMemo(() => ['overrides', filter.status, filter.cause ?? null] as const, [filter.status, filter.cause])
  const [fresh, setFresh] = useState<OverridePage | null>(null)
  const [stale, setStale] = useState(false)
  const list = useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam, signal }) => listOverrides({ query: { ...filter, limit: pageRows, ...(pageParam ? { cursor: pageParam } : {}) } }, { signal }),
    initialPageParam: '',
    getNextPageParam: (last: OverridePage) => last.nextCursor,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
    // Coming back from an item shows the queue as it is now.
    refetchOnMount: 'always',
    gcTime: 0,
  })
  const items = useMemo(() => list.data?.pages.flatMap((page) => page.items) ?? [], [list.data])

  const look = async (): Promise<void> => {
    if (!list.data) return
    try {
      setFresh(await listOverrides({ query: { ...filter, limit: pageRows } }))
      setStale(false)
    } catch {
      // The list stays readable; the page says that it may be old.
      setStale(true)
    }
  }
  // A new filter starts from nothing.
  useEffect(() => {
    setFresh(null)
    const timer = setInterval(() => void look(), pollMs)
    return () => clearInterval(timer)
  }, [key, list.data])
  useChanges(() => void look())

  const changes = useMemo(() => {
    if (!fresh) return 0
    const shown = new Set(items.slice(0, pageRows).map(rowKey))
    const now = new Set(fresh.items.map(rowKey))
    return new Set([
      ...fresh.items.filter((item) => !shown.has(rowKey(item))).map((item) => item.id),
      ...items
        .slice(0, pageRows)
        .filter((item) => !now.has(rowKey(item)))
        .map((item) => item.id),
    ]).size
  }, [fresh, items])

  const showChanges = (): void => {
    if (!fresh) return
    client.setQueryData<InfiniteData<OverridePage, string>>(key, { pages: [fresh], pageParams: [''] })
    setFresh(null)
  }
  return { list, items, total: list.data?.pages[0]?.total ?? 0, changes, showChanges, stale }
}
