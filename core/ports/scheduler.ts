import type { appointmentStatuses } from '../clinical/model.ts'
import type { HandoverPhase, ScheduleCounts, ScheduleDecisionReason, ScheduleDifference, ScheduleOwner } from '../clinical/scheduler.ts'

/** Of one clinic, beside its old scheduler. */
export interface ScheduleState {
  /** There is an old scheduler at all. */
  connected: boolean
  owner: ScheduleOwner
  ownerSince: string | null
  ownerBy: string | null
  /** What is done here is written there too. */
  dualRun: boolean
  dualRunSince: string | null
  dualRunBy: string | null
  comparedAt: string | null
  /** Open ones. */
  differences: number
  /** The last "no" of the old scheduler, as its code. */
  refused: { code: string; at: string } | null
  /** The one that runs, else the newest. */
  handover: HandoverState | null
}
export interface HandoverState {
  id: string
  to: ScheduleOwner
  phase: HandoverPhase
  startedAt: string
  startedBy: string
  frozenAt: string | null
  switchedAt: string | null
  endedAt: string | null
  comparisons: number
  /** What it waited for at the end of the last comparison. */
  differences: number
}
export interface DifferenceItem {
  id: string
  kind: ScheduleDifference
  visitId: string | null
  intakeId: string | null
  /** The old scheduler's number. */
  legacyId: string | null
  code: string | null
  since: string
  seenAt: string
  /** As the visit is now; null where there is none. */
  here: ScheduleSaid | null
  /** As the last comparison saw it there; null where it saw none. */
  there: ScheduleSaid | null
  /** A person may say which side counts. */
  decidable: boolean
}
/** What one side says, and how often it was changed there: whoever decides names both revisions that they saw. */
export interface ScheduleSaid {
  revision: number
  status: (typeof appointmentStatuses)[number]
  startsAt: string
  endsAt: string
  practitioner: string
}
export interface ScheduleDecision {
  /** The caller's: the same one again is the same decision. */
  decisionId: string
  counts: ScheduleCounts
  reason: ScheduleDecisionReason
  hereRevision: number
  thereRevision: number
}
export type DecidedDifference = 'decided' | 'same' | 'not-found' | 'decided-otherwise' | 'not-decidable' | 'changed-meanwhile'

/** The admin's side. */
export interface ScheduleStore {
  state(tenantId: string): Promise<ScheduleState>
  /** Open ones, the oldest first. */
  differences(tenantId: string, page: { limit: number; cursor?: string | undefined }): Promise<{ items: DifferenceItem[]; nextCursor: string | null }>
  /** Of one that a person there changed: ours is written over it, or the visit becomes what it is there. */
  decide(tenantId: string, differenceId: string, decision: ScheduleDecision, actor: string, now: Date): Promise<DecidedDifference>
  setDualRun(tenantId: string, on: boolean, actor: string, now: Date): Promise<'changed' | 'same' | 'not-connected'>
  /** The same again, while it runs, is the same handover. */
  handOver(
    tenantId: string,
    to: ScheduleOwner,
    actor: string,
    now: Date,
  ): Promise<{ is: 'started' | 'running'; handoverId: string } | { is: 'owner-already' | 'other-running' | 'not-connected' }>
  /** Only before the switch. */
  giveUp(tenantId: string, handoverId: string, actor: string, now: Date): Promise<'given-up' | 'too-late' | 'not-found'>
}

/** The engine's side: whose two sides are to be compared. */
export interface ScheduleRounds {
  due(now: Date): Promise<string[]>
  /** Writes the event of the first page. False: another engine was faster. */
  begin(tenantId: string, about: { process: string; now: Date }): Promise<boolean>
}
