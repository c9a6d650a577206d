import type { ValueOf } from '../kit/index.ts'
import type { PaymentItem } from './money.ts'

/**
 * What is true of a payment, a charge and a refund, out of facts that come twice, late and in any order. A fact never counts by when it
 * came: an end that money rests on stands above everything before it, and of what stands on the same step the later by the partner's
 * own time counts. The partner's times are whole seconds, so the step decides a tie.
 */
export type PaymentFact = Extract<ValueOf<typeof PaymentItem>, { is: 'fact' }>

/** What is known so far: the outcome, and the partner's time of the fact it rests on; null: of our own answer, which is older than any fact. */
export interface Known<S extends string> {
  status: S
  at: string | null
}
interface Step<S extends string> {
  status: S
  rank: number
}
/** `undefined`: the fact changes nothing. */
function fold<S extends string>(known: Known<S>, rankOf: Readonly<Record<S, number>>, said: Step<S> | undefined, at: string): Known<S> | undefined {
  if (!said || said.status === known.status) return undefined
  const now = rankOf[known.status]
  if (said.rank < now) return undefined
  if (said.rank === now && known.at !== null && Date.parse(at) <= Date.parse(known.at)) return undefined
  return { status: said.status, at }
}
const stepOf = <S extends string>(rankOf: Readonly<Record<S, number>>, status: S | undefined): Step<S> | undefined =>
  status === undefined ? undefined : { status, rank: rankOf[status] }

/** Of a method: open ones may still change either way; `declined` by an intent that ended stands above a failure that may be tried again. */
export const methodStates = ['requested', 'needs-you', 'declined', 'stored'] as const
export type MethodState = (typeof methodStates)[number]
const methodRank = { requested: 0, 'needs-you': 1, declined: 1, stored: 3 } as const satisfies Record<MethodState, number>

const methodByType: Readonly<Record<string, MethodState>> = {
  'setup_intent.requires_action': 'needs-you',
  'setup_intent.setup_failed': 'declined',
  'setup_intent.canceled': 'declined',
  'setup_intent.succeeded': 'stored',
  'payment_intent.requires_action': 'needs-you',
  'payment_intent.payment_failed': 'declined',
  // A hold that was given back after it stood says nothing against the card; one that never stood does.
  'payment_intent.canceled': 'declined',
  'payment_intent.amount_capturable_updated': 'stored',
  'payment_intent.succeeded': 'stored',
}
export const foldMethod = (known: Known<MethodState>, fact: Pick<PaymentFact, 'type' | 'at'>): Known<MethodState> | undefined =>
  fold(known, methodRank, stepOf(methodRank, methodByType[fact.type]), fact.at)

/** Of a charge. `scheduled`: a later try that is not due yet. */
export const chargeStates = ['scheduled', 'requested', 'processing', 'needs-you', 'declined', 'canceled', 'succeeded'] as const
export type ChargeState = (typeof chargeStates)[number]
// An intent that waits for the patient, at a page or with a key that nobody has, stands below what ends or goes on.
const chargeRank = {
  ...{ scheduled: 0, requested: 0, 'needs-you': 1, processing: 2, declined: 2, canceled: 3, succeeded: 4 },
} as const satisfies Record<ChargeState, number>
const chargeByType: Readonly<Record<string, ChargeState>> = {
  'payment_intent.processing': 'processing',
  'payment_intent.requires_action': 'needs-you',
  'payment_intent.payment_failed': 'declined',
  'payment_intent.canceled': 'canceled',
  'payment_intent.succeeded': 'succeeded',
}
export function foldCharge(known: Known<ChargeState>, fact: Pick<PaymentFact, 'type' | 'at'>): Known<ChargeState> | undefined {
  const said = stepOf(chargeRank, chargeByType[fact.type])
  // Our own call said how it ended: what was told of the way there, and came late, opens nothing again.
  if (known.status === 'declined' && known.at === null && said && said.rank <= chargeRank.declined) return undefined
  return fold(known, chargeRank, said, fact.at)
}
/** The patient's money is ours or on its way, or may be soon: no second charge for the same thing. */
export const isLive = (status: ChargeState): boolean => status !== 'declined' && status !== 'canceled'

/**
 * Of a refund, which may fail days after it succeeded: a failure is the end, and the money is ours again. `refused` is our own word alone (the
 * answer's, or a person's): any fact stands above it, since money that moved must count.
 */
export const refundStates = ['requested', 'pending', 'requires-action', 'succeeded', 'refused', 'canceled', 'failed'] as const
export type RefundState = (typeof refundStates)[number]
const refundRank = {
  ...{ requested: 0, pending: 1, 'requires-action': 1, refused: 1, succeeded: 2, canceled: 4, failed: 4 },
} as const satisfies Record<RefundState, number>
const refundByStatus: Readonly<Record<string, RefundState>> = {
  pending: 'pending',
  requires_action: 'requires-action',
  succeeded: 'succeeded',
  failed: 'failed',
  canceled: 'canceled',
}
/** By the refund's own status: its events are called `updated` whatever happened. */
export function foldRefund(known: Known<RefundState>, fact: Pick<PaymentFact, 'type' | 'status' | 'at'>): Known<RefundState> | undefined {
  const status = fact.type === 'refund.failed' ? 'failed' : refundByStatus[fact.status ?? '']
  return fold(known, refundRank, stepOf(refundRank, status), fact.at)
}
/** Money of the charge that is given back, or on its way. */
export const refundCounts = (status: RefundState): boolean => status !== 'refused' && status !== 'canceled' && status !== 'failed'
