import { type Barrier, limits } from '@heliox/core/kit'
import fc from 'fast-check'
import { askManners, callManners, type Manner } from './partner.ts'

/** Where a process is killed, stands still until a later step says so, or is told to end and goes on to do so politely. */
export const stopsAt = ['consume', 'ledger-start', 'partner-call-sent', 'partner-answered', 'ledger-end', 'apply', 'ack'] as const satisfies readonly Barrier[]
export interface StopAt {
  at: (typeof stopsAt)[number]
  /** The second time: a question and a send have the same two barriers. */
  nth: 1 | 2
  how: 'die' | 'stand' | 'end'
}
/** The database is lost: before its commit, or after it, so that nobody heard. */
const troubles = ['start-unheard', 'end-lost', 'end-unheard', 'apply-unheard'] as const
export type Trouble = (typeof troubles)[number]

/** Moments at which something changes its meaning, as far as the last lease that was given tells. */
export const edges = ['lease-over', 'last-send', 'settled', 'key-forgotten', 'tries-over', 'due', 'month'] as const
export type Edge = (typeof edges)[number]

export type Step =
  | {
      is: 'deliver'
      engine: number
      pick: number
      manner: Manner
      /** How long the engine is held up between its lease and its send. */
      slowMs: number
      stop: StopAt | null
      trouble: Trouble | null
    }
  /** The same message at all three engines at once. What comes of it first is up to the machine. */
  | { is: 'deliver-at-once'; pick: number; manner: Manner }
  /** The relay, or the broker, has it twice. */
  | { is: 'duplicate'; pick: number }
  /** One that stands still goes on. */
  | { is: 'resume'; pick: number; stop: StopAt | null }
  | { is: 'kill'; pick: number }
  /** The dispatcher calls one that stands still overdue. */
  | { is: 'overdue'; pick: number }
  | { is: 'clock'; ms: number }
  | { is: 'clock-edge'; edge: Edge; plusMs: number }
  /** The partner's breaker is shut for so long. */
  | { is: 'shut'; ms: number }
  | { is: 'person'; action: 'retry' | 'answer' | 'correct' | 'drop' | 'move'; port: 'ok' | 'rejected' }
  /** Another version of the flow becomes the active one. */
  | { is: 'activate'; version: number }
  /** Of what takes money: somebody takes the word back, or gives it again. */
  | { is: 'wish'; wanted: boolean }

const often = <T>(value: T, weight: number, rarely: fc.Arbitrary<T>): fc.Arbitrary<T> =>
  fc.oneof({ arbitrary: fc.constant(value), weight }, { arbitrary: rarely, weight: 1 })

const manner: fc.Arbitrary<Manner> = fc.record({
  // What is not known afterwards comes more often: an answer ends the matter.
  call: fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom<Manner['call']>('does-later', 'does-drops', 'lost', 'timeout') },
    { weight: 2, arbitrary: fc.constantFrom(...callManners) },
  ),
  ask: often<Manner['ask']>('truth', 2, fc.constantFrom(...askManners)),
  laterShare: fc.constantFrom(0.05, 0.5, 1),
})
const how: fc.Arbitrary<StopAt['how']> = fc.constantFrom('die', 'stand', 'stand', 'end')
const stop: fc.Arbitrary<StopAt | null> = often<StopAt | null>(
  null,
  1,
  fc.record({ at: fc.constantFrom(...stopsAt), nth: often<1 | 2>(1, 3, fc.constant(2)), how }),
)
/** Behind an answer: there each sequence comes once, and by chance almost never with a stop. */
const stopBehind: fc.Arbitrary<StopAt> = fc.record({
  at: fc.constantFrom('partner-answered', 'ledger-end', 'apply', 'apply', 'ack'),
  nth: fc.constant(1 as const),
  how,
})
const secondMs = 1_000
const hourMs = 3_600_000
const pick = fc.nat({ max: 3 })
const trouble: fc.Arbitrary<Trouble | null> = often<Trouble | null>(null, 9, fc.constantFrom(...troubles))

/** Delivered most often; nothing else matters without it. */
export const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 10,
    arbitrary: fc.record({
      is: fc.constant('deliver' as const),
      engine: fc.nat({ max: 2 }),
      pick,
      manner,
      slowMs: often(0, 3, fc.constantFrom(secondMs, 10 * secondMs, 17 * secondMs, 20 * secondMs, 40 * secondMs)),
      stop,
      trouble,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      is: fc.constant('deliver' as const),
      engine: fc.nat({ max: 2 }),
      pick,
      manner: fc.record({ call: fc.constantFrom('does', 'does', 'rejects'), ask: fc.constant('truth' as const), laterShare: fc.constant(1) }),
      slowMs: fc.constant(0),
      stop: stopBehind,
      trouble,
    }),
  },
  { weight: 1, arbitrary: fc.record({ is: fc.constant('deliver-at-once' as const), pick, manner }) },
  { weight: 1, arbitrary: fc.record({ is: fc.constant('duplicate' as const), pick }) },
  { weight: 6, arbitrary: fc.record({ is: fc.constant('resume' as const), pick, stop }) },
  { weight: 1, arbitrary: fc.record({ is: fc.constant('kill' as const), pick }) },
  { weight: 1, arbitrary: fc.record({ is: fc.constant('overdue' as const), pick }) },
  {
    weight: 2,
    arbitrary: fc.record({
      is: fc.constant('clock' as const),
      ms: fc.constantFrom(secondMs, 5 * secondMs, 20 * secondMs, 60 * secondMs, hourMs, 25 * hourMs, 40 * 24 * hourMs),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      is: fc.constant('clock-edge' as const),
      // Past a lease most often: only then does anybody else come.
      edge: often<Edge>('lease-over', 1, fc.constantFrom(...edges)),
      plusMs: fc.constantFrom(-5 * secondMs, -secondMs, -1, 0, 1, limits.handBackMs),
    }),
  },
  { weight: 1, arbitrary: fc.record({ is: fc.constant('shut' as const), ms: fc.constantFrom(5 * secondMs, 60 * secondMs, 25 * hourMs) }) },
  {
    weight: 5,
    arbitrary: fc.record({
      is: fc.constant('person' as const),
      action: often<'retry' | 'answer' | 'correct' | 'drop' | 'move'>('retry', 1, fc.constantFrom('answer', 'correct', 'drop', 'drop', 'move')),
      port: fc.constantFrom('ok' as const, 'rejected' as const),
    }),
  },
  { weight: 1, arbitrary: fc.record({ is: fc.constant('activate' as const), version: fc.constantFrom(1, 2) }) },
)
export const sequence = (lengthMax: number): fc.Arbitrary<Step[]> => fc.array(step, { minLength: 1, maxLength: lengthMax, size: 'max' })
/** Of what takes money. */
const withWishes: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: step },
  { weight: 1, arbitrary: fc.record({ is: fc.constant('wish' as const), wanted: often(false, 2, fc.constant(true)) }) },
)
export const sequenceOfMoney = (lengthMax: number): fc.Arbitrary<Step[]> => fc.array(withWishes, { minLength: 1, maxLength: lengthMax, size: 'max' })
