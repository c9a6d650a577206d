/**
 * One measured figure and what it must be. `ratio` is the figure against a baseline measured in the same run, which is what counts on a
 * shared machine; where there is no baseline the value itself is judged.
 */
export interface BenchLine {
  /** `x12.verify`: the area and the name. */
  name: string
  value: number
  unit: string
  baseline?: string
  ratio?: number
  goal: { op: '<=' | '>='; limit: number }
}
export interface PrintedLine {
  name: string
  ok: boolean
}

/** Three places at most, so that what is printed is what is judged. */
const figure = (value: number): string => String(Number(value.toFixed(value >= 100 ? 0 : 3)))

/** `bench x12.verify value=50 unit=ms baseline=x12.split10 ratio=0.26 goal=<=0.4 ok` */
export function printLine({ name, value, unit, baseline, ratio, goal }: BenchLine): string {
  if ((baseline === undefined) !== (ratio === undefined)) throw new Error(`${name}: a ratio and its baseline come together`)
  const judged = Number(figure(ratio ?? value))
  // A figure that could not be taken (NaN) meets no goal.
  const ok = goal.op === '<=' ? judged <= goal.limit : judged >= goal.limit
  const against = `baseline=${baseline ?? '-'} ratio=${ratio === undefined ? '-' : figure(ratio)}`
  return `bench ${name} value=${figure(value)} unit=${unit} ${against} goal=${goal.op}${goal.limit} ${ok ? 'ok' : 'short'}`
}

const shape = /^bench (?<name>[a-z0-9]+\.[a-z0-9-]+) value=\S+ unit=\S+ baseline=\S+ ratio=\S+ goal=[<>]=\S+ (?<end>ok|short)$/

export function readLine(text: string): PrintedLine | undefined {
  const { name, end } = shape.exec(text)?.groups ?? {}
  return name === undefined ? undefined : { name, ok: end === 'ok' }
}

/** The names in the first column of a document's tables headed `bench line`. */
export function namesListed(markdown: string): string[] {
  const names: string[] = []
  let listing = false
  for (const row of markdown.split('\n')) {
    if (/^\| *bench line *\|/i.test(row)) listing = true
    else if (!row.startsWith('|')) listing = false
    const first = row.split('|')[1] ?? ''
    if (listing) names.push(...[...first.matchAll(/`([a-z0-9]+\.[a-z0-9-]+)`/g)].flatMap((match) => match[1] ?? []))
  }
  return names
}
