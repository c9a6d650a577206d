import { QueryClient } from '@tanstack/react-query'
import { ApiError } from '../../client.gen.ts'

/** Staff data: fetched again quietly, kept while it is, and never retried when the api said a clear no. */
export function makeQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 5_000,
        retry: (count, error) => count < 2 && error instanceof ApiError && error.passing,
        retryDelay: (count) => 500 * 2 ** count,
      },
    },
  })
}
