import { setTimeout as sleep } from 'node:timers/promises'
import type { Log } from '@heliox/core/kit'
import { errorFields } from '../log/index.ts'
import { isTransient } from './transient.ts'

/** What ends a loop and waits for what it began. */
export interface Repeating {
  close(): Promise<void>
}

/** `work` again and again, `pauseMs` of the machine's time after it ended. A round that fails is logged, and the next one comes. */
export function repeat(what: string, pauseMs: number, ending: AbortSignal, log: Log, work: () => Promise<void>): Repeating {
  const rounds = (async () => {
    while (!ending.aborted) {
      await guarded(what, {}, log, work)
      await sleep(pauseMs, undefined, { signal: ending }).catch(() => undefined)
    }
  })()
  return { close: () => rounds }
}

/** Nothing that goes wrong here ends an engine: flows go on while a door stays shut. */
export async function guarded(what: string, about: Record<string, unknown>, log: Log, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (isTransient(error)) log.warn({ ...about, ...errorFields(error) }, `${what}: storage could not be reached; later again`)
    else log.error({ ...about, ...errorFields(error) }, `${what} failed on our side; later again`)
  }
}
