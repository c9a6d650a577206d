import type { Clock, Log } from '@heliox/core/kit'
import type { BreakerCause } from '@heliox/core/messaging'
import type { BreakerRef, BreakerStore, OpenBreaker, ProbeEnd } from '@heliox/core/ports'
import { errorFields } from '../log/index.ts'
import { keyOf } from './key.ts'

/** What one process knows of the breakers that are not closed: a copy of the rows, at most a second old. */
export interface Known {
  get(key: string): OpenBreaker | undefined
  set(breaker: OpenBreaker): void
  closed(key: string): void
  /** Known at once, then written; what cannot be written now is written by a later look. */
  trip(ref: BreakerRef, cause: BreakerCause, numbers: Numbers): Promise<void>
  endProbe(ref: BreakerRef, lease: number, end: ProbeEnd): Promise<void>
  start(): Promise<void>
  close(): Promise<void>
}
interface Numbers {
  resetMs: number
  plausibleToClose: number
}
interface Entry {
  breaker: OpenBreaker
  /** The look after which it was last heard of: a look that began before must not take it away. */
  since: number
  unwritten?: { cause: BreakerCause; numbers: Numbers }
}

export function makeKnown(options: { store: BreakerStore; clock: Clock; log: Log; pollMs: number; onClosed(key: string): void }): Known {
  const { store, clock, log } = options
  const entries = new Map<string, Entry>()
  let looks = 0
  let timer: NodeJS.Timeout | undefined
  let looking: Promise<void> | undefined
  let lookAgain = false
  let unhear: (() => Promise<void>) | undefined
  let ended = false

  function set(breaker: OpenBreaker, unwritten?: Entry['unwritten']): void {
    const key = keyOf(breaker)
    const before = entries.get(key)?.breaker.state ?? 'closed'
    entries.set(key, { breaker, since: looks, unwritten })
    if (before !== breaker.state) log.warn({ breaker: key, state: breaker.state, cause: breaker.cause, probeAt: breaker.probeAt.toISOString() }, 'breaker')
  }
  function closed(key: string): void {
    if (!entries.delete(key)) return
    // A minute of old failures must not open it again.
    options.onClosed(key)
    log.info({ breaker: key, state: 'closed' }, 'breaker')
  }

  async function write(key: string, { breaker, unwritten }: Entry): Promise<void> {
    if (!unwritten) return
    try {
      const stored = await store.trip(breaker, unwritten.cause, unwritten.numbers, clock.now())
      if (entries.has(key)) set(stored)
    } catch (error) {
      log.warn({ breaker: key, ...errorFields(error) }, 'an open breaker could not be written; it stays open here')
    }
  }

  /** One look at a time; a call for another while one is under way makes one more. */
  function look(): Promise<void> {
    if (looking) {
      lookAgain = true
      return looking
    }
    looking = (async () => {
      do {
        lookAgain = false
        await lookOnce()
      } while (lookAgain && !ended)
    })().finally(() => {
      looking = undefined
    })
    return looking
  }

  async function lookOnce(): Promise<void> {
    for (const [key, entry] of entries) await write(key, entry)
    looks += 1
    const began = looks
    const found = new Map((await store.notClosed()).map((breaker) => [keyOf(breaker), breaker]))
    for (const [key, entry] of [...entries]) if (!found.has(key) && entry.since < began && !entry.unwritten) closed(key)
    for (const [key, breaker] of found) {
      const entry = entries.get(key)
      if (!entry || entry.since < began) set(breaker)
    }
  }

  const tolerant = (): void =>
    void look().catch((error: unknown) => log.warn(errorFields(error), 'the breakers could not be read; what is known of them stays'))

  return {
    get: (key) => entries.get(key)?.breaker,
    set,
    closed,
    async trip(ref, cause, numbers) {
      const now = clock.now()
      const breaker: OpenBreaker = {
        ...ref,
        state: 'open',
        probeAt: new Date(now.getTime() + numbers.resetMs),
        probeUntil: null,
        resetMs: numbers.resetMs,
        cause,
      }
      set(breaker, { cause, numbers })
      const key = keyOf(ref)
      const entry = entries.get(key)
      if (entry) await write(key, entry)
    },
    async endProbe(ref, lease, end) {
      const key = keyOf(ref)
      try {
        const ended = await store.endProbe(ref, lease, end, clock.now())
        if (ended.is === 'closed') closed(key)
        if (ended.is === 'not-closed') set(ended.breaker)
      } catch (error) {
        // The right to try ends by itself, and another tries again.
        log.warn({ breaker: key, ...errorFields(error) }, 'what came of a try could not be written')
      }
    },
    async start() {
      await look()
      unhear = await store.onChange(tolerant)
      timer = setInterval(tolerant, options.pollMs)
      timer.unref()
    },
    async close() {
      ended = true
      clearInterval(timer)
      await unhear?.()
      await looking?.catch(() => undefined) // it was only looking
    },
  }
}
