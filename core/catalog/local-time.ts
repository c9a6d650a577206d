const formats = new Map<string, Intl.DateTimeFormat>()
function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone)
  if (known) return known
  const options = { year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit' } as const
  const format = new Intl.DateTimeFormat('en-US', { timeZone, hourCycle: 'h23', ...options })
  formats.set(timeZone, format)
  return format
}

/** The clock on the wall as if it were UTC: milliseconds. */
function wallMs(at: Date, timeZone: string): number {
  const part: Record<string, number> = {}
  for (const { type, value } of formatOf(timeZone).formatToParts(at)) part[type] = Number(value)
  return Date.UTC(part.year ?? 0, (part.month ?? 1) - 1, part.day, part.hour, part.minute, part.second)
}

export interface LocalTime {
  /** `YYYY-MM-DD` */
  date: string
  /** Since midnight on the wall clock, 0 to 1439. */
  minutes: number
}

export function localTime(at: Date, timeZone: string): LocalTime {
  const wall = new Date(wallMs(at, timeZone))
  return { date: wall.toISOString().slice(0, 10), minutes: wall.getUTCHours() * 60 + wall.getUTCMinutes() }
}

const dayMs = 86_400_000
/**
 * When the wall clock of that zone shows this. In the hour that a spring night skips: as much later as is skipped. In the hour that
 * an autumn night has twice: its first or its second time, as asked.
 */
export function instantOf({ date, minutes }: LocalTime, timeZone: string, twice: 'first' | 'second' = 'first'): Date {
  const wall = Date.parse(`${date}T00:00:00Z`) + minutes * 60_000
  // The offsets of a day before and a day after: all that a change of clocks in between can lie between.
  const offsets = [wall - dayMs, wall + dayMs].map((near) => wallMs(new Date(near), timeZone) - near)
  const fits = offsets.map((offset) => new Date(wall - offset)).filter((at) => wallMs(at, timeZone) === wall)
  const sorted = fits.sort((a, b) => a.getTime() - b.getTime())
  const found = twice === 'first' ? sorted[0] : sorted.at(-1)
  return found ?? new Date(wall - Math.min(...offsets))
}

export const nextDate = (date: string): string => new Date(Date.parse(`${date}T00:00:00Z`) + dayMs).toISOString().slice(0, 10)
/** 0 is Sunday. */
export const weekdayOf = (date: string): number => new Date(`${date}T00:00:00Z`).getUTCDay()
