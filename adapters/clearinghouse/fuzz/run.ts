import { mkdirSync, writeFileSync } from 'node:fs'
import { Worker } from 'node:worker_threads'
import { stateFolder } from '../../../docker/local/state-folder.ts'
import { corpusOf, mutated } from './mutate.ts'
import type { Outcome, Work } from './worker.ts'

/** One document may take this long; a whole one takes a thousandth of a second. */
const documentMsMax = 10_000

/** Runs the documents `0` to `runs` of a seed; a fault names the seed, the run and the file with the smallest document that shows it. */
export async function fuzz(seed: number, runs: number): Promise<Outcome> {
  const at = new SharedArrayBuffer(4)
  const work: Work = { seed, from: 0, to: runs, at }
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: work })
  const outcome = await new Promise<Outcome | number>((resolve, reject) => {
    const position = new Int32Array(at)
    let seen = { run: -1, sinceMs: performance.now() }
    const watch = setInterval(() => {
      const run = Atomics.load(position, 0)
      if (run !== seen.run) seen = { run, sinceMs: performance.now() }
      else if (performance.now() - seen.sinceMs > documentMsMax) finish(() => resolve(run))
    }, 500)
    const finish = (end: () => void) => {
      clearInterval(watch)
      end()
    }
    worker.once('message', (message: Outcome) => finish(() => resolve(message)))
    worker.once('error', (error) => finish(() => reject(error)))
    worker.once('exit', (code) => finish(() => reject(new Error(`the fuzz thread ended with ${code} at run ${Atomics.load(position, 0)} of seed ${seed}`))))
  })
  await worker.terminate()
  if (typeof outcome !== 'number') return outcome
  const hung = mutated(corpusOf(seed), seed, outcome)
  return { runs: outcome, slowestMs: documentMsMax, fault: { run: outcome, what: 'a hang, or shrinking a fault took too long', ...hung } }
}

/** Keeps the document outside the checkout and says how to see the fault again. */
export function reportOf(seed: number, { run, what, pieceBytes, text }: NonNullable<Outcome['fault']>): string {
  const folder = stateFolder('fuzz')
  mkdirSync(folder, { recursive: true })
  const file = `${folder}/${seed}-${run}.x12`
  writeFileSync(file, text, 'latin1')
  return `FUZZ_SEED=${seed}, run ${run}, pieces of ${pieceBytes} bytes (0: whole): ${what}. The document is in ${file}`
}
