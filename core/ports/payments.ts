import type { ChargeState, MethodKind, MethodState, RefundReason, RefundState } from '../billing/index.ts'
import type { LinkFacts } from './edge.ts'

/** Where partners call us. The API sees of a connection's secrets only what proves a call. */
export interface HookStore {
  find(adapterId: string, hookKey: string): Promise<{ tenantId: string; region: string } | undefined>
  /** Undefined: the connection has nothing that could prove a call. */
  open(tenantId: string, adapterId: string): Promise<{ config: unknown; secrets: unknown } | undefined>
  /** Sealed, with its hash, before it is answered. `known`: the same bytes were kept before. */
  keep(tenantId: string, receiver: string, file: { name: string; sha256: string; bytes: Buffer }, now: Date): Promise<'kept' | 'known'>
}

export interface ChargeView {
  id: string
  purpose: 'copay' | 'instalment'
  amountMinor: number
  currency: string
  status: ChargeState
  next: 'patient-confirms' | 'later' | 'new-method' | 'stop' | null
  code: string | null
  attempt: number
  /** Of a later try. */
  dueAt: string | null
  /** The patient confirms it at their bank. */
  withPatient: boolean
  /** It is being ended: the partner has not said yet. */
  stopping: boolean
  at: string
  refundableMinor: number
  refunds: { id: string; amountMinor: number; status: RefundState; code: string | null; reason: RefundReason | 'at-the-partner'; at: string }[]
}
/** What a patient left when they were asked for another one, and that is not on file. */
export interface MethodOffer {
  status: MethodState
  code: string | null
}
export interface PlanView {
  id: string
  /** `expired`: its first day came before the patient agreed. */
  status: 'proposed' | 'expired' | 'agreed' | 'ended'
  totalMinor: number
  currency: string
  proposedAt: string
  agreedAt: string | null
  instalments: { number: number; dueOn: string; amountMinor: number; status: ChargeState | 'waiting' | 'cancelled' }[]
}
/** What the front desk sees of one visit's money. */
export interface PaymentsView {
  method: { status: MethodState; kind: string | null; code: string | null } | null
  /** Why what was left may not be charged; null: it may, or nothing was left. */
  unauthorised: 'not-authorised' | 'authorisation-withdrawn' | null
  /** What the insurer says that the patient brings; null: it leaves it open, or was not believed. */
  copayMinor: number | null
  currency: string
  charges: ChargeView[]
  plans: PlanView[]
  /** The patient is asked for another card or account, since when. */
  askedAt: string | null
  offer: MethodOffer | null
}

/** The text that a patient ticked, by its hash, and from where, in which zone of the clinic. */
export interface ShownAuthorisation {
  textId: string
  textSha256: string
  signedFrom: { userAgent: string; ip: string }
  timeZone: string
}
export interface PlanWish {
  id: string
  intakeId: string
  instalments: readonly { dueOn: string; amountMinor: number }[]
}
/** Money that was taken from the patient, or goes back to them. `failed`: it was on its way back and did not arrive. */
export interface PatientMove {
  is: 'charge' | 'refund'
  state: 'under-way' | 'done' | 'failed'
  amountMinor: number
  currency: string
  at: string
}
/** What a patient's own page says of money beside the state of the method. */
export interface PatientMoney {
  /** There is a page of the bank to confirm the method at. */
  confirm: boolean
  plan: PlanView | null
  /** A charge that the bank wants the patient to confirm, until when. */
  charge: { amountMinor: number; currency: string; until: string } | null
  /** The clinic asks for another card or account; `offer`: what became of the last one that was left. */
  asked: { offer: MethodState | null } | null
  /** Newest first. */
  moves: readonly PatientMove[]
  /** Of the plan that the patient agreed to: what is charged next, on which day of the clinic. */
  nextPart: { amountMinor: number; currency: string; dueOn: string } | null
  /** Null: nothing was left, or the payment partner has not said what it is. */
  method: MethodKind | null
}
export interface PaymentStore {
  view(tenantId: string, intakeId: string, now: Date): Promise<PaymentsView | undefined>
  /** The browser's id is the key: the same click twice is one charge. Audited in the same commit. */
  charge(
    tenantId: string,
    wish: { id: string; intakeId: string; amountMinor: number },
    actor: string,
    now: Date,
    traceparent?: string | null,
  ): Promise<'begun' | 'again' | 'conflict' | 'charged-already' | 'no-method' | 'no-authorisation' | 'visit-cancelled' | 'not-found'>
  /** A later try, or one that waits for the patient, does not come to be. Audited; once more changes nothing. */
  stopCharge(tenantId: string, chargeId: string, actor: string, now: Date): Promise<'stopped' | 'again' | 'not-waiting' | 'not-found'>
  /** The patient’s page asks for another card or account; what is on file stays until the new one is. */
  askForMethod(
    tenantId: string,
    wish: { id: string; intakeId: string },
    actor: string,
    now: Date,
  ): Promise<'asked' | 'again' | 'conflict' | 'visit-cancelled' | 'not-found'>
  /**
   * By the patient’s link. The token names what they typed into the payment partner’s frame. Kept in one commit with the authorisation to charge it;
   * `not-shown`: its text is not the one that the clinic has in force.
   */
  leaveMethod(
    link: LinkFacts,
    left: { id: string; confirmationTokenId: string; authorisation: ShownAuthorisation },
    now: Date,
    traceparent?: string | null,
  ): Promise<'offered' | 'again' | 'conflict' | 'not-asked' | 'too-many' | 'not-shown' | 'visit-cancelled'>
  refund(
    tenantId: string,
    wish: { id: string; chargeId: string; amountMinor: number; reason: RefundReason },
    actor: string,
    now: Date,
    traceparent?: string | null,
  ): Promise<'begun' | 'again' | 'conflict' | 'not-charged' | 'too-much' | 'not-found'>
  /** Takes the place of a plan that was proposed and not agreed; one that was agreed goes on until the patient agrees to the new one. */
  proposePlan(
    tenantId: string,
    wish: PlanWish,
    timeZone: string,
    actor: string,
    now: Date,
  ): Promise<'proposed' | 'again' | 'conflict' | 'no-method' | 'no-authorisation' | 'visit-cancelled' | 'not-found'>
  /** Nothing more of it is charged. What was charged stays. */
  endPlan(tenantId: string, planId: string, actor: string, now: Date): Promise<'ended' | 'not-found'>
  ofPatient(link: LinkFacts, now: Date): Promise<PatientMoney>
  /** By the patient's link. `terms`: the hash of the words that they saw, in which language; another text is refused. */
  agreePlan(
    link: LinkFacts,
    agreed: { planId: string; termsSha256: string; language: string },
    now: Date,
  ): Promise<'agreed' | 'again' | 'changed-meanwhile' | 'expired' | 'visit-cancelled' | 'not-found'>
  /** Where the patient confirms the method, opened for them and audited. */
  confirmationUrl(link: LinkFacts, now: Date): Promise<string | undefined>
  /** Where the patient confirms a charge. */
  chargeUrl(link: LinkFacts, now: Date): Promise<string | undefined>
}

/** What the engine begins by itself. */
export interface DuesStore {
  tenants(now: Date): Promise<string[]>
  begin(tenantId: string, at: { process: string; now: Date }): Promise<{ charges: number; instalments: number; checks: number; chargeChecks: number }>
}
