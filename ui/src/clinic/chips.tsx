import { ageOf } from '@heliox/core/messages'
import type { DeskVisit, Journey } from '../client.gen.ts'
import { clinicWords } from '../shared/messages/clinic-words.ts'
import { deskWords } from '../shared/messages/desk-words.ts'
import { visitWords } from '../shared/messages/visit-words.ts'
import { StateChip, type Tone } from '../shared/state-chip.tsx'
import { nowMs } from '../shared/time.ts'
import { endOf, type Stage, type Standing, stageOf, stageTones } from './stage.ts'

const words = clinicWords.states

const intake = { created: 'checking', opened: 'checking', submitted: 'confirmed' } as const satisfies Record<Journey['intake'], Tone>
const eligibility = {
  checking: 'checking',
  provisional: 'provisional',
  confirmed: 'confirmed',
  inactive: 'failed',
  'needs-you': 'needs-someone',
  'with-our-team': 'needs-someone',
  corrected: 'confirmed',
} as const satisfies Record<NonNullable<Journey['eligibility']>, Tone>
const payment = {
  requested: 'checking',
  stored: 'confirmed',
  'needs-you': 'needs-someone',
  declined: 'failed',
  'with-our-team': 'needs-someone',
} as const satisfies Record<NonNullable<Journey['payment']>, Tone>
const writeback = { none: 'checking', written: 'confirmed', refused: 'failed', 'with-our-team': 'needs-someone' } as const satisfies Record<
  Journey['writeback'],
  Tone
>

export function FormChip({ journey }: { journey: Journey }) {
  return <StateChip tone={intake[journey.intake]}>{words.intake[journey.intake]}</StateChip>
}
export const waitsForFile = ({ eligibility: state, askedByFile }: Journey): boolean => state === 'checking' && askedByFile
/** Without an answer, and nobody waits for one. */
export const isNotAskedAbout = (journey: Journey): boolean =>
  journey.intake === 'submitted' && (journey.eligibility ?? 'checking') === 'checking' && endOf(journey) === 'off'
export function InsuranceChip({ journey }: { journey: Journey }) {
  const { eligibility: state } = journey
  const age = ageOf(journey, nowMs())
  if ((state === 'confirmed' || state === 'corrected') && age !== 'fresh') return <StateChip tone="provisional">{words.eligibility[age]}</StateChip>
  if (isNotAskedAbout(journey)) return <Quiet>{words.eligibility.off}</Quiet>
  if (state === 'checking' && journey.nextTry) return <StateChip tone="checking">{words.eligibility.triedAgain}</StateChip>
  if (waitsForFile(journey)) return <StateChip tone="checking">{words.eligibility.byFile}</StateChip>
  return state ? <StateChip tone={eligibility[state]}>{words.eligibility[state]}</StateChip> : <Quiet>{words.eligibility.none}</Quiet>
}
export function PaymentChip({ journey: { payment: state, paymentMethod } }: { journey: Journey }) {
  const stored = state === 'stored' && paymentMethod ? words.stored[paymentMethod] : null
  return state ? <StateChip tone={payment[state]}>{stored ?? words.payment[state]}</StateChip> : <Quiet>{words.payment.none}</Quiet>
}
export function ChartChip({ journey: { writeback: state } }: { journey: Journey }) {
  return state === 'none' ? <Quiet>{words.writeback.none}</Quiet> : <StateChip tone={writeback[state]}>{words.writeback[state]}</StateChip>
}
export function PhotosChip({ journey }: { journey: Journey }) {
  const { photosExpected, photosClean, photosRejected } = journey
  if (photosRejected > 0) return <StateChip tone="failed">{words.photos.rejected(photosRejected)}</StateChip>
  if (photosExpected === 0) return <Quiet>{words.photos.none}</Quiet>
  if (photosClean < photosExpected) return <StateChip tone="checking">{words.photos.checking(photosClean, photosExpected)}</StateChip>
  return <StateChip tone="confirmed">{words.photos.clean(photosClean)}</StateChip>
}
/** The form cannot be sent without its consents. */
export function ConsentChip({ journey: { intake: state }, withdrawn }: { journey: Journey; withdrawn: DeskVisit['withdrawn'] }) {
  // Reminders are the patient's to choose; what else is taken back somebody has to talk about.
  if (withdrawn.some((kind) => kind !== 'sms')) return <StateChip tone="needs-someone">{deskWords.withdrawn}</StateChip>
  return state === 'submitted' ? <StateChip tone="confirmed">{deskWords.signed}</StateChip> : <Quiet>{deskWords.notSigned}</Quiet>
}
export function StageChip({ visit }: { visit: DeskVisit }) {
  const stage = stageOf(visit)
  if (stage === 'off' || stage === 'over') return <OverallChip visit={visit} />
  return <StateChip tone={stageTones[stage]}>{deskWords.stages[stage]}</StateChip>
}
const Quiet = ({ children }: { children: string }) => <span className="text-quiet">{children}</span>

const waiting = ['needs-someone', clinicWords.visits.waitsForPatient] as const
const overall = {
  'not-sent': waiting,
  'link-ended': ['needs-someone', deskWords.stages['link-ended']],
  sent: waiting,
  opened: waiting,
  'needs-patient': waiting,
  checking: ['checking', clinicWords.visits.workedOn],
  'needs-us': ['needs-someone', deskWords.stages['needs-us']],
  ready: ['confirmed', clinicWords.visits.allReady],
  inactive: ['failed', deskWords.stages.inactive],
  off: ['failed', visitWords.status.cancelled],
  over: ['confirmed', visitWords.status.fulfilled],
} as const satisfies Record<Stage, readonly [Tone, string]>
/** The word beside a visit's title, by the same rule as in the lists. */
export function OverallChip({ visit }: { visit: Standing }) {
  const { journey } = visit
  const [tone, word] = journey.visitStatus === 'noshow' ? (['needs-someone', visitWords.status.noshow] as const) : overall[stageOf(visit)]
  return <StateChip tone={journey.held > 0 ? 'needs-someone' : tone}>{journey.held > 0 ? words.held(journey.held) : word}</StateChip>
}
