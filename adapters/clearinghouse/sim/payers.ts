import type { Rejection } from './answers/truthful.ts'
import type { PayerCalendar } from './calendar/payer-calendar.ts'
import type { Behaviour } from './scenario/behaviours.ts'
import type { Door, PayerSetting } from './scenario/scenario.ts'
import type { Inquiry } from './x12/inquiry.ts'

export interface Payer extends PayerCalendar {
  name: string
  doors: readonly Door[]
  whenClosed: 'unable-now' | 'silence' | 'outage'
}

const base: Payer = {
  name: '',
  timeZone: 'America/New_York',
  doors: ['real-time', 'batch'],
  holidays: 'none',
  alsoHolidays: [],
  closedOnHolidays: false,
  maintenance: [],
  whenClosed: 'unable-now',
}
/** The payers of the demo. QUIET3 has no door that works. */
const demo: Readonly<Record<string, Partial<Payer>>> = {
  HELIO1: { name: 'Helio Health Plan' },
  NORTH2: { name: 'Northwind Mutual', timeZone: 'America/Chicago' },
  QUIET3: { name: 'Quiet Valley Insurance', timeZone: 'America/Denver', doors: [] },
  SLOWB4: { name: 'Slow River Benefits', timeZone: 'America/Chicago', doors: ['batch'] },
  DUALS5: { name: 'Dual Lakes Health', doors: ['batch'] },
}

export type Payers = ReadonlyMap<string, Payer>
export function payersOf(settings: Readonly<Record<string, PayerSetting>>): Payers {
  const ids = new Set([...Object.keys(demo), ...Object.keys(settings)])
  return new Map([...ids].map((id) => [id, { ...base, name: id, ...demo[id], ...given(settings[id]) }]))
}
const given = (setting: PayerSetting = {}): Partial<Payer> => Object.fromEntries(Object.entries(setting).filter(([, value]) => value !== undefined))
/** For a payer nobody knows: rules may still speak of it. */
export const unknownPayer = base

/** What they do when no rule says otherwise. By member id, so that a demo can be read. */
export function usualBehaviour(inquiry: Inquiry, payer: Payer | undefined, door: Door, closed: boolean): Behaviour {
  if (!payer) return rejection({ code: '79', loop: '2100A' })
  if (!payer.doors.includes(door)) return { behaviour: 'unable-now' }
  // A batch waits for the end of the window; at the other door somebody waits.
  if (closed && door === 'real-time') return { behaviour: payer.whenClosed }
  const member = (inquiry.dependent?.id || inquiry.subscriber.id).toUpperCase()
  const code = /^AAA([0-9A-Z]{2})/.exec(member)?.[1]
  if (code) return rejection({ code })
  if (member.startsWith('UNKNOWN')) return rejection({ code: '75', loop: '2100C' })
  if (member.startsWith('INACT')) return { behaviour: 'inactive' }
  if (member.startsWith('MIXED')) return { behaviour: 'mixed' }
  if (member.startsWith('CORR')) return { behaviour: 'corrected' }
  if (member.startsWith('DEP')) return { behaviour: 'only-under-subscriber' }
  return { behaviour: 'active' }
}
const rejection = (value: Rejection): Behaviour => ({ behaviour: 'rejected', ...value })
