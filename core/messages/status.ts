import type { Journey } from '../reporting/model.ts'
import { ageOf } from './age.ts'
import type { MessageKey } from './catalogue.ts'

/** The five state hues and icons of the house: never colour alone. */
export const stateTones = ['checking', 'provisional', 'confirmed', 'failed', 'needs-someone'] as const
export type StateTone = (typeof stateTones)[number]

export interface StatusLine {
  subject: 'visit' | 'intake' | 'insurance' | 'card' | 'payment' | 'photos'
  tone: StateTone
  what: MessageKey
  meaning: MessageKey
  todo: MessageKey
  /** ISO time that the texts name as {when}; null where they name none. */
  when: string | null
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

/** An answer that is not believed yet: only a "yes" is told as what the insurer says, with the doubt beside it. */
const doubtful: Said = ['provisional', 'insurance.doubtful.what', 'insurance.doubtful.meaning', nothing]
const later: Said = ['checking', 'insurance.later.what', 'insurance.later.meaning', nothing]
const expired: Said = ['provisional', 'insurance.expired.what', 'insurance.expired.meaning', nothing]
const stillCovered: Said = ['confirmed', 'insurance.confirmed.what', 'insurance.changed.meaning', nothing]
const noLongerCovered: Said = ['failed', 'insurance.inactive.what', 'insurance.changed-inactive.meaning', 'insurance.inactive.todo']
const byFile: Said = ['checking', 'insurance.by-file.what', 'insurance.by-file.meaning', nothing]

/** As long as the payment partner has not said what was left: words that are true of either. */
const method = {
  requested: ['checking', 'method.requested.what', 'card.requested.meaning', nothing],
  stored: ['confirmed', 'method.stored.what', 'card.stored.meaning', nothing],
  'needs-you': ['needs-someone', 'method.needs-you.what', 'card.needs-you.meaning', 'card.needs-you.todo'],
  declined: ['failed', 'method.declined.what', 'card.declined.meaning', 'method.declined.todo'],
  'with-our-team': ['checking', 'method.with-our-team.what', 'card.with-our-team.meaning', nothing],
} as const satisfies Record<NonNullable<Journey['payment']>, Said>
type MethodWords = Record<NonNullable<Journey['payment']>, Said>
const card: MethodWords = {
  ...method,
  stored: ['confirmed', 'card.stored.what', 'card.stored.meaning', nothing],
  'needs-you': ['needs-someone', 'card.needs-you.what', 'card.needs-you.meaning', 'card.needs-you.todo'],
  declined: ['failed', 'card.declined.what', 'card.declined.meaning', 'card.declined.todo'],
}
const account: MethodWords = {
  ...method,
  stored: ['confirmed', 'account.stored.what', 'card.stored.meaning', nothing],
  'needs-you': ['needs-someone', 'account.needs-you.what', 'card.needs-you.meaning', 'card.needs-you.todo'],
  declined: ['failed', 'account.declined.what', 'card.declined.meaning', 'method.declined.todo'],
}
const methodWords = { card, 'us-bank-account': account, other: method } as const satisfies Record<NonNullable<Journey['paymentMethod']>, MethodWords>

/** The newest that arrived waits at least since then, or an older one longer. */
interface PhotosSince {
  photosSince?: string | null
}
/** A scan takes seconds. One that takes longer waits for a scanner, perhaps for days. */
const scanMsMax = 3 * 60_000

function photos(journey: Journey & PhotosSince, nowMs: number): Said | null {
  if (journey.photosRejected > 0) return ['failed', 'photos.rejected.what', 'photos.rejected.meaning', 'photos.rejected.todo']
  if (journey.photosExpected === 0) return null
  if (journey.photosClean < journey.photosExpected) {
    const isSlow = journey.photosSince ? nowMs - Date.parse(journey.photosSince) > scanMsMax : false
    return ['checking', 'photos.checking.what', isSlow ? 'photos.slow.meaning' : 'photos.checking.meaning', nothing]
  }
  return ['confirmed', 'photos.clean.what', 'photos.clean.meaning', nothing]
}

const line = (subject: StatusLine['subject'], [tone, what, meaning, todo]: Said, when: string | null = null): StatusLine => ({
  ...{ subject, tone, what, meaning, todo },
  when,
})

/** Tries that follow at once are nobody's business; only one that is farther off is told. */
const soonMs = 10 * 60_000

/** `nowMs`: an answer past its time is no longer told as one that holds. */
function insuranceLine(journey: Journey, nowMs: number): StatusLine {
  // Between the submit and the first event there is no verdict yet, and that is "checking", never silence.
  const state = journey.eligibility ?? 'checking'
  const { nextTry, provisional, changed } = journey
  if (state === 'checking' && nextTry && Date.parse(nextTry.at) - nowMs > soonMs) return line('insurance', later, nextTry.at)
  if (state === 'checking' && journey.askedByFile) return line('insurance', byFile)
  if (state === 'provisional') {
    // Without a time there is nothing to promise; a later event brings it.
    if (!provisional) return line('insurance', insurance.checking)
    return line('insurance', provisional.verdict === 'active' ? insurance.provisional : doubtful, provisional.recheckAt)
  }
  if (state === 'confirmed' && ageOf(journey, nowMs) === 'expired') return line('insurance', expired)
  if (state === 'confirmed' && changed) return line('insurance', stillCovered)
  if (state === 'inactive' && changed) return line('insurance', noLongerCovered)
  return line('insurance', insurance[state])
}

/** What a patient is told, most important first; before the submit there is only the form. */
export function statusLines(journey: Journey & PhotosSince, nowMs: number): StatusLine[] {
  const { visitStatus, visitChange } = journey
  // Nothing else counts for a visit that does not take place.
  if (visitStatus === 'cancelled') return [line('visit', ['failed', 'visit.cancelled.what', 'visit.cancelled.meaning', 'visit.cancelled.todo'])]
  const moved = visitStatus === 'booked' && visitChange?.change === 'moved'
  const missed = visitStatus === 'noshow'
  return [
    ...(moved ? [line('visit', ['confirmed', 'visit.moved.what', 'visit.moved.meaning', nothing])] : []),
    ...(missed ? [line('visit', ['needs-someone', 'visit.no-show.what', 'visit.no-show.meaning', 'visit.no-show.todo'])] : []),
    ...otherLines(journey, nowMs),
  ]
}

function otherLines(journey: Journey & PhotosSince, nowMs: number): StatusLine[] {
  if (journey.intake !== 'submitted') return [line('intake', ['needs-someone', 'intake.open.what', 'intake.open.meaning', 'intake.open.todo'])]
  const photo = photos(journey, nowMs)
  return [
    line('intake', ['confirmed', 'intake.submitted.what', 'intake.submitted.meaning', nothing]),
    insuranceLine(journey, nowMs),
    ...(journey.payment ? [line('card', methodWords[journey.paymentMethod ?? 'other'][journey.payment])] : []),
    ...(photo ? [line('photos', photo)] : []),
  ]
}

export function statusHeading(lines: readonly StatusLine[]): MessageKey {
  if (lines.some((l) => l.what === 'visit.cancelled.what')) return 'heading.cancelled'
  if (lines.some((l) => l.todo === 'intake.open.todo')) return 'heading.not-sent'
  if (lines.some((l) => l.todo !== nothing)) return 'heading.needs-you'
  // An offer that ran out is told, and nobody works on it.
  return lines.every((l) => l.tone === 'confirmed' || l.what === 'plan.expired.what') ? 'heading.done' : 'heading.working'
}
