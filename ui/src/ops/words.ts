import type { OverrideItem } from '../client.gen.ts'
import { queueWords } from '../shared/messages/queue-words.ts'
import { addDays, clockTime, dayOf, nowMs, shortTime, span } from '../shared/time.ts'

/** `in 2 h 10` or `12 min ago`. */
export function relative(iso: string, now: number = nowMs()): string {
  const ms = Date.parse(iso) - now
  return ms >= 0 ? queueWords.overrides.inTime(span(ms)) : queueWords.overrides.ago(span(ms))
}
export const waited = (item: OverrideItem, now: number = nowMs()): string =>
  span((item.resolvedAt ? Date.parse(item.resolvedAt) : now) - Date.parse(item.openedAt))

const weekMs = 6 * 86_400_000
/** A moment as one would say it today: `07:12`, `Mon 08:00`, `Mar 4, 09:20`; in the clinic's zone. */
export function when(iso: string, timeZone: string, now: number = nowMs()): string {
  const today = dayOf(new Date(now).toISOString(), timeZone)
  if (dayOf(iso, timeZone) === today) return clockTime(iso, timeZone)
  if (Math.abs(Date.parse(iso) - now) < weekMs) {
    const weekday = new Intl.DateTimeFormat('en-US', { weekday: 'short', timeZone }).format(new Date(iso))
    return `${weekday} ${clockTime(iso, timeZone)}`
  }
  return shortTime(iso, timeZone)
}
/** `today`, `tomorrow`, or the day's own name. */
export function dayWords(day: string, timeZone: string, now: number = nowMs()): 'today' | 'tomorrow' | null {
  const today = dayOf(new Date(now).toISOString(), timeZone)
  return day === today ? 'today' : day === addDays(today, 1) ? 'tomorrow' : null
}
