import type { ResolveReason } from '@heliox/core/messaging'

/** Why a person did it, of items and of incidents. */
export const reasonWords = {
  'partner-is-back': 'Partner works again',
  'confirmed-by-phone': 'Confirmed with the partner by phone',
  'confirmed-on-website': 'Confirmed on the partner’s website',
  'data-corrected': 'Data was wrong and is corrected',
  'connection-fixed': 'Connection or credentials fixed',
  'software-fixed': 'Software fixed',
  'patient-data-wrong': 'Patient’s data does not fit',
  'partner-away': 'Partner does not answer',
  'compared-with-chart': 'Compared with the chart',
  'patient-confirmed': 'The patient confirmed it',
  'visit-cancelled': 'Visit was cancelled',
  duplicate: 'Duplicate of another',
  other: 'Other reason',
} satisfies Record<ResolveReason, string>

const names = Object.keys(reasonWords) as ResolveReason[]
/** For a list to choose from, in the given order. */
export const reasonOptions = (some: readonly ResolveReason[]): { value: ResolveReason; label: string }[] =>
  some.map((value) => ({ value, label: reasonWords[value] }))
/** What a list gave back; empty where nothing was chosen. */
export const reasonNamed = (value: string): ResolveReason | '' => names.find((name) => name === value) ?? ''
