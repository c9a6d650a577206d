/**
 * The one catalogue of refusals. A code is here only because someone branches on it; the text is for people and never
 * repeats what they sent. What is not a `Refusal` is a bug: the caller is told the correlation id and nothing else (S-12).
 */
export const refusals = {
  invalid: { status: 400, message: 'Something in the request is wrong; see the fields.' },
  'malformed-json': { status: 400, message: 'The body is not valid JSON.' },
  'card-number-refused': {
    status: 400,
    message: 'This looks like a card number. Card numbers are never sent to us: they go to the card company from your browser. Nothing was stored.',
  },
  'call-not-genuine': { status: 400, message: 'This call is not signed by the partner that it should come from.' },
  'not-signed-in': { status: 401, message: 'Please sign in.' },
  'sign-in-failed': { status: 401, message: 'Clinic, email or password is not right.' },
  'no-link': { status: 401, message: 'This needs the link that the clinic sent.' },
  'proof-needed': { status: 401, message: 'Before this is shown, please confirm who you are.' },
  'not-allowed': { status: 403, message: 'Your role does not allow this.' },
  'cross-site': { status: 403, message: 'This call must come from the hub’s own pages, with the header x-hub-request.' },
  'not-found': { status: 404, message: 'There is nothing here with this id.' },
  'link-unknown': { status: 404, message: 'This link does not work. Open it again from the message you got, or ask the clinic for a new one.' },
  'no-such-route': { status: 404, message: 'There is no such address.' },
  'idempotency-conflict': { status: 409, message: 'This key was used before with another form.' },
  'bulk-conflict': { status: 409, message: 'This id was used before for another bulk release.' },
  'bulk-empty': { status: 409, message: 'No open item fits: there is nothing to release.' },
  'bulk-finished': { status: 409, message: 'This bulk release has ended: every item had its turn.' },
  'no-old-scheduler': { status: 409, message: 'This clinic has no connection to an old scheduler. Set one up under Connections first.' },
  'owner-already': { status: 409, message: 'The appointments are kept there already.' },
  'handover-running': { status: 409, message: 'Another handover is running, or is being given up. Wait for its end.' },
  'handover-too-late': { status: 409, message: 'The switch is done: hand the appointments back instead.' },
  'difference-not-decidable': { status: 409, message: 'This difference closes by itself: only what a person changed in the old scheduler is decided here.' },
  'changed-meanwhile': { status: 409, message: 'Somebody saved this meanwhile. Open it again and change what they left.' },
  'typed-already': { status: 409, message: 'Something was typed behind this link already, and may be somebody else’s. Say “clears” if it may be cleared.' },
  'visit-cancelled': { status: 409, message: 'This visit was cancelled, so nothing needs to be filled in. Call the clinic if you did not expect this.' },
  'visit-not-possible': { status: 409, message: 'The visit is in a state in which this cannot be done. Open it again.' },
  'visit-too-early': { status: 409, message: 'The visit has not begun yet.' },
  'schedule-elsewhere': { status: 409, message: 'Appointments are still kept in the old scheduler. Change it there; it appears here by itself.' },
  'schedule-handover': { status: 409, message: 'The schedule is being handed over. Try again in a minute.' },
  'visit-booked-already': { status: 409, message: 'This visit was booked the first time already: it is in the list of its day.' },
  'visit-over': { status: 409, message: 'This visit is over: a link to it would open nothing.' },
  'draft-changed': { status: 409, message: 'This form was changed on another device meanwhile.' },
  'no-address': { status: 409, message: 'No code can be sent there. Ask the clinic.' },
  'code-paused': { status: 409, message: 'A code was sent already, or too many were tried. Wait a little.' },
  'intake-closed': { status: 409, message: 'This form was sent already.' },
  'correction-refused': {
    status: 409,
    message: 'Only fields named under “correctable” can be put right, so that the contract fits, and “correctionReason” must say why. Nothing was changed.',
  },
  'correction-closed': { status: 409, message: 'Nothing is to be put right here now.' },
  'nothing-changed': { status: 409, message: 'These are the details that we have already.' },
  'too-many-corrections': { status: 409, message: 'These details were put right several times already. Call the clinic.' },
  'charged-already': { status: 409, message: 'This was charged already, or is being charged now.' },
  'nothing-waiting': { status: 409, message: 'This charge waits for nothing any more: it was taken, or ended, meanwhile.' },
  'method-not-asked': { status: 409, message: 'Nobody asks for another card or account now.' },
  'too-many-methods': { status: 409, message: 'Several cards were left already. Call the clinic.' },
  'plan-expired': { status: 409, message: 'The first day of this plan has passed, so it can be agreed to no more. Nothing of it is charged.' },
  'visit-off': {
    status: 409,
    message: 'This visit was cancelled: nothing more is charged for it, and no plan is proposed. What was charged can be given back.',
  },
  'no-method': { status: 409, message: 'There is no card or bank account on file that could be charged.' },
  'no-authorisation': {
    status: 409,
    message: 'Nobody has authorised a charge of this card or account. Ask the patient for another one: the page where they leave it asks for that too.',
  },
  'payment-conflict': { status: 409, message: 'This id was used before for another amount.' },
  'not-charged': { status: 409, message: 'Only what was charged can be given back.' },
  'refund-too-much': { status: 409, message: 'This is more than is left of the charge.' },
  'message-stopped': {
    status: 409,
    message: 'This patient gets no messages there: they said STOP, or it was ended here. Send it by the other channel, or give them the link.',
  },
  'texts-stopped-by-patient': {
    status: 409,
    message:
      'The patient stopped texts to this number. Only they can take that back: ask them to text START to the number that your texts come from. Until then send a mail, or give them the link.',
  },
  'mails-stopped-by-patient': {
    status: 409,
    message:
      'The patient stopped mails to this mailbox. Only they can take that back, with the link in one of those mails that stopped them. Until then send a text, or give them the link.',
  },
  'message-no-address': { status: 409, message: 'There is no such number or mailbox of this patient. Add it to the visit first.' },
  'message-not-set-up': { status: 409, message: 'Your clinic cannot send that way yet. Set it up under Connections.' },
  'message-limit': { status: 409, message: 'As many texts have left for this visit as its patient was promised. Send a mail, or call.' },
  'message-no-link': { status: 409, message: 'There is no link that could be sent: it has ended, was ended, or is an old one. Make a new link first.' },
  'too-many-messages': { status: 409, message: 'Several were sent within the last hour. Wait a little, or call the patient.' },
  'consent-needed': { status: 409, message: 'The form needs this text: without it nobody could send one, or leave a card.' },
  'form-not-sent': { status: 409, message: 'The patient has not sent this form yet. Its photos can be opened once they have.' },
  'upload-incomplete': { status: 409, message: 'Not all of the photo has arrived. Ask for its ticket again and send the rest.' },
  'photo-changed': {
    status: 409,
    message: 'This photo is no longer what was scanned, so it is not shown. Ask the patient for another one and tell your technical team.',
  },
  'too-many-forms': { status: 409, message: 'Patients are asked as many forms as they can be: end one first.' },
  'too-many-uploads': { status: 409, message: 'No more photos can be added to this form.' },
  'too-many-accounts': { status: 409, message: 'This clinic has as many service accounts as it may: end one first.' },
  claimed: { status: 409, message: 'Someone else works on this item.' },
  'already-decided': { status: 409, message: 'Someone decided about this already.' },
  'decision-conflict': { status: 409, message: 'This id was used before for another decision.' },
  'too-late': { status: 409, message: 'It can no longer be taken back.' },
  'own-decision': { status: 409, message: 'Another person must agree: nobody agrees with themselves.' },
  'not-yours': { status: 409, message: 'Only the person who decided it can take it back.' },
  'too-many-views': { status: 409, message: 'No more views can be saved; remove one first.' },
  'already-resolved': { status: 409, message: 'Someone resolved this item already.' },
  'nothing-to-send': { status: 409, message: 'Nothing of it waits to be sent: it was answered meanwhile, or goes with the next batch already.' },
  'outcome-unknown': { status: 409, message: 'It is not known yet whether the partner did it: retry first, then correct.' },
  'link-ended': { status: 410, message: 'This link has ended. Ask the clinic for a new one.' },
  'photo-url-ended': { status: 410, message: 'This address of a photo has ended. Open the photo again.' },
  'call-too-old': { status: 410, message: 'This call was signed too long ago. Send it again with a new signature.' },
  'too-large': { status: 413, message: 'The request is too large.' },
  'unsupported-type': { status: 415, message: 'Send the body as application/json.' },
  'wrong-region': { status: 421, message: 'This clinic is served by another region.' },
  'too-many-requests': { status: 429, message: 'Too many requests. Wait a little and try again.' },
  'bus-away': { status: 503, message: 'The message bus does not answer now. Everything else works.' },
  'live-away': { status: 503, message: 'The live view is not running. Everything else works.' },
  'storage-away': {
    status: 503,
    retryAfterSeconds: 5,
    message: 'Our storage does not answer just now, so this may not be saved yet. Nothing is lost on your side: try again in a moment.',
  },
  'storage-read-only': {
    status: 503,
    retryAfterSeconds: 30,
    message: 'Our storage takes nothing new just now; what is there can be read. This was not saved. Nothing is lost on your side: try again in a few minutes.',
  },
  'not-ready': { status: 503, message: 'Not ready to work.' },
} as const satisfies Record<string, { status: number; message: string; retryAfterSeconds?: number }>
export type RefusalCode = keyof typeof refusals

export interface FieldProblem {
  path: string
  message: string
}

/** Thrown by routes; the error handler answers it. */
export class Refusal extends Error {
  readonly code: RefusalCode
  readonly fields: readonly FieldProblem[] | undefined
  constructor(code: RefusalCode, fields?: readonly FieldProblem[]) {
    super(refusals[code].message)
    this.name = 'Refusal'
    this.code = code
    this.fields = fields
  }
  get status(): number {
    return refusals[this.code].status
  }
  /** When the same may be tried again, where we have an idea. */
  get retryAfterSeconds(): number | undefined {
    const facts: { status: number; retryAfterSeconds?: number } = refusals[this.code]
    return facts.retryAfterSeconds
  }
}

export const found = <T>(value: T | undefined, code: RefusalCode = 'not-found'): T => {
  if (value === undefined) throw new Refusal(code)
  return value
}
