/** What the lines of `make bench` and `make claims` share: a name, and whether it is as good as it must be. */
export interface PrintedLine {
  name: string
  ok: boolean
}

/** `x12.verify`, `instability.rate-0.1`: the area and the name. */
export const lineName = '[a-z0-9]+\\.[a-z0-9][a-z0-9.-]*'

/** `shape` has the groups `name` and `end`. Anything else that a process prints is no line. */
export function readBy(shape: RegExp, text: string): PrintedLine | undefined {
  const { name, end } = shape.exec(text)?.groups ?? {}
  return name === undefined ? undefined : { name, ok: end === 'ok' }
}

/** The names in the first column of a document's tables headed so. */
export function listedUnder(heading: string, markdown: string): string[] {
  const names: string[] = []
  let listing = false
  for (const row of markdown.split('\n')) {
    const first = row.split('|')[1] ?? ''
    if (!row.startsWith('|')) listing = false
    else if (first.trim().toLowerCase() === heading) listing = true
    if (listing) names.push(...[...first.matchAll(new RegExp(`\`(${lineName})\``, 'g'))].flatMap((match) => match[1] ?? []))
  }
  return names
}
