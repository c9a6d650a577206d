import { type Clock, type Log, limits } from '@heliox/core/kit'
import type { Projector } from '@heliox/core/ports'
import type { Verdict } from '../bus/index.ts'
import { errorFields } from '../log/index.ts'
import { isTransient } from '../rounds/index.ts'
import { readEnvelope } from './read-envelope.ts'

/** Every event becomes a line of the journey that patients and ops look at; the store tells the open pages after its commit. */
export function makeReporting(deps: { region: string; projector: Projector; clock: Clock; log: Log }): (body: unknown) => Promise<Verdict> {
  return async (body) => {
    const read = readEnvelope(body, deps.region)
    if (read.is === 'dead') return read
    const { envelope } = read
    try {
      await deps.projector.project(envelope, deps.clock.now())
      return { is: 'ack' }
    } catch (error) {
      if (!isTransient(error)) throw error
      deps.log.warn({ type: envelope.type, rootId: envelope.rootId, ...errorFields(error) }, 'the journey could not be written; handed back')
      return { is: 'later', delayMs: limits.handBackMs }
    }
  }
}
