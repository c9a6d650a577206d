/** The only source of time. Each `main.ts` makes one and hands it in; rules and SQL take the time as a parameter. */
export interface Clock {
  now(): Date
  /** How much faster than the machine it runs: a simulator's clock in development. Left out: as fast. */
  speed?(): number
}
/** What takes `ms` of the machine's time, on this clock: a lease must not run out sooner because time flies. */
export const machineMs = (clock: Clock, ms: number): number => ms * Math.max(1, clock.speed?.() ?? 1)
export const isoNow = (clock: Clock): string => clock.now().toISOString()
