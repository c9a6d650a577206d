import { lineName, listedUnder, type PrintedLine, readBy } from './printed-line.ts'

/** One promise, with the figures that show whether it is kept. */
export interface ClaimLine {
  /** `instability.rate-0.1`: the area and the name. */
  name: string
  figures: Readonly<Record<string, string | number>>
  ok: boolean
}

/** Four places at most: what is printed is what was judged by (`rounded`). */
export const rounded = (value: number): number => Number(value.toFixed(4))
const figure = (value: string | number): string => (typeof value === 'number' ? String(rounded(value)) : value)

/** `claim instability.rate-1 checks=20000 false=200 recall=1 ok` */
export function printClaim({ name, figures, ok }: ClaimLine): string {
  const pairs = Object.entries(figures).map(([key, value]) => `${key}=${figure(value)}`)
  const line = ['claim', name, ...pairs, ok ? 'ok' : 'short'].join(' ')
  if (!shape.test(line)) throw new Error(`a claim's name and figures are words without blanks: ${name}`)
  return line
}

const shape = new RegExp(`^claim (?<name>${lineName})(?: [A-Za-z0-9.]+=[^\\s=]+)+ (?<end>ok|short)$`)

export const readClaim = (text: string): PrintedLine | undefined => readBy(shape, text)

/** What a document promises, in its tables headed `claim line`. */
export const claimsListed = (markdown: string): string[] => listedUnder('claim line', markdown)
