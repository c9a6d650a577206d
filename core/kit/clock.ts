/** The only source of time. Each `main.ts` makes one and hands it in; rules and SQL take the time as a parameter. */
export interface Clock {
  now(): Date
}
export const isoNow = (clock: Clock): string => clock.now().toISOString()
