import { ageOf } from '@heliox/core/messages'
import type { DeskVisit, Journey } from '../client.gen.ts'
import type { Tone } from '../shared/state-chip.tsx'
import { nowMs } from '../shared/time.ts'

/** It does not take place, or it has: nobody is waited for. */
export function endOf({ visitStatus }: Pick<Journey, 'visitStatus'>): 'off' | 'over' | null {
  if (visitStatus === 'cancelled' || visitStatus === 'noshow') return 'off'
  return visitStatus === 'fulfilled' ? 'over' : null
}

/** The patient has something to do. */
const waitsForPatient = ({ intake, eligibility, payment, photosRejected }: Journey): boolean =>
  intake !== 'submitted' || eligibility === 'needs-you' || payment === 'needs-you' || payment === 'declined' || photosRejected > 0

/** Said in full, and lately: an answer that grew old is asked again before anybody relies on it. */
function isSettled(journey: Journey, atMs: number): boolean {
  const covered = journey.eligibility === 'confirmed' || journey.eligibility === 'corrected'
  const paid = journey.payment === null || journey.payment === 'stored'
  return covered && ageOf(journey, atMs) === 'fresh' && paid && journey.writeback === 'written' && journey.photosClean >= journey.photosExpected
}

/** How far a visit is, in the one word that the front desk acts on. */
export type Stage = 'not-sent' | 'link-ended' | 'sent' | 'opened' | 'checking' | 'ready' | 'inactive' | 'needs-us' | 'needs-patient' | 'off' | 'over'
/** What is counted together: who can just come, who must be reminded, who waits for us. */
export const groups = ['ready', 'waiting', 'with-us', 'not-sent', 'inactive', 'off'] as const
export type Group = (typeof groups)[number]

const left: readonly string[] = ['requested', 'sent', 'delivered']
const withLink: readonly string[] = ['invitation', 'reminder-72h', 'reminder-24h']
/** Whether the patient has the link. News is told only to who has it: that it did not arrive takes the link from nobody. */
const hasLink = (message: DeskVisit['message']): boolean => message !== null && (left.includes(message.status) || !withLink.includes(message.kind))

/** Without these nobody may be treated, asked about or charged here; texts and video are the patient's to choose. */
const needed: readonly string[] = ['treatment', 'privacy-notice', 'electronic-signature', 'card-authorisation']
export const stopsVisit = (kind: DeskVisit['withdrawn'][number]): boolean => needed.includes(kind)

/** What the word hangs on. `withdrawn` and `ofAnother` are null where it could not be asked: then nobody is called ready. */
export interface Standing {
  journey: Journey
  message: DeskVisit['message']
  withdrawn: DeskVisit['withdrawn'] | null
  /** Its appointment names another patient by now. */
  ofAnother: boolean | null
  /** Before the form was sent; null where it is told beside. */
  linkEnded: boolean | null
}

/** The one place that says "ready", for the lists, the counts and the visit's own page alike. People are treated on it: whatever is not known to be well is not. */
export function stageOf({ journey, message, withdrawn, ofAnother, linkEnded }: Standing, atMs: number = nowMs()): Stage {
  const end = endOf(journey)
  if (end) return end
  const withTeam = [journey.eligibility, journey.payment, journey.writeback].some((state) => state === 'with-our-team' || state === 'refused')
  if (journey.held > 0 || withTeam || ofAnother || withdrawn?.some(stopsVisit)) return 'needs-us'
  if (journey.intake !== 'submitted' && linkEnded) return 'link-ended'
  if (journey.intake === 'created') return hasLink(message) ? 'sent' : 'not-sent'
  if (journey.intake === 'opened') return 'opened'
  if (waitsForPatient(journey)) return 'needs-patient'
  if (journey.eligibility === 'inactive') return 'inactive'
  return withdrawn !== null && ofAnother !== null && isSettled(journey, atMs) ? 'ready' : 'checking'
}

const groupOf: Readonly<Record<Stage, Group>> = {
  'not-sent': 'not-sent',
  'link-ended': 'not-sent',
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
export const groupOfVisit = (visit: DeskVisit, atMs: number = nowMs()): Group => groupOf[stageOf(visit, atMs)]

export const stageTones: Readonly<Record<Exclude<Stage, 'off' | 'over'>, Tone>> = {
  'not-sent': 'provisional',
  'link-ended': 'needs-someone',
  sent: 'checking',
  opened: 'checking',
  checking: 'checking',
  ready: 'confirmed',
  inactive: 'failed',
  'needs-us': 'needs-someone',
  'needs-patient': 'needs-someone',
}
