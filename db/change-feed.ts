import type { ChangeFeed } from '@heliox/core/ports'
import { z } from 'zod'
import { listen } from './listen.ts'
import type { Pool } from './pool.ts'
import { journeyChannel } from './wake.ts'

const Change = z.object({ tenantId: z.uuid(), intakeId: z.uuid() })

/** Journey changes, for the event streams of status pages and the ops screen. One connection for all subscribers of a process. */
export function makeChangeFeed(pool: Pool, options: { onError?: (error: Error) => void } = {}): ChangeFeed {
  const handlers = new Set<(change: { tenantId: string; intakeId: string }) => void>()
  let listening: Promise<() => Promise<void>> | undefined
  const onPayload = (payload: string): void => {
    const parsed = Change.safeParse(parseJson(payload))
    if (!parsed.success) {
      options.onError?.(new Error('a journey notice was not understood'))
      return
    }
    for (const handler of handlers) handler(parsed.data)
  }
  return {
    async onJourney(handler) {
      handlers.add(handler)
      listening ??= listen(pool, journeyChannel, { onPayload, onError: options.onError })
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
    },
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
