import { setTimeout as sleep } from 'node:timers/promises'
import { HubRefused } from '../demo/hub-client.ts'

const againAfterMs = 100

/** Gone, starting, or too busy; anything else that it says is an answer. */
const isAway = (error: unknown): boolean =>
  error instanceof HubRefused ? error.status >= 500 || error.status === 429 : !(error instanceof SyntaxError || error instanceof ReferenceError)

/** As people and browsers do: the same thing again until somebody answers. `ended` gives up. */
export async function patiently<T>(what: string, seconds: number, ask: () => Promise<T>, ended: () => boolean = () => false): Promise<T> {
  const deadlineMs = performance.now() + seconds * 1000
  for (;;) {
    try {
      return await ask()
    } catch (error) {
      if (!isAway(error)) throw error
      if (ended() || performance.now() > deadlineMs) throw new Error(`gave up after ${seconds} s: ${what}`, { cause: error })
    }
    await sleep(againAfterMs)
  }
}
