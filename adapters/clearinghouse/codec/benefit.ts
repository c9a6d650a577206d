import type { AnswerBenefit } from '@heliox/core/billing'
import { coder, optionalCoder } from './coder.ts'
import type { Delimiters, Segment } from './found.ts'
import { valuesOf } from './lines.ts'
import { addToParty, nameSaysMore, readParty, readPeriod, readReference, told } from './party.ts'

const code = coder('eb01')
const serviceType = coder('serviceType')
const level = optionalCoder('level')
const insuranceType = optionalCoder('insuranceType')
const period = optionalCoder('period')
const quantity = coder('quantity')
const authorization = optionalCoder('authorization')
const network = optionalCoder('network')

const amountCharsMax = 40
/**
 * An X12 number as a decimal string, `.2` as `0.2`. Undefined for what is none. Character by character: three of four elements of an
 * EB come by here.
 */
export function decimal(text: string | undefined): string | undefined {
  if (text === undefined || text === '' || text.length >= amountCharsMax) return undefined
  let [digits, point] = [0, -1]
  const sign = text.charCodeAt(0) === 0x2d ? 1 : 0
  for (let i = sign; i < text.length; i += 1) {
    const c = text.charCodeAt(i)
    if (c >= 0x30 && c <= 0x39) digits += 1
    else if (c === 0x2e && point === -1) point = i
    else return undefined
  }
  if (digits === 0) return undefined
  if (point === sign) return `${text.slice(0, sign)}0${text.slice(point)}`
  return point === text.length - 1 ? text.slice(0, point) : text
}

/** A fraction above 1 was probably meant as a percentage: 20 for 20 %. */
const isAboveOne = (percent: string): boolean => Number(percent) > 1

// Most lists of most benefits are empty, and an answer has hundreds of benefits: they share one, which cannot be written to.
const empty: readonly never[] = Object.freeze([])
const none = <T>(): T[] => empty as unknown as T[]
const added = <T>(list: T[], item: T): T[] => {
  if (list.length === 0) return [item]
  list.push(item)
  return list
}

/** EB alone; what stands below it is added line by line. */
export function readBenefit(eb: Segment, index: number, segment: number, delimiters: Delimiters): AnswerBenefit {
  const [, eb01 = '', eb02, eb03 = '', eb04, eb05, eb06, eb07, eb08, eb09, eb10, eb11, eb12, eb13, eb14] = eb
  const types = valuesOf(eb03, delimiters)
  const [amount, percent, value] = [decimal(eb07), decimal(eb08), decimal(eb10)]
  const whole =
    eb.length <= 15 &&
    amount === told(eb07) &&
    percent === told(eb08) &&
    value === told(eb10) &&
    (value === undefined) === ((eb09 ?? '') === '') &&
    // No value was empty: what is kept, with one separator between two, is as long as what was there.
    types.reduce((chars, type) => chars + type.length, Math.max(types.length - 1, 0)) === eb03.length
  return {
    eb: index,
    segment,
    code: code(eb01),
    level: level(eb02),
    serviceTypes: types.map(serviceType),
    insuranceType: insuranceType(eb04),
    planText: told(eb05),
    period: period(eb06),
    amount,
    percent,
    percentScale: percent !== undefined && isAboveOne(percent) ? 'suspect' : undefined,
    quantity: value === undefined ? undefined : { qualifier: quantity(eb09 ?? ''), value },
    authorization: authorization(eb11),
    network: network(eb12),
    procedure: eb13 ? readProcedure(eb13, delimiters) : undefined,
    diagnoses: eb14 ? eb14.split(delimiters.component) : none(),
    raw: whole ? undefined : [...eb],
    dates: none(),
    references: none(),
    messages: none(),
    deliveries: none(),
    settings: none(),
    rejections: none(),
    related: none(),
    other: none(),
  }
}

/** EB13, a composite: qualifier, code, four modifiers, and what comes after them. */
function readProcedure(eb13: string, { component }: Delimiters): NonNullable<AnswerBenefit['procedure']> {
  const [qualifier = '', procedure = '', ...more] = eb13.split(component)
  return { qualifier, code: procedure, modifiers: more.slice(0, 4), rest: more.slice(4) }
}

/** Builds one benefit after another from the lines below their EBs. */
export class BenefitReader {
  readonly benefits: AnswerBenefit[] = []
  #current: AnswerBenefit | undefined
  /** Loop 2120, which speaks of others, begins with LS or, where a payer leaves that out, with NM1. */
  #related: AnswerBenefit['related'][number] | undefined
  #wrapped = false

  begin(benefit: AnswerBenefit): void {
    this.benefits.push(benefit)
    this.#current = benefit
    this.#related = undefined
    this.#wrapped = false
  }
  /** An AAA of this benefit, by its index in the answer's rejections. */
  reject(rejection: number): void {
    if (this.#current) this.#current.rejections = added(this.#current.rejections, rejection)
  }

  /** Any segment but EB and AAA. */
  add(segment: Segment): void {
    const benefit = this.#current
    if (!benefit) return
    switch (segment[0]) {
      case 'DTP':
        if (this.#wrapped && this.#related) this.#related.dates.push(readPeriod(segment))
        else benefit.dates = added(benefit.dates, readPeriod(segment))
        if (segment.length > 4) benefit.other = added(benefit.other, [...segment])
        return
      case 'MSG':
        benefit.messages = added(benefit.messages, segment[1] ?? '')
        if (segment.length > 2) benefit.other = added(benefit.other, [...segment])
        return
      case 'HSD':
        benefit.deliveries = added(benefit.deliveries, segment.slice(1))
        return
      case 'III':
        benefit.settings = added(benefit.settings, segment.slice(1))
        return
      case 'LS':
        this.#wrapped = true
        return
      case 'LE':
        this.#wrapped = false
        this.#related = undefined
        return
      case 'NM1':
        this.#related = { party: readParty(segment), dates: [], other: nameSaysMore(segment) ? [[...segment]] : [] }
        benefit.related = added(benefit.related, this.#related)
        return
      default:
        this.#addElse(benefit, segment)
    }
  }
  #addElse(benefit: AnswerBenefit, segment: Segment): void {
    if (this.#related) {
      if (!addToParty(this.#related.party, segment)) this.#related.other.push([...segment])
    } else if (segment[0] === 'REF') {
      benefit.references = added(benefit.references, readReference(segment))
      if (segment.length > 4) benefit.other = added(benefit.other, [...segment])
    } else benefit.other = added(benefit.other, [...segment])
  }
}
