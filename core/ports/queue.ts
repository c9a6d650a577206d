import type { CorrectableField } from '../identity/corrections.ts'
import type { ItemAction } from '../messaging/actions.ts'
import type { DecisionState } from '../messaging/decisions.ts'
import type { ItemFilter, ItemSort, SavedView } from '../messaging/item-filter.ts'
import type { Facet, ItemAttempt, ItemDecision, ItemGroup, QueueItem, QueuePage, StaffPerson, WaitingItem } from '../messaging/items.ts'
import type { InputPurpose, OverrideStatus, ResolveReason } from '../messaging/model.ts'

export type { Facet, ItemAttempt, ItemDecision, ItemGroup, QueueItem, QueuePage, StaffPerson, WaitingItem }

export interface OpenedAttempt {
  partner: string | null
  operation: string | null
  sent: unknown | undefined
  /** `choice`: what there is, or was, to choose from. */
  answered: { port: 'ok' | 'rejected' | 'choice'; value: unknown } | undefined
}

/** What is decided, as it is kept: `content` is sealed (an input, an answer, corrected details). */
export interface NewDecision {
  decisionId: string
  action: ItemAction
  reason: ResolveReason
  note: string
  content?: unknown
  port?: 'ok' | 'rejected'
  /** Of `choose`; null: none of them. */
  option?: number | null
  /** Of the patient's answers: what they are asked for, or what a correction changes. A `correct` without them is of the input itself. */
  fields?: readonly CorrectableField[]
}
export type DecideRefusal = 'not-found' | 'already-resolved' | 'already-decided' | 'decision-conflict'

export interface QueueStore {
  list(
    tenantId: string,
    filter: ItemFilter & { status: OverrideStatus; sort: ItemSort; grouped: boolean; cursor?: string | undefined; limit: number },
    userId: string,
    now: Date,
  ): Promise<QueuePage>
  find(tenantId: string, id: string, now: Date): Promise<QueueItem | undefined>
  /** Items in the order of the ids; what is not there is left out. */
  some(tenantId: string, ids: readonly string[], now: Date): Promise<QueueItem[]>
  history(tenantId: string, item: QueueItem, now: Date): Promise<{ attempts: ItemAttempt[]; decisions: ItemDecision[]; nextTryAt: string | null }>
  /** Opens the sealed input for a named purpose; audited. */
  input(tenantId: string, id: string, purpose: InputPurpose, actor: string, now: Date): Promise<unknown | undefined>
  openAttempt(tenantId: string, id: string, attemptId: string, purpose: InputPurpose, actor: string, now: Date): Promise<OpenedAttempt | undefined>
  /** What there is to choose from, with what was asked; undefined: it is no choice. Audited. */
  options(tenantId: string, id: string, purpose: InputPurpose, actor: string, now: Date): Promise<{ asked: unknown; options: unknown } | undefined>
  /** Atomic: of two people one has it. The same person again begins anew. */
  claim(
    tenantId: string,
    id: string,
    userId: string,
    now: Date,
  ): Promise<{ is: 'claimed'; claim: StaffPerson & { until: string } } | { is: 'taken'; by: StaffPerson } | { is: 'not-found' | 'already-resolved' }>
  release(tenantId: string, id: string, userId: string, now: Date): Promise<'released' | 'not-found' | 'already-resolved'>
  /**
   * One commit: the sealed note and content, the decision, the audit. The same id by the same person again answers what there is.
   * Whether the action is allowed, and its content fits, is the caller's to say; who was first is said here.
   */
  decide(
    tenantId: string,
    id: string,
    wish: NewDecision,
    needsSecond: (twoPeople: boolean) => boolean,
    actor: string,
    now: Date,
  ): Promise<{ is: 'decided'; decision: ItemDecision } | { is: 'claimed'; by: StaffPerson } | { is: DecideRefusal }>
  decision(tenantId: string, decisionId: string): Promise<ItemDecision | undefined>
  undo(tenantId: string, decisionId: string, actor: string, now: Date): Promise<ItemDecision | 'not-found' | 'own-only' | 'too-late'>
  /** The second person's yes or no. */
  judge(
    tenantId: string,
    decisionId: string,
    verdict: 'approve' | 'refuse',
    actor: string,
    now: Date,
  ): Promise<ItemDecision | 'not-found' | 'own-decision' | 'already-decided'>
  openDecision(
    tenantId: string,
    decisionId: string,
    purpose: InputPurpose,
    actor: string,
    now: Date,
  ): Promise<{ note: string; content: unknown | undefined; port: 'ok' | 'rejected' | null; decision: ItemDecision } | undefined>
  waiting(tenantId: string, filter: { payer?: string | undefined; limit: number }): Promise<{ items: WaitingItem[]; total: number }>
  views(tenantId: string, userId: string): Promise<(SavedView & { id: string })[]>
  saveView(tenantId: string, userId: string, id: string, view: SavedView, now: Date): Promise<'saved' | 'not-found' | 'too-many'>
  /** False: it is not there. */
  removeView(tenantId: string, userId: string, id: string, now: Date): Promise<boolean>
  rules(tenantId: string): Promise<{ confirmNeedsTwo: boolean }>
  saveRules(tenantId: string, rules: { confirmNeedsTwo: boolean }, actor: string, now: Date): Promise<void>
}

/** The engine's side: carries out what is due, each in one commit and in the name of who decided. */
export interface DecisionStore {
  /** Tenants of this cell with something due. */
  tenants(now: Date): Promise<string[]>
  due(tenantId: string, limit: number, now: Date): Promise<{ id: string; by: string }[]>
  /** `taken`: another engine is at it, or was. A throw leaves the decision as it was. */
  carryOut(tenantId: string, due: { id: string; by: string }, about: { process: string; now: Date }): Promise<DecisionState | 'taken'>
  /** It threw: later again, and after `triesMax` times given back to people. */
  putOff(tenantId: string, due: { id: string; by: string }, now: Date): Promise<void>
}
