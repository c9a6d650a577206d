import { Envelope } from '@heliox/core/kit'
import type { DeadLetters } from './deps.ts'
import { Refusal } from './kit/errors.ts'

interface Letter {
  id: string
  queue: string
  body: unknown
  reason: string
  diedAt: string | null
}
type ClinicLetter = Awaited<ReturnType<DeadLetters['list']>>[number]

/** As much of the bus as this needs; `main.ts` hands the real one in. */
export interface DeadLetterBus {
  /** The first `limit` that are wanted. */
  deadLetters(queue: string, limit: number, wanted: (letter: Letter) => boolean): Promise<Letter[]>
  requeue(queue: string, id: string): Promise<boolean>
}

/**
 * Dead letters of one clinic. The bus knows no tenants, so the envelope says whose each one is; what is not an envelope belongs
 * to nobody here and is left to the people who run the broker.
 */
export function clinicDeadLetters(bus: () => Promise<DeadLetterBus>, queues: readonly string[]): DeadLetters {
  /** The broker may be away from the start or go away later, and a requeue that it did not confirm is no answer either. */
  const asking = async <T>(ask: (reached: DeadLetterBus) => Promise<T>): Promise<T> => {
    try {
      return await ask(await bus())
    } catch {
      throw new Refusal('bus-away')
    }
  }
  const ours = async (tenantId: string, queue: string, limit: number, id?: string): Promise<ClinicLetter[]> => {
    const wanted = (letter: Letter): boolean => (id === undefined || letter.id === id) && envelopeOf(letter, tenantId) !== undefined
    const letters = await asking((reached) => reached.deadLetters(queue, limit, wanted))
    return letters.flatMap((letter) => {
      const envelope = envelopeOf(letter, tenantId)
      if (!envelope) return []
      const { type, intakeId } = envelope
      return [{ id: letter.id, queue: letter.queue, type, intakeId, reason: letter.reason, diedAt: letter.diedAt }]
    })
  }
  return {
    async list(tenantId, limit) {
      const all: ClinicLetter[] = []
      for (const queue of queues) {
        if (all.length < limit) all.push(...(await ours(tenantId, queue, limit - all.length)))
      }
      return all
    },
    async requeue(tenantId, queue, id) {
      if (!queues.includes(queue)) return false
      const [letter] = await ours(tenantId, queue, 1, id)
      return letter ? asking((reached) => reached.requeue(queue, id)) : false
    },
  }
}

function envelopeOf(letter: Letter, tenantId: string): Envelope | undefined {
  const envelope = Envelope.safeParse(letter.body)
  return envelope.success && envelope.data.tenantId === tenantId ? envelope.data : undefined
}
