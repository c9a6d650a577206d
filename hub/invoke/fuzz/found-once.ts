import type { Replay } from '@heliox/core/kit'
import type { Step } from './steps.ts'

const late = { call: 'does-later', ask: 'truth', laterShare: 1 } as const
const well = { call: 'does', ask: 'truth', laterShare: 1 } as const
const deliver = { is: 'deliver', engine: 0, pick: 0, manner: well, slowMs: 0, stop: null, trouble: null } as const satisfies Step

/** What broke a promise once, as small as it gets. */
export const found = {
  /** An engine held up behind its lease and killed in its send; the effect comes when "not found" is believed, counted from the start of that lease. */
  never: [{ ...deliver, manner: late, slowMs: 17_000, stop: { at: 'partner-call-sent', nth: 1, how: 'die' } }],
  /** An engine held up behind its lease while the partner forgets the key. */
  keyed: [
    { ...deliver, manner: { ...well, call: 'does-drops' }, stop: { at: 'partner-call-sent', nth: 1, how: 'die' } },
    { is: 'clock-edge', edge: 'key-forgotten', plusMs: -1 },
    { is: 'person', action: 'retry', port: 'ok' },
    { ...deliver, slowMs: 10_000 },
  ],
} as const satisfies Partial<Record<Replay, readonly Step[]>>
