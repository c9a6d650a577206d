import type { ChangeFeed, OpsChange } from '@heliox/core/ports'
import { z } from 'zod'
import { listen } from './listen.ts'
import type { Pool } from './pool.ts'
import { clinicChannel, journeyChannel, opsChannel } from './wake.ts'

const JourneyChange = z.object({ tenantId: z.uuid(), intakeId: z.uuid() })
const OpsNotice: z.ZodType<OpsChange> = z.object({ tenantId: z.uuid(), is: z.enum(['item', 'incident', 'breaker', 'bulk']), id: z.string().max(200) })
const ClinicChange = z.object({ tenantId: z.uuid() }).transform(({ tenantId }): string | null => tenantId)

/**
 * What changed, for the event streams of status pages and the ops screen, and for what is kept of a clinic. One connection for all
 * kinds and all subscribers of a process, opened with the first of them.
 */
export function makeChangeFeed(pool: Pool, options: { onError?: (error: Error) => void } = {}): ChangeFeed {
  const journey = kindOf(journeyChannel, JourneyChange, options)
  const ops = kindOf(opsChannel, OpsNotice, options)
  const clinic = kindOf(clinicChannel, ClinicChange, options)
  const kinds = new Map<string, { hear(payload: string): void }>([journey, ops, clinic].map((kind) => [kind.channel, kind]))
  const handlers = {
    onPayload: (payload: string, channel: string) => kinds.get(channel)?.hear(payload),
    onUp: () => clinic.tell(null),
    onError: options.onError,
  }
  const line = shared(() => listen(pool, [...kinds.keys()], handlers))
  return {
    onJourney: (handler) => line(() => journey.add(handler)),
    onOps: (handler) => line(() => ops.add(handler)),
    onClinic: (handler) => line(() => clinic.add(handler)),
  }
}

function kindOf<T>(channel: string, shape: z.ZodType<T>, { onError }: { onError?: (error: Error) => void }) {
  const handlers = new Set<(change: T) => void>()
  const tell = (change: T): void => {
    for (const handler of handlers) handler(change)
  }
  return {
    channel,
    tell,
    hear(payload: string): void {
      const parsed = shape.safeParse(parseJson(payload))
      if (parsed.success) tell(parsed.data)
      else onError?.(new Error(`a notice on ${channel} was not understood`))
    },
    /** Returns what takes the handler away again. */
    add(handler: (change: T) => void): () => void {
      handlers.add(handler)
      return () => void handlers.delete(handler)
    },
  }
}

/** One connection for whoever wants it: opened for the first, closed after the last. */
function shared(open: () => Promise<() => Promise<void>>): (join: () => () => void) => Promise<() => Promise<void>> {
  let wanted = 0
  let listening: Promise<() => Promise<void>> | undefined
  return async (join) => {
    const leave = join()
    wanted += 1
    listening ??= open()
    const mine = listening
    try {
      await mine
    } catch (error) {
      leave()
      wanted -= 1
      if (listening === mine) listening = undefined
      throw error
    }
    let isOut = false
    return async () => {
      if (isOut) return
      isOut = true
      leave()
      wanted -= 1
      if (wanted > 0 || !listening) return
      const stop = await listening
      if (wanted > 0) return // somebody came while we waited
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
