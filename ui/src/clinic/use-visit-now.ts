import { useQuery } from '@tanstack/react-query'
import { getVisit } from '../client.gen.ts'

const pollMs = 30_000

/** The visit as it is now; all who show it ask once. That its appointment was given to somebody else changes no journey, so it is looked for. */
export function useVisitNow({ visitId, updatedAt }: { visitId: string | null | undefined; updatedAt: string | undefined }) {
  return useQuery({
    queryKey: ['visit', visitId, updatedAt],
    queryFn: ({ signal }) => getVisit({ params: { visitId: visitId ?? '' } }, { signal }),
    enabled: visitId !== null && visitId !== undefined,
    placeholderData: (old) => old,
    refetchInterval: pollMs,
  })
}
