import type { Segment, Transaction } from './found.ts'
import type { ProblemCode } from './problem.ts'
import { segmentsOf } from './segment.ts'
import { controlNumber } from './ta1.ts'

export type SetOutcome = 'accepted' | 'accepted-with-errors' | 'rejected'
/** Where in a set something is wrong. Positions and codes only: the copy of the bad data (IK404) is a patient's. */
interface AckPlace {
  /** Tag of the segment, its number in the set (ST is 1), and its loop, as the partner counts. */
  segment: string
  position: number | null
  loop: string
  /** IK304 or AK304. */
  segmentCode: string
  /** Element number and, after a dot, component: `9`, `3.2`. */
  elements: { element: string; code: string }[]
}
export interface SetAck {
  /** AK201 and AK202. */
  set: string
  st02: string
  outcome: SetOutcome
  /** IK502 to IK506. */
  codes: string[]
  places: AckPlace[]
}

/** 999 and 997, one model: what became of one group of ours and of the sets it held. */
export interface FunctionalAck {
  set: '999' | '997'
  /** AK101, AK102 as a number, AK103. */
  functionalId: string
  gs06: number | null
  version: string
  outcome: 'accepted' | 'accepted-with-errors' | 'partial' | 'rejected' | 'unreadable'
  /** AK902, AK903, AK904. */
  counts: { included: number | null; received: number | null; accepted: number | null }
  /** AK905 to AK909. */
  codes: string[]
  sets: SetAck[]
  /** What became of the sets that it does not name. */
  unnamed: 'accepted' | 'rejected' | 'unknown'
  damage: ProblemCode | null
}

/** E still gets an answer. M, W and X are about security; a code that nobody knows (one sample has Q) is no acceptance. */
const setOutcome = (code: string | undefined): SetOutcome => (code === 'A' ? 'accepted' : code === 'E' ? 'accepted-with-errors' : 'rejected')
function groupOutcome(code: string | undefined): FunctionalAck['outcome'] {
  if (code === 'P') return 'partial'
  return code === undefined || code === '' ? 'unreadable' : setOutcome(code)
}

const placesMax = 50
const tags = new Set(['ST', 'AK1', 'AK2', 'IK3', 'AK3', 'CTX', 'IK4', 'AK4', 'IK5', 'AK5', 'AK9', 'SE'])

/** Reads one 999 or 997. One that does not verify, or lacks its AK1 or AK9, is `unreadable` and says nothing about any set. */
export function readFunctionalAck(transaction: Transaction): FunctionalAck {
  const ack: FunctionalAck = {
    set: transaction.set === '997' ? '997' : '999',
    functionalId: '',
    gs06: null,
    version: '',
    outcome: 'unreadable',
    counts: { included: null, received: null, accepted: null },
    codes: [],
    sets: [],
    unnamed: 'unknown',
    damage: transaction.problems[0]?.code ?? null,
  }
  if (ack.damage) return ack
  const segments = segmentsOf(transaction)
  const ends = segments.filter(([tag]) => tag === 'AK9')
  const starts = segments.filter(([tag]) => tag === 'AK1')
  // A tag that an acknowledgement does not have may be a damaged IK5: then nothing here is an acceptance.
  if (segments.some(([tag = '']) => !tags.has(tag))) return { ...ack, damage: 'bad-segment' }
  const [[ak1], [ak9]] = [starts, ends]
  if (!ak1 || !ak9 || starts.length > 1 || ends.length > 1) return { ...ack, damage: 'missing-segment' }
  const sets = readSets(segments)
  if (!sets) return { ...ack, damage: 'missing-segment' }
  const counts = { included: controlNumber(ak9[2]), received: controlNumber(ak9[3]), accepted: controlNumber(ak9[4]) }
  const outcome = groupOutcome(ak9[1])
  return {
    ...ack,
    functionalId: ak1[1] ?? '',
    gs06: controlNumber(ak1[2]),
    version: ak1[3] ?? '',
    outcome,
    counts,
    codes: filled(ak9.slice(5)),
    // A group that is rejected as a whole takes all its sets with it.
    sets: outcome === 'rejected' ? sets.map((set) => ({ ...set, outcome })) : sets,
    unnamed: unnamedOf(outcome, counts, sets),
  }
}

/**
 * A set without AK2: accepted with its group; rejected with its group. In a part of a group only the counts can tell: accepted when those
 * that were not accepted are exactly those that are named as rejected.
 */
function unnamedOf(outcome: FunctionalAck['outcome'], { included, accepted }: FunctionalAck['counts'], sets: readonly SetAck[]): FunctionalAck['unnamed'] {
  if (outcome === 'accepted' || outcome === 'accepted-with-errors') return 'accepted'
  if (outcome === 'rejected') return 'rejected'
  if (outcome === 'unreadable' || included === null || accepted === null) return 'unknown'
  return accepted === included - sets.filter((set) => set.outcome === 'rejected').length ? 'accepted' : 'unknown'
}

/** Undefined: an AK2 without its IK5, so that what became of that set is not said. */
function readSets(segments: readonly Segment[]): SetAck[] | undefined {
  const sets: SetAck[] = []
  let open: SetAck | undefined
  let place: AckPlace | undefined
  for (const segment of segments) {
    switch (segment[0]) {
      case 'AK2':
        if (open) return undefined
        open = { set: segment[1] ?? '', st02: segment[2] ?? '', outcome: 'rejected', codes: [], places: [] }
        place = undefined
        break
      case 'IK3':
      case 'AK3':
        place = { segment: segment[1] ?? '', position: controlNumber(segment[2]), loop: segment[3] ?? '', segmentCode: segment[4] ?? '', elements: [] }
        if (open && open.places.length < placesMax) open.places.push(place)
        break
      case 'IK4':
      case 'AK4':
        // IK401 is a composite: element, component, repetition. IK404 is not read.
        if (place && place.elements.length < placesMax) place.elements.push({ element: (segment[1] ?? '').replaceAll(/[^0-9]+/g, '.'), code: segment[3] ?? '' })
        break
      case 'IK5':
      case 'AK5':
        if (!open) return undefined
        sets.push({ ...open, outcome: setOutcome(segment[1]), codes: filled(segment.slice(2)) })
        open = undefined
        break
      case 'AK9':
        if (open) return undefined
        break
    }
  }
  return sets
}
const filled = (codes: readonly string[]): string[] => codes.filter((code) => code !== '')

/** What is wrong with a set, as short codes: `set-5`, `NM1@8 2100C 8`, `NM1@8 2100C 9:7`. */
export function reasonsOfSet({ codes, places }: SetAck): string[] {
  return [
    ...codes.map((code) => `set-${word(code)}`),
    ...places.flatMap(({ segment, position, loop, segmentCode, elements }) => {
      const where = `${word(segment)}@${position ?? '?'}${loop === '' ? '' : ` ${word(loop)}`}`
      return elements.length === 0 ? [`${where} ${word(segmentCode)}`] : elements.map(({ element, code }) => `${where} ${element}:${word(code)}`)
    }),
  ]
}
/** A code, and never anything longer: a partner may put data where a code belongs. */
const word = (code: string): string => (/^[0-9A-Z]{1,6}$/.test(code) ? code : '?')
