import type { MethodState } from '../billing/payment-facts.ts'
import type { MessageKey } from './catalogue.ts'
import type { StatusLine } from './status.ts'

/** What is asked of a patient about money. */
interface MoneyAsked {
  /** A charge to confirm at the bank, until when. */
  charge: { until: string } | null
  /** Another card or account; `offer`: what became of the last one that they left. */
  asked: { offer: MethodState | null } | null
  planExpired: boolean
}

const of = (subject: StatusLine['subject'], line: Omit<StatusLine, 'subject' | 'when'>, when: string | null = null): StatusLine => ({ subject, ...line, when })
const meaning = 'other-method.asked.meaning'
const askedLines = {
  none: { tone: 'needs-someone', what: 'other-method.asked.what', meaning, todo: 'other-method.asked.todo' },
  requested: { tone: 'checking', what: 'other-method.checking.what', meaning, todo: 'todo.nothing' },
  'needs-you': { tone: 'needs-someone', what: 'other-method.confirm.what', meaning, todo: 'card.confirm.todo' },
  declined: { tone: 'failed', what: 'other-method.declined.what', meaning, todo: 'other-method.asked.todo' },
  stored: { tone: 'checking', what: 'other-method.checking.what', meaning, todo: 'todo.nothing' },
} as const satisfies Record<MethodState | 'none', Omit<StatusLine, 'subject' | 'when'>>

/** After what is known of the visit: each says what happened, what it means and what to do by when. */
export function moneyLines({ charge, asked, planExpired }: MoneyAsked): StatusLine[] {
  return [
    ...(charge
      ? [of('payment', { tone: 'needs-someone', what: 'charge.confirm.what', meaning: 'charge.confirm.meaning', todo: 'charge.confirm.todo' }, charge.until)]
      : []),
    ...(asked ? [of('card', askedLines[asked.offer ?? 'none'])] : []),
    ...(planExpired ? [of('payment', { tone: 'provisional', what: 'plan.expired.what', meaning: 'plan.expired.meaning', todo: 'todo.nothing' })] : []),
  ]
}

/** The words for money that moved; a refund that was refused at once was never on its way. */
export const moveMessages = {
  charge: { 'under-way': 'money.charge.under-way', done: 'money.charge.done', failed: null },
  refund: { 'under-way': 'money.refund.under-way', done: 'money.refund.done', failed: 'money.refund.failed' },
} as const satisfies Record<string, Record<string, MessageKey | null>>

/** A way to leave another one is offered while none is being checked. */
export const mayLeaveMethod = (asked: MoneyAsked['asked']): boolean => asked !== null && asked.offer !== 'requested' && asked.offer !== 'stored'
