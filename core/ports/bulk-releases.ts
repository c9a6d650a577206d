import type { ItemFacts } from '../messaging/actions.ts'
import type { BulkAction, BulkPlan, BulkProgress, BulkSelection, BulkStatus, StartBulkRelease } from '../messaging/bulk-releases.ts'

/** An open item that fits a selection, as far as must be known to say whether it may be released. */
export interface BulkCandidate extends ItemFacts {
  overrideId: string
  partner: string | null
  operation: string | null
  payerId: string | null
  visitAt: string | null
  /** Somebody works at it now. */
  claimed: boolean
  /** A decision about it waits to be carried out. */
  decided: boolean
}

export interface BulkRelease {
  id: string
  action: BulkAction
  selection: BulkSelection
  ratePerMinute: number
  reason: StartBulkRelease['reason']
  status: BulkStatus
  progress: BulkProgress
  startedBy: string
  startedAt: string
  changedBy: string | null
  changedAt: string | null
  finishedAt: string | null
  /** When the last item's turn comes at this rate; null unless it runs. */
  endsAt: string | null
}

/** The rule of core for one action, with what the caller knows of the partners' operations. */
export type MayBeReleased = (item: BulkCandidate, action: BulkAction) => boolean

/** A person's side of bulk releases. */
export interface BulkReleaseStore {
  /** Changes nothing. `sample`: ids of some of the items, soonest visits first. */
  plan(
    tenantId: string,
    wish: { action: BulkAction; selection: BulkSelection },
    may: MayBeReleased,
    actor: string,
    now: Date,
  ): Promise<{ plan: BulkPlan; sample: string[] }>
  /** The release, its items and the audit in one commit. The same id again with the same content is the same release. */
  start(tenantId: string, wish: StartBulkRelease, may: MayBeReleased, actor: string, now: Date): Promise<BulkRelease | 'conflict' | 'empty'>
  list(tenantId: string, filter: { status?: BulkStatus; cursor?: string; limit: number }): Promise<{ items: BulkRelease[]; nextCursor: string | null }>
  find(tenantId: string, id: string): Promise<BulkRelease | undefined>
  /** Items whose turn has not come stay as they are. Harmless when repeated; audited. */
  stop(tenantId: string, id: string, actor: string, now: Date): Promise<BulkRelease | 'not-found' | 'finished'>
  resume(tenantId: string, id: string, actor: string, now: Date): Promise<BulkRelease | 'not-found' | 'finished'>
}

/** The engine's side: whose turn it is. */
export interface BulkTurnStore {
  /** Tenants of this cell with a bulk release at work. */
  tenants(): Promise<string[]>
  /**
   * The turns that are due in this tenant, each release in a commit of its own, and what became of decisions made before. Several
   * engines may ask: a release is one engine's at a time. Returns how many items were decided.
   */
  takeTurns(tenantId: string, now: Date): Promise<number>
}
