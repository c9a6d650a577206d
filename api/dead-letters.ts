import { Envelope } from '@heliox/core/kit'
import { correctableIn, corrected } from './dead-letter-correction.ts'
import type { ApiDeps, DeadLetters } from './deps.ts'
import { Refusal } from './kit/errors.ts'

interface Letter {
  id: string
  queue: string
  body: unknown
  reason: string
  diedAt: string | null
}
type Tally = Map<string, Map<string, number>>
type ClinicLetter = Awaited<ReturnType<DeadLetters['list']>>[number]

/** As much of the bus as this needs; `main.ts` hands the real one in. */
export interface DeadLetterBus {
  /** The first `limit` that are wanted. */
  deadLetters(queue: string, limit: number, wanted: (letter: Letter) => boolean): Promise<Letter[]>
  depths(): Promise<{ queue: string; dead: number }[]>
  requeue(queue: string, id: string, corrected?: object): Promise<boolean>
}

/** Counting walks the queues, and several people look at once: what was counted serves them all for a while. */
const countedForMs = 15_000

/**
 * Dead letters of one clinic. The bus knows no tenants, so the envelope says whose each one is; what is not an envelope belongs
 * to nobody here and is left to the people who run the broker.
 */
export function clinicDeadLetters(
  bus: () => Promise<DeadLetterBus>,
  queues: readonly string[],
  elapsedMs: () => number = () => performance.now(),
): DeadLetters {
  /** The broker may be away from the start or go away later, and a requeue that it did not confirm is no answer either. */
  const asking = async <T>(ask: (reached: DeadLetterBus) => Promise<T>): Promise<T> => {
    try {
      return await ask(await bus())
    } catch {
      throw new Refusal('bus-away')
    }
  }
  const ours = async (tenantId: string, queue: string, limit: number, id?: string): Promise<(ClinicLetter & { envelope: Envelope })[]> => {
    const wanted = (letter: Letter): boolean => (id === undefined || letter.id === id) && envelopeOf(letter, tenantId) !== undefined
    const letters = await asking((reached) => reached.deadLetters(queue, limit, wanted))
    return letters.flatMap((letter) => {
      const envelope = envelopeOf(letter, tenantId)
      if (!envelope) return []
      const { type, intakeId, payload } = envelope
      const { id: letterId, reason, diedAt } = letter
      return [{ id: letterId, queue: letter.queue, type, intakeId, reason, diedAt, payload, correctable: correctableIn(envelope), envelope }]
    })
  }
  const tally = async (): Promise<Tally> => {
    const found: Tally = new Map()
    for (const { queue, dead } of await asking((reached) => reached.depths())) {
      if (dead === 0 || !queues.includes(queue)) continue
      // Looked at and left: RabbitMQ shows a letter by handing it out, so one walk counts for every clinic.
      const count = ({ body }: Letter): false => {
        const envelope = Envelope.safeParse(body)
        if (envelope.success) add(found, envelope.data.tenantId, queue)
        return false
      }
      await asking((reached) => reached.deadLetters(queue, 1, count))
    }
    return found
  }
  let counted: { atMs: number; tally: Promise<Tally> } | undefined
  return {
    async counts(tenantId) {
      if (counted === undefined || elapsedMs() - counted.atMs > countedForMs) counted = { atMs: elapsedMs(), tally: tally() }
      const { tally: now } = counted
      now.catch(() => {
        counted = undefined
      })
      return (await now).get(tenantId) ?? new Map()
    },
    async list(tenantId, limit, only) {
      const all: ClinicLetter[] = []
      for (const queue of queues) {
        if (only !== undefined && queue !== only) continue
        if (all.length >= limit) break
        for (const { envelope: _, ...letter } of await ours(tenantId, queue, limit - all.length)) all.push(letter)
      }
      return all
    },
    async requeue(tenantId, queue, id, before) {
      if (!queues.includes(queue)) return false
      const [letter] = await ours(tenantId, queue, 1, id)
      if (!letter) return false
      await before()
      counted = undefined
      return asking((reached) => reached.requeue(queue, id))
    },
    async correct(tenantId, queue, id, payload, before) {
      if (!queues.includes(queue)) return false
      const [letter] = await ours(tenantId, queue, 1, id)
      if (!letter) return false
      const { envelope, fields } = corrected(letter.envelope, payload)
      await before(fields)
      counted = undefined
      return asking((reached) => reached.requeue(queue, id, envelope))
    },
  }
}

/**
 * Gives a letter back in somebody's name, as it is or corrected. The audit is written first, so that nothing moves unaudited; when the
 * letter then did not move, or nobody can say, a second row says so.
 */
export async function giveBack(
  { deadLetters, audit }: Pick<ApiDeps, 'deadLetters' | 'audit'>,
  caller: { tenantId: string; actor: string; now: Date; correlationId: string },
  { queue, id, correction }: { queue: string; id: string; correction?: { payload: unknown; reason: string } },
): Promise<void> {
  const { tenantId, actor, now, correlationId } = caller
  const write = (outcome: 'ok' | 'error', fields: readonly string[]): Promise<void> => {
    const what = correction
      ? { action: 'dead-letter.correct', resource: `${id} fields:${fields.join(',')}`.slice(0, 200), purpose: correction.reason }
      : { action: 'dead-letter.requeue', resource: id }
    return audit.audit(tenantId, { actor, ...what, outcome, correlationId }, now)
  }
  let written: readonly string[] | undefined
  const before = async (fields: readonly string[] = []): Promise<void> => {
    await write('ok', fields)
    written = fields
  }
  let moved = false
  try {
    moved = correction ? await deadLetters.correct(tenantId, queue, id, correction.payload, before) : await deadLetters.requeue(tenantId, queue, id, before)
  } finally {
    if (!moved && written) await write('error', written)
  }
  if (!moved) throw new Refusal('not-found')
}

function add(tally: Tally, tenantId: string, queue: string): void {
  const own = tally.get(tenantId) ?? new Map<string, number>()
  own.set(queue, (own.get(queue) ?? 0) + 1)
  tally.set(tenantId, own)
}

function envelopeOf(letter: Letter, tenantId: string): Envelope | undefined {
  const envelope = Envelope.safeParse(letter.body)
  return envelope.success && envelope.data.tenantId === tenantId ? envelope.data : undefined
}
