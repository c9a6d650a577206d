import type { PayerDefaults, PayerDetail, PayerValues } from '../client.gen.ts'
import type { ShownProblem } from '../shared/error-summary.tsx'
import { payerWords as t } from '../shared/messages/payer-words.ts'
import { clockTime, dayOf, instantIn } from '../shared/time.ts'

/**
 * What is typed on a payer's page, as text, and the way between it and the values that are sent. Each part is either the catalogue's
 * (left out when it is sent) or this clinic's own. Ids of controls are the paths the api names in its refusals.
 */
export interface Row {
  /** For the page alone: a row keeps its place while others go. */
  key: number
}
export type WindowRow = Row & { day: string; from: string; to: string }
export type HolidayRow = Row & { date: string }
export type DowntimeRow = Row & { fromDay: string; fromTime: string; toDay: string; toTime: string }
export interface HoursDraft {
  timeZone: string
  windows: WindowRow[]
  federal: boolean
  holidays: HolidayRow[]
  downtimes: DowntimeRow[]
}
export type Known = 'inactive' | 'active'
export const knownKinds: readonly Known[] = ['inactive', 'active']
type Canary = PayerDefaults['canaries'][number]
export type CanaryDraft = Omit<Canary, 'known'> & { used: boolean }
export const agesFields = ['freshDays', 'expireDays', 'askAgainDaysBefore'] as const
export interface PayerDraft {
  own: { route: boolean; calendar: boolean; ages: boolean; canaries: boolean }
  route: PayerDefaults['route']
  hours: HoursDraft
  ages: Record<(typeof agesFields)[number], string>
  canaries: Record<Known, CanaryDraft>
  everyMinutes: string
}

let keys = 0
export const newKey = (): number => {
  keys += 1
  return keys
}

/** Own values where there are some, else the catalogue's: whoever begins to change them begins with what counts now. */
export function draftOf({ catalogue, settings }: Pick<PayerDetail, 'catalogue' | 'settings'>): PayerDraft {
  const canaries = settings.canaries ?? catalogue.canaries
  const ages = settings.ages ?? catalogue.ages
  return {
    own: {
      route: settings.route !== undefined,
      calendar: settings.calendar !== undefined,
      ages: settings.ages !== undefined,
      canaries: settings.canaries !== undefined || settings.canaryEveryMinutes !== undefined,
    },
    route: settings.route ?? catalogue.route,
    hours: hoursDraft(settings.calendar ?? catalogue.calendar),
    ages: { freshDays: String(ages.freshDays), expireDays: String(ages.expireDays), askAgainDaysBefore: String(ages.askAgainDaysBefore) },
    canaries: { inactive: canaryDraft(canaries, 'inactive'), active: canaryDraft(canaries, 'active') },
    everyMinutes: String(settings.canaryEveryMinutes ?? catalogue.canaryEveryMinutes),
  }
}

function hoursDraft(calendar: PayerDefaults['calendar']): HoursDraft {
  const { timeZone } = calendar
  return {
    timeZone,
    windows: calendar.closed.map(({ day, from, to }) => ({ key: newKey(), day: String(day), from, to: to === '24:00' ? '00:00' : to })),
    federal: calendar.usFederalHolidays,
    holidays: calendar.holidays.map((date) => ({ key: newKey(), date })),
    downtimes: calendar.downtimes.map(({ from, to }) => ({
      key: newKey(),
      fromDay: dayOf(from, timeZone),
      fromTime: clockTime(from, timeZone),
      toDay: dayOf(to, timeZone),
      toTime: clockTime(to, timeZone),
    })),
  }
}

const blankCanary = { memberId: '', givenName: '', familyName: '', birthDate: '', payerSex: 'U' } as const
function canaryDraft(canaries: readonly Canary[], known: Known): CanaryDraft {
  const found = canaries.find((canary) => canary.known === known)
  if (!found) return { used: false, ...blankCanary }
  const { known: _, ...fields } = found
  return { used: true, ...fields }
}

/** What is sent, and what is wrong with what was typed; the first is of use only when the second is empty. */
export function settingsOf(draft: PayerDraft): { settings: PayerValues; problems: ShownProblem[] } {
  const problems: ShownProblem[] = []
  const say = (id: string, message: string): void => void problems.push({ id, message })
  const settings: PayerValues = {
    ...(draft.own.route ? { route: draft.route } : {}),
    ...(draft.own.calendar ? { calendar: calendarOf(draft.hours, say) } : {}),
    ...(draft.own.ages ? { ages: agesOf(draft.ages, say) } : {}),
    ...(draft.own.canaries
      ? { canaries: canariesOf(draft.canaries, say), canaryEveryMinutes: whole('settings.canaryEveryMinutes', t.every, draft.everyMinutes, 5, 10_080, say) }
      : {}),
  }
  return { settings, problems }
}
type Say = (id: string, message: string) => void

function calendarOf(hours: HoursDraft, say: Say): NonNullable<PayerValues['calendar']> {
  const { timeZone } = hours
  const zoneKnown = isZone(timeZone)
  if (!zoneKnown) say('settings.calendar.timeZone', t.need.zone)
  const closed = hours.windows.map(({ day, from, to }, index) => {
    const until = to === '00:00' ? '24:00' : to
    if (!from || !to || until <= from) say(`settings.calendar.closed.${index}.to`, t.need.window(index + 1))
    return { day: Number(day), from, to: until }
  })
  hours.holidays.forEach(({ date }, index) => {
    if (!date) say(`settings.calendar.holidays.${index}`, t.need.holiday(index + 1))
  })
  const downtimes = hours.downtimes.map((row, index) => {
    const from = zoneKnown ? instantIn(timeZone, row.fromDay, row.fromTime) : undefined
    const to = zoneKnown ? instantIn(timeZone, row.toDay, row.toTime) : undefined
    if (zoneKnown && !(from && to && from < to)) say(`settings.calendar.downtimes.${index}.to`, t.need.downtime(index + 1))
    return { from: from ?? '', to: to ?? '' }
  })
  return { timeZone, closed, usFederalHolidays: hours.federal, holidays: hours.holidays.map(({ date }) => date), downtimes }
}

function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: name })
    return name !== ''
  } catch {
    return false
  }
}

function agesOf(ages: PayerDraft['ages'], say: Say): NonNullable<PayerValues['ages']> {
  const at = (name: keyof PayerDraft['ages'], least: number, most: number) => whole(`settings.ages.${name}`, t[name], ages[name], least, most, say)
  const values = { freshDays: at('freshDays', 1, 90), expireDays: at('expireDays', 1, 365), askAgainDaysBefore: at('askAgainDaysBefore', 0, 30) }
  if (values.freshDays > values.expireDays) say('settings.ages.expireDays', t.need.agesOrder)
  return values
}

function whole(id: string, what: string, typed: string, least: number, most: number, say: Say): number {
  const value = /^\d{1,5}$/.test(typed.trim()) ? Number(typed) : Number.NaN
  if (!(value >= least && value <= most)) say(id, t.need.whole(what, least, most))
  return Number.isNaN(value) ? least : value
}

function canariesOf(canaries: PayerDraft['canaries'], say: Say): NonNullable<PayerValues['canaries']> {
  return knownKinds.flatMap((known) => {
    const { used, ...typed } = canaries[known]
    if (!used) return []
    const fields = { ...typed, memberId: typed.memberId.trim(), givenName: typed.givenName.trim(), familyName: typed.familyName.trim() }
    const need = (field: 'memberId' | 'givenName' | 'familyName' | 'birthDate', ok: boolean): void => {
      if (!ok) say(`canary.${known}.${field}`, t.need.canary(t.canaryResult(known), t[field]))
    }
    need('memberId', /^.{2,30}$/.test(fields.memberId))
    need('givenName', /^.{1,35}$/.test(fields.givenName))
    need('familyName', /^.{1,60}$/.test(fields.familyName))
    need('birthDate', /^\d{4}-\d{2}-\d{2}$/.test(fields.birthDate))
    return [{ known, ...fields }]
  })
}

/** The control that a refusal of the api is about. Canaries are a list there and two places here. */
export function controlOf(path: string, settings: PayerValues): string {
  const [, index, field] = /^settings\.canaries\.(\d)\.(\w+)$/.exec(path) ?? []
  if (index === undefined) return path
  return `canary.${settings.canaries?.[Number(index)]?.known ?? 'inactive'}.${field}`
}
