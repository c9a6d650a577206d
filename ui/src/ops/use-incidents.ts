import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { type IncidentItem, type IncidentPage, listIncidents } from '../client.gen.ts'
import { useOpsStream } from './use-ops-stream.ts'

const pollMs = 20_000
const shownMax = 50
const keysOf = (items: readonly IncidentItem[]): string => items.map(({ id, count }) => `${id} ${count}`).join()

/** Like the queue: what is on the screen stays while someone reads; a quiet look only says that there is something else. */
export function useIncidents(status: IncidentItem['status']) {
  const [fresh, setFresh] = useState<IncidentPage | null>(null)
  const ask = (signal?: AbortSignal) => listIncidents({ query: { status, limit: shownMax } }, { signal })
  const list = useQuery({
    queryKey: ['incidents', status],
    queryFn: ({ signal }) => ask(signal),
    retry: false,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
    refetchOnMount: 'always',
    gcTime: 0,
  })
  const shown = list.data
  const look = (): void => {
    if (!shown) return
    // A look that fails changes nothing: what is shown stays.
    ask().then(
      (page) => setFresh(keysOf(page.items) === keysOf(shown.items) ? null : page),
      () => undefined,
    )
  }
  useEffect(() => {
    setFresh(null)
    const timer = setInterval(look, pollMs)
    return () => clearInterval(timer)
  }, [status, shown])
  useOpsStream((event) => event === 'incident' && look())
  return { list, items: shown?.items ?? [], total: shown?.total ?? 0, changed: fresh !== null, show: () => void list.refetch() }
}
