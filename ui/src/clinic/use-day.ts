import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { type DeskVisit, listDay, listNames, type VisitName } from '../client.gen.ts'
import { useMay } from '../shared/staff/shell.tsx'
import { useChanges } from '../shared/staff/use-changes.ts'

const pollMs = 30_000

/** The visits of a day, or of a week from that day on. States change in place. */
export function useDay(from: string, days: 1 | 7) {
  const visits = useQuery({
    queryKey: ['day', from, days],
    queryFn: ({ signal }) => listDay({ query: { from, days } }, { signal }),
    refetchInterval: pollMs,
  })
  useChanges(() => void visits.refetch())
  return visits
}

export type Names = ReadonlyMap<string, VisitName>
/**
 * Whom the visits are for. Each reading is in the audit log, so it is read once for a list, and again only when another visit is in it or
 * somebody has said who they are, here or at another desk; never because a state changed.
 */
export function useNames(from: string, days: 1 | 7, visits: readonly DeskVisit[] | undefined): { names: Names; failed: boolean } {
  const may = useMay('contact.read')
  const about = visits?.map(({ journey, contactRevision }) => `${journey.intakeId} ${contactRevision}${journey.intake === 'submitted' ? '!' : ''}`).sort()
  const names = useQuery({
    queryKey: ['names', from, days, about?.join()],
    queryFn: ({ signal }) => listNames({ query: { from, days } }, { signal }),
    enabled: may && about !== undefined && about.length > 0,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    placeholderData: keepPreviousData,
  })
  return { names: new Map(names.data?.items.map((one) => [one.visitId, one])), failed: may && names.isError }
}

/** `Moreno, Ada`, or nothing where nobody has said it. */
export const nameOf = (names: Names, visitId: string | null): string | null => {
  const known = visitId === null ? undefined : names.get(visitId)
  return known ? `${known.familyName}, ${known.givenName}` : null
}
