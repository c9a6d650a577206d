import { X12Problem } from './problem.ts'
import { element, type Segment } from './segments.ts'

/** A DTP that says when a plan or benefit holds. ISO dates; null is open. */
export interface Period {
  qualifier: string
  from: string | null
  to: string | null
}

const spans = new Set(['291', '292', '307'])
// Coverage, policy, and what a person and a plan have beside them: COBRA (340/341), the policy's own (539/540), a death (442).
const begins = new Set(['340', '346', '348', '356', '539'])
const ends = new Set(['341', '347', '349', '357', '442', '540'])

/** The DTPs that decide whether a day is covered; others (paid-to, updated, COB) say nothing about it. */
export function readPeriods(segments: readonly Segment[]): Period[] {
  return segments.filter((s) => s.tag === 'DTP' && [spans, begins, ends].some((set) => set.has(element(s, 1)))).map(readPeriod)
}

function readPeriod(segment: Segment): Period {
  const [qualifier, format, value] = [element(segment, 1), element(segment, 2), element(segment, 3)]
  const [first, second] = format === 'RD8' ? value.split('-') : [value, undefined]
  // A deciding date that cannot be read must not be taken for "no limit".
  const from = isoDate(first)
  const to = format === 'RD8' ? isoDate(second) : null
  if (!(format === 'D8' || format === 'RD8') || from === undefined || to === undefined) throw new X12Problem('bad-segment', `segment ${segment.at}`)
  if (format === 'RD8') return { qualifier, from, to: open(to) }
  return ends.has(qualifier) ? { qualifier, from: null, to: open(from) } : { qualifier, from, to: null }
}
const open = (date: string | null): string | null => (date === '9999-12-31' ? null : date)

/** CCYYMMDD to ISO; undefined when it is no day of the calendar. */
export function isoDate(text: string | undefined): string | undefined {
  const match = /^(\d{4})(\d{2})(\d{2})$/.exec(text ?? '')
  if (!match) return undefined
  const iso = `${match[1]}-${match[2]}-${match[3]}`
  const day = Date.parse(`${iso}T00:00:00Z`)
  return Number.isNaN(day) || new Date(day).toISOString().slice(0, 10) !== iso ? undefined : iso
}

/** Every period must hold the day: a plan span and an end date narrow each other. */
export const covers = (periods: readonly Period[], day: string): boolean =>
  periods.every((p) => (p.from === null || p.from <= day) && (p.to === null || day <= p.to))
