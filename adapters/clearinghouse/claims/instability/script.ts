import type { PayerCalendar as SimCalendar } from '../../sim/calendar/payer-calendar.ts'
import { momentAt } from '../../sim/calendar/payer-calendar.ts'
import { Scenario } from '../../sim/scenario/scenario.ts'
import { Chance } from './chance.ts'
import { lieOf, type Shape, shapes } from './lies.ts'
import { type Member, memberOf, payersOf, type ScriptedPayer, year } from './world.ts'

export interface YearOptions {
  seed: number
  checks: number
  /** Lies of all checks. */
  rate: number
  /** Undefined: another shape in each month, by seed. */
  shape?: Shape
  /**
   * What the other checks of a closed window get: `unable-now` as a payer that knows that it is closed, or `truth` as one of which only a
   * part is down.
   */
  rest: 'unable-now' | 'truth'
}
export interface Check {
  at: Date
  payer: ScriptedPayer
  member: Member
  /** In a window or on a holiday, by the simulator's own calendar. */
  closed: boolean
  /** How much later than it was asked, when the payer itself answers and when something in its place does. */
  latencyMs: number
  lieLatencyMs: number
}
export interface Year {
  options: YearOptions
  payers: ScriptedPayer[]
  /** In the order of time. */
  checks: Check[]
  scenario: Scenario
}

/** Of all checks, those in closed windows: patients fill in forms in the evening and on holidays. Of these, those on a holiday. */
const closedShare = 0.35
const holidayShare = 0.75

/** One scripted year: who is asked about when, and what the simulator plays. All of it follows from the seed. */
export function yearOf(options: YearOptions): Year {
  const { seed, rate, rest } = options
  const payers = payersOf(seed)
  const chance = new Chance(seed * 7919 + Math.round(rate * 100_000))
  const lieTempo = new Map(payers.map(({ id }) => [id, chance.between(0.03, 1.2)]))
  const checks = payers.flatMap((payer) => checksOf(payer, options.checks / payers.length, lieTempo.get(payer.id) ?? 1, chance))
  checks.sort((a, b) => a.at.getTime() - b.at.getTime())
  const knows = rest === 'unable-now'
  const scenario = Scenario.parse({
    name: `year ${seed}`,
    payers: Object.fromEntries(payers.map((payer) => [payer.id, settingOf(payer, knows)])),
    rules: payers.flatMap((payer) => rulesOf(payer, options, chance)),
  })
  return { options, payers, checks, scenario }
}

const settingOf = ({ timeZone, windows, ownHolidays }: ScriptedPayer, knowsThatItIsClosed: boolean) => ({
  timeZone,
  holidays: 'us-federal' as const,
  alsoHolidays: ownHolidays,
  closedOnHolidays: knowsThatItIsClosed,
  maintenance: knowsThatItIsClosed ? windows : [],
})

/** By month, so that each lasts for some closures; the lies are those of a share of the traces. */
function rulesOf(payer: ScriptedPayer, { rate, shape }: YearOptions, chance: Chance): unknown[] {
  const months = Array.from({ length: 12 }, (_, month) => ({
    since: new Date(Date.UTC(year, month, 1)).toISOString(),
    until: new Date(Date.UTC(year, month + 1, 1)).toISOString(),
  }))
  const lies = months.flatMap((when) => {
    const does = lieOf(shape ?? chance.pick(shapes), chance)
    const share = Math.min(1, rate / closedShare)
    const holiday = { name: 'lie', when: { payer: payer.id, holiday: true, ...when }, share, does }
    return [holiday, ...payer.windows.map((window) => ({ name: 'lie', when: { payer: payer.id, ...window, ...when }, share, does }))]
  })
  const bare =
    payer.bareShare < 0.0005 ? [] : [{ name: 'bare', when: { payer: payer.id, member: 'HX*' }, share: payer.bareShare, does: { behaviour: 'gateway-default' } }]
  return [...lies, ...bare]
}

type Kind = 'holiday' | 'window' | 'open'
const kindAt = (calendar: SimCalendar, at: Date): Kind => {
  const moment = momentAt(calendar, at)
  return moment.holiday ? 'holiday' : moment.closed ? 'window' : 'open'
}
const hourMs = 3_600_000
const slots = new Map<string, Record<Kind, number[]>>()
/** The hours of the year by what the payer is in them, by the simulator's own calendar. */
function slotsOf(payer: ScriptedPayer): Record<Kind, number[]> {
  const name = JSON.stringify(payer)
  const known = slots.get(name)
  if (known) return known
  const calendar: SimCalendar = settingOf(payer, true)
  const found: Record<Kind, number[]> = { holiday: [], window: [], open: [] }
  for (let at = Date.UTC(year, 0, 1, 12); at < Date.UTC(year + 1, 0, 1); at += hourMs) found[kindAt(calendar, new Date(at))].push(at)
  slots.set(name, found)
  return found
}

function checksOf(payer: ScriptedPayer, count: number, lieTempo: number, chance: Chance): Check[] {
  const calendar: SimCalendar = settingOf(payer, true)
  const hours = slotsOf(payer)
  const [holiday, window] = [Math.round(count * closedShare * holidayShare), Math.round(count * closedShare * (1 - holidayShare))]
  const kinds: Kind[] = [
    ...Array<Kind>(holiday).fill('holiday'),
    ...Array<Kind>(window).fill('window'),
    ...Array<Kind>(Math.round(count) - holiday - window).fill('open'),
  ]
  return kinds.map((kind) => {
    const at = new Date(chance.pick(hours[kind]) + chance.whole(0, 3_599) * 1_000)
    const latencyMs = payer.latencyMs * Math.exp(payer.latencySpread * chance.normal())
    const lieLatencyMs = payer.latencyMs * lieTempo * Math.exp(0.3 * chance.normal())
    // A window may begin or end within the hour.
    return { at, payer, member: memberOf(chance, kindOf(payer, at, chance)), closed: kindAt(calendar, at) !== 'open', latencyMs, lieLatencyMs }
  })
}

function kindOf({ activeShare, januaryLess }: ScriptedPayer, at: Date, chance: Chance): Parameters<typeof memberOf>[1] {
  const share = activeShare - (at.getUTCMonth() === 0 ? januaryLess : 0)
  if (chance.happens(share)) return chance.happens(0.02) ? 'corrected' : chance.happens(0.01) ? 'mixed' : 'active'
  return chance.happens(0.6) ? 'stranger' : 'inactive'
}
