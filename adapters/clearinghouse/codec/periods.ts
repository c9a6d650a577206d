/** A DTP that says when a plan or benefit holds. ISO dates; null is open. */
export interface Span {
  qualifier: string
  from: string | null
  to: string | null
}

type Kind = 'span' | 'begin' | 'end'
const kinds: ReadonlyMap<string, Kind> = new Map([
  ...['291', '292', '307'].map((qualifier) => [qualifier, 'span'] as const),
  // Coverage, policy, and what a person and a plan have beside them: COBRA (340/341), the policy's own (539/540), a death (442).
  ...['340', '346', '348', '356', '539'].map((qualifier) => [qualifier, 'begin'] as const),
  ...['341', '347', '349', '357', '442', '540'].map((qualifier) => [qualifier, 'end'] as const),
])

/** The DTPs that decide whether a day is covered; others (paid-to, updated, COB) say nothing about it. */
export const decides = (qualifier: string): boolean => kinds.has(qualifier)

/** DTP01 to DTP03. Undefined when the dates cannot be read: a date that decides must then not be taken for "no limit". */
export function readSpan(qualifier: string, format: string, value: string): Span | undefined {
  if (format === 'D8') {
    const day = isoDate(value)
    if (day === undefined) return undefined
    return kinds.get(qualifier) === 'end' ? { qualifier, from: null, to: open(day) } : { qualifier, from: day, to: null }
  }
  if (format !== 'RD8' || value.charCodeAt(8) !== 0x2d) return undefined
  const [from, to] = [isoDate(value.slice(0, 8)), isoDate(value.slice(9))]
  return from === undefined || to === undefined ? undefined : { qualifier, from, to: open(to) }
}
/** 9999 is "no end", whatever day of it. */
const open = (day: string): string | null => (day.startsWith('9999') ? null : day)

const daysOf = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
/** CCYYMMDD to ISO; undefined when it is no day of the calendar. Without a Date: an answer holds hundreds of them. */
export function isoDate(text: string): string | undefined {
  if (text.length !== 8) return undefined
  let digits = 0
  for (let i = 0; i < 8; i += 1) {
    const digit = text.charCodeAt(i) - 0x30
    if (digit < 0 || digit > 9) return undefined
    digits = digits * 10 + digit
  }
  const [year, month, day] = [Math.floor(digits / 10_000), Math.floor(digits / 100) % 100, digits % 100]
  if (year === 0 || day < 1 || day > (daysOf[month - 1] ?? 0)) return undefined
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
  if (month === 2 && day === 29 && !leap) return undefined
  return `${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6)}`
}

/**
 * Dates narrow those of the level above: theirs stand where none are told here, and a last day told above is lifted only by a last day told
 * here. A first day says nothing about the end: a plan that ended, or a death, is not undone by "benefit begins".
 */
export function narrowed(own: readonly Span[], above: readonly Span[]): readonly Span[] {
  if (own.length === 0) return above
  return own.some(hasLastDay) ? own : [...own, ...above.filter(hasLastDay)]
}
const hasLastDay = ({ to }: Span): boolean => to !== null

/** Every period must hold the day: a plan span and an end date narrow each other. A day that is not known is in no period. */
export const covers = (periods: readonly Span[], day: string | undefined): boolean =>
  periods.every((p) => day !== undefined && (p.from === null || p.from <= day) && (p.to === null || day <= p.to))
