import type { Replay } from '@heliox/core/kit'
import type { Manner } from './partner.ts'
import type { Step } from './steps.ts'

type Deliver = Extract<Step, { is: 'deliver' }>

const well: Manner = { call: 'does', ask: 'truth', laterShare: 1 }
const soon: Manner = { call: 'does-later', ask: 'truth', laterShare: 0.05 }
const late: Manner = { ...soon, laterShare: 1 }
const lost: Manner = { ...well, call: 'does-drops' }
/** By the first engine, at once, without trouble, but for what is said. */
const deliver = (over: Partial<Deliver> = {}): Deliver => ({ is: 'deliver', engine: 0, pick: 0, manner: soon, slowMs: 0, stop: null, trouble: null, ...over })
const stop = (at: NonNullable<Deliver['stop']>['at'], how: NonNullable<Deliver['stop']>['how'] = 'die') => ({ at, nth: 1, how }) as const
const resume: Step = { is: 'resume', pick: 0, stop: null }

/** What broke a promise once, as small as it gets. */
export const found = {
  /** An engine held up behind its lease and killed in its send; the effect comes when "not found" is believed, counted from the start of that lease. */
  never: [deliver({ manner: late, slowMs: 17_000, stop: stop('partner-call-sent') })],
  /** An engine held up behind its lease while the partner forgets the key. */
  keyed: [
    deliver({ manner: lost, stop: stop('partner-call-sent') }),
    { is: 'clock-edge', edge: 'key-forgotten', plusMs: -1 },
    { is: 'person', action: 'retry', port: 'ok' },
    deliver({ manner: well, slowMs: 10_000 }),
  ],
} as const satisfies Partial<Record<Replay, readonly Step[]>>

/** For each broken ledger the smallest sequence that shows it; a sound one withstands them all. */
export const shows: Readonly<Record<string, readonly Step[]>> = {
  'no lease': [deliver({ stop: stop('ledger-start') }), resume],
  'no fencing': [
    deliver({ stop: stop('apply') }),
    deliver({ stop: stop('partner-answered', 'stand') }),
    { is: 'clock', ms: 90_000_000 },
    deliver({ manner: { ...soon, ask: 'cannot-tell' } }),
    resume,
    { is: 'overdue', pick: 0 },
  ],
  'no question': [deliver(), deliver({ manner: well, stop: stop('consume') })],
  'no question of money': [deliver({ manner: { ...lost, call: 'lost' } }), { is: 'wish', wanted: false }, deliver({ stop: stop('ack') })],
  'wish forgotten': [
    deliver({ manner: { ...lost, call: 'lost' } }),
    { is: 'wish', wanted: false },
    { is: 'clock', ms: 60_000 },
    deliver({ stop: stop('ack') }),
  ],
  'key for ever': [
    deliver({ manner: lost }),
    { is: 'clock', ms: 90_000_000 },
    deliver({ manner: { ...lost, ask: 'cannot-tell' } }),
    { is: 'person', action: 'retry', port: 'ok' },
  ],
  'key to the last second': found.keyed,
  'unknown is failed': [deliver({ trouble: 'apply-unheard' }), resume],
  'no patience': [deliver({ manner: late, slowMs: 1_000 }), resume],
  'newest input': [deliver({ manner: { ...soon, call: 'throttled' } }), deliver({ manner: well, stop: stop('consume') })],
  'lost retry': [deliver({ manner: { ...soon, call: 'throttled' } }), deliver({ manner: well, stop: stop('consume') })],
  'late is lost': [
    deliver({ stop: stop('partner-answered', 'stand') }),
    deliver({ slowMs: 1_000, stop: stop('ack') }),
    deliver(),
    { is: 'resume', pick: 0, stop: stop('consume') },
    { is: 'duplicate', pick: 0 },
  ],
  'answers forgotten': [{ is: 'shut', ms: 90_000_000 }, deliver(), { is: 'person', action: 'answer', port: 'ok' }, deliver({ slowMs: 1_000 })],
}
