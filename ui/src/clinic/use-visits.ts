import { useQuery } from '@tanstack/react-query'
import { type Journey, listVisits } from '../client.gen.ts'
import { useChanges } from '../shared/staff/use-changes.ts'

const pageRows = 100
const pagesMax = 10
const pollMs = 30_000

async function allVisits(signal: AbortSignal): Promise<{ items: Journey[]; cut: boolean }> {
  const items: Journey[] = []
  let cursor: string | null = null
  for (let page = 0; page < pagesMax; page += 1) {
    const answer = await listVisits({ query: { limit: pageRows, ...(cursor ? { cursor } : {}) } }, { signal })
    items.push(...answer.items)
    cursor = answer.nextCursor
    if (!cursor) return { items, cut: false }
  }
  return { items, cut: true }
}

/** The clinic's visits, a limited number of pages of them. States change in place; rows keep their order, which is the time. */
export function useVisits() {
  const visits = useQuery({ queryKey: ['visits'], queryFn: ({ signal }) => allVisits(signal), refetchInterval: pollMs })
  useChanges(() => void visits.refetch())
  return visits
}
