import { z } from 'zod'
import { defineContract, defineEvent, IsoDateTime, Text } from '../kit/index.ts'
import { appointmentStatuses } from './model.ts'

/** Which system the clinic keeps its appointments in (H-8). Two at once is how an appointment gets lost, so there is always exactly one. */
export const scheduleOwners = ['hub', 'legacy-scheduler'] as const
export type ScheduleOwner = (typeof scheduleOwners)[number]

/** The old scheduler's own name of an appointment: opaque, and nobody's name. */
export const LegacyId = z.string().regex(/^[A-Za-z0-9-]{1,40}$/)
export const Revision = z.int().min(1).max(2_147_483_647)

/** One entry of the change feed. Says only which appointment: whoever takes it reads what it is by then, so that their order does not matter. */
export const LegacyItem = defineContract({
  name: 'LegacyItem',
  version: 1,
  phi: false,
  schema: z.discriminatedUnion('is', [
    z.object({ is: z.literal('appointment'), legacyId: LegacyId, revision: Revision }),
    /** One that cannot be read: a code of ours, no values. */
    z.object({ is: z.literal('unreadable'), code: z.string().max(60) }),
  ]),
})
export const LegacyItemReceived = defineContract({
  name: 'LegacyItemReceived',
  version: 1,
  phi: false,
  schema: z.object({ itemId: z.uuid(), fileId: z.uuid(), index: z.int().min(0), receivedAt: z.iso.datetime(), item: LegacyItem.schema }),
})
/** To be read over there: it is not here, or not as it is there. */
export const LegacyAppointmentDue = defineContract({
  name: 'LegacyAppointmentDue',
  version: 1,
  phi: false,
  schema: z.object({ legacyId: LegacyId, revision: Revision }),
})
/** An appointment as the old scheduler has it. `ehrPatientId` names a patient in the chart: PHI. */
export const LegacyAppointment = defineContract({
  name: 'LegacyAppointment',
  version: 1,
  phi: true,
  schema: z.object({
    legacyId: LegacyId,
    revision: Revision,
    /** Our visit, where it came from us. */
    visitId: z.uuid().nullable(),
    status: z.enum(appointmentStatuses),
    startsAt: IsoDateTime,
    endsAt: IsoDateTime,
    practitioner: Text(80),
    ehrPatientId: z.string().min(1).max(64).nullable(),
    /** A person there did it; else it is what we wrote ourselves. */
    byPeople: z.boolean(),
  }),
})
export const LegacyRefused = defineContract({
  name: 'LegacyRefused',
  version: 1,
  phi: false,
  schema: z.object({ code: z.string().max(60) }),
})

/** A visit whose copy at the old scheduler is (or may be) not what it is here. */
export const VisitMirrorDue = defineContract({
  name: 'VisitMirrorDue',
  version: 1,
  phi: false,
  schema: z.object({ visitId: z.uuid(), intakeId: z.uuid().nullable(), version: z.int().min(1), legacyId: LegacyId.nullable(), revision: Revision.nullable() }),
})
/** What the copy is to be. `revision`: the one that we know; another one means that somebody changed it there. */
export const LegacyPut = defineContract({
  name: 'LegacyPut',
  version: 1,
  phi: false,
  schema: z.object({
    visitId: z.uuid(),
    version: z.int().min(1),
    legacyId: LegacyId.nullable(),
    revision: Revision.nullable(),
    status: z.enum(appointmentStatuses),
    startsAt: IsoDateTime,
    endsAt: IsoDateTime,
    practitioner: Text(80),
  }),
})
/** `superseded`: the copy is of a later version already, and nothing was written. */
export const LegacyPutDone = defineContract({
  name: 'LegacyPutDone',
  version: 1,
  phi: false,
  schema: z.object({ state: z.enum(['written', 'same', 'superseded']), legacyId: LegacyId, revision: Revision, version: z.int().min(1) }),
})

/** Whether people may change appointments there. We may in both, so that the copies follow. */
export const legacyModes = ['open', 'read-only'] as const
export const LegacyModeWanted = defineContract({
  name: 'LegacyModeWanted',
  version: 1,
  phi: false,
  schema: z.object({ mode: z.enum(legacyModes), handoverId: z.uuid(), asked: z.int().min(1) }),
})
export const LegacyModeIs = defineContract({
  name: 'LegacyModeIs',
  version: 1,
  phi: false,
  schema: z.object({
    mode: z.enum(legacyModes),
    handoverId: z.uuid(),
    /** Which question of the handover this answers. */
    asked: z.int().min(1),
    /** The last change it had made when it said so. */
    lastChange: z.int().min(0),
  }),
})

/** One page of everything from `from` on. */
export const LegacyListAsked = defineContract({
  name: 'LegacyListAsked',
  version: 1,
  phi: false,
  schema: z.object({ runId: z.uuid(), from: IsoDateTime, after: z.string().max(120).nullable() }),
})
export const LegacyListed = defineContract({
  name: 'LegacyListed',
  version: 1,
  phi: false,
  schema: z.object({
    runId: z.uuid(),
    from: IsoDateTime,
    after: z.string().max(120).nullable(),
    appointments: z
      .array(
        z.object({
          legacyId: LegacyId,
          revision: Revision,
          visitId: z.uuid().nullable(),
          status: z.enum(appointmentStatuses),
          startsAt: IsoDateTime,
          endsAt: IsoDateTime,
          practitioner: Text(80),
        }),
      )
      .max(500),
    /** What is there, and cannot be read. */
    unreadable: z.array(LegacyId).max(500),
    /** Null: that was the last page. */
    next: z.string().max(120).nullable(),
  }),
})

/** The next step of a handover, or the same once more: it says what is to be, so it may be said again. `asked` counts them. */
export const HandoverStep = defineContract({
  name: 'HandoverStep',
  version: 1,
  phi: false,
  schema: z.object({ handoverId: z.uuid(), step: z.enum(['freeze', 'thaw']), mode: z.enum(legacyModes), asked: z.int().min(1) }),
})

/** What became of a copy; `refused`: a code of the old scheduler's, or `changed-there`. */
export const MirrorRecord = defineContract({
  name: 'MirrorRecord',
  version: 1,
  phi: false,
  schema: z.discriminatedUnion('is', [
    z.object({ is: z.literal('copied'), visitId: z.uuid(), legacyId: LegacyId, revision: Revision, version: z.int().min(1) }),
    z.object({ is: z.literal('refused'), visitId: z.uuid(), code: z.string().max(60) }),
  ]),
})

/** What a comparison tells apart. The last three are not about what an appointment says. */
export const scheduleDifferences = ['only-here', 'only-there', 'time', 'status', 'practitioner', 'refused-there', 'changed-there', 'unreadable-there'] as const
export type ScheduleDifference = (typeof scheduleDifferences)[number]
/** What a person there changed past the hub, only a person decides: what counts, and why. Everything else mends itself towards the owner. */
export const decidedDifference = 'changed-there' satisfies ScheduleDifference
export const scheduleCounts = ['ours', 'theirs'] as const
export type ScheduleCounts = (typeof scheduleCounts)[number]
export const scheduleDecisionReasons = ['patient-says-so', 'people-there-say-so', 'done-by-mistake', 'other'] as const
export type ScheduleDecisionReason = (typeof scheduleDecisionReasons)[number]
/** `thawing`: the switch is done, or was given up, and the old scheduler is being opened again. */
export const handoverPhases = ['freezing', 'draining', 'thawing', 'done', 'given-up'] as const
export type HandoverPhase = (typeof handoverPhases)[number]

export const schedulerEvents = [
  defineEvent({
    type: 'legacy.item-received.v1',
    contract: LegacyItemReceived,
    context: 'messaging',
    summary: 'The change feed of the old scheduler said this.',
  }),
  defineEvent({
    type: 'legacy.appointment-due.v1',
    contract: LegacyAppointmentDue,
    context: 'clinical',
    summary: 'An appointment of the old scheduler is not here as it is there.',
  }),
  defineEvent({
    type: 'visit.mirror-due.v1',
    contract: VisitMirrorDue,
    context: 'clinical',
    summary: 'The copy of a visit at the old scheduler is to follow.',
  }),
  defineEvent({ type: 'schedule.compare-due.v1', contract: LegacyListAsked, context: 'clinical', summary: 'A page of the old scheduler is to be compared.' }),
  defineEvent({ type: 'schedule.handover-step.v1', contract: HandoverStep, context: 'clinical', summary: 'The old scheduler is to be frozen, or thawed.' }),
] as const
