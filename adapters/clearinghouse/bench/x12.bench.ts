import { type ChildProcess, execFile, fork } from 'node:child_process'
import { rmSync } from 'node:fs'
import { promisify } from 'node:util'
import { type BenchLine, printLine } from '../../../docker/local/bench-line.ts'
import { checkout, stateFolder } from '../../../docker/local/state-folder.ts'
import type { Run } from './main.ts'

/**
 * The reader's speed. One process per reader; in each round every reader reads the file once, and the order turns round from round to
 * round; the first round warms up and does not count. Figures are medians. On a shared machine only the ratios of one run mean
 * anything. `BENCH_QUICK=1` measures 10 MB only, in fewer rounds; `BENCH_READERS=verdict,answer` only those.
 */
const quick = process.env.BENCH_QUICK === '1'
const chosen = (names: readonly string[]): string[] => names.filter((name) => !process.env.BENCH_READERS || process.env.BENCH_READERS.split(',').includes(name))
const inquiries = '10000'

const startedMs = performance.now()
const progress = (text: string) => process.stderr.write(`${((performance.now() - startedMs) / 1000).toFixed(1).padStart(6)} s  ${text}\n`)
const execute = promisify(execFile)
const script = (file: string) => `${checkout}/adapters/clearinghouse/${file}`
const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN

/** A reader waiting in its own process. */
class Contestant {
  readonly name: string
  readonly #child: ChildProcess
  readonly runs: Run[] = []
  constructor(name: string, subject: string) {
    this.name = name
    this.#child = fork(script('bench/main.ts'), [name, subject], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  }
  async run(): Promise<Run> {
    const result = new Promise<Run>((resolve, reject) => {
      this.#child.once('message', (run) => resolve(run as Run))
      this.#child.once('exit', (code) => reject(new Error(`${this.name} ended with ${code}`)))
    })
    this.#child.send('run')
    const run = await result
    this.#child.removeAllListeners()
    return run
  }
  end(): void {
    this.#child.kill()
  }
}

/** Medians in milliseconds by reader. A reader that counts something else than the others, or than before, reads something else. */
async function takeTurns(names: readonly string[], subject: string, rounds: number): Promise<Map<string, number>> {
  const contestants = names.map((name) => new Contestant(name, subject))
  try {
    for (const one of contestants) await one.run()
    for (let round = 0; round < rounds; round += 1) for (const one of round % 2 === 0 ? contestants : contestants.toReversed()) one.runs.push(await one.run())
  } finally {
    for (const one of contestants) one.end()
  }
  const sets = new Set(contestants.flatMap(({ runs }) => runs.map((run) => run.sets)))
  if (sets.size !== 1) throw new Error(`the readers do not agree how many sets there are: ${[...sets].join(', ')}`)
  for (const { name, runs } of contestants) {
    if (new Set(runs.map((run) => run.work)).size !== 1) throw new Error(`${name} read something else in another round`)
    progress(`  ${name.padEnd(8)} ${runs.map(({ ms }) => ms.toFixed(0).padStart(5)).join(' ')} ms`)
  }
  return new Map(contestants.map(({ name, runs }) => [name, median(runs.map(({ ms }) => ms))]))
}

const say = (line: BenchLine): void => {
  process.stdout.write(`${printLine(line)}\n`)
}
const ratioTo = (value: number | undefined, baseline: number | undefined): number => (value ?? Number.NaN) / (baseline ?? Number.NaN)

/**
 * Of a fresh process that reads the file once, whose code a process before it has compiled: taking the types out of TypeScript holds some
 * 25 MB, in any process and once, and has nothing to do with reading.
 */
async function peakRssMb(file: string, small: string): Promise<number> {
  const env = { ...process.env, NODE_COMPILE_CACHE: `${folder}/compiled` }
  await execute(process.execPath, [script('bench/main.ts'), 'answer', small], { env })
  const { stdout } = await execute(process.execPath, [script('bench/main.ts'), 'answer', file], { env })
  return (JSON.parse(stdout) as Run).peakRssMb
}

const folder = stateFolder(`bench-${process.pid}`)
const goals = { verify: 0.4, verdict: 1.5, answer: 3 }
const measured = chosen(Object.keys(goals))
try {
  const file = async (megabytes: number): Promise<string> => {
    progress(`writing a batch of ${megabytes} MB`)
    await execute(process.execPath, [script('fixtures/main.ts'), String(megabytes), `${folder}/${megabytes}.271`])
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
      say({ name: `x12.rss${megabytes}`, value: await peakRssMb(path, ten), unit: 'MB', goal: { op: '<=', limit: 150 } })
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
