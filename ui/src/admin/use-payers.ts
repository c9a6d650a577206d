import { useQuery } from '@tanstack/react-query'
import { getPayerSettings, listPayerSettings } from '../client.gen.ts'

export const usePayers = () => useQuery({ queryKey: ['payers'], queryFn: ({ signal }) => listPayerSettings({}, { signal }), refetchOnWindowFocus: false })
export const payerKey = (payerId: string) => ['payers', payerId] as const
/** Not asked again by itself: what is typed stands on what was read. */
export const usePayer = (payerId: string) =>
  useQuery({
    queryKey: payerKey(payerId),
    queryFn: ({ signal }) => getPayerSettings({ params: { payerId } }, { signal }),
    refetchOnWindowFocus: false,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  })
