import type { PayerHealth } from './health.ts'
import type { Detector, SeenSigns } from './seen.ts'

/**
 * A bare "active" from a payer that says since when and by which plan: a gateway's default. What a payer does is told by its days, not by
 * its answers: a closure brings many bare answers on few days, a habit is there on most of them.
 */

type Missing = 'noDates' | 'noPlan' | 'neither'
const missingIn = ({ hasDates, hasPlan }: Pick<SeenSigns, 'hasDates' | 'hasPlan'>): Missing | undefined =>
  hasDates ? (hasPlan ? undefined : 'noPlan') : hasPlan ? 'noDates' : 'neither'

export const noDatesOrPlan: Detector = ({ signs }, { days }, _payer, _now, numbers) => {
  const missing = signs.says === 'yes' ? missingIn(signs) : undefined
  if (missing === undefined) return 0
  // Payers that tell neither are rare: of one that is not known yet, a bare yes is asked for again.
  if (days.length < numbers.habitDaysMin) return missing === 'neither' ? 1 : 0
  const shares = days.map((day) => day[missing] / day.yes).sort((a, b) => a - b)
  // Without the days on which it was most often so: those may be closures.
  const kept = shares.slice(0, Math.ceil(shares.length * (1 - numbers.habitDaysLeftOut)))
  const chance = kept.reduce((sum, share) => sum + share, 0) / kept.length
  return Math.min(1, Math.log(Math.max(chance, numbers.habitRare)) / Math.log(numbers.habitRare))
}

/** A day's counts with this yes. `day` counts days from any fixed one. */
export function habitAfter(signs: SeenSigns, days: PayerHealth['days'], day: number, daysMax: number): PayerHealth['days'] {
  if (signs.says !== 'yes') return days
  const known = days.find((one) => one.day === day) ?? { day, yes: 0, noDates: 0, noPlan: 0, neither: 0 }
  const counted = {
    day,
    yes: known.yes + 1,
    noDates: known.noDates + (signs.hasDates ? 0 : 1),
    noPlan: known.noPlan + (signs.hasPlan ? 0 : 1),
    neither: known.neither + (signs.hasDates || signs.hasPlan ? 0 : 1),
  }
  return [...days.filter((one) => one.day !== day), counted].sort((a, b) => a.day - b.day).slice(-daysMax)
}
