import type { appointmentStatuses, CancelReason, ForgetReason, VisitChangeKind, VisitChanger } from '../clinical/index.ts'

export interface VisitWish {
  change: VisitChangeKind
  startsAt?: Date
  endsAt?: Date
  practitioner?: string
  reason?: CancelReason
}
export interface VisitView {
  visitId: string
  intakeId: string
  status: (typeof appointmentStatuses)[number]
  startsAt: string
  endsAt: string
  practitioner: string
  /** Counts the changes that a person sees; whoever changes a visit names the one they saw. */
  revision: number
  cancelReason: CancelReason | null
  /** Whether it may be changed here: the old scheduler may own it, or a handover be under way. */
  changeable: 'yes' | 'elsewhere' | 'handover'
  /** Into which chart the next write-back would go: since when it is known, and how it came to be. Null: it is searched for. Never which one. */
  chart: { since: string; source: 'found' | 'chosen' | 'written' | 'told' } | null
  /** Where appointments are kept, this one names another patient by now. */
  ofAnother: boolean
  /** Newest first. */
  changes: readonly { change: VisitChangeKind; by: VisitChanger; reason: CancelReason | null; fromStartsAt: string; startsAt: string; at: string }[]
}
export type VisitChangeOutcome =
  /** `same`: it was so already, or this very wish was carried out before. */
  { is: 'changed' | 'same'; visit: VisitView } | { is: 'not-found' | 'changed-meanwhile' | 'not-possible' | 'too-early' | 'elsewhere' | 'handover' }

/** `knownSince`: of the chart that the asker saw. */
export interface ChartWish {
  knownSince: Date
  reason: ForgetReason
}
/** `same`: no chart is known any more. */
type ChartForgotten = { is: 'forgotten' | 'same'; visit: VisitView } | { is: 'not-found' | 'changed-meanwhile' }

/** Visits as the front desk changes them. */
export interface VisitStore {
  find(tenantId: string, visitId: string): Promise<VisitView | undefined>
  /** One commit: row, history, audit, link of the patient, event. `revision`: what the asker saw. */
  change(
    tenantId: string,
    visitId: string,
    revision: number,
    wish: VisitWish,
    actor: string,
    now: Date,
    traceparent?: string | null,
  ): Promise<VisitChangeOutcome>
  /** The chart is not this patient's. What was written there stays, and somebody is told to clean it; the next write-back searches. */
  forgetChart(tenantId: string, visitId: string, wish: ChartWish, actor: string, now: Date): Promise<ChartForgotten>
}
