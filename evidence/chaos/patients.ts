import { somebody } from '../demo/people.ts'
import type { Chance } from './chance.ts'

/** What one patient brings, and with that how their intake must end. */
export interface Brings {
  memberId: string
  payerId: 'HELIO1' | 'SLOWB4'
  covered: boolean
  card: 'good' | 'declined' | 'none'
  photos: 0 | 1
}

/** How often what. */
const shares = { cards: { none: 0.2, declined: 0.1 }, photo: 0.25 }
export const cardNumbers = { good: '4242424242424242', declined: '4000000000000002' } as const

/** One in so many has no cover any more; by turns, since by chance there are runs of yeses at which the hub rightly stops believing the payer. */
const uncoveredEach = 5

/** `nth`: of this load, from 0. */
export function drawPatient(chance: Chance, nth: number, name: string, isByFile: boolean): Brings {
  const card = chance.next()
  const hasPhoto = chance.isLucky(shares.photo)
  const isUncovered = nth % uncoveredEach === uncoveredEach - 1
  return {
    // The simulated payers know by its beginning that a plan has ended.
    memberId: `${isUncovered ? 'INACT' : 'CHAOS'}${name}`,
    payerId: isByFile ? 'SLOWB4' : 'HELIO1',
    covered: !isUncovered,
    card: card < shares.cards.none ? 'none' : card < shares.cards.none + shares.cards.declined ? 'declined' : 'good',
    photos: hasPhoto ? 1 : 0,
  }
}

export function answersOf({ memberId, payerId }: Brings): Record<string, unknown> {
  return somebody({ memberId, payerId, email: `${memberId.toLowerCase()}@example.com` }).answers
}
