import { randomUUID } from 'node:crypto'
import { type CallContext, type ReceivedFile, sha256Hex } from '@heliox/core/kit'
import { abortGraceMs, callWithin, locksOf, numbersOf } from '../invoke/index.ts'
import type { Door, ReceiveDeps } from './deps.ts'

/** The files that a look brought in. */
interface Collected {
  kept: number
  known: number
}

/**
 * One look at a partner's door: the adapter offers, we keep, and only then does the adapter take a file away over there. Once the
 * look is over (its time is up, we are ending) nothing is kept any more, whatever an adapter that does not listen still offers.
 * Throws what the adapter throws.
 */
export async function collect(deps: ReceiveDeps, door: Door, connection: { config: unknown; secrets: unknown }, ending: AbortSignal): Promise<Collected> {
  const { tenantId, receiver, id, name } = door
  const collected: Collected = { kept: 0, known: 0 }
  let over = false
  const keep = async (file: ReceivedFile): Promise<'kept' | 'known'> => {
    if (over) throw new Error('this look is over')
    if (file.bytes.length > receiver.fileBytesMax) throw new Error('the adapter offered a file that is larger than it may be')
    await deps.stop('receive-collect', name)
    const kept = await deps.files.keepFile(tenantId, id, { ...file, sha256: sha256Hex(file.bytes) }, deps.clock.now())
    collected[kept] += 1
    await deps.stop('receive-kept', name)
    return kept
  }
  try {
    const last = await deps.files.lastKept(tenantId, id)
    const offer = (signal: AbortSignal): Promise<void> => {
      const context: CallContext<unknown, unknown> = {
        ...connection,
        idempotencyKey: `hx_${randomUUID()}`,
        signal,
        log: deps.log,
        now: () => deps.clock.now(),
        production: deps.production,
        objects: deps.objects,
        numbers: numbersOf(deps, tenantId),
        locks: locksOf(deps, tenantId, door.adapter.id, signal),
      }
      return receiver.collect(context, keep, last)
    }
    await callWithin(receiver.timeoutMs, offer, abortGraceMs, ending)
  } finally {
    over = true
  }
  return collected
}
