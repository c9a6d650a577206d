import { useQuery } from '@tanstack/react-query'
import { listVisitConsents } from '../client.gen.ts'

const pollMs = 30_000

/** What was signed and taken back; before the form was sent there is nothing to ask for. */
export function useConsents({ intakeId, updatedAt, isSent }: { intakeId: string; updatedAt: string | undefined; isSent: boolean }) {
  return useQuery({
    queryKey: ['consents', intakeId, updatedAt],
    queryFn: ({ signal }) => listVisitConsents({ params: { intakeId } }, { signal }),
    enabled: isSent,
    placeholderData: (old) => old,
    refetchInterval: pollMs,
  })
}
