import { parentPort, workerData } from 'node:worker_threads'
import { brokenPromise } from './check.ts'
import { codecReading } from './codec-reading.ts'
import { corpusOf, mutated } from './mutate.ts'
import { shrink } from './shrink.ts'

/** Runs `from` to `to` (not included) of a seed, on a thread of its own so that a run that never ends can be seen from outside. */
export interface Work {
  seed: number
  from: number
  to: number
  /** Where it is: the number of the run it works on, for whoever watches. */
  at: SharedArrayBuffer
}
export interface Outcome {
  runs: number
  /** The slowest document in milliseconds: what a hang would grow from. */
  slowestMs: number
  fault?: { run: number; what: string; pieceBytes: number; text: string }
}

/** Full answers for one document of eight: they cost more than the verdict and share its way. */
const readings = [codecReading(true), ...Array<ReturnType<typeof codecReading>>(7).fill(codecReading(false))]

function faultOf(run: number, text: string, pieceBytes: number): string | undefined {
  try {
    return brokenPromise(text, pieceBytes, readings[run % readings.length] ?? codecReading(true))
  } catch (error) {
    return `crash: ${error instanceof Error ? error.stack?.split('\n').slice(0, 3).join(' ') : 'no error object'}`
  }
}

const kindOf = (what: string | undefined): string | undefined => what?.replace(/\d+/g, '').slice(0, 24)

const { seed, from, to, at } = workerData as Work
const position = new Int32Array(at)
const corpus = corpusOf(seed)
const outcome: Outcome = { runs: 0, slowestMs: 0 }
for (let run = from; run < to && !outcome.fault; run += 1) {
  Atomics.store(position, 0, run)
  const { text, pieceBytes } = mutated(corpus, seed, run)
  const startedMs = performance.now()
  const what = faultOf(run, text, pieceBytes)
  outcome.slowestMs = Math.max(outcome.slowestMs, performance.now() - startedMs)
  outcome.runs += 1
  if (what === undefined) continue
  // Smaller, and still the same kind of fault.
  const smallest = shrink(text, (smaller) => kindOf(faultOf(run, smaller, pieceBytes)) === kindOf(what))
  outcome.fault = { run, what: `${what}; smallest: ${faultOf(run, smallest, pieceBytes)}`, pieceBytes, text: smallest }
}
parentPort?.postMessage(outcome)
