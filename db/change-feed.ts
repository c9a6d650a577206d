import type { ChangeFeed, OpsChange } from '@heliox/core/ports'
import { z } from 'zod'
import { listen } from './listen.ts'
import type { Pool } from './pool.ts'
import { journeyChannel, opsChannel } from './wake.ts'

const JourneyChange = z.object({ tenantId: z.uuid(), intakeId: z.uuid() })
const OpsNotice: z.ZodType<OpsChange> = z.object({ tenantId: z.uuid(), is: z.enum(['item', 'incident', 'breaker', 'bulk']), id: z.string().max(200) })

/**
 * What changed, for the event streams of status pages and the ops screen. One connection per kind for all subscribers of a process,
 * opened with the first of them.
 */
export function makeChangeFeed(pool: Pool, options: { onError?: (error: Error) => void } = {}): ChangeFeed {
  return {
    onJourney: shared(pool, journeyChannel, JourneyChange, options),
    onOps: shared(pool, opsChannel, OpsNotice, options),
  }
}

type Subscribe<T> = (handler: (change: T) => void) => Promise<() => Promise<void>>

function shared<T>(pool: Pool, channel: string, shape: z.ZodType<T>, { onError }: { onError?: (error: Error) => void }): Subscribe<T> {
  const handlers = new Set<(change: T) => void>()
  let listening: Promise<() => Promise<void>> | undefined
  const onPayload = (payload: string): void => {
    const parsed = shape.safeParse(parseJson(payload))
    if (!parsed.success) {
      onError?.(new Error(`a notice on ${channel} was not understood`))
      return
    }
    for (const handler of handlers) handler(parsed.data)
  }
  return async (handler) => {
    handlers.add(handler)
    listening ??= listen(pool, channel, { onPayload, onError })
    try {
      await listening
    } catch (error) {
      handlers.delete(handler)
      listening = undefined
      throw error
    }
    return async () => {
      handlers.delete(handler)
      if (handlers.size > 0 || !listening) return
      const stop = await listening
      if (handlers.size > 0) return // somebody came while we waited
      listening = undefined
      await stop()
    }
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
