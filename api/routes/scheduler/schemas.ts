import { appointmentStatuses, handoverPhases, scheduleCounts, scheduleDecisionReasons, scheduleDifferences, scheduleOwners } from '@heliox/core/clinical'
import { z } from 'zod'
import { defineRoute } from '../../kit/route.ts'
import { Cursor, PageLimit } from '../../kit/schemas.ts'

const at = z.iso.datetime().nullable()
const Handover = z
  .object({
    id: z.uuid(),
    to: z.enum(scheduleOwners),
    phase: z.enum(handoverPhases),
    startedAt: z.iso.datetime(),
    startedBy: z.string(),
    frozenAt: at,
    switchedAt: at,
    endedAt: at,
    comparisons: z.int(),
    /** What it waited for at the end of the last comparison. */
    differences: z.int(),
  })
  .meta({ id: 'ScheduleHandover' })
const State = z
  .object({
    /** There is an old scheduler at all. */
    connected: z.boolean(),
    owner: z.enum(scheduleOwners),
    ownerSince: at,
    ownerBy: z.string().nullable(),
    dualRun: z.boolean(),
    dualRunSince: at,
    dualRunBy: z.string().nullable(),
    comparedAt: at,
    differences: z.int(),
    refused: z.object({ code: z.string(), at: z.iso.datetime() }).nullable(),
    handover: Handover.nullable(),
  })
  .meta({ id: 'ScheduleState' })
/** Neither says whose appointment it is. */
const Said = z
  .object({
    revision: z.int(),
    status: z.enum(appointmentStatuses),
    startsAt: z.iso.datetime(),
    endsAt: z.iso.datetime(),
    practitioner: z.string(),
  })
  .meta({ id: 'ScheduleSaid' })
const Differences = z
  .object({
    items: z.array(
      z.object({
        id: z.uuid(),
        kind: z.enum(scheduleDifferences),
        visitId: z.uuid().nullable(),
        intakeId: z.uuid().nullable(),
        /** The old scheduler's number. */
        legacyId: z.string().nullable(),
        code: z.string().nullable(),
        since: z.iso.datetime(),
        seenAt: z.iso.datetime(),
        /** As the visit is now. */
        here: Said.nullable(),
        /** As the last comparison saw it there. */
        there: Said.nullable(),
        /** A person there changed it, and a person here says which side counts. */
        decidable: z.boolean(),
      }),
    ),
    nextCursor: z.string().nullable(),
  })
  .meta({ id: 'ScheduleDifferences' })

export const getSchedule = defineRoute({
  operationId: 'getSchedule',
  method: 'GET',
  url: '/api/admin/scheduler',
  tag: 'admin',
  summary: 'Which system keeps the appointments, and how far a handover is.',
  access: { by: 'session', action: 'schedule.read' },
  success: { status: 200, body: State, description: 'As it is now.' },
})
export const listScheduleDifferences = defineRoute({
  operationId: 'listScheduleDifferences',
  method: 'GET',
  url: '/api/admin/scheduler/differences',
  tag: 'admin',
  summary: 'What differs between the hub and the old scheduler, and since when.',
  access: { by: 'session', action: 'schedule.read' },
  query: z.object({ limit: PageLimit, cursor: Cursor }),
  success: { status: 200, body: Differences, description: 'Open ones, the oldest first.' },
})
export const decideScheduleDifference = defineRoute({
  operationId: 'decideScheduleDifference',
  method: 'POST',
  url: '/api/admin/scheduler/differences/:differenceId/decision',
  tag: 'admin',
  summary: 'Say which side counts of what a person changed in the old scheduler. Names the revisions that were seen; the same again is the same one.',
  access: { by: 'session', action: 'schedule.write' },
  params: z.object({ differenceId: z.uuid() }),
  body: z.strictObject({
    decisionId: z.uuid(),
    /** `ours` is written over theirs; `theirs` becomes the visit. */
    counts: z.enum(scheduleCounts),
    reason: z.enum(scheduleDecisionReasons),
    hereRevision: z.int().min(1),
    thereRevision: z.int().min(1),
  }),
  success: { status: 200, body: State, description: 'It is decided; what follows is compared with the next run.' },
  refusals: [404, 409],
})
export const setDualRun = defineRoute({
  operationId: 'setDualRun',
  method: 'PUT',
  url: '/api/admin/scheduler/dual-run',
  tag: 'admin',
  summary: 'Write what is done here to the old scheduler as well, or stop that.',
  access: { by: 'session', action: 'schedule.write' },
  body: z.strictObject({ on: z.boolean() }),
  success: { status: 200, body: State, description: 'As it is from now on.' },
  refusals: [409],
})
export const handOverSchedule = defineRoute({
  operationId: 'handOverSchedule',
  method: 'POST',
  url: '/api/admin/scheduler/handovers',
  tag: 'admin',
  summary: 'Hand the appointments over: to the hub (cut-over), or back. The same again, while it runs, is the same one.',
  access: { by: 'session', action: 'schedule.write' },
  body: z.strictObject({ to: z.enum(scheduleOwners) }),
  success: { status: 202, body: State, description: 'It runs; look at the state for how far it is.' },
  refusals: [409],
})
export const giveUpHandover = defineRoute({
  operationId: 'giveUpHandover',
  method: 'POST',
  url: '/api/admin/scheduler/handovers/:handoverId/give-up',
  tag: 'admin',
  summary: 'Stop a handover before the switch: the owner stays who it was.',
  access: { by: 'session', action: 'schedule.write' },
  params: z.object({ handoverId: z.uuid() }),
  success: { status: 202, body: State, description: 'It is being given up.' },
  refusals: [404, 409],
})

export const schedulerRoutes = [getSchedule, listScheduleDifferences, decideScheduleDifference, setDualRun, handOverSchedule, giveUpHandover] as const
