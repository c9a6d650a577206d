/** One promise, with the figures that show whether it is kept. */
export interface ClaimLine {
  /** `instability.rate-0.1`: the area and the name. */
  name: string
  figures: Readonly<Record<string, string | number>>
  ok: boolean
}
export interface PrintedClaim {
  name: string
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

const shape = /^claim (?<name>[a-z0-9]+\.[a-z0-9][a-z0-9.-]*)(?: [A-Za-z0-9.]+=[^\s=]+)+ (?<end>ok|short)$/

export function readClaim(text: string): PrintedClaim | undefined {
  const { name, end } = shape.exec(text)?.groups ?? {}
  return name === undefined ? undefined : { name, ok: end === 'ok' }
}

/** The names in the first column of a document's tables headed `claim line`. */
export function claimsListed(markdown: string): string[] {
  const names: string[] = []
  let listing = false
  for (const row of markdown.split('\n')) {
    if (/^\| *claim line *\|/i.test(row)) listing = true
    else if (!row.startsWith('|')) listing = false
    const first = row.split('|')[1] ?? ''
    if (listing) names.push(...[...first.matchAll(/`([a-z0-9]+\.[a-z0-9][a-z0-9.-]*)`/g)].flatMap((match) => match[1] ?? []))
  }
  return names
}
