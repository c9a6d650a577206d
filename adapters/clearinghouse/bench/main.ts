import { readers } from './readers.ts'
import { writers } from './writers.ts'

/**
 * One reader or writer in a process of its own: `node adapters/clearinghouse/bench/main.ts NAME FILE|COUNT [TIMES]` prints one JSON line.
 * Started with an IPC channel, it runs once per message instead, so that several can take turns.
 */
const [name = '', subject = '', times = '1'] = process.argv.slice(2)
const reader = readers[name] ? await readers[name]() : undefined
const writer = writers[name] ? await writers[name](Number(subject)) : undefined
if (!reader && !writer) throw new Error(`NAME is one of ${[...Object.keys(readers), ...Object.keys(writers)].join(', ')}`)

export interface Run {
  ms: number
  /** What was found or written; the same in every run. */
  sets: number
  work: number
  /** The highest of the whole life of this process. */
  peakRssMb: number
}
async function run(): Promise<Run> {
  const startedMs = performance.now()
  const counted = reader ? await reader(subject) : (writer?.() ?? { sets: 0, work: 0 })
  const ms = Math.round((performance.now() - startedMs) * 10) / 10
  return { ms, ...counted, peakRssMb: Math.round(process.resourceUsage().maxRSS / 1024) }
}

if (process.send) {
  process.on('message', () => {
    run().then((result) => process.send?.(result))
  })
} else {
  const runs: Run[] = []
  for (let i = 0; i < Number(times); i += 1) runs.push(await run())
  process.stdout.write(`${JSON.stringify({ name, ...runs.at(-1), ms: runs.map(({ ms }) => ms) })}\n`)
}
