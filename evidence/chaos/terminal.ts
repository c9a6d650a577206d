import { randomInt } from 'node:crypto'
import { parseArgs } from 'node:util'
import { runMatrix } from './matrix.ts'
import { isFull, lastLine, shortcomings, writeReport } from './report.ts'
import { fullRuns } from './schedule.ts'

const usage = 'usage: npm run -s hub -- chaos crash-matrix [--runs N] [--seed S] [--lanes L]'
const seedMax = 2 ** 31 - 1
/** Each is a whole hub with its partners: about 2 GB, and half a core. */
const lanesMax = 8

/** Progress to `complain`; the last line says what came of it. 0: all zero, and nothing short; 1: not so; 2: not understood. */
export async function crashMatrix(args: readonly string[], say: (line: string) => void, complain: (line: string) => void): Promise<number> {
  const wish = wishOf(args)
  if (!wish) {
    complain(usage)
    return 2
  }
  const startedMs = performance.now()
  const progress = (line: string) => complain(`${((performance.now() - startedMs) / 1000).toFixed(1).padStart(7)} s  ${line}`)
  progress(`${wish.runs} runs, seed ${wish.seed}`)
  const matrix = await runMatrix({ ...wish, progress })
  const short = shortcomings(matrix, wish.runs)
  for (const line of short) complain(line)
  // A sample must not take the place of the whole.
  if (isFull(wish.runs)) complain(`report: ${writeReport(matrix, wish.runs)}`)
  say(lastLine(matrix))
  return short.length === 0 ? 0 : 1
}

export function wishOf(args: readonly string[]): { runs: number; seed: number; lanes: number } | undefined {
  try {
    const { values } = parseArgs({ args: [...args], options: { runs: { type: 'string' }, seed: { type: 'string' }, lanes: { type: 'string' } } })
    const number = (text: string | undefined, max: number, otherwise: number) =>
      text === undefined ? otherwise : /^\d{1,10}$/.test(text) && Number(text) <= max ? Number(text) : Number.NaN
    const wish = {
      runs: number(values.runs, 100_000, fullRuns),
      seed: number(values.seed, seedMax, randomInt(seedMax)),
      lanes: number(values.lanes, lanesMax, 1),
    }
    return wish.runs >= 1 && wish.seed >= 0 && wish.lanes >= 1 ? wish : undefined
  } catch {
    // A word that no option is.
    return undefined
  }
}
