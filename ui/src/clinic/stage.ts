import type { DeskVisit, Journey } from '../client.gen.ts'
import type { Tone } from '../shared/state-chip.tsx'

export type Overall = 'ready' | 'waiting' | 'with-us' | 'off' | 'over'
/** One word for the front desk: can this patient just come, must they do something, or are we on it? */
export function overallOf(journey: Journey): Overall {
  if (journey.visitStatus === 'cancelled' || journey.visitStatus === 'noshow') return 'off'
  if (journey.visitStatus === 'fulfilled') return 'over'
  if (
    journey.intake !== 'submitted' ||
    journey.eligibility === 'needs-you' ||
    journey.payment === 'needs-you' ||
    journey.payment === 'declined' ||
    journey.photosRejected > 0
  )
    return 'waiting'
  const settled = journey.eligibility === 'confirmed' || journey.eligibility === 'corrected' || journey.eligibility === 'inactive'
  const paid = journey.payment === null || journey.payment === 'stored'
  return settled && paid && journey.held === 0 && journey.writeback === 'written' && journey.photosClean >= journey.photosExpected ? 'ready' : 'with-us'
}

/** How far a visit is, in the one word that the front desk acts on. */
export type Stage = 'not-sent' | 'sent' | 'opened' | 'checking' | 'ready' | 'inactive' | 'needs-us' | 'needs-patient' | 'off' | 'over'
/** What is counted together: who can just come, who must be reminded, who waits for us. */
export const groups = ['ready', 'waiting', 'with-us', 'not-sent', 'inactive', 'off'] as const
export type Group = (typeof groups)[number]

const notArrived: readonly string[] = ['failed', 'undelivered', 'suppressed']

/** Without these nobody may be treated, asked about or charged here; texts and video are the patient's to choose. */
const needed: readonly string[] = ['treatment', 'privacy-notice', 'electronic-signature', 'card-authorisation']
export const stopsVisit = (kind: DeskVisit['withdrawn'][number]): boolean => needed.includes(kind)

export function stageOf({ journey, message, withdrawn }: DeskVisit): Stage {
  const overall = overallOf(journey)
  if (overall === 'off' || overall === 'over') return overall
  const withTeam = [journey.eligibility, journey.payment, journey.writeback].some((state) => state === 'with-our-team' || state === 'refused')
  if (journey.held > 0 || withTeam || withdrawn.some(stopsVisit)) return 'needs-us'
  if (journey.intake === 'created') return message && !notArrived.includes(message.status) ? 'sent' : 'not-sent'
  if (journey.intake === 'opened') return 'opened'
  if (overall === 'waiting') return 'needs-patient'
  if (journey.eligibility === 'inactive') return 'inactive'
  return overall === 'ready' ? 'ready' : 'checking'
}

const groupOf: Readonly<Record<Stage, Group>> = {
  'not-sent': 'not-sent',
  sent: 'waiting',
  opened: 'waiting',
  'needs-patient': 'waiting',
  checking: 'with-us',
  'needs-us': 'with-us',
  ready: 'ready',
  inactive: 'inactive',
  off: 'off',
  over: 'off',
}
export const groupOfVisit = (visit: DeskVisit): Group => groupOf[stageOf(visit)]

export const stageTones: Readonly<Record<Exclude<Stage, 'off' | 'over'>, Tone>> = {
  'not-sent': 'provisional',
  sent: 'checking',
  opened: 'checking',
  checking: 'checking',
  ready: 'confirmed',
  inactive: 'failed',
  'needs-us': 'needs-someone',
  'needs-patient': 'needs-someone',
}
