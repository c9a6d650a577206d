import type { StatusLine } from './status.ts'

/** The insurance line of somebody who is asked to put details right on this very page: the form takes the place of a call. */
export function askedToCorrect(lines: readonly StatusLine[]): StatusLine[] {
  return lines.map((line) => {
    if (line.subject !== 'insurance') return line
    // The payer's own words stay, where it was the payer who asked.
    const said = line.todo === 'insurance.needs-you.todo' ? {} : ({ what: 'insurance.correct.what', meaning: 'insurance.needs-you.meaning' } as const)
    return { ...line, ...said, tone: 'needs-someone', todo: 'insurance.correct.todo' }
  })
}

/** The card line of somebody whose bank has a page to confirm at: that page takes the place of a call. */
export function askedToConfirm(lines: readonly StatusLine[]): StatusLine[] {
  return lines.map((line) => (line.todo === 'card.needs-you.todo' ? { ...line, todo: 'card.confirm.todo' } : line))
}
