/** Where one inquiry of a batch stands. The order is the order of the enum in the database. */
export const inquiryStates = ['waiting', 'batched', 'sent', 'received', 'accepted', 'set-rejected', 'not-sent', 'answered'] as const
export type InquiryState = (typeof inquiryStates)[number]
export const ackOutcomes = ['accepted', 'rejected'] as const
export type AckOutcome = (typeof ackOutcomes)[number]

/** One thing that is known of an inquiry. */
export type InquiryFact =
  | { is: 'batched' }
  /** We recorded that its file left. */
  | { is: 'sent' }
  /** The folder would not have the file. */
  | { is: 'refused' }
  /** TA1. */
  | { is: 'interchange'; outcome: AckOutcome }
  /** 999 or 997, for its set. */
  | { is: 'set'; outcome: AckOutcome }
  /** A 271, from whatever batch or door, or a person. */
  | { is: 'answered' }

/**
 * Acknowledgements come in any order, twice, and contradict each other, so the state is a join of facts and not a sequence: an
 * answer ends it, whatever comes after; then a "no" outweighs a "yes", since only a person can tell why there are both; then the
 * farthest "yes" counts. A TA1 that rejects means nothing of the interchange was processed: not sent.
 */
export function ackState(facts: readonly InquiryFact[]): InquiryState {
  const has = (is: InquiryFact['is'], outcome?: AckOutcome): boolean =>
    facts.some((fact) => fact.is === is && (outcome === undefined || ('outcome' in fact && fact.outcome === outcome)))
  if (has('answered')) return 'answered'
  if (has('interchange', 'rejected') || has('refused')) return 'not-sent'
  if (has('set', 'rejected')) return 'set-rejected'
  if (has('set', 'accepted')) return 'accepted'
  if (has('interchange', 'accepted')) return 'received'
  if (has('sent')) return 'sent'
  return has('batched') ? 'batched' : 'waiting'
}

/** Two outcomes of the same acknowledgement: the "no" stays. */
export const worseAck = (a: AckOutcome | null, b: AckOutcome | null): AckOutcome | null => (a === 'rejected' || b === 'rejected' ? 'rejected' : (a ?? b))
