import type { OverrideItem } from '../client.gen.ts'
import { staff } from '../shared/messages/staff.ts'
import { nowMs, span } from '../shared/time.ts'

export const causes = Object.keys(staff.causes) as OverrideItem['cause'][]
export const causeOf = (text: string | null): OverrideItem['cause'] | undefined => causes.find((cause) => cause === text)

/** `in 2 h 10` or `12 min ago`. */
export function relative(iso: string): string {
  const ms = Date.parse(iso) - nowMs()
  return ms >= 0 ? staff.overrides.inTime(span(ms)) : staff.overrides.ago(span(ms))
}
export const waited = (item: OverrideItem): string => span((item.resolvedAt ? Date.parse(item.resolvedAt) : nowMs()) - Date.parse(item.openedAt))
export const stepOf = (item: OverrideItem): string => `${item.flow} / ${item.step}`
