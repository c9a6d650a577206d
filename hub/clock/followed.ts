import { setTimeout as sleep } from 'node:timers/promises'
import type { Clock, Log } from '@heliox/core/kit'
import { z } from 'zod'

interface FollowedClock extends Clock {
  speed(): number
  close(): void
}

/** `GET /_sim/clock` of a simulator. */
const Sample = z.object({
  now: z.iso.datetime().transform((text) => Date.parse(text)),
  /** Seconds of its time in one of the machine's. */
  speed: z.number().min(0).max(100_000),
  frozen: z.boolean(),
})
type Sample = z.output<typeof Sample>

const defaults = { pollMs: 250, requestMsMax: 2_000, firstMsMax: 20_000 }
/** How far a sample may lie behind our own reckoning and still be a delay of the network rather than a clock that was set back. */
const jitterMs = 1_000

/**
 * A simulator's clock, so that a day of a payer's calendar passes for hub and payer alike. Asked four times a second; between two
 * answers it goes on at the speed of the last one. It never runs backwards by a jitter; a person who sets the simulator's clock
 * back sets this one back too. When the simulator is lost it goes on at the last speed and says so once. Throws when there is no
 * first answer: a hub that began in another time than its payers would be wrong in every test.
 */
export async function followedClock(options: { url: string; log: Log } & Partial<typeof defaults>): Promise<FollowedClock> {
  const { log, pollMs, requestMsMax, firstMsMax } = { ...defaults, ...options }
  const url = new URL('/_sim/clock', options.url).toString()
  const ending = new AbortController()

  const first = await firstSample()
  let from = first
  let rate = rateOf(first.sample)
  /** The latest time that was told, below which no jitter takes us. */
  let floorMs = Number.NEGATIVE_INFINITY
  let lost = false
  const reckonedMs = (): number => from.sample.now + (performance.now() - from.atMs) * rate
  const nowMs = (): number => {
    floorMs = Math.max(floorMs, reckonedMs())
    return floorMs
  }

  async function ask(): Promise<{ sample: Sample; atMs: number }> {
    const sentMs = performance.now()
    const response = await fetch(url, { signal: AbortSignal.any([AbortSignal.timeout(requestMsMax), ending.signal]) })
    if (!response.ok) throw new Error(`status ${response.status}`)
    const sample = Sample.parse(await response.json())
    return { sample, atMs: (sentMs + performance.now()) / 2 }
  }

  async function firstSample(): Promise<{ sample: Sample; atMs: number }> {
    const endMs = performance.now() + firstMsMax
    for (;;) {
      try {
        return await ask()
      } catch (error) {
        if (performance.now() > endMs) throw new Error('the clock of HUB_CLOCK_URL cannot be read', { cause: error })
        await sleep(pollMs)
      }
    }
  }

  function follow(found: { sample: Sample; atMs: number }): void {
    const before = nowMs()
    from = found
    rate = rateOf(found.sample)
    const behindMs = before - reckonedMs()
    // At sixty times the speed a delay of a second is a minute of its time.
    if (behindMs <= jitterMs * Math.max(1, found.sample.speed)) return
    floorMs = Number.NEGATIVE_INFINITY
    log.warn({ behindMs: Math.round(behindMs) }, 'the clock that we follow was set back')
  }

  void (async () => {
    while (!ending.signal.aborted) {
      await sleep(pollMs, undefined, { signal: ending.signal, ref: false }).catch(() => undefined)
      try {
        follow(await ask())
        if (lost) log.info({}, 'the clock that we follow is back')
        lost = false
      } catch (error) {
        if (ending.signal.aborted) return
        if (!lost) log.warn({ errorName: error instanceof Error ? error.name : typeof error }, 'the clock that we follow is lost; we go on at its last speed')
        lost = true
      }
    }
  })()

  return { now: () => new Date(nowMs()), speed: () => Math.max(rate, 0), close: () => ending.abort() }
}

const rateOf = ({ speed, frozen }: Sample): number => (frozen ? 0 : speed)
