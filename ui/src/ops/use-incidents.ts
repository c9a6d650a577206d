import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { type IncidentItem, type IncidentPage, listIncidents } from '../client.gen.ts'

const pollMs = 20_000
const shownMax = 20
const keysOf = (items: readonly IncidentItem[]): string => items.map(({ id, count }) => `${id} ${count}`).join()

/** Like the queue below it: what is on the screen stays while someone reads; a quiet look only says that there is something else. */
export function useIncidents(status: IncidentItem['status'], may: boolean) {
  const [fresh, setFresh] = useState<IncidentPage | null>(null)
  const ask = (signal?: AbortSignal) => listIncidents({ query: { status, limit: shownMax } }, { signal })
  const list = useQuery({
    queryKey: ['incidents', status],
    queryFn: ({ signal }) => ask(signal),
    enabled: may,
    // The queue below waits for the first answer, so that nothing moves under a reader; it does not wait for a second try.
    retry: false,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
    refetchOnMount: 'always',
    gcTime: 0,
  })
  const shown = list.data
  useEffect(() => {
    setFresh(null)
    if (!may || !shown) return
    const look = (): void =>
      void ask().then(
        (page) => setFresh(keysOf(page.items) === keysOf(shown.items) ? null : page),
        // What is shown stays; the queue's own look says when the server is away.
        () => undefined,
      )
    const timer = setInterval(look, pollMs)
    return () => clearInterval(timer)
  }, [status, may, shown])
  return { list, items: shown?.items ?? [], total: shown?.total ?? 0, changed: fresh !== null, show: () => void list.refetch() }
}
