import type { appointmentStatuses, CancelReason, VisitChangeKind, VisitChanger } from '../clinical/index.ts'

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
  /** Newest first. */
  changes: readonly { change: VisitChangeKind; by: VisitChanger; reason: CancelReason | null; fromStartsAt: string; startsAt: string; at: string }[]
}
export type VisitChangeOutcome =
  /** `same`: it was so already, or this very wish was carried out before. */
  { is: 'changed' | 'same'; visit: VisitView } | { is: 'not-found' | 'changed-meanwhile' | 'not-possible' | 'too-early' | 'elsewhere' | 'handover' }

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
}
