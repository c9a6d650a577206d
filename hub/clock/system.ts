import type { Clock } from '@heliox/core/kit'

/** The machine's time. The only place in the hub that asks for it; everything else is handed a `Clock` or a `now`. */
export function systemClock(): Clock {
  return { now: () => new Date() }
}
