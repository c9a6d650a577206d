import { type Reason, staff } from '../shared/messages/staff.ts'

/** Why a person does what they do: the reasons that fit it, so that a list of nine is not read nine times a minute. */
const fits: Record<string, readonly Reason[]> = {
  retry: ['partner-is-back', 'connection-fixed', 'software-fixed'],
  'other-route': ['partner-is-back', 'connection-fixed'],
  drop: ['visit-cancelled', 'duplicate'],
  confirm: ['confirmed-by-phone', 'confirmed-on-website'],
  'mark-inactive': ['confirmed-by-phone', 'confirmed-on-website'],
  answer: ['confirmed-by-phone', 'confirmed-on-website'],
  correct: ['data-corrected', 'confirmed-by-phone', 'confirmed-on-website'],
  move: ['software-fixed'],
}

/** Those that fit the action, and "other", which fits all; every reason for an action that is not known here. */
export function reasonsFor(action: string): readonly { value: Reason; label: string }[] {
  const fit = fits[action]
  return fit ? staff.reasons.filter(({ value }) => fit.includes(value) || value === 'other') : staff.reasons
}
