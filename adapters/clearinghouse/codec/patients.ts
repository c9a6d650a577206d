import { answerSegmentsMax, segmentCharsMax } from './answer-limits.ts'
import type { Segment, Transaction } from './found.ts'
import type { LevelSays } from './level.ts'
import { cut, tag, tagAt, tagNames } from './lines.ts'
import type { Own } from './own.ts'
import type { ProblemCode } from './problem.ts'

/** HL03: 20 information source, 21 receiver, 22 subscriber, 23 dependent. */
export type LevelKind = '20' | '21' | '22' | '23'

/** One HL of a 271, as ranges of segments: nothing is cut into elements before it is needed. */
export interface Level {
  kind: LevelKind
  id: string
  parentId: string
  parent: Level | null
  children: Level[]
  /** Segments after the HL, up to the next HL or SE. */
  from: number
  to: number
  /** The first EB, or `to`: what stands before it is about the person and the whole request. */
  benefitsFrom: number
  /** TRN segments. */
  traces: Segment[]
  /** Has an EB or an AAA. */
  speaks: boolean
  /** What makes this level, and with it every level below, not to be believed. */
  damage: ProblemCode | null
  /** What was read of it already, for the next patient below it. */
  own: Own | null
  says: LevelSays | null
}

/** Somebody whom the 271 answers about: a subscriber, a dependent, or nobody, where the request was turned down further up. */
export interface Patient {
  level: Level
  traces: readonly Segment[]
}

export interface Scan {
  transaction: Transaction
  /** Where each segment begins in the text (ST is 0), and one more: where the next one would. */
  starts: readonly number[]
  /** `tag` of each segment. */
  tags: readonly number[]
  /** Segments that were cut already, by their place. */
  cells: (string[] | undefined)[]
  bht: Segment
  patients: readonly Patient[]
}
/** Segment `i`, cut into its elements; once, for the verdict and the answer. Not to be written to. */
export function segmentOf(scan: Scan, i: number): string[] {
  const known = scan.cells[i]
  if (known) return known
  const elements = cutSegment(scan, i)
  scan.cells[i] = elements
  return elements
}
/** By hand: `split` costs a call into the engine per segment, which is most of reading an answer. */
function cutSegment({ transaction: { text, delimiters }, starts, tags }: Scan, i: number): string[] {
  const separator = delimiters.element.charCodeAt(0)
  const start = starts[i] ?? 0
  const end = (starts[i + 1] ?? 1) - 1
  const name = tagNames[tags[i] ?? 0] ?? ''
  // An unknown tag is cut out of the text like any element.
  const elements = name === '' ? [] : [name]
  let from = name === '' ? start : start + name.length + 1
  for (let at = from; at < end; at += 1) {
    if (text.charCodeAt(at) !== separator) continue
    elements.push(cut(text, from, at))
    from = at + 1
  }
  elements.push(cut(text, from, end))
  return elements
}

/**
 * Finds who is answered about, by HL01 and HL02 and never by order, since payers regroup. A code instead of a scan: the set as a whole
 * does not verify.
 */
export function scan271(transaction: Transaction): Scan | ProblemCode {
  const [first] = transaction.problems
  if (first) return first.code
  if (!isReadable(transaction.version)) return 'unsupported-version'
  const { text, delimiters } = transaction
  const separator = delimiters.element.charCodeAt(0)
  const starts: number[] = []
  const tags: number[] = []
  const levels: Level[] = []
  let bht: Segment = []
  let level: Level | undefined
  let start = 0
  for (let i = 0; start < text.length; i += 1) {
    const found = text.indexOf(delimiters.terminator, start)
    const end = found === -1 ? text.length : found
    const what = tagAt(text, start, separator)
    starts.push(start)
    tags.push(what)
    if (end - start > segmentCharsMax && level) level.damage ??= 'too-large'
    switch (what) {
      case tag.EB:
      case tag.AAA:
        if (!level) return 'missing-segment'
        level.speaks = true
        if (what === tag.EB && level.benefitsFrom === 0) level.benefitsFrom = i
        break
      case tag.HL:
        if (level) level.to = i
        level = newLevel(text.slice(start, end).split(delimiters.element), i + 1)
        levels.push(level)
        break
      case tag.TRN:
        level?.traces.push(text.slice(start, end).split(delimiters.element))
        break
      case tag.BHT:
        if (i === 1) bht = text.slice(start, end).split(delimiters.element)
        else return 'bad-segment'
        break
      case tag.SE:
        if (level) level.to = i
        break
      case 0:
        if (!level) return 'bad-segment'
        level.damage ??= 'bad-segment'
        break
    }
    start = end + 1
  }
  starts.push(start)
  if (bht[1] !== '0022' || levels.length === 0) return 'missing-segment'
  if (!link(levels)) return 'hierarchy'
  levels.forEach(handDown)
  const patients = levels.flatMap(patientsAt)
  return patients.length > patientsMax ? 'too-large' : { transaction, starts, tags, cells: new Array(tags.length), bht, patients }
}

/** ST03, or GS08 where it is empty. 4010 is read by the same rules where its EB is the same: degraded, and said so in a warning. */
const isReadable = (version: string): boolean => /^(005010X279(A1)?|004010X092(A1)?)$/.test(version)

const newLevel = (hl: Segment, from: number): Level => ({
  kind: (hl[3] ?? '') as LevelKind,
  id: hl[1] ?? '',
  parentId: hl[2] ?? '',
  parent: null,
  children: [],
  from,
  to: from,
  benefitsFrom: 0,
  traces: [],
  speaks: false,
  damage: null,
  own: null,
  says: null,
})

const kindAbove: Readonly<Record<LevelKind, LevelKind | null>> = { '20': null, '21': '20', '22': '21', '23': '22' }
const levelsByMapMin = 32
/** The guide has fewer than a hundred of each. What a level says is said to everyone below it: the two multiply. */
const ownSegmentsMax = 200
const patientsMax = 2_000

/**
 * Links the levels as `treeOf` does (a test compares the two), without a node per level: a child's kind fixes its parent's, so no cycle
 * can pass; a missing parent or a repeated id is damage.
 */
function link(levels: readonly Level[]): boolean {
  // A handful is the rule; a set of a thousand members must not take a million comparisons.
  const byId = levels.length < levelsByMapMin ? null : new Map(levels.map((level) => [level.id, level]))
  if (byId && byId.size !== levels.length) return false
  for (const level of levels) {
    if (level.id === '' || !Object.hasOwn(kindAbove, level.kind)) return false
    if (!byId && levels.some((other) => other !== level && other.id === level.id)) return false
    const parent = level.parentId === '' ? null : byId ? byId.get(level.parentId) : levels.find((other) => other.id === level.parentId)
    if (parent === undefined || (parent?.kind ?? null) !== kindAbove[level.kind]) return false
    level.parent = parent
    parent?.children.push(level)
    if (level.benefitsFrom === 0) level.benefitsFrom = level.to
    if (level.to - level.from > answerSegmentsMax || level.benefitsFrom - level.from > ownSegmentsMax) level.damage ??= 'too-large'
  }
  return true
}

const id = (trace: Segment): string => trace[2] ?? ''

function patientsAt(level: Level): Patient[] {
  if (level.children.length === 0) return [{ level, traces: level.traces }]
  if (level.kind !== '22' || (level.traces.length === 0 && !level.speaks)) return []
  const mine = new Set(level.traces.map(id))
  // A trace on the subscriber and again on the dependent is one answer, told at the dependent.
  return level.children.some((child) => child.traces.some((trace) => mine.has(id(trace)))) ? [] : [{ level, traces: level.traces }]
}

/** A dependent without a trace answers for the subscriber's where the subscriber itself is not answered about: some payers do so. */
function handDown(subscriber: Level): void {
  if (subscriber.kind !== '22' || subscriber.speaks || subscriber.traces.length === 0) return
  const [only, another] = subscriber.children.filter((child) => child.traces.length === 0 && child.speaks)
  if (only && !another) only.traces = subscriber.traces
}

/** Root first, the patient last. */
export function pathOf(level: Level): Level[] {
  const path = [level]
  for (let above = level.parent; above; above = above.parent) path.unshift(above)
  return path
}
