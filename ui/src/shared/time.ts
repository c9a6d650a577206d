import type { LanguageTag } from '@heliox/core/kit'
import { locales } from '@heliox/core/messages'

/** Time on a screen. The browser's clock, read in one place; the hub's own clock decides everything that matters. */
export const nowMs = (): number => Math.round(performance.timeOrigin + performance.now())

/** `Tuesday, March 4, 9:20 AM` in the clinic's zone and the reader's language. */
export function visitTime(iso: string, timeZone: string, language: LanguageTag): string {
  return new Intl.DateTimeFormat(locales[language], {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    hour: 'numeric',
    minute: '2-digit',
    timeZone,
  }).format(new Date(iso))
}

/** `Mar 4, 09:20:07`: what staff see on hover, in print, and in timelines. */
export function exactTime(iso: string, timeZone: string): string {
  return new Intl.DateTimeFormat('en-US', {
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
    timeZone,
  }).format(new Date(iso))
}
/** `Mar 4, 09:20` */
export function shortTime(iso: string, timeZone: string): string {
  return new Intl.DateTimeFormat('en-US', { month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone }).format(
    new Date(iso),
  )
}
/** `Fri, Mar 12, 2027, 09:20`: when a visit is, which may be far away. */
export function visitMoment(iso: string, timeZone: string): string {
  const day = { weekday: 'short', month: 'short', day: 'numeric', year: 'numeric' } as const
  return new Intl.DateTimeFormat('en-US', { ...day, hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone }).format(new Date(iso))
}
/** `09:20` */
export function clockTime(iso: string, timeZone: string): string {
  return new Intl.DateTimeFormat('en-US', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone }).format(new Date(iso))
}
/** `2026-03-04` in that zone: the key of a day. */
export function dayOf(iso: string, timeZone: string): string {
  return new Intl.DateTimeFormat('en-CA', { year: 'numeric', month: '2-digit', day: '2-digit', timeZone }).format(new Date(iso))
}
/** `Tuesday, March 4` */
export function dayName(day: string): string {
  return new Intl.DateTimeFormat('en-US', { weekday: 'long', month: 'long', day: 'numeric', timeZone: 'UTC' }).format(new Date(`${day}T12:00:00Z`))
}
/** `Mar 4, 2027`, for a day that is one whatever the zone. */
export function dateText(day: string): string {
  return new Intl.DateTimeFormat('en-US', { month: 'short', day: 'numeric', year: 'numeric', timeZone: 'UTC' }).format(new Date(`${day}T12:00:00Z`))
}
export function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T12:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)
}

/** `45 s`, `12 min`, `3 h 05`, `2 d 4 h`: how long something took or is away. */
export function span(ms: number): string {
  const seconds = Math.round(Math.abs(ms) / 1000)
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${minutes} min`
  const hours = Math.floor(minutes / 60)
  if (hours < 24) return `${hours} h ${String(minutes % 60).padStart(2, '0')}`
  return `${Math.floor(hours / 24)} d ${hours % 24} h`
}

/**
 * The instant at which a clock in that zone shows this date and time; of two when clocks go back, one of them. `undefined` for text that is
 * no date or time, and for an hour that is left out when clocks go forward.
 */
export function instantIn(timeZone: string, day: string, time: string): string | undefined {
  const wall = Date.parse(`${day}T${time}:00Z`)
  if (Number.isNaN(wall)) return undefined
  // The zone's offset depends on the instant that is looked for: guess with the wall time as UTC, then correct twice (a
  // second time for a guess on the other side of a clock change).
  let instant = wall
  for (let round = 0; round < 2; round += 1) instant = wall - offsetMs(instant, timeZone)
  return instant + offsetMs(instant, timeZone) === wall ? new Date(instant).toISOString() : undefined
}

function offsetMs(instant: number, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
    timeZone,
  }).formatToParts(new Date(instant))
  const part = (type: Intl.DateTimeFormatPartTypes): number => Number(parts.find((p) => p.type === type)?.value ?? 0)
  return Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second')) - Math.floor(instant / 1000) * 1000
}
