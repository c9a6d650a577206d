import type { Decline, Paying } from './records.ts'
import { type Form, failure, invalid, type Reply } from './replies.ts'

/**
 * What Stripe's published test numbers do; they are nobody's. `attach` is when a method is kept, `charge` when money is taken from it
 * later; `asks`: the bank wants the patient: once (at keeping), always (at each charge as well), or not at all.
 */
interface Fate {
  attach?: Decline
  charge?: Decline
  asks?: 'once' | 'always'
  /** What a refund of it becomes, and what it is at first. */
  refund?: { first: 'pending' | 'succeeded'; ends: 'succeeded' | 'failed' }
}
const declined = (declineCode: string, code = 'card_declined'): Decline => ({ code, declineCode: code === 'card_declined' ? declineCode : null })
const always = (decline: Decline): Fate => ({ attach: decline, charge: decline })

const cardFates: Readonly<Record<string, [name: string, fate: Fate]>> = {
  '4000000000000002': ['declined', always(declined('generic_decline'))],
  '4000000000009995': ['insufficient-funds', always(declined('insufficient_funds'))],
  '4000000000009987': ['lost', always(declined('lost_card'))],
  '4000000000009979': ['stolen', always(declined('stolen_card'))],
  '4000000000006975': ['too-often', always(declined('card_velocity_exceeded'))],
  '4100000000000019': ['blocked', always(declined('fraudulent'))],
  '4000000000000069': ['expired', always(declined('', 'expired_card'))],
  '4000000000000127': ['wrong-cvc', always(declined('', 'incorrect_cvc'))],
  '4000000000000119': ['processing-error', always(declined('', 'processing_error'))],
  '4000000000000341': ['declined-later', { charge: declined('generic_decline') }],
  '4000002500003155': ['asks-once', { asks: 'once' }],
  '4000002760003184': ['asks-the-patient', { asks: 'always' }],
  '4000008260003178': ['asks-and-has-no-money', { asks: 'always', charge: declined('insufficient_funds') }],
  '4000000000007726': ['refund-takes-time', { refund: { first: 'pending', ends: 'succeeded' } }],
  '4000000000005126': ['refund-fails', { refund: { first: 'succeeded', ends: 'failed' } }],
}
const bankFates: Readonly<Record<string, [name: string, fate: Fate]>> = {
  '000111111113': ['account-closed', { charge: { code: 'account_closed', declineCode: null } }],
  '000111111116': ['no-account', { charge: { code: 'no_account', declineCode: null } }],
  '000222222227': ['bank-has-no-money', { charge: { code: 'insufficient_funds', declineCode: null } }],
  // Ours, not Stripe's: a bank that says yes a day later.
  '000999999991': ['bank-takes-a-day', {}],
  '000333333335': ['debit-not-authorized', { charge: { code: 'debit_not_authorized', declineCode: null } }],
}
const fateOfName = new Map([...Object.values(cardFates), ...Object.values(bankFates)])
export const fateOf = (paying: Pick<Paying, 'fate'>): Fate => fateOfName.get(paying.fate) ?? {}

/** What the browser's frame sends to the token door, which is the only one that takes such fields. */
export function payingOf(form: Form, today: Date): Paying | Reply {
  const type = form.get('payment_method_data[type]')
  if (type === 'card') return cardOf(form, today)
  if (type === 'us_bank_account') return bankAccountOf(form)
  return invalid('payment_method_data[type]', 'Only cards and US bank accounts are simulated.')
}
function cardOf(form: Form, today: Date): Paying | Reply {
  const field = (name: string) => form.get(`payment_method_data[card][${name}]`) ?? ''
  const number = field('number').replaceAll(' ', '')
  const [expMonth, expYear] = [Number(field('exp_month')), 2000 + (Number(field('exp_year')) % 100)]
  const problem = cardProblem(number, expMonth, expYear, field('cvc'), today)
  if (problem) return failure(402, 'card_error', problem, 'The card details are not valid.', { param: problem.replace('invalid_', '') })
  return { type: 'card', fate: cardFates[number]?.[0] ?? 'kept', last4: number.slice(-4), expMonth, expYear }
}
/** `instant`: the frame's bank page was signed in to; a number typed by hand is nobody's word. */
function bankAccountOf(form: Form): Paying | Reply {
  const field = (name: string) => form.get(`payment_method_data[us_bank_account][${name}]`) ?? ''
  const linked = /^fca_sim_(\d{12})$/.exec(field('financial_connections_account'))
  const number = linked?.[1] ?? field('account_number')
  if (!/^\d{4,17}$/.test(number))
    return invalid('payment_method_data[us_bank_account][account_number]', 'The account number is not valid.', 'account_number_invalid')
  return { type: 'us_bank_account', fate: bankFates[number]?.[0] ?? 'kept', last4: number.slice(-4), expMonth: 0, expYear: 0, instant: linked !== null }
}

function cardProblem(number: string, month: number, year: number, cvc: string, today: Date): string | null {
  if (!/^\d{13,19}$/.test(number) || !luhn(number)) return 'invalid_number'
  if (!(month >= 1 && month <= 12)) return 'invalid_expiry_month'
  if (!(year * 12 + month >= today.getUTCFullYear() * 12 + today.getUTCMonth() + 1)) return 'invalid_expiry_year'
  return /^\d{3,4}$/.test(cvc) ? null : 'invalid_cvc'
}
function luhn(number: string): boolean {
  const digits = [...number].reverse().map(Number)
  return digits.reduce((sum, digit, i) => sum + (i % 2 === 0 ? digit : digit > 4 ? digit * 2 - 9 : digit * 2), 0) % 10 === 0
}
