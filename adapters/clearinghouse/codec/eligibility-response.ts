import type { Rejection } from './aaa.ts'
import { type Period, readPeriods } from './dates.ts'
import type { Delimiters } from './delimiters.ts'
import type { Interchange } from './envelope.ts'
import { buildHierarchy, type Hierarchy, type HierarchyNode } from './hierarchy.ts'
import { X12Problem } from './problem.ts'
import { element, repeats, type Segment } from './segments.ts'

/** One EB with what belongs to it. `index` counts the patient's EBs from 0; a verdict cites it. */
export interface Benefit {
  index: number
  code: string
  serviceTypes: readonly string[]
  /** EB05, the plan in the payer's words. */
  planText: string
  period: string
  amount: string
  network: string
  /** EB13: about one procedure, so never about the plan. */
  procedure: string
  periods: readonly Period[]
  rejections: readonly Rejection[]
}

/** What one 271 says about the patient we asked for. */
export interface EligibilityResponse {
  periods: readonly Period[]
  benefits: readonly Benefit[]
  /** AAA above the benefits: the request itself was turned down. */
  rejections: readonly Rejection[]
  birthDate: string | null
  /** Who is answered about. The subscriber's id where a dependent has none of its own; null is not told. */
  member: { id: string | null; familyName: string | null; givenName: string | null }
  /** INS03/04 `001/25`: the payer corrected who the patient is. */
  corrected: boolean
}

/**
 * Finds the answer to our trace. TRN02 decides; where the payer sent no trace of ours, its echo of BHT03 does, and only for a
 * single patient. Never order, control numbers or names: payers regroup, and clearinghouses mix up.
 */
export function findAnswer(interchange: Interchange, trace: string): EligibilityResponse | 'not-ours' {
  const found = interchange.transactions
    .filter((t) => t.set === '271')
    .flatMap((transaction) => {
      if (!/^005010X279(A1)?$/.test(transaction.version)) throw new X12Problem('unsupported-version', 'ST03')
      refuseForeignTags(transaction.body)
      const tree = buildHierarchy(transaction.body)
      const chosen = choose(tree, trace)
      return chosen === undefined ? [] : [read(chosen, interchange.delimiters)]
    })
  const [only] = found
  // Two answers to one question: no rule says which is right.
  return found.length === 1 && only ? only : 'not-ours'
}

/**
 * The segments of a 271. Another tag is damage and not an extension: one changed letter would otherwise hide the DTP that ends a
 * plan. Values stay open; only tags are closed.
 */
const tags = new Set('BHT HL TRN NM1 REF N3 N4 PER PRV AAA INS DMG HI MPI DTP EB HSD MSG III LS LE'.split(' '))
function refuseForeignTags(body: readonly Segment[]): void {
  const foreign = body.find((segment) => !tags.has(segment.tag))
  if (foreign) throw new X12Problem('bad-segment', `segment ${foreign.at}`)
  const [first] = body
  if (first?.tag !== 'BHT' || element(first, 1) !== '0022') throw new X12Problem('missing-segment', 'BHT')
}

const isPatient = (node: HierarchyNode): boolean => node.level === '22' || node.level === '23'
const traces = (node: HierarchyNode): Segment[] => node.segments.filter((s) => s.tag === 'TRN')
const echoes = (node: HierarchyNode, trace: string): boolean => traces(node).some((trn) => element(trn, 2) === trace)
const speaks = (node: HierarchyNode): boolean => node.segments.some((s) => s.tag === 'EB' || s.tag === 'AAA')

/** The node whose path to the root holds the answer: a patient's level, or the deepest level of a request turned down earlier. */
function choose(tree: Hierarchy, trace: string): HierarchyNode | undefined {
  const patients = tree.nodes.filter(isPatient)
  const ours = patients.filter((node) => echoes(node, trace))
  // A trace on the subscriber and again on the dependent is one answer, told at the dependent.
  const deepest = ours.filter((node) => !node.children.some((child) => ours.includes(child)))
  if (deepest.length > 1) return undefined
  const [match] = deepest
  if (match) return answerBelow(match)
  const bht = tree.header.find((s) => s.tag === 'BHT')
  if (!bht || element(bht, 3) !== trace) return undefined
  // TRN01 2 is "your trace, returned": one that is not ours belongs to another question.
  if (patients.some((node) => traces(node).some((trn) => element(trn, 1) === '2'))) return undefined
  const leaves = tree.nodes.filter((node) => node.children.length === 0)
  return leaves.length === 1 ? leaves[0] : undefined
}

/** Traced at the subscriber, answered at the one dependent below: some payers do. */
function answerBelow(node: HierarchyNode): HierarchyNode {
  const [child, another] = node.children.filter((c) => traces(c).length === 0 && speaks(c))
  return child && !another && !speaks(node) ? child : node
}

function read(node: HierarchyNode, delimiters: Delimiters): EligibilityResponse {
  const path = pathTo(node)
  const rejections = path.flatMap((level) => requestRejections(level))
  const { own, benefits } = splitLoops(node)
  const above = node.parent && isPatient(node.parent) ? splitLoops(node.parent).own : []
  const periods = readPeriods(own)
  const demographics = own.find((s) => s.tag === 'DMG')
  const ins = own.find((s) => s.tag === 'INS')
  return {
    rejections,
    // A dependent without dates of its own stands on the subscriber's.
    periods: periods.length > 0 ? periods : readPeriods(above),
    benefits: isPatient(node) ? benefits.map((segments, index) => readBenefit(segments, index, node.level === '23' ? '2110D' : '2110C', delimiters)) : [],
    member: readMember(own, above),
    birthDate: demographics && element(demographics, 1) === 'D8' ? element(demographics, 2) : null,
    corrected: ins !== undefined && element(ins, 3) === '001' && element(ins, 4) === '25',
  }
}

function readMember(own: readonly Segment[], above: readonly Segment[]): EligibilityResponse['member'] {
  const [person, subscriber] = [own, above].map((segments) => segments.find((s) => s.tag === 'NM1' && ['IL', '03'].includes(element(s, 1))))
  const told = (segment: Segment | undefined, position: number): string | null => (segment && element(segment, position).trim()) || null
  return { id: told(person, 9) ?? told(subscriber, 9), familyName: told(person, 3), givenName: told(person, 4) }
}

function pathTo(node: HierarchyNode): HierarchyNode[] {
  return node.parent ? [...pathTo(node.parent), node] : [node]
}

/** Segments before the first EB (loops 2100), and one list per EB (loop 2110). LS..LE wraps loop 2120, which speaks of others. */
function splitLoops(node: HierarchyNode): { own: Segment[]; benefits: Segment[][] } {
  const own: Segment[] = []
  const benefits: Segment[][] = []
  let wrapped = false
  for (const segment of node.segments) {
    if (segment.tag === 'EB') benefits.push([])
    if (segment.tag === 'EB' || segment.tag === 'LE') wrapped = false
    else if (segment.tag === 'LS') wrapped = true
    if (!wrapped) (benefits.at(-1) ?? own).push(segment)
  }
  return { own, benefits }
}

/** AAA scope: everything before the benefits turns down the request from that level on. */
function requestRejections(node: HierarchyNode): Rejection[] {
  const { own } = splitLoops(node)
  const named = own.findIndex((s) => s.tag === 'NM1')
  return own.flatMap((segment, index) => (segment.tag === 'AAA' ? [readRejection(segment, loopOf(node, named !== -1 && index > named))] : []))
}
function loopOf(node: HierarchyNode, named: boolean): string {
  if (node.level === '20') return named ? '2100A' : '2000A'
  return { '21': '2100B', '22': '2100C', '23': '2100D' }[node.level]
}

function readRejection(segment: Segment, loop: string): Rejection {
  const [valid, code, followUp] = [element(segment, 1), element(segment, 3), element(segment, 4)]
  if (code.length > 3 || followUp.length > 2) throw new X12Problem('bad-segment', `segment ${segment.at}`)
  return { loop, valid: valid === 'Y', code: code || '-', followUp }
}

function readBenefit(segments: readonly Segment[], index: number, loop: string, delimiters: Delimiters): Benefit {
  const [eb] = segments
  if (!eb) throw new X12Problem('missing-segment', 'EB')
  return {
    index,
    code: element(eb, 1),
    serviceTypes: repeats(eb, 3, delimiters),
    planText: element(eb, 5),
    period: element(eb, 6),
    amount: element(eb, 7),
    network: element(eb, 12),
    procedure: element(eb, 13),
    periods: readPeriods(segments),
    rejections: segments.filter((s) => s.tag === 'AAA').map((s) => readRejection(s, loop)),
  }
}
