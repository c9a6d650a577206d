import { z } from 'zod'
import { defineContract, defineEvent, IsoDateTime } from '../kit/index.ts'
import { appointmentStatuses } from './model.ts'

/** Who may change a visit: the clinic here, the chart, or the scheduler that was there before (H-8). */
export const visitChangers = ['clinic', 'ehr', 'legacy-scheduler'] as const
export type VisitChanger = (typeof visitChangers)[number]
export const visitChangeKinds = ['moved', 'cancelled', 'no-show', 'fulfilled', 'reopened'] as const
export type VisitChangeKind = (typeof visitChangeKinds)[number]

/** Why the desk calls a visit off. `elsewhere`: it was done in the chart or the old scheduler, which give no reason. */
export const cancelReasons = ['patient-asked', 'clinic-closed', 'clinician-away', 'booked-twice', 'other', 'elsewhere'] as const
export type CancelReason = (typeof cancelReasons)[number]

type Status = (typeof appointmentStatuses)[number]
/** From which states a visit gets where: whoever was not there can still come back, and what took place is over. */
const ways: Readonly<Record<VisitChangeKind, { from: readonly Status[]; to: Status }>> = {
  moved: { from: ['proposed', 'booked'], to: 'booked' },
  cancelled: { from: ['proposed', 'booked', 'noshow'], to: 'cancelled' },
  'no-show': { from: ['booked'], to: 'noshow' },
  fulfilled: { from: ['booked', 'noshow'], to: 'fulfilled' },
  reopened: { from: ['cancelled', 'noshow'], to: 'booked' },
}
export const canChange = (status: Status, change: VisitChangeKind): boolean => ways[change].from.includes(status)
export const statusAfter = (change: VisitChangeKind): Status => ways[change].to

/** Which change makes `from` into `to`, for whoever tells us a state and no change. Null: nothing differs. */
export function changeBetween(
  from: { status: Status; startsAt: Date; endsAt: Date },
  to: { status: Status; startsAt: Date; endsAt: Date },
): VisitChangeKind | null {
  if (from.status !== to.status) {
    const kinds = { cancelled: 'cancelled', noshow: 'no-show', fulfilled: 'fulfilled', booked: 'reopened', proposed: 'reopened' } as const
    return from.status === 'proposed' && to.status === 'booked' ? 'moved' : kinds[to.status]
  }
  return from.startsAt.getTime() === to.startsAt.getTime() && from.endsAt.getTime() === to.endsAt.getTime() ? null : 'moved'
}

/** A no-show is told when the visit should have begun; not before. */
export const isTooEarly = (change: VisitChangeKind, startsAt: Date, now: Date): boolean => (change === 'no-show' || change === 'fulfilled') && now < startsAt

/** What a visit is from now on. Whoever has it so already writes nothing, so that an echo ends by itself. */
export const VisitChanged = defineContract({
  name: 'VisitChanged',
  version: 1,
  phi: false,
  schema: z.object({
    visitId: z.uuid(),
    intakeId: z.uuid(),
    /** Null until the patient sent the form. */
    patientId: z.uuid().nullable(),
    change: z.enum(visitChangeKinds),
    by: z.enum(visitChangers),
    status: z.enum(appointmentStatuses),
    startsAt: IsoDateTime,
    endsAt: IsoDateTime,
    /** Events of before say nothing of who sees the patient. */
    practitioner: z.string().optional(),
  }),
})

export const visitChangeEvents = [
  defineEvent({ type: 'visit.changed.v1', contract: VisitChanged, context: 'clinical', summary: 'A visit was moved, cancelled, not come to, or is over.' }),
] as const
