import type { Freshness } from '../billing/model.ts'
import type { Journey } from '../reporting/model.ts'

/** How old the answer that counts is: an old "covered" must not look like one of today. */
export function ageOf({ answer }: Pick<Journey, 'answer'>, atMs: number): Freshness {
  if (answer?.expiresAt && Date.parse(answer.expiresAt) <= atMs) return 'expired'
  return answer?.staleAt && Date.parse(answer.staleAt) <= atMs ? 'stale' : 'fresh'
}
