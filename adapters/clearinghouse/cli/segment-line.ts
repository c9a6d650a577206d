import { reasonOf } from '../codec/aaa.ts'
import { labelOf } from '../codec/coder.ts'
import type { Delimiters, Segment } from '../codec/found.ts'
import type { LabelTable } from '../codec/labels.ts'
import { repeatsOf } from '../codec/segment.ts'
import { printable } from './words.ts'

/** Which elements hold a code that we have words for: by tag, by element number. */
const coded: Readonly<Record<string, Readonly<Record<number, LabelTable>>>> = {
  EB: { 1: 'eb01', 2: 'level', 3: 'serviceType', 4: 'insuranceType', 6: 'period', 9: 'quantity', 11: 'authorization', 12: 'network' },
  EQ: { 1: 'serviceType', 3: 'level', 4: 'insuranceType' },
  AAA: { 4: 'followUp' },
  DTP: { 1: 'date' },
  REF: { 1: 'reference' },
  NM1: { 1: 'entity' },
  INS: { 2: 'relationship' },
  HSD: { 1: 'quantity', 5: 'period' },
  TA1: { 5: 'interchangeNote' },
  AK3: { 4: 'segmentNote' },
  IK3: { 4: 'segmentNote' },
  AK4: { 3: 'elementNote' },
  IK4: { 3: 'elementNote' },
  AK5: { 2: 'setNote', 3: 'setNote', 4: 'setNote', 5: 'setNote', 6: 'setNote' },
  IK5: { 2: 'setNote', 3: 'setNote', 4: 'setNote', 5: 'setNote', 6: 'setNote' },
  AK9: { 5: 'groupNote', 6: 'groupNote', 7: 'groupNote', 8: 'groupNote', 9: 'groupNote' },
}
const levels: Readonly<Record<string, string>> = { '19': 'provider', '20': 'payer', '21': 'provider', '22': 'subscriber', '23': 'dependent', PT: 'patient' }
const claimLevels: Readonly<Record<string, string>> = { ...levels, '21': 'receiver' }

/** `EB  01=1 (active)  03=30 (the health plan)`: every element that is not empty, by its number, with our words for codes. */
export function segmentLine(segment: Segment, delimiters: Delimiters, set: string): string {
  const [tag = '', ...values] = segment
  const cells = values.flatMap((value, index) => (value === '' ? [] : [cell(tag, index + 1, value, delimiters, set)]))
  return [printable(tag).padEnd(3), ...cells].join('  ').trimEnd()
}

function cell(tag: string, number: number, value: string, delimiters: Delimiters, set: string): string {
  const words = wordsFor(tag, number, value, delimiters, set)
  return `${String(number).padStart(2, '0')}=${printable(value)}${words === '' ? '' : ` (${words})`}`
}

function wordsFor(tag: string, number: number, value: string, delimiters: Delimiters, set: string): string {
  if (tag === 'AAA' && number === 3) return reasonOf(value).label
  if (tag === 'HL' && number === 3) {
    const table = set === '270' || set === '271' ? levels : claimLevels
    return Object.hasOwn(table, value) ? (table[value] ?? '') : ''
  }
  const table = Object.hasOwn(coded, tag) ? coded[tag]?.[number] : undefined
  if (!table) return ''
  return repeatsOf(value, delimiters)
    .flatMap((one) => labelOf(table, one) ?? [])
    .join(', ')
}
