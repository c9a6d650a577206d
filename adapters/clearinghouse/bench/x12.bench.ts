import { execFile } from 'node:child_process'
import { rmSync } from 'node:fs'
import { promisify } from 'node:util'
import { type BenchLine, printLine } from '../../../docker/local/bench-line.ts'
import { checkout, stateFolder } from '../../../docker/local/state-folder.ts'

/**
 * The reader's speed. Every figure is a median over rounds in which the readers take turns, each run a fresh process, the order turned
 * round each time: on a shared machine only the ratios of one run mean anything. `BENCH_QUICK=1` measures 10 MB in 3 rounds,
 * `BENCH_READERS=verdict,answer` only those.
 */
const quick = process.env.BENCH_QUICK === '1'
const chosen = (names: readonly string[]): string[] => names.filter((name) => !process.env.BENCH_READERS || process.env.BENCH_READERS.split(',').includes(name))
const inquiries = '10000'

interface Run {
  name: string
  ms: number[]
  sets: number
  work: number
  peakRssMb: number
}
const startedMs = performance.now()
const progress = (text: string) => process.stderr.write(`${((performance.now() - startedMs) / 1000).toFixed(1).padStart(6)} s  ${text}\n`)
const run = promisify(execFile)
const node = async (file: string, ...args: string[]): Promise<string> =>
  (await run(process.execPath, [`${checkout}/adapters/clearinghouse/${file}`, ...args])).stdout
const runOf = async (name: string, subject: string): Promise<Run> => JSON.parse(await node('bench/main.ts', name, subject)) as Run

const middle = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN

/** Medians in milliseconds by reader; a reader that counted something else in one round has read something else, and that is a bug. */
async function takeTurns(names: readonly string[], subject: string, rounds: number): Promise<Map<string, number>> {
  const runs = new Map<string, Run[]>(names.map((name) => [name, []]))
  for (let round = 0; round < rounds; round += 1)
    for (const name of round % 2 === 0 ? names : names.toReversed()) runs.get(name)?.push(await runOf(name, subject))
  const sets = new Set([...runs.values()].flat().map((one) => one.sets))
  if (sets.size !== 1) throw new Error(`the readers do not agree how many sets there are: ${[...sets].join(', ')}`)
  const medians = new Map<string, number>()
  for (const [name, list] of runs) {
    if (new Set(list.map((one) => one.work)).size !== 1) throw new Error(`${name} read something else in another round`)
    medians.set(name, middle(list.map((one) => one.ms[0] ?? Number.NaN)))
    progress(
      `  ${name.padEnd(8)} ${list.map((one) => String(Math.round(one.ms[0] ?? 0)).padStart(5)).join(' ')} ms, peak ${Math.max(...list.map((one) => one.peakRssMb))} MB`,
    )
  }
  return medians
}

const say = (line: BenchLine): void => {
  process.stdout.write(`${printLine(line)}\n`)
}
const ratioTo = (value: number | undefined, baseline: number | undefined): number => (value ?? Number.NaN) / (baseline ?? Number.NaN)

const folder = stateFolder(`bench-${process.pid}`)
const goals = { verify: 0.4, verdict: 1.5, answer: 3 }
const measured = chosen(Object.keys(goals))
try {
  const file = async (megabytes: number): Promise<string> => {
    progress(`writing a batch of ${megabytes} MB`)
    await node('fixtures/main.ts', String(megabytes), `${folder}/${megabytes}.271`)
    return `${folder}/${megabytes}.271`
  }

  const ten = await file(10)
  const rivals = chosen(['nodex12'])
  const at10 = await takeTurns(['split', ...measured, ...rivals], ten, quick ? 3 : 7)
  const linesOf = (medians: ReadonlyMap<string, number>, baseline: string) => {
    for (const [name, limit] of Object.entries(goals))
      if (measured.includes(name))
        say({
          name: `x12.${name}`,
          value: medians.get(name) ?? Number.NaN,
          unit: 'ms',
          baseline,
          ratio: ratioTo(medians.get(name), medians.get('split')),
          goal: { op: '<=', limit },
        })
  }
  linesOf(at10, 'x12.split10')
  const rival = at10.get('nodex12')
  if (rival !== undefined)
    for (const [name, limit] of Object.entries({ verdict: 8, answer: 4 }))
      if (measured.includes(name))
        say({ name: 'x12.nodex12', value: rival, unit: 'ms', baseline: `x12.${name}`, ratio: ratioTo(rival, at10.get(name)), goal: { op: '>=', limit } })

  if (!quick) {
    const fifty = await file(50)
    const at50 = await takeTurns(['split', ...measured], fifty, 5)
    linesOf(at50, 'x12.split50')
    // Five times the bytes in five times the time is 1; the reader that bends most is the one that is said.
    const growth = measured.map((name) => ({ name, ratio: ratioTo(5 * (at10.get(name) ?? Number.NaN), at50.get(name)) })).sort((a, b) => a.ratio - b.ratio)[0]
    if (growth)
      say({
        name: 'x12.growth',
        value: 50_000 / (at50.get(growth.name) ?? Number.NaN),
        unit: 'MB/s',
        baseline: `x12.${growth.name}`,
        ratio: growth.ratio,
        goal: { op: '>=', limit: 0.8 },
      })

    for (const [megabytes, path] of [
      [50, fifty],
      [200, await file(200)],
    ] as const) {
      progress(`peak memory at ${megabytes} MB`)
      say({ name: `x12.rss${megabytes}`, value: (await runOf('answer', path)).peakRssMb, unit: 'MB', goal: { op: '<=', limit: 150 } })
    }
  }

  if (chosen(['write']).length > 0) {
    progress(`writing ${inquiries} 270s`)
    const written = await takeTurns(['join', 'write'], inquiries, quick ? 3 : 7)
    say({
      name: 'x12.write',
      value: written.get('write') ?? Number.NaN,
      unit: 'ms',
      baseline: 'x12.join',
      ratio: ratioTo(written.get('write'), written.get('join')),
      goal: { op: '<=', limit: 4 },
    })
  }
  progress('done')
} finally {
  rmSync(folder, { recursive: true, force: true })
}
