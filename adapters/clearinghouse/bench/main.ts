import { readers } from './readers.ts'
import { writers } from './writers.ts'

/**
 * One reader or writer in a process of its own: `node adapters/clearinghouse/bench/main.ts NAME FILE|COUNT [TIMES]` prints one JSON line.
 * A run is a fresh process: what a reader costs before it is warm is part of reading one file.
 */
const [name = '', subject = '', times = '1'] = process.argv.slice(2)
const reader = readers[name] ? await readers[name]() : undefined
const writer = writers[name] ? await writers[name](Number(subject)) : undefined
if (!reader && !writer) throw new Error(`NAME is one of ${[...Object.keys(readers), ...Object.keys(writers)].join(', ')}`)

const ms: number[] = []
let counted = { sets: 0, work: 0 }
for (let i = 0; i < Number(times); i += 1) {
  const startedMs = performance.now()
  counted = reader ? await reader(subject) : (writer?.() ?? counted)
  ms.push(Math.round((performance.now() - startedMs) * 10) / 10)
}
// maxRSS is the peak of the whole life of this process, in kilobytes.
const peakRssMb = Math.round(process.resourceUsage().maxRSS / 1024)
process.stdout.write(`${JSON.stringify({ name, ms, ...counted, peakRssMb })}\n`)
