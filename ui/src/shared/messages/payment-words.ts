import type { ChargeView, NewRefund, PaymentsView, PlanView, RefundView } from '../../client.gen.ts'

type MethodWords = Record<NonNullable<PaymentsView['method']>['status'], string>

/** Words for money at the front desk. */
export const paymentWords = {
  title: 'Payments',
  failed: 'The payments could not be loaded. Everything else on this page is current.',
  method: {
    requested: 'The payment method is being put on file.',
    stored: 'A payment method is on file.',
    'needs-you': 'The bank wants the patient to confirm. Their own page leads them there.',
    declined: 'The bank did not accept the payment method.',
  } satisfies MethodWords,
  /** Once it is known what the patient left. */
  methodOf: {
    card: { stored: 'A card is on file.', declined: 'The bank did not accept the card.' },
    'us-bank-account': { stored: 'A bank account is on file.', declined: 'The bank account could not be put on file.' },
  } as Partial<Record<string, Partial<MethodWords>>>,
  none: 'The patient left nothing to pay with.',
  /** The api's word when it was tried all the same. */
  noAuthorisation: 'Nobody has authorised a charge of this card or account, so nothing is charged and no plan is proposed.',
  unauthorised: {
    'not-authorised':
      'Nobody has authorised a charge of it, so nothing is charged. Ask the patient for another card: the page where they leave it asks for the authorisation too.',
    'authorisation-withdrawn':
      'The patient took the authorisation to charge it back, so nothing is charged. Talk to the patient; if they agree, ask them for another card: the page where they leave it asks for the authorisation too.',
  } satisfies Record<NonNullable<PaymentsView['unauthorised']>, string>,
  copay: {
    label: (currency: string) => `Copay (${currency})`,
    fromInsurer: (amount: string) => `The insurer says ${amount}.`,
    unknown: 'The insurer does not say how much. Enter what the patient owes.',
    charge: (amount: string) => `Charge ${amount}`,
    chargeNothing: 'Charge',
    busy: 'Sending…',
    needAmount: 'Enter an amount above 0, at most 1,000.00',
    taken: 'This copay is charged already, or is being charged now.',
  },
  purpose: { copay: 'Copay', instalment: 'Instalment' } satisfies Record<ChargeView['purpose'], string>,
  status: {
    scheduled: 'Tried again later',
    requested: 'Being charged',
    processing: 'The bank is working on it',
    'needs-you': 'Waits for the patient',
    declined: 'Declined',
    canceled: 'Not charged',
    succeeded: 'Charged',
  } satisfies Record<ChargeView['status'], string>,
  next: {
    later: 'There was no money just now. It is tried again by itself on the third and the seventh day.',
    'new-method': 'Nothing was charged. This card or account will not work again, and it is not tried again by itself: ask the patient for another one.',
    'patient-confirms': 'Nothing was charged: the bank wants the patient to confirm this payment. The next try is made with them, on their own page.',
    stop: 'The bank refused for good. Do not try again; talk to the patient.',
  } satisfies Record<NonNullable<ChargeView['next']>, string>,
  /** Why nothing was taken at the bank. */
  notSent: {
    'authorisation-withdrawn':
      'Nothing was charged: the patient took the authorisation of their card or account back before it was taken. Talk to the patient.',
    'not-authorised': 'Nothing was charged: nobody has authorised a charge of this card or account. Ask the patient for another one.',
    'visit-off': 'Nothing was charged: the visit was cancelled, or not come to, before it was taken.',
  } as Partial<Record<string, string>>,
  /** Beside the state, where the state alone does not say what to do. */
  needsYou:
    'The patient’s own page has a button to their bank for this payment, for seven days. Tell them, or send them their link again. It is charged once when they confirm; do not take it a second time meanwhile.',
  /** The try with the patient failed too: asking again is for a person to decide. */
  patientFailed: 'Nothing was charged: it was not confirmed at the bank. Charge it again to ask the patient once more, or take it in another way.',
  pageDue: 'The bank is asked for a page where the patient can confirm it.',
  stop: 'Stop it',
  stopOf: (amount: string) => `Stop it: ${amount}`,
  stopBusy: 'Stopping…',
  stopping: 'It is being stopped at the bank. If the patient confirms it in this moment, it is charged all the same, and you see it here.',
  nothingToStop: 'It waits for nothing any more. What became of it is shown here.',
  visitCancelled: 'This visit was cancelled: nothing more is charged for it. What was charged can be given back.',
  ask: {
    open: 'Ask the patient for another card',
    busy: 'Asking…',
    title: 'Another one is asked for',
    asked: (at: string) => `The patient’s own page asks for another card or account since ${at}. What is on file stays until the new one is.`,
    offer: {
      requested: 'The patient left one; the bank is checking it.',
      stored: 'The patient left one.',
      'needs-you': 'The patient left one, and must confirm it at their bank. Their own page leads them there.',
      declined: 'The bank did not accept the one that the patient left. They can leave another.',
    } satisfies Record<NonNullable<PaymentsView['offer']>['status'], string>,
  },
  due: (at: string) => `Next try ${at}`,
  refundStatus: {
    requested: 'Being given back',
    pending: 'On its way',
    'requires-action': 'Waits for the patient',
    succeeded: 'Given back',
    refused: 'Refused by the partner',
    canceled: 'Not given back',
    failed: 'Failed: the clinic has the money again',
  } satisfies Record<RefundView['status'], string>,
  refund: {
    open: 'Give back…',
    openOf: (amount: string) => `Give back of ${amount}…`,
    title: 'Give back',
    lead: (amount: string) => `To the same card or account. At most ${amount} is left of this charge.`,
    amount: 'Amount',
    reason: 'Why',
    pick: 'Choose',
    submit: (amount: string) => `Give back ${amount}`,
    needAmount: (most: string) => `Enter an amount above 0, at most ${most}`,
    needReason: 'Say why',
    reasons: {
      'charged-too-much': 'Too much was charged',
      'visit-cancelled': 'The visit was cancelled',
      'charged-twice': 'It was charged twice',
      'insurer-paid': 'The insurer paid it',
      other: 'Something else',
    } satisfies Record<NewRefund['reason'], string>,
  },
  plan: {
    title: 'Payment plan',
    open: 'Propose a plan…',
    lead: 'The patient sees it on their own page. Nothing is charged before they agree there.',
    total: 'In all',
    parts: 'Parts, a month apart',
    first: 'First on',
    submit: 'Propose it',
    busy: 'Sending…',
    needTotal: 'Enter what is to be paid in all, above 0',
    needParts: 'Enter between 1 and 24 parts',
    needFirst: 'Choose a day after today',
    status: { proposed: 'Waits for the patient to agree', expired: 'Not agreed in time', agreed: 'Agreed', ended: 'Ended' } satisfies Record<
      PlanView['status'],
      string
    >,
    expired:
      'Its first day came before the patient agreed, so they can agree to it no more, and nothing of it is charged. Propose another one with later days.',
    end: 'End this plan',
    ended: 'Nothing more of it will be charged.',
    waiting: 'Not due yet',
    cancelled: 'Will not be charged',
  },
} as const
