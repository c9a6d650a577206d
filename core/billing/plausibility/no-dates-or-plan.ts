import { numbers } from './numbers.ts'
import type { Detector } from './seen.ts'

/** A bare "active" from a payer that always says since when and by which plan: a gateway's default. */
export const noDatesOrPlan: Detector = ({ signs }, { yes }) => {
  if (signs.says !== 'yes' || yes.answers < numbers.habitAnswersMin) return 0
  // How often it is missing, as seen so far; never "never".
  const rarity = (withIt: number): number => (yes.answers - withIt + 0.5) / (yes.answers + 1)
  const chance = (signs.hasDates ? 1 : rarity(yes.withDates)) * (signs.hasPlan ? 1 : rarity(yes.withPlan))
  return Math.min(1, Math.log(chance) / Math.log(numbers.habitRare))
}
