import { labelOf } from '../codec/coder.ts'
import type { Transaction } from '../codec/found.ts'
import { repeatsOf, segmentsOf } from '../codec/segment.ts'
import { printable } from './words.ts'

interface Question {
  /** A subscriber above a dependent is named, and asked about only with an EQ of their own. */
  isAsked: boolean
  name: string
  isDependent: boolean
  traces: string[]
  services: string[]
  day: string
}

/** Whom a 270 asks about, for what and for which day. A trace stands before the name that it belongs to, so each level is read whole. */
export function* explainInquiry(transaction: Transaction): Generator<string> {
  let payer = 'the payer'
  let open: Question | null = null
  for (const [tag, first = '', second = '', third = '', fourth = ''] of segmentsOf(transaction)) {
    if (tag === 'HL') {
      if (open) yield* sentences(payer, open)
      const isDependent = third === '23'
      open =
        isDependent || third === '22' ? { isAsked: isDependent || fourth !== '1', name: 'nobody named', isDependent, traces: [], services: [], day: '' } : null
    } else if (tag === 'NM1' && first === 'PR') payer = third
    else if (open) {
      if (tag === 'NM1' && (first === 'IL' || first === '03')) open.name = `${fourth} ${third}`.trim()
      else if (tag === 'TRN') open.traces.push(second)
      else if (tag === 'DTP' && first === '291') open.day = third
      else if (tag === 'EQ') {
        open.isAsked = true
        open.services.push(...repeatsOf(first, transaction.delimiters).map((code) => labelOf('serviceType', code) ?? code))
      }
    }
  }
  if (open) yield* sentences(payer, open)
}

function* sentences(payer: string, { isAsked, name, isDependent, traces, services, day }: Question): Generator<string> {
  if (!isAsked) return
  const what = services.length === 0 ? '' : ` for ${services.map(printable).join(', ')}`
  const when = day === '' ? '' : ` on ${printable(day.replaceAll(/(\d{4})(\d\d)(\d\d)/g, '$1-$2-$3'))}`
  yield `Asks ${printable(payer)} about ${printable(name)}${isDependent ? ' (dependent)' : ''}${what}${when}.`
  for (const trace of traces) yield `  Trace ${printable(trace)}.`
}
