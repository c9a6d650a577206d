import { PayerCalendar } from '@heliox/core/catalog'
import type { Weekday } from '../../sim/calendar/local-time.ts'
import { weekdays } from '../../sim/calendar/local-time.ts'
import { Chance } from './chance.ts'

/** One scripted payer: how it is when it tells the truth, and when it is closed. */
export interface ScriptedPayer {
  id: string
  timeZone: string
  /** Weekly, on its wall clock; may pass midnight. */
  windows: { days: Weekday[]; from: string; to: string }[]
  /** Beside the federal ones. */
  ownHolidays: string[]
  /** Median and spread (of the logarithm) of its latency. */
  latencyMs: number
  latencySpread: number
  /** How many of those asked about are members with a plan that runs, in an ordinary month; in January it is less. */
  activeShare: number
  januaryLess: number
  /** Of its true yeses, those without dates and plan. */
  bareShare: number
}
export interface Member {
  memberId: string
  givenName: string
  familyName: string
  birthDate: string
  payerSex: 'F' | 'M'
}

export const year = 2026
const zones = ['America/New_York', 'America/Chicago', 'America/Denver', 'America/Los_Angeles', 'America/Phoenix']
const time = (minutes: number): string => `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`

/** Two payers of one seed. One has a window over the nights in which the clocks change. */
export function payersOf(seed: number): ScriptedPayer[] {
  const chance = new Chance(seed)
  return ['SCRIPTA', 'SCRIPTB'].map((id, index) => {
    const from = chance.whole(21 * 60, 23 * 60 + 45)
    return {
      id,
      timeZone: chance.pick(zones),
      windows: [{ days: [index === 0 ? 'SAT' : chance.pick(weekdays)], from: time(from), to: time(chance.whole(60, 6 * 60)) }],
      ownHolidays: [`${year}-11-27`, `${year}-12-24`, `${year}-${chance.pick(['03-17', '04-03', '10-09'])}`],
      latencyMs: chance.between(300, 3_000),
      latencySpread: chance.between(0.2, 0.6),
      activeShare: chance.between(0.68, 0.82),
      januaryLess: chance.between(0, 0.08),
      bareShare: chance.between(0, 0.004),
    }
  })
}

/** The payer's calendar as the hub knows it: from the same facts, by the hub's own code. */
export function calendarOf({ timeZone, windows, ownHolidays }: ScriptedPayer): PayerCalendar {
  const closed = windows.flatMap(({ days, from, to }) =>
    days.flatMap((name) => {
      const day = weekdays.indexOf(name)
      if (from < to) return [{ day, from, to }]
      return [
        { day, from, to: '24:00' },
        { day: (day + 1) % 7, from: '00:00', to },
      ]
    }),
  )
  return PayerCalendar.parse({ timeZone, closed, usFederalHolidays: true, holidays: ownHolidays })
}
/** The same payer to whom nobody gave a calendar. */
export const unknownCalendar = ({ timeZone }: ScriptedPayer): PayerCalendar => PayerCalendar.parse({ timeZone })

const families = ['MARLOWE', 'OKAFOR', 'LINDQVIST', 'PEREIRA', 'HALVORSEN', 'ADEYEMI', 'KOWALCZYK', 'TANAKA', 'DELACROIX', 'BRENNAN']
const given = ['ROSA', 'JUAN', 'AMARA', 'NILS', 'MEI', 'OMAR', 'INES', 'PIOTR', 'GRACE', 'TOMAS']

/** Invented people. The id says to the simulator what its payer knows of them. */
export function memberOf(chance: Chance, kind: 'active' | 'inactive' | 'stranger' | 'corrected' | 'mixed'): Member {
  const prefix = { active: 'HX', inactive: 'INACT', stranger: 'UNKNOWN', corrected: 'CORR', mixed: 'MIXED' }[kind]
  const born = new Date(Date.UTC(chance.whole(1940, 2007), chance.whole(0, 11), chance.whole(1, 28)))
  return {
    memberId: `${prefix}${chance.whole(100_000, 9_999_999)}`,
    givenName: chance.pick(given),
    familyName: chance.pick(families),
    birthDate: born.toISOString().slice(0, 10),
    payerSex: chance.pick(['F', 'M']),
  }
}
