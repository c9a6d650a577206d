import { z } from 'zod'
import { defineContract, defineEvent, IsoDateTime } from '../kit/index.ts'
import { appointmentStatuses } from './model.ts'

/** Who may change a visit: the clinic here, the chart, or the scheduler that was there before (H-8). */
export const visitChangers = ['clinic', 'ehr', 'legacy-scheduler'] as const
export type VisitChanger = (typeof visitChangers)[number]
export const visitChangeKinds = ['moved', 'cancelled', 'no-show', 'fulfilled', 'reopened'] as const
export type VisitChangeKind = (typeof visitChangeKinds)[number]

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
  }),
})

export const visitChangeEvents = [
  defineEvent({ type: 'visit.changed.v1', contract: VisitChanged, context: 'clinical', summary: 'A visit was moved, cancelled, not come to, or is over.' }),
] as const
