import type { IncidentItem } from '../../client.gen.ts'
import { reasonOptions, reasonWords } from './reason-words.ts'

/** Words for incidents: what it is, what it means, what to do. */
type Kind = IncidentItem['kind']
interface Said {
  name: string
  text: string
  count: (n: number) => string
}
const inquiries = (n: number, rest: string): string => (n === 1 ? `1 inquiry ${rest}` : `${n} inquiries ${rest}`)
const deliveries = (n: number): string => (n === 1 ? '1 question affected' : `${n} questions affected`)
const times = (n: number): string => (n === 1 ? 'once' : `${n} times`)

export const incidentWords = {
  open: (n: number) => (n === 1 ? '1 open' : `${n} open`),
  closedOf: (n: number) => (n === 1 ? '1 closed' : `${n} closed`),
  lead: 'One cause behind many.',
  more: (n: number) => (n === 1 ? 'and 1 more; it shows when one of these is closed' : `and ${n} more; they show when some of these are closed`),
  changed: 'The incidents changed since you opened this page. Show them',
  opened: 'Opened',
  last: 'last',
  sendAgain: 'Send again',
  sendAgainOf: (name: string) => `Send again: ${name}`,
  sending: 'Sending…',
  sentAgain: (n: number) => `${inquiries(n, n === 1 ? 'goes' : 'go')} with the next file, under new numbers. The incident is closed.`,
  close: 'Close…',
  closeOf: (name: string) => `Close: ${name}`,
  closeNow: 'Close this incident',
  closing: 'Closing…',
  cancel: 'Leave it open',
  closed: 'Closed. The same cause opens another one when it comes again.',
  needReason: 'Choose a reason',
  gone: 'Someone else closed this incident in the meantime. Nothing was done twice.',
  nothingToSend: 'Nothing of it waits to be sent any more: it was answered meanwhile, or goes with the next file already.',
  kinds: {
    silence: {
      name: 'The payer is silent',
      text: 'The time in which it answers has passed. It may have the file all the same: call the payer or the clearinghouse. Send again only when it has nothing of ours: a new file under new numbers. This closes by itself when the answers come.',
      count: (n) => inquiries(n, n === 1 ? 'waits' : 'wait'),
    },
    'batch-refused': {
      name: 'A batch was refused',
      text: 'Nobody in it was asked. Find out from the clearinghouse why; when that is put right, send again: a new file under new numbers.',
      count: (n) => inquiries(n, 'not asked'),
    },
    'set-rejected': {
      name: 'Inquiries in a batch were rejected',
      text: 'The payer could not process them; the rest of the batch goes on. An engineer finds out why first: the same content would be rejected again.',
      count: (n) => inquiries(n, 'not asked'),
    },
    'unmatched-answer': {
      name: 'An answer that fits no question of ours',
      text: 'It is kept and changes nothing: it may be another clinic’s, or about a different person. Ask the clearinghouse what it answers. Should its question turn up, this closes by itself.',
      count: times,
    },
    'conflicting-answer': {
      name: 'Answers that contradict each other',
      text: 'The partner gave different contents the same numbers, or said different things at the same moment. All are kept and none of them counts. Ask the partner which one is right.',
      count: times,
    },
    'unreadable-file': {
      name: 'Something from a partner that cannot be read',
      text: 'A file or a record of a partner is damaged, all of it or a part, and what is damaged changes nothing here. The bytes are kept. Ask the partner to put it right and to send it again; an appointment in the chart is put right there, and comes in again by itself.',
      count: times,
    },
    'not-answering': {
      name: 'Does not answer',
      text: 'It fails so often that the hub gives it a rest and tries again by itself, one question at a time. What waits goes on when it is back; what waits for a person is in the queue. This closes by itself.',
      count: deliveries,
    },
    'implausible-answers': {
      name: 'Answers that we do not believe',
      text: 'It answers, but not in the way it usually does. None of these answers counts; each question is asked again when the payer is open. Call the payer if it goes on. This closes by itself.',
      count: (n) => (n === 1 ? '1 answer' : `${n} answers`),
    },
    'refund-failed': {
      name: 'A refund that failed',
      text: 'The bank did not take the money back, sometimes days after it said yes. The clinic has it again, and the patient does not. Look at the visit’s payments, and give it back in another way.',
      count: (n) => (n === 1 ? '1 refund' : `${n} refunds`),
    },
    'charged-twice': {
      name: 'The same thing was charged twice',
      text: 'A charge was called declined and charged anew; then the bank said that the first one took the money after all. Both stand on the visit’s payments. Give one of them back.',
      count: (n) => (n === 1 ? '1 charge' : `${n} charges`),
    },
    'charged-unwanted': {
      name: 'Money was taken that may not be kept',
      text: 'While a charge was on its way, or waited for the patient at their bank, the patient took the authorisation back or the visit went off, and the payment company took the money all the same. It stands on the visit’s payments. Give it back there, or agree with the patient that it stays, and close this.',
      count: (n) => (n === 1 ? '1 charge' : `${n} charges`),
    },
    'hold-not-given-back': {
      name: 'Money of a patient that is still held',
      text: 'To check a card, one unit of the currency was held, and it could not be given back though it was tried again and again. The hub goes on trying; the bank gives it back by itself at the latest when the hold ends. Look at the payment in the payment company’s dashboard and cancel it there if the patient asks. This closes by itself when it is given back.',
      count: () => '1 hold',
    },
    'messages-refused': {
      name: 'Our messages are refused',
      text: 'The partner or a carrier refuses what the clinic sends as such, whoever it is for: the sender is not registered, or a filter takes it for advertising. Reminders go by mail meanwhile. Register the sender, or change it under Connections. This closes by itself when texts arrive again.',
      count: (n) => (n === 1 ? '1 message' : `${n} messages`),
    },
    'key-refused': {
      name: 'Our key is refused',
      text: 'The partner does not accept our user name, key or password, or its certificate is not to be trusted. Nothing is lost: what is to go there waits for a day, and goes by itself once the key works. Put the right key in under Connections and test it there; ask the partner whether the account is locked. A patient who cannot wait is called. This closes by itself with the next answer.',
      count: (n) => (n === 1 ? 'met once' : `met ${n} times`),
    },
    'instalment-not-charged': {
      name: 'An instalment that could not be charged',
      text: 'Its day came, and no card or bank account of the patient may be charged: none is on file, the authorisation was taken back, or the visit that the plan was made for was called off or not come to. It is not tried again by itself. Ask the patient how to pay: the plan stands on the visit’s payments.',
      count: (n) => (n === 1 ? '1 instalment' : `${n} instalments`),
    },
    'consent-withdrawn': {
      name: 'A patient took back a consent',
      text: 'Something that was signed for a visit counts no more. Texts stop by themselves, and no new charge is begun with a card that may not be used; the rest is for a person. Tell the front desk, which sees on the visit what was taken back, and close this when they have spoken with the patient.',
      count: (n) => (n === 1 ? '1 consent' : `${n} consents`),
    },
    'visit-conflict': {
      name: 'The hub and the chart say different things of a visit',
      text: 'Both sides were changed before either heard of the other, the chart brings back a visit that is over, or the EHR refused to be told of a change or of a new visit. Nothing was overwritten. Ask the front desk which one holds, and change the other side so that both say the same. This closes by itself then.',
      count: times,
    },
    'appointment-of-another': {
      name: 'An appointment was given to another patient',
      text: 'Where the clinic keeps its appointments, the one of this visit names another patient by now. The link of the patient whom we know for it is ended, and nothing of theirs is written there any more; what they sent since waits here. Ask there whom it is for. If it is the other patient’s: cancel this visit (that leaves the other’s appointment as it is), and book a visit for them. If it was a mistake, put our patient back there: this closes by itself when the hub hears of it, and the front desk makes a new link. Close it by hand once the visit is cancelled.',
      count: times,
    },
    'duplicate-chart': {
      name: 'A patient may have two charts',
      text: 'Somebody made a chart for this patient while ours was being written, or the search for the chart went round without end. Bring the charts together in the EHR; the next write goes into the one that is left.',
      count: times,
    },
    'chart-forgotten': {
      name: 'A wrong chart must be cleaned by hand',
      text: 'The front desk says that this visit was written into a chart that is not the patient’s. The hub goes by that chart no more, and takes nothing back: what it wrote there stays. In the EHR, remove our patient identifier from the chart first, then what else of the visit stands there; until then the next write-back is refused. Close this when the chart is clean.',
      count: times,
    },
  } satisfies Record<Kind, Said>,
  silentBatch: {
    name: 'A batch without acknowledgement',
    text: 'Nobody confirmed that the file arrived, or it has not left here. Ask the clearinghouse whether it has the file before anything is sent again.',
  },
  reasons: reasonOptions([
    ...(['partner-is-back', 'confirmed-by-phone', 'confirmed-on-website', 'data-corrected'] as const),
    ...(['connection-fixed', 'software-fixed', 'duplicate', 'other'] as const),
  ]),
  closedHow: {
    ...reasonWords,
    'sent-again': 'Sent again',
    'went-away': 'Went away by itself',
  } satisfies Record<NonNullable<IncidentItem['reason']>, string>,
}

/** What this one is called and what it means; a silence is about a payer or about one batch. */
export function saidOf({ kind, about }: Pick<IncidentItem, 'kind' | 'about'>): Said {
  const said = incidentWords.kinds[kind]
  return kind === 'silence' && about.is === 'batch' ? { ...said, ...incidentWords.silentBatch } : said
}
