import type { Transaction } from './found.ts'
import { segmentsOf } from './segment.ts'

/** 277CA, at the level of accepted or rejected: which claims, and why, is not read. */
interface ClaimAck {
  outcome: 'accepted' | 'rejected' | 'mixed' | 'unknown'
  accepted: number
  rejected: number
}

/** STC03: WQ accepted, U rejected. Levels above a claim repeat what holds for all below; each STC counts. */
export function readClaimAck(transaction: Transaction): ClaimAck {
  if (transaction.problems.length > 0) return { outcome: 'unknown', accepted: 0, rejected: 0 }
  let [accepted, rejected, other] = [0, 0, 0]
  for (const segment of segmentsOf(transaction)) {
    if (segment[0] !== 'STC') continue
    if (segment[3] === 'WQ') accepted += 1
    else if (segment[3] === 'U') rejected += 1
    else other += 1
  }
  return { outcome: outcomeOf(accepted, rejected, other), accepted, rejected }
}
function outcomeOf(accepted: number, rejected: number, other: number): ClaimAck['outcome'] {
  if (accepted > 0 && rejected > 0) return 'mixed'
  if (rejected > 0) return 'rejected'
  return accepted > 0 && other === 0 ? 'accepted' : 'unknown'
}
