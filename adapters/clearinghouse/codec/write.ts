import type { Delimiters } from './delimiters.ts'
import { X12Problem } from './problem.ts'

/** Ours. `:` is a letter of the basic set, so a value that needs it is refused rather than the interchange made odd. */
export const ourDelimiters: Delimiters = { element: '*', repetition: '^', component: ':', terminator: '~' }

/**
 * Writes one segment. 005010 has no release character, so a value that holds a delimiter, a control character or anything outside
 * printable ASCII is refused with its place: escaping is impossible, and dropping characters would ask about another person.
 */
export function writeSegment(tag: string, values: readonly string[], place: string): string {
  values.forEach((value, index) => {
    if (!isWritable(value)) throw new X12Problem('refused-value', `${place} ${tag}${String(index + 1).padStart(2, '0')}`)
  })
  const last = values.findLastIndex((value) => value !== '')
  return `${[tag, ...values.slice(0, last + 1)].join(ourDelimiters.element)}${ourDelimiters.terminator}`
}
const isWritable = (value: string): boolean => /^[\x20-\x7E]*$/.test(value) && !Object.values(ourDelimiters).some((d) => value.includes(d))

export interface EnvelopeFacts {
  submitterId: string
  receiverId: string
  usage: 'T' | 'P'
  /** 1 to 999999999; ISA13, and GS06 without its zeros. */
  controlNumber: number
  at: Date
}

/** ISA, GS, one ST..SE, GE, IEA: one patient per transaction set, so a 999 that refuses a set refuses one patient. */
export function writeInterchange(facts: EnvelopeFacts, set: { functional: string; code: string; version: string; body: readonly string[] }): string {
  const { element, repetition, component, terminator } = ourDelimiters
  const [date, time] = stamps(facts.at)
  const control = String(facts.controlNumber).padStart(9, '0')
  for (const [id, place] of [
    [facts.submitterId, 'ISA06'],
    [facts.receiverId, 'ISA08'],
  ] as const)
    if (!isWritable(id) || id.length > 15) throw new X12Problem('refused-value', place)
  const blank = ' '.repeat(10)
  const isa = ['ISA', '00', blank, '00', blank, 'ZZ', facts.submitterId.padEnd(15), 'ZZ', facts.receiverId.padEnd(15)]
  isa.push(date.slice(2), time, repetition, '00501', control, '0', facts.usage, component)
  const group = String(facts.controlNumber)
  return [
    isa.join(element) + terminator,
    writeSegment('GS', [set.functional, facts.submitterId, facts.receiverId, date, time, group, 'X', set.version], 'envelope'),
    writeSegment('ST', [set.code, '0001', set.version], 'envelope'),
    ...set.body,
    writeSegment('SE', [String(set.body.length + 2), '0001'], 'envelope'),
    writeSegment('GE', ['1', group], 'envelope'),
    writeSegment('IEA', ['1', control], 'envelope'),
  ].join('')
}

/** CCYYMMDD and HHMM in UTC: no zone can be said in an envelope, and one rule is better than a server's own zone. */
export function stamps(at: Date): [date: string, time: string] {
  const iso = at.toISOString()
  return [iso.slice(0, 10).replaceAll('-', ''), iso.slice(11, 16).replace(':', '')]
}
