import type { Clock, Log } from '@heliox/core/kit'
import { followedClock } from './followed.ts'
import { systemClock } from './system.ts'

/** The clock of a process: the machine's, or in development and tests the one that a simulator keeps. */
export async function openClock(config: { HUB_ENV: string; HUB_CLOCK_URL?: string | undefined }, log: Log): Promise<Clock & { close(): void }> {
  if (config.HUB_CLOCK_URL === undefined) return { ...systemClock(), close: () => undefined }
  // Fail closed: only an environment that says it is not production may be told what time it is.
  if (config.HUB_ENV !== 'development' && config.HUB_ENV !== 'test')
    throw new Error('HUB_CLOCK_URL is for development and tests: real patients live in real time')
  return followedClock({ url: config.HUB_CLOCK_URL, log })
}
