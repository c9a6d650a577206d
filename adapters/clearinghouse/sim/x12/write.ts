import type { Delimiters, Row } from './read.ts'

export interface OutSet {
  code: '271' | '999'
  control: string
  version: string
  /** Between ST and SE. */
  rows: readonly Row[]
}
export interface OutGroup {
  /** HB for 271, FA for 999. */
  functionalId: 'HB' | 'FA'
  control: number
  sets: readonly OutSet[]
}
export interface OutInterchange {
  from: string
  to: string
  usage: string
  control: number
  at: Date
  delimiters: Delimiters
  /** TA1 segments, before the groups. */
  ta1: readonly Row[]
  groups: readonly OutGroup[]
}

/** Date and time as X12 has them, UTC. */
export function stampOf(at: Date): { date: string; time: string } {
  const text = at.toISOString()
  return { date: text.slice(0, 10).replaceAll('-', ''), time: text.slice(11, 16).replace(':', '') }
}
const controlText = (control: number): string => `${control}`.padStart(9, '0')

/** Throws when a value holds a delimiter: that would be another document. */
export function writeInterchange(out: OutInterchange): string {
  const { delimiters } = out
  const { date, time } = stampOf(out.at)
  const control = controlText(out.control)
  const pad = (text: string, length = 15) => text.padEnd(length).slice(0, length)
  const isa = [
    'ISA',
    '00',
    pad('', 10),
    '00',
    pad('', 10),
    'ZZ',
    pad(out.from),
    'ZZ',
    pad(out.to),
    date.slice(2),
    time,
    delimiters.repetition,
    '00501',
    control,
    '0',
  ]
  const body: Row[] = [...out.ta1]
  for (const group of out.groups) {
    const version = group.sets[0]?.version ?? ''
    body.push(['GS', group.functionalId, out.from, out.to, date, time, `${group.control}`, 'X', version])
    for (const set of group.sets) body.push(['ST', set.code, set.control, set.version], ...set.rows, ['SE', `${set.rows.length + 2}`, set.control])
    body.push(['GE', `${group.sets.length}`, `${group.control}`])
  }
  body.push(['IEA', `${out.groups.length}`, control])
  const { element, terminator, lineBreaks } = delimiters
  const head = [...isa, out.usage, delimiters.component].join(element)
  const texts = body.map((row) => {
    if (row.some((cell) => cell.includes(element) || cell.includes(terminator))) throw new Error(`a value of ${row[0]} holds a delimiter`)
    let end = row.length
    while (end > 0 && row[end - 1] === '') end -= 1
    return row.slice(0, end).join(element)
  })
  const glue = lineBreaks && !/[\r\n]/.test(terminator) ? `${terminator}\n` : terminator
  return `${[head, ...texts].join(glue)}${glue.trimEnd() === '' ? glue : terminator}`
}
