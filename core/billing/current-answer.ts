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
  /** Rules do not believe it (K-5). */
  suspicious: boolean
  /** To a question with data of the patient that were corrected since. */
  outdated: boolean
}

/** Nothing is said after it came: a payer's clock that runs ahead must not hold its answer in front for ever. */
const saidMs = (answer: AnswerFact): number => Math.min(answer.saidAt?.getTime() ?? Number.POSITIVE_INFINITY, answer.receivedAt.getTime())

/**
 * Answers that say different things at the same moment, or in the same file, and by two doors where nobody can tell which is newer: no rule
 * says which is right, so none of them counts and a person decides. Looks at contested ones too, so that a third answer of that moment is
 * judged alike whether it comes first or last.
 */
export function contradicting(answers: readonly AnswerFact[]): Set<string> {
  const together = saidTogether(answers)
  const counting = answers.filter((answer) => counts(answer) && !together.has(answer.id))
  const [newest] = counting.toSorted(newestFirst)
  const doubts = newest?.verdict === 'active' ? counting.filter((answer) => mayBeNewer(answer, newest)) : []
  return newest && doubts.length > 0 ? new Set([...together, newest.id, ...doubts.map((answer) => answer.id)]) : together
}

function saidTogether(answers: readonly AnswerFact[]): Set<string> {
  const telling = answers.filter(tells)
  const verdictsOf = new Map<string, Set<Verdict>>()
  for (const answer of telling) for (const place of placesOf(answer)) verdictsOf.set(place, (verdictsOf.get(place) ?? new Set()).add(answer.verdict))
  const disputed = (place: string): boolean => (verdictsOf.get(place)?.size ?? 0) > 1
  return new Set(telling.filter((answer) => placesOf(answer).some(disputed)).map((answer) => answer.id))
}
/** Says something that may be true. What is not believed puts nothing in doubt: a payer that lies would take away what it said when it did not. */
const tells = (answer: AnswerFact): boolean => answer.state === 'whole' && !answer.notNow && !answer.suspicious && !answer.outdated
const placesOf = (answer: AnswerFact): string[] => [`moment ${saidMs(answer)}`, ...(answer.fileId === null ? [] : [`file ${answer.fileId}`])]

/** BHT04/05 tells no zone, and a payer that leaves out BHT05 means some time of that day: beyond this, two clocks can be compared. */
const clockDoubtMs = 36 * 3_600_000
/** A file's moment is the payer's clock, another door's is ours: where it came later and says otherwise, it may be the newer one. */
const mayBeNewer = (answer: AnswerFact, than: AnswerFact): boolean =>
  tells(answer) &&
  answer.verdict !== than.verdict &&
  (answer.fileId === null) !== (than.fileId === null) &&
  answer.receivedAt > than.receivedAt &&
  saidMs(than) - saidMs(answer) <= clockDoubtMs

const counts = (answer: AnswerFact): boolean =>
  answer.state !== 'in-damaged-file' && !answer.notNow && !answer.contested && !answer.suspicious && !answer.outdated
const rank = (answer: AnswerFact): number => (answer.state === 'whole' ? 1 : 0)
const newestFirst = (a: AnswerFact, b: AnswerFact): number =>
  rank(b) - rank(a) || saidMs(b) - saidMs(a) || b.receivedAt.getTime() - a.receivedAt.getTime() || (a.id < b.id ? 1 : -1)

/**
 * The one that counts: the newest by BHT04/05, then by receipt; the others are history. A person's answer is an answer like a
 * payer's. One whose own bytes are damaged counts only while there is no whole one; one from a damaged file, a "not now", one that is not
 * believed, one about data that were corrected since, a contested one and those that contradict each other never do; and an "active" does
 * not while a later one that is in dispute says otherwise. The same whatever order they came in.
 */
export function currentAnswer<A extends AnswerFact>(answers: readonly A[]): A | undefined {
  const disputed = contradicting(answers)
  const inDispute = answers.filter((answer) => tells(answer) && (answer.contested || disputed.has(answer.id)))
  const [newest] = answers.filter((answer) => counts(answer) && !disputed.has(answer.id)).toSorted(newestFirst)
  const shaken = newest?.verdict === 'active' && inDispute.some((answer) => answer.verdict !== 'active' && saidMs(answer) >= saidMs(newest))
  return shaken ? undefined : newest
}
