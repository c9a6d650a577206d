import { PayerCalendar } from '../../../catalog/calendar.ts'
import type { Suspicion } from '../../model.ts'
import { emptyHealth, type PayerHealth } from '../health.ts'
import { detectors, judge } from '../judge.ts'
import { learn } from '../learn.ts'
import { fitted } from '../numbers.ts'
import type { JudgedPayer, Seen, SeenSigns } from '../seen.ts'

/** Monday noon in New York. */
export const noon = new Date('2026-03-02T17:00:00Z')
export const later = (minutes: number, from = noon): Date => new Date(from.getTime() + minutes * 60_000)
export const days = (count: number, from = noon): Date => later(count * 1_440, from)

/** Always open, as far as anybody told us. */
export const payer: JudgedPayer = { calendar: PayerCalendar.parse({ timeZone: 'America/New_York' }) }

let made = 0
/** An ordinary yes about a member that nobody else is. */
export function seen(over: Partial<SeenSigns> = {}, latencyMs: number | null = 800): Seen {
  made += 1
  const name = made.toString(16).padStart(16, '0')
  const signs: SeenSigns = {
    says: 'yes',
    empty: false,
    testMarked: false,
    echo: [],
    hasDates: true,
    hasPlan: true,
    body: `${name}b`,
    subject: `${name.slice(8)}s`,
    ...over,
  }
  return { signs, latencyMs }
}
export const yes = (): Seen => seen()
export const no = (): Seen => seen({ says: 'no', hasDates: false, hasPlan: false })

/** What one rule says of one answer. */
export const scoreOf = (name: Suspicion, one: Seen, health: PayerHealth = emptyHealth, now = noon, of = payer): number =>
  detectors[name](one, health, of, now, fitted)

/** Judged and learned one after the other, so many minutes apart. */
export function after(answers: readonly Seen[], options: { from?: PayerHealth; at?: Date; everyMinutes?: number; of?: JudgedPayer } = {}) {
  const { from = emptyHealth, at = noon, everyMinutes = 30, of = payer } = options
  let health = from
  const said = answers.map((one, index) => {
    const now = later(index * everyMinutes, at)
    const suspicions = judge(one, health, of, now)
    health = learn(one, suspicions, health, of, now)
    return suspicions
  })
  return { health, said }
}

/** A payer known for four weeks: three yeses to one no, four hours apart. */
export const known = (): PayerHealth =>
  after(
    Array.from({ length: 160 }, (_, index) => (index % 4 === 3 ? no() : yes())),
    { at: days(-28), everyMinutes: 240 },
  ).health
