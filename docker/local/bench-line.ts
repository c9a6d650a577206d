import { lineName, listedUnder, type PrintedLine, readBy } from './printed-line.ts'

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

const shape = new RegExp(`^bench (?<name>${lineName}) value=\\S+ unit=\\S+ baseline=\\S+ ratio=\\S+ goal=[<>]=\\S+ (?<end>ok|short)$`)

export const readLine = (text: string): PrintedLine | undefined => readBy(shape, text)

/** What a document promises, in its tables headed `bench line`. */
export const namesListed = (markdown: string): string[] => listedUnder('bench line', markdown)
