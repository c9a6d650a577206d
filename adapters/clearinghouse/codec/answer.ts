import { hash } from 'node:crypto'
import type { AnswerBenefit, AnswerRejection, EligibilityAnswerV2, ToldPerson } from '@heliox/core/billing'
import { isUsual } from './aaa.ts'
import { BenefitReader, readBenefit } from './benefit.ts'
import { costSharesOf } from './cost-share.ts'
import { interchangeIds, type Transaction } from './found.ts'
import { type LevelSays, personOf, saysOf, toldPerson } from './level.ts'
import { tag } from './lines.ts'
import { otherCoverageOf, pcpOf, planOf } from './named-in-benefits.ts'
import { relationship, told } from './party.ts'
import { type Level, type Patient, type Scan, scan271, segmentOf } from './patients.ts'
import { isoDate } from './periods.ts'
import type { ProblemCode } from './problem.ts'
import { answeredOn, damagedTraces, decide, type Facts, readFacts, type Verdict } from './verdict.ts'

/** The answer of the contract before it is decided which port it goes to. */
export interface PatientAnswer extends Omit<EligibilityAnswerV2, 'verdict' | 'source'> {
  verdict: Verdict
  source: Source
  /** The whole request was turned down only for now. */
  notNow: boolean
  /** Why nothing may be concluded; a code. Then `benefits` and everybody's names are empty. */
  damage: ProblemCode | null
  /** Who is answered about, as far as it can be compared with whom we asked about. */
  told: ToldPerson
  /** What the verdict rests on, to decide it for another day; null where nothing may be concluded. */
  facts: Facts | null
}
type Source = NonNullable<EligibilityAnswerV2['source']>
type Warning = EligibilityAnswerV2['warnings'][number]

/**
 * All that a 271 says, per patient, in the order of the file. Verdict and reasons are those of `verdictsOf`. `day` as there. A set that
 * does not verify is one answer: `unknown`, with its traces and nothing else.
 */
export function answersOf(transaction: Transaction, day?: string): PatientAnswer[] {
  const source = sourceOf(transaction)
  const scan = scan271(transaction)
  if (typeof scan === 'string') return [{ ...nothing(source, scan), match: { traces: damagedTraces(transaction) } }]
  const shared: Shared = { scan, source, on: day ?? answeredOn(scan.bht), warnings: warningsOf(transaction) }
  return scan.patients.map((patient) => answerOf(shared, patient))
}

/** What the patients of one set have in common, read once. */
interface Shared {
  scan: Scan
  source: Source
  on: string | undefined
  warnings: readonly Warning[]
}

function answerOf(shared: Shared, patient: Patient): PatientAnswer {
  const { scan, source, on } = shared
  const facts = readFacts(scan, patient)
  const { level } = patient
  const says = saysOf(scan, level)
  const subscriberLevel = level.kind === '23' ? level.parent : level.kind === '22' ? level : null
  const subscriber = subscriberLevel ? saysOf(scan, subscriberLevel) : undefined
  const person = toldPerson(says, level.kind === '23' ? subscriber : undefined)
  const match: PatientAnswer['match'] = {
    traces: patient.traces.map((trn) => ({ type: trn[1] ?? '', id: trn[2] ?? '', origin: told(trn[3]), extra: told(trn[4]) })),
    bht03: told(scan.bht[3]),
    patientAccount: says.patientAccount ?? subscriber?.patientAccount,
  }
  if (facts.damage) return { ...nothing(source, facts.damage), match }
  const { verdict, basis, notNow } = decide(facts, on)
  const rejections = [...facts.turnedDown, ...facts.inBenefits]
  const benefits = subscriberLevel ? benefitsAt(scan, level, facts.turnedDown.length) : []
  const isDependent = level.kind === '23'
  return {
    verdict,
    basis,
    notNow,
    damage: null,
    told: person,
    facts,
    match,
    source,
    answeredAt: answeredAt(scan.bht),
    rejections,
    payer: partyAt(scan, level, '20'),
    provider: partyAt(scan, level, '21'),
    subscriber: subscriber && personOf(subscriber),
    patient: {
      is: subscriberLevel ? (isDependent ? 'dependent' : 'subscriber') : 'nobody',
      relationship: relationship(says.relationship),
      person: subscriberLevel ? personOf(says) : undefined,
      corrected: person.corrected,
    },
    plan: planOf(
      basis.eb.flatMap((index) => benefits[index] ?? []),
      [says, ...(isDependent && subscriber ? [subscriber] : [])],
    ),
    pcp: pcpOf(benefits),
    otherCoverage: otherCoverageOf(benefits),
    costShare: costSharesOf(benefits),
    benefits,
    other: says.other,
    warnings: [...shared.warnings, ...warningsIn(rejections, benefits)],
    manual: false,
  }
}

/** Every EB of a level with what stands below it. `above`: how many rejections come before those of the benefits. */
function benefitsAt(scan: Scan, level: Level, above: number): AnswerBenefit[] {
  const { delimiters } = scan.transaction
  const reader = new BenefitReader()
  let rejection = above
  for (let i = level.benefitsFrom; i < level.to; i += 1) {
    const segment = segmentOf(scan, i)
    if (scan.tags[i] === tag.EB) reader.begin(readBenefit(segment, reader.benefits.length, i, delimiters))
    else if (scan.tags[i] === tag.AAA) reader.reject(rejection++)
    else reader.add(segment)
  }
  return reader.benefits
}

function partyAt(scan: Scan, from: Level, kind: '20' | '21'): LevelSays['party'] {
  for (let level: Level | null = from; level; level = level.parent) if (level.kind === kind) return saysOf(scan, level).party
  return undefined
}

function sourceOf({ interchange, group, control, version, text }: Transaction): Source {
  return { ...interchangeIds(interchange), gs06: group?.control ?? '', st02: control, version, sha256: hash('sha256', text) }
}

/** BHT04 and BHT05. */
function answeredAt(bht: readonly string[]): string | undefined {
  const day = isoDate(bht[4] ?? '')
  const time = /^([01]\d|2[0-3])([0-5]\d)([0-5]\d)?/.exec(bht[5] ?? '')
  return day && `${day}T${time?.[1] ?? '00'}:${time?.[2] ?? '00'}:${time?.[3] ?? '00'}`
}

/** What is odd about the set as a whole, and not enough to disbelieve it. */
function warningsOf({ version, group }: Transaction): Warning[] {
  const codes: string[] = []
  if (version.startsWith('004')) codes.push('old-version')
  // 005010X279 and its A1 are read alike.
  if (group && group.version !== '' && group.version.replace(/A1$/, '') !== version.replace(/A1$/, '')) codes.push('versions-differ')
  if (group && group.functionalId !== 'HB') codes.push('functional-id')
  return codes.map((code) => ({ code, segment: 0 }))
}
function warningsIn(rejections: readonly AnswerRejection[], benefits: readonly AnswerBenefit[]): Warning[] {
  const warnings: Warning[] = []
  for (const { loop, reason, benefit } of rejections)
    if (!isUsual(loop, reason.code)) warnings.push({ code: 'unusual-reason', segment: benefit === undefined ? 0 : (benefits[benefit]?.segment ?? 0), loop })
  for (const { segment, raw, percentScale, dates } of benefits) {
    if (raw) warnings.push({ code: 'more-than-read', segment })
    if (percentScale) warnings.push({ code: 'percent-scale', segment })
    for (const { from, to, raw: text } of dates)
      if (from === undefined && to === undefined && !text.startsWith('9999')) warnings.push({ code: 'unreadable-date', segment })
  }
  return warnings
}

/** An answer that says nothing. */
function nothing(source: Source, damage: ProblemCode): PatientAnswer {
  return {
    verdict: 'unknown',
    basis: { eb: [], rule: damage === 'unsupported-version' ? 'unsupported-version' : 'damaged', inferred: false },
    notNow: false,
    damage,
    told: { memberId: null, givenName: null, familyName: null, birthDate: null, corrected: false },
    facts: null,
    match: { traces: [] },
    source,
    rejections: [],
    patient: { is: 'nobody', corrected: false },
    plan: { ids: [], dates: [] },
    otherCoverage: [],
    costShare: [],
    benefits: [],
    other: [],
    warnings: [{ code: damage, segment: 0 }],
    manual: false,
  }
}

/** The answer to another question: that there was one, and nothing of whom it is about. */
export const foreignAnswer = ({ source }: PatientAnswer): EligibilityAnswerV2 => ({
  ...toContract(nothing(source, 'bad-segment')),
  basis: { eb: [], rule: 'foreign-answer', inferred: false },
  warnings: [],
  marks: ['foreign'],
})

/** For the ok port: without what only the reader needs. */
export function toContract({ notNow: _, damage: __, told: ___, facts: ____, verdict, ...answer }: PatientAnswer): EligibilityAnswerV2 {
  if (verdict === 'rejected') throw new Error('a rejection goes to the rejected port')
  return { ...answer, verdict }
}
