import type { Journey } from '../reporting/model.ts'
import type { MessageKey } from './catalogue.ts'

/** The five state hues and icons of the house: never colour alone. */
export const stateTones = ['checking', 'provisional', 'confirmed', 'failed', 'needs-someone'] as const
export type StateTone = (typeof stateTones)[number]

export interface StatusLine {
  subject: 'intake' | 'insurance' | 'card' | 'photos'
  tone: StateTone
  what: MessageKey
  meaning: MessageKey
  todo: MessageKey
}

type Said = readonly [tone: StateTone, what: MessageKey, meaning: MessageKey, todo: MessageKey]
const nothing: MessageKey = 'todo.nothing'

/** One row per state, complete by type: a new state without words does not compile. */
const insurance = {
  checking: ['checking', 'insurance.checking.what', 'insurance.checking.meaning', nothing],
  provisional: ['provisional', 'insurance.provisional.what', 'insurance.provisional.meaning', nothing],
  confirmed: ['confirmed', 'insurance.confirmed.what', 'insurance.confirmed.meaning', nothing],
  inactive: ['failed', 'insurance.inactive.what', 'insurance.inactive.meaning', 'insurance.inactive.todo'],
  'needs-you': ['needs-someone', 'insurance.needs-you.what', 'insurance.needs-you.meaning', 'insurance.needs-you.todo'],
  'with-our-team': ['checking', 'insurance.with-our-team.what', 'insurance.with-our-team.meaning', nothing],
  corrected: ['confirmed', 'insurance.corrected.what', 'insurance.corrected.meaning', nothing],
} as const satisfies Record<NonNullable<Journey['eligibility']>, Said>

const byFile: Said = ['checking', 'insurance.by-file.what', 'insurance.by-file.meaning', nothing]

const card = {
  requested: ['checking', 'card.requested.what', 'card.requested.meaning', nothing],
  stored: ['confirmed', 'card.stored.what', 'card.stored.meaning', nothing],
  'needs-you': ['needs-someone', 'card.needs-you.what', 'card.needs-you.meaning', 'card.needs-you.todo'],
  declined: ['failed', 'card.declined.what', 'card.declined.meaning', 'card.declined.todo'],
  'with-our-team': ['checking', 'card.with-our-team.what', 'card.with-our-team.meaning', nothing],
} as const satisfies Record<NonNullable<Journey['payment']>, Said>

function photos(journey: Journey): Said | null {
  if (journey.photosRejected > 0) return ['failed', 'photos.rejected.what', 'photos.rejected.meaning', 'photos.rejected.todo']
  if (journey.photosExpected === 0) return null
  if (journey.photosClean < journey.photosExpected) return ['checking', 'photos.checking.what', 'photos.checking.meaning', nothing]
  return ['confirmed', 'photos.clean.what', 'photos.clean.meaning', nothing]
}

const line = (subject: StatusLine['subject'], [tone, what, meaning, todo]: Said): StatusLine => ({ subject, tone, what, meaning, todo })

/** What a patient is told, most important first; before the submit there is only the form. */
export function statusLines(journey: Journey): StatusLine[] {
  if (journey.intake !== 'submitted') return [line('intake', ['needs-someone', 'intake.open.what', 'intake.open.meaning', 'intake.open.todo'])]
  const photo = photos(journey)
  return [
    line('intake', ['confirmed', 'intake.submitted.what', 'intake.submitted.meaning', nothing]),
    // Between the submit and the first event there is no verdict yet, and that is "checking", never silence.
    line('insurance', journey.eligibility === 'checking' && journey.askedByFile ? byFile : insurance[journey.eligibility ?? 'checking']),
    ...(journey.payment ? [line('card', card[journey.payment])] : []),
    ...(photo ? [line('photos', photo)] : []),
  ]
}

export function statusHeading(lines: readonly StatusLine[]): MessageKey {
  if (lines.some((l) => l.todo === 'intake.open.todo')) return 'heading.not-sent'
  if (lines.some((l) => l.todo !== nothing)) return 'heading.needs-you'
  return lines.every((l) => l.tone === 'confirmed') ? 'heading.done' : 'heading.working'
}
