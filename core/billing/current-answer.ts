/** How much an answer's bytes can be trusted. */
export const answerStates = ['whole', 'in-damaged-file', 'damaged'] as const
export type AnswerState = (typeof answerStates)[number]

export interface AnswerFact {
  id: string
  /** BHT04/05 in UTC as the payer says it; for a person and where the payer says nothing, when it came. */
  saidAt: Date | null
  receivedAt: Date
  state: AnswerState
  /** Turned down for now only (AAA 42, 80): it says nothing about the cover. */
  notNow: boolean
  /** The same control numbers came before with other bytes for the same request: a person decides. */
  contested: boolean
}

/** Nothing is said after it came: a payer's clock that runs ahead must not hold its answer in front for ever. */
const saidMs = (answer: AnswerFact): number => Math.min(answer.saidAt?.getTime() ?? Number.POSITIVE_INFINITY, answer.receivedAt.getTime())

/**
 * The one that counts: the newest by BHT04/05, then by receipt; the others are history. A person's answer is an answer like a
 * payer's. One whose own bytes are damaged counts only while there is no whole one; one from a damaged file, a "not now" and a contested one
 * never do. The same whatever order they came in.
 */
export function currentAnswer<A extends AnswerFact>(answers: readonly A[]): A | undefined {
  const counting = answers.filter((answer) => answer.state !== 'in-damaged-file' && !answer.notNow && !answer.contested)
  const rank = (answer: A): number => (answer.state === 'whole' ? 1 : 0)
  const newest = (a: A, b: A): number => rank(b) - rank(a) || saidMs(b) - saidMs(a) || b.receivedAt.getTime() - a.receivedAt.getTime() || (a.id < b.id ? 1 : -1)
  return counting.toSorted(newest)[0]
}
