import type { Detector } from './seen.ts'

/** A bare "active" from a payer that always says since when and by which plan: a gateway's default. */
export const noDatesOrPlan: Detector = ({ signs }, { yes }, _payer, _now, numbers) => {
  if (signs.says !== 'yes' || yes.answers < numbers.habitAnswersMin) return 0
  if (signs.hasDates && signs.hasPlan) return 0
  const missing = signs.hasDates ? yes.noPlan : signs.hasPlan ? yes.noDates : yes.neither
  // How often it has been so until now; "never" is not known of anything.
  const chance = (missing + 0.5) / (yes.answers + 1)
  return Math.min(1, Math.log(chance) / Math.log(numbers.habitRare))
}
