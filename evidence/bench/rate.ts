import { setTimeout as sleep } from 'node:timers/promises'

/**
 * So many a second, whether or not those before have ended. The clock of each begins when it was due: one that had to wait for another
 * counts its waiting, as a patient would. Answers are milliseconds.
 */
export async function atRate(perSecond: number, seconds: number, work: (n: number) => Promise<unknown>): Promise<number[]> {
  const gapMs = 1000 / perSecond
  const beganMs = performance.now()
  const running: Promise<number>[] = []
  for (let n = 0; n < perSecond * seconds; n += 1) {
    const dueMs = beganMs + n * gapMs
    const waitMs = dueMs - performance.now()
    if (waitMs > 1) await sleep(waitMs)
    running.push(work(n).then(() => performance.now() - dueMs))
  }
  return Promise.all(running)
}

export function percentile(values: readonly number[], of: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * of) - 1)] ?? Number.NaN
}
