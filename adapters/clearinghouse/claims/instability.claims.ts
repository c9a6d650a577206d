import { availableParallelism } from 'node:os'
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import { type ClaimLine, printClaim, rounded } from '../../../docker/local/claim-line.ts'
import { type Shape, shapes } from './instability/lies.ts'
import { added, type Counts, none, play, type RunOptions } from './instability/run.ts'
import { type YearOptions, yearOf } from './instability/script.ts'
import { judging } from './instability/seeds.ts'

/**
 * Lying success (K-5): scripted years, with their holidays, windows and nights in which the clocks change, through the adapter's and the
 * simulator's own code and the rules that the engine has. Only what is said in closed windows is false. Nothing here was fitted on these
 * seeds. What each line promises is in the README.
 */
interface Job {
  line: string
  /** Under which name its figures are kept apart within the line. */
  part: string
  year: YearOptions
  run: RunOptions
}
const rates = [0.001, 0.01, 0.1, 0.3]
const percent = (rate: number): string => String(Number((rate * 100).toFixed(3)))

function jobs(): Job[] {
  const [one = 0, two = 0] = judging
  const known: Job[] = rates.flatMap((rate) =>
    judging.map((seed) => ({ line: `rate-${percent(rate)}`, part: '', year: { seed, checks: 5_000, rate, rest: 'unable-now' }, run: { calendar: 'known' } })),
  )
  const withheld = (line: string, shape: Shape, rate: number, checks: number, rest: YearOptions['rest'], seed: number): Job => ({
    line,
    part: percent(rate),
    year: { seed, checks, rate, rest, shape },
    run: { calendar: 'withheld' },
  })
  // One seed whose payers know that they are closed, one of which only a part is down and the rest tells the truth.
  const told = shapes
    .filter((shape) => shape !== 'stale-replica')
    .flatMap((shape) =>
      rates.flatMap((rate) => [
        withheld(`shape-${shape}`, shape, rate, 2_500, 'unable-now', one),
        withheld(`shape-${shape}`, shape, rate, 2_500, 'truth', two),
      ]),
    )
  const stale = rates.flatMap((rate) => {
    const checks = rate < 0.1 ? 2_500 : 8_000
    return [
      ...[one, two].map((seed) => withheld('shape-stale-replica', 'stale-replica', rate, checks, 'unable-now', seed)),
      withheld('shape-stale-replica-in-part', 'stale-replica', rate, checks / 2, 'truth', one),
    ]
  })
  const canary: Job[] = judging.map((seed) => ({
    line: 'canary',
    part: '',
    year: { seed, checks: 3_000, rate: 0.1, rest: 'unable-now', shape: 'stale-replica' },
    run: { calendar: 'withheld', canaryEveryMinutes: 60 },
  }))
  return [...known, ...told, ...stale, ...canary]
}

/** Every worker takes every n-th job: the same jobs, the same counts, however many there are. */
function work(of: number, which: number): [number, Counts][] {
  return jobs().flatMap(({ year, run }, index) => (index % of === which ? [[index, play(yearOf(year), run)] as [number, Counts]] : []))
}

const recallOf = ({ caught, lies }: Counts): number => rounded(caught / lies)
const suspicionOf = ({ doubted, truths }: Counts): number => rounded(doubted / truths)
const precisionOf = ({ caught, doubted }: Counts): number => rounded(caught / (caught + doubted))
const suspicionMax = 0.01
const recallMin = 0.95

function linesOf(results: readonly Counts[]): ClaimLine[] {
  const all = jobs()
  const sumOf = (line: string, part?: string): Counts =>
    all.reduce((sum, job, index) => (job.line === line && (part === undefined || job.part === part) ? added(sum, results[index] ?? none) : sum), none)
  const names = [...new Set(all.map(({ line }) => line))]
  return names.map((line) => {
    const counts = sumOf(line)
    const suspicion = suspicionOf(counts)
    const base = { checks: counts.checks, false: counts.lies }
    const name = `instability.${line}`
    if (line === 'canary') {
      const ok = counts.confirmedBetween === 0 && counts.canaryFalse > 0
      return { name, ok, figures: { ...base, canaryFalse: counts.canaryFalse, confirmedBetween: counts.confirmedBetween, recall: recallOf(counts), suspicion } }
    }
    if (line.startsWith('rate-')) {
      const ok = counts.confirmed === 0 && suspicion <= suspicionMax && counts.lies > 0
      return { name, ok, figures: { ...base, recall: recallOf(counts), precision: precisionOf(counts), suspicion, confirmedFalse: counts.confirmed } }
    }
    const parts = rates.map((rate) => [percent(rate), sumOf(line, percent(rate))] as const)
    const recalls = Object.fromEntries(parts.map(([part, one]) => [`recall${part}`, recallOf(one)]))
    if (line === 'shape-stale-replica-in-part') return { name, ok: true, figures: { ...base, ...recalls, suspicion, goal: 'reported' } }
    if (line === 'shape-stale-replica') {
      const late = parts.filter(([part]) => Number(part) >= 10).map(([part, one]) => [`after20at${part}`, rounded(one.lateCaught / one.lateLies)] as const)
      const ok = late.every(([, recall]) => recall >= recallMin) && suspicion <= suspicionMax
      return { name, ok, figures: { ...base, ...recalls, ...Object.fromEntries(late), suspicion } }
    }
    const ok = Object.values(recalls).every((recall) => recall >= recallMin) && suspicion <= suspicionMax
    return { name, ok, figures: { ...base, ...recalls, suspicion } }
  })
}

async function main(): Promise<void> {
  const startedMs = performance.now()
  const count = Math.max(1, Math.min(4, availableParallelism()))
  process.stderr.write(`instability: ${jobs().length} scripted years in ${count} threads\n`)
  const results: Counts[] = []
  const threads = Array.from({ length: count }, (_, which) => {
    const worker = new Worker(new URL(import.meta.url), { workerData: { of: count, which } })
    return new Promise<void>((resolve, reject) => {
      worker.once('message', (done: [number, Counts][]) => {
        for (const [index, counts] of done) results[index] = counts
      })
      worker.once('error', reject)
      worker.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`a thread ended with ${code}`))))
    })
  })
  await Promise.all(threads)
  for (const line of linesOf(results)) process.stdout.write(`${printClaim(line)}\n`)
  process.stderr.write(`instability: ${((performance.now() - startedMs) / 1000).toFixed(0)} s\n`)
}

if (isMainThread) await main()
else parentPort?.postMessage(work(workerData.of, workerData.which))
