import { Envelope } from '@heliox/core/kit'
import type { DeadLetters } from './deps.ts'
import { Refusal } from './kit/errors.ts'

/** As much of the bus as this needs; `main.ts` hands the real one in. */
export interface DeadLetterBus {
  deadLetters(queue: string, limit: number): Promise<{ id: string; queue: string; body: unknown; reason: string; diedAt: string | null }[]>
  requeue(queue: string, id: string): Promise<boolean>
}
/** Read per queue before one clinic's are picked out. */
const perQueueMax = 500

/**
 * Dead letters of one clinic. The bus knows no tenants, so the envelope says whose each one is; what is not an envelope belongs
 * to nobody here and is left to the people who run the broker.
 */
export function clinicDeadLetters(bus: () => Promise<DeadLetterBus>, queues: readonly string[]): DeadLetters {
  const reached = (): Promise<DeadLetterBus> =>
    bus().catch(() => {
      throw new Refusal('bus-away')
    })
  const ours = async (tenantId: string, queue: string) => {
    const letters = await (await reached()).deadLetters(queue, perQueueMax)
    return letters.flatMap((letter) => {
      const envelope = Envelope.safeParse(letter.body)
      if (!envelope.success || envelope.data.tenantId !== tenantId) return []
      const { type, intakeId } = envelope.data
      return [{ id: letter.id, queue: letter.queue, type, intakeId, reason: letter.reason, diedAt: letter.diedAt }]
    })
  }
  return {
    async list(tenantId, limit) {
      const all = []
      for (const queue of queues) all.push(...(await ours(tenantId, queue)))
      return all.slice(0, limit)
    },
    async requeue(tenantId, queue, id) {
      if (!queues.includes(queue)) return false
      const letter = (await ours(tenantId, queue)).find((l) => l.id === id)
      return letter ? (await reached()).requeue(queue, id) : false
    },
  }
}
