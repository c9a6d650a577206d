import type { AnswerRejection } from '@heliox/core/billing'
import type { Delimiters, Segment, Transaction } from './found.ts'
import { tag, valuesOf } from './lines.ts'
import { addSpan, ownOf } from './own.ts'
import { type Level, type Patient, pathOf, type Scan, scan271, segmentOf } from './patients.ts'
import { isoDate, narrowed, type Span } from './periods.ts'
import { aboutOf, isActive, isStatus, planStatus, type Rule, type StatusFacts } from './plan-status.ts'
import type { ProblemCode } from './problem.ts'
import { benefitLoop, isNotNow, readRejection } from './rejection.ts'

export type Verdict = 'active' | 'inactive' | 'mixed' | 'rejected' | 'unknown'
export interface Trace {
  /** TRN01: 2 is our own, given back; 1 is theirs (some give ours back so). */
  type: string
  id: string
  origin: string | undefined
}
export interface Decision {
  verdict: Verdict
  basis: { eb: number[]; rule: Rule; inferred: boolean }
  /** The whole request was turned down only for now. */
  notNow: boolean
}
interface PatientVerdict extends Decision {
  /** Every AAA on the way to the patient and below the benefits. */
  rejections: AnswerRejection[]
  traces: Trace[]
  /** Why nothing may be concluded; a code. */
  damage: ProblemCode | null
}

/** All that a verdict rests on, apart from the day. */
export interface Facts extends StatusFacts {
  /** Above the benefits: the request itself. */
  turnedDown: AnswerRejection[]
  /** AAA below an EB: that benefit only. */
  inBenefits: AnswerRejection[]
  damage: ProblemCode | null
}

/**
 * What a 271 says about each patient in it, and nothing more: no names, no amounts. `day` is the day asked about, otherwise that of
 * the answer (BHT04). A set that does not verify is one `unknown` with the code of why.
 */
export function verdictsOf(transaction: Transaction, day?: string): PatientVerdict[] {
  const scan = scan271(transaction)
  if (typeof scan === 'string') return [damaged(scan, damagedTraces(transaction))]
  const on = day ?? answeredOn(scan.bht)
  return scan.patients.map((patient) => {
    const facts = readFacts(scan, patient)
    const traces = patient.traces.map(toTrace)
    if (facts.damage) return damaged(facts.damage, traces)
    return { ...decide(facts, on), rejections: [...facts.turnedDown, ...facts.inBenefits], traces, damage: null }
  })
}

/** BHT04 as ISO. */
export const answeredOn = (bht: Segment): string | undefined => isoDate(bht[4] ?? '')

const toTrace = (trn: Segment): Trace => ({ type: trn[1] ?? '', id: trn[2] ?? '', origin: trn[3] || undefined })

function damaged(damage: ProblemCode, traces: Trace[]): PatientVerdict {
  const rule = damage === 'unsupported-version' ? 'unsupported-version' : 'damaged'
  return { verdict: 'unknown', basis: { eb: [], rule, inferred: false }, notNow: false, rejections: [], traces, damage }
}
const damagedTracesMax = 10
/** Whose answer it may have been, for a person who looks for it. Nothing else of a damaged set is read. */
export function damagedTraces({ text, delimiters: { element, terminator } }: Transaction): Trace[] {
  return text
    .split(terminator)
    .filter((line) => line.startsWith(`TRN${element}`))
    .slice(0, damagedTracesMax)
    .map((line) => toTrace(line.split(element)))
}

/** A request turned down is never active, whatever else it carries. */
export function decide(facts: Facts, day: string | undefined): Decision {
  if (facts.turnedDown.length > 0) return turnedDown(facts.turnedDown)
  const status = planStatus(facts, day)
  // AAA below a benefit concerns that benefit only; it is the answer when there is no plan status beside it.
  if (status.basis.rule === 'no-plan-status' && facts.inBenefits.length > 0) return turnedDown(facts.inBenefits)
  return { ...status, notNow: false }
}
function turnedDown(rejections: readonly AnswerRejection[]): Decision {
  return { verdict: 'rejected', basis: { eb: [], rule: 'turned-down', inferred: false }, notNow: isNotNow(rejections) }
}

export function readFacts(scan: Scan, patient: Patient): Facts {
  const { level } = patient
  const own = ownOf(scan, level)
  const periods = level.kind === '23' && level.parent ? narrowed(own.periods, ownOf(scan, level.parent).periods) : own.periods
  const facts: Building = { benefits: 0, statements: [], cannot: [], periods, turnedDown: [], inBenefits: [], damage: null }
  for (const one of pathOf(level)) {
    const { rejections, damage } = ownOf(scan, one)
    facts.damage ??= one.damage ?? damage
    if (facts.damage !== null) return facts
    if (rejections.length > 0) facts.turnedDown.push(...rejections)
  }
  if (facts.damage === null && (level.kind === '22' || level.kind === '23')) readStatements(scan, level, facts)
  return facts
}

interface Building extends Facts {
  benefits: number
  statements: { eb: number; active: boolean; about: 'plan' | 'medical' | 'other'; periods: Span[] }[]
  cannot: number[]
}
/**
 * Only EBs with a status are cut into elements: the others say nothing about the plan. EB01 of all statuses, and of "cannot process",
 * is one character.
 */
function readStatements(scan: Scan, level: Level, facts: Building): void {
  const { starts, tags, transaction } = scan
  const { text, delimiters } = transaction
  const separator = delimiters.element.charCodeAt(0)
  let current: Building['statements'][number] | null = null
  // LS..LE wraps loop 2120, which speaks of others.
  let wrapped = false
  for (let i = level.benefitsFrom; i < level.to; i += 1) {
    switch (tags[i]) {
      case tag.EB: {
        const at = (starts[i] ?? 0) + 3
        const end = (starts[i + 1] ?? 0) - 1
        current = null
        wrapped = false
        if (at + 1 === end || text.charCodeAt(at + 1) === separator) {
          const code = text.charAt(at)
          if (code === 'V') facts.cannot.push(facts.benefits)
          else if (isStatus(code)) current = addStatement(segmentOf(scan, i), facts, delimiters)
        }
        facts.benefits += 1
        break
      }
      case tag.LS:
        wrapped = true
        break
      case tag.LE:
        wrapped = false
        break
      case tag.DTP:
        if (current && !wrapped && !addSpan(current.periods, segmentOf(scan, i))) facts.damage = 'bad-segment'
        break
      case tag.AAA: {
        const rejection = readRejection(segmentOf(scan, i), benefitLoop(level.kind), facts.benefits - 1)
        if (rejection) facts.inBenefits.push(rejection)
        else facts.damage = 'bad-segment'
        if (current) facts.statements.pop()
        current = null
        break
      }
    }
  }
}

function addStatement(eb: Segment, facts: Building, delimiters: Delimiters): Building['statements'][number] | null {
  // EB13: about one procedure, so never about the plan.
  if (eb[13]) return null
  const statement = { eb: facts.benefits, active: isActive(eb[1] ?? ''), about: aboutOf(valuesOf(eb[3] ?? '', delimiters)), periods: [] }
  facts.statements.push(statement)
  return statement
}
