import type { Verdict } from './model.ts'

/** How much an answer's bytes can be trusted. */
export const answerStates = ['whole', 'in-damaged-file', 'damaged'] as const
export type AnswerState = (typeof answerStates)[number]

export interface AnswerFact {
  id: string
  verdict: Verdict
  /** The partner's file it came in; null for the other doors. */
  fileId: string | null
  /** BHT04/05 in UTC as the payer says it; for a person and where the payer says nothing, when it came. */
  saidAt: Date | null
  receivedAt: Date
  state: AnswerState
  /** Turned down for now only (AAA 42, 80): it says nothing about the cover. */
  notNow: boolean
  /** The same control numbers came with other bytes for the same request, or it contradicts another: a person decides. */
  contested: boolean
}

/** Nothing is said after it came: a payer's clock that runs ahead must not hold its answer in front for ever. */
const saidMs = (answer: AnswerFact): number => Math.min(answer.saidAt?.getTime() ?? Number.POSITIVE_INFINITY, answer.receivedAt.getTime())

/**
 * Answers that say different things at the same moment, or in the same file: no rule says which is right, so none of them counts and a
 * person decides. Looks at contested ones too, so that a third answer of that moment is judged alike whether it comes first or last.
 */
export function contradicting(answers: readonly AnswerFact[]): Set<string> {
  const telling = answers.filter((answer) => answer.state === 'whole' && !answer.notNow)
  const verdictsOf = new Map<string, Set<Verdict>>()
  for (const answer of telling) for (const place of placesOf(answer)) verdictsOf.set(place, (verdictsOf.get(place) ?? new Set()).add(answer.verdict))
  const disputed = (place: string): boolean => (verdictsOf.get(place)?.size ?? 0) > 1
  return new Set(telling.filter((answer) => placesOf(answer).some(disputed)).map((answer) => answer.id))
}
const placesOf = (answer: AnswerFact): string[] => [`moment ${saidMs(answer)}`, ...(answer.fileId === null ? [] : [`file ${answer.fileId}`])]

/**
 * The one that counts: the newest by BHT04/05, then by receipt; the others are history. A person's answer is an answer like a
 * payer's. One whose own bytes are damaged counts only while there is no whole one; one from a damaged file, a "not now", a contested one and
 * those that contradict each other never do. The same whatever order they came in.
 */
export function currentAnswer<A extends AnswerFact>(answers: readonly A[]): A | undefined {
  const disputed = contradicting(answers)
  const counting = answers.filter((answer) => answer.state !== 'in-damaged-file' && !answer.notNow && !answer.contested && !disputed.has(answer.id))
  const rank = (answer: A): number => (answer.state === 'whole' ? 1 : 0)
  const newest = (a: A, b: A): number => rank(b) - rank(a) || saidMs(b) - saidMs(a) || b.receivedAt.getTime() - a.receivedAt.getTime() || (a.id < b.id ? 1 : -1)
  return counting.toSorted(newest)[0]
}
