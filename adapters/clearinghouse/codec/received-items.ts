import { createHash } from 'node:crypto'
import { copayCentsOf, personCheckOf, personCheckReference, type ReceivedItem, rejectionRule } from '@heliox/core/billing'
import type { ValueOf } from '@heliox/core/kit'
import { answersOf, type PatientAnswer } from './answer.ts'
import { readClaimAck } from './claim-ack.ts'
import { type Found, type InterchangeHead, interchangeIds, type Transaction } from './found.ts'
import { readFunctionalAck, reasonsOfSet } from './functional-ack.ts'
import { matchKeysOf } from './match.ts'
import { readX12Stream } from './read.ts'
import { reasonsOf } from './real-time.ts'
import { statedIn } from './stated.ts'
import { readTa1 } from './ta1.ts'
import { daysOf } from './verdict-days.ts'

type Item = ValueOf<typeof ReceivedItem>
type AnswerItem = Extract<Item, { kind: 'answer' }>
interface ItemConfig {
  /** TRN03 of our traces. */
  traceOrigin: string
  /** ISA15 of our own files. A test system's answers and acknowledgements know nothing about real patients, and the reverse. */
  usage: 'T' | 'P'
  /** ISA08 of what is for us. Numbers of another's acknowledgements are like ours: both count from 1. */
  submitterId: string
}

/** A file of nothing but noise must not become as many items as it has bytes. */
const unreadableMax = 1_000

/**
 * A file of the clearinghouse, item by item, in file order: the same bytes give the same items. No value of a patient is in them. Items
 * of one interchange are held back until its end, which alone can tell whether they come from a file that is whole.
 */
export async function* receivedItemsOf(bytes: AsyncIterable<Uint8Array>, config: ItemConfig): AsyncGenerator<Item> {
  let held: Item[] = []
  let unreadable = 0
  for await (const found of readX12Stream(bytes)) {
    const items = itemsOf(found, config)
    if (found.is === 'interchange-end') {
      yield* found.problems.length === 0 ? held : held.map(inDamagedFile)
      held = []
    }
    for (const item of items) {
      if (item.kind === 'unreadable' && ++unreadable > unreadableMax) continue
      if (found.is === 'ta1' || found.is === 'transaction') held.push(item)
      else yield item
    }
  }
  // An interchange without an end.
  yield* held.map(inDamagedFile)
}

/** TA1 has no counts of its own: outside a whole interchange, it is not believed. */
function inDamagedFile(item: Item): Item {
  if (item.kind === 'answer' && item.state === 'whole') return { ...item, state: 'in-damaged-file' }
  return item.kind === 'interchange-ack' ? { ...item, outcome: 'unreadable' } : item
}

/** What one finding says; nothing for a head, for blanks between interchanges, and for what is whole. */
export function itemsOf(found: Found, config: ItemConfig): Item[] {
  switch (found.is) {
    case 'transaction': {
      const { interchange, at, set } = found.transaction
      const misplaced = misplacedIn(interchange, config)
      return misplaced ? [unreadable(misplaced, at, set)] : transactionItems(found.transaction, config)
    }
    case 'ta1': {
      const misplaced = misplacedIn(found.interchange, config)
      if (misplaced) return [unreadable(misplaced, found.at, 'TA1')]
      const { isa13, outcome, note } = readTa1(found.elements)
      return [{ kind: 'interchange-ack', source: sourceOf(found.interchange, '', '', found.elements.join('*')), isa13, outcome, note: printable(note.code, 3) }]
    }
    case 'interchange':
      return []
    case 'junk':
      return found.harmless ? [] : [unreadable(found.problems[0]?.code ?? 'foreign-bytes', found.at, null)]
    case 'interchange-end':
    case 'end': {
      const [problem] = found.problems
      return problem ? [unreadable(problem.code, problem.at, null)] : []
    }
  }
}

const unreadable = (problem: string, at: number, set: string | null): Item => ({
  kind: 'unreadable',
  problem,
  at,
  set: set === null ? null : printable(set, 3),
})

/** Why an interchange is none that we should read: ISA15 is the other one, or ISA08 is somebody else. */
export function misplacedIn(
  { elements }: InterchangeHead,
  { usage, submitterId }: Pick<ItemConfig, 'usage' | 'submitterId'>,
): 'wrong-usage' | 'not-for-us' | undefined {
  if (elements[15] !== usage) return 'wrong-usage'
  return (elements[8] ?? '').trim() === submitterId.trim() ? undefined : 'not-for-us'
}

/** Of the partner's own codes and numbers. A control character among them would make the item one that no table takes. */
const printable = (text: string, charsMax: number): string => text.slice(0, charsMax).replaceAll(/[^\x20-\x7e]/g, '?')

function transactionItems(transaction: Transaction, config: ItemConfig): Item[] {
  const { interchange, group, control, text } = transaction
  const source = () => sourceOf(interchange, group?.control ?? '', control, text)
  switch (transaction.set) {
    case '271': {
      const answers = answersOf(transaction)
      return answers.map((answer, patient) => answerItem(answer, patient, answers.length, config))
    }
    case '999':
    case '997':
      return [groupAck(transaction, source())]
    case '277':
      return [{ kind: 'claim-ack', source: source(), outcome: readClaimAck(transaction).outcome }]
    default:
      return [unreadable(transaction.problems[0]?.code ?? 'unsupported-set', transaction.at, transaction.set)]
  }
}

/** Anything else in its place might name somebody. */
const payerIdShape = /^[0-9A-Za-z]{2,20}$/

function answerItem(answer: PatientAnswer, patient: number, patients: number, { traceOrigin }: ItemConfig): AnswerItem {
  const { traces, bht03, patientAccount } = matchKeysOf(answer, traceOrigin)
  const reference = personCheckReference({ traces, bht03, patientAccount })
  const reasons = answer.verdict === 'rejected' ? reasonsOf(answer) : []
  const rule = answer.verdict === 'rejected' ? rejectionRule(reasons) : answer.basis.rule
  return {
    kind: 'answer',
    source: limited(answer.source),
    patient,
    patients,
    traces,
    bht03,
    patientAccount,
    ...(answer.damage === null && payerIdShape.test(answer.payer?.id ?? '') ? { payerId: answer.payer?.id } : {}),
    person: reference !== undefined && answer.damage === null ? personCheckOf(reference, answer.told) : null,
    answeredAt: answer.answeredAt === undefined ? null : `${answer.answeredAt}Z`,
    // A 271 does not say which day was asked.
    serviceDate: null,
    verdict: answer.verdict,
    rule,
    days: daysOf(answer.facts).map((span) => (span.verdict === 'rejected' ? { ...span, rule } : span)),
    reasonCodes: [...new Set(reasons.map(({ code }) => printable(code, 12)))],
    notNow: answer.notNow,
    copayCents: answer.verdict === 'rejected' ? null : copayCentsOf(answer),
    // Whom it is about is compared after matching; a file marked as a test is not read at all.
    signs: { ...statedIn(answer), testMarked: false, echo: [] },
    state: answer.damage === null ? 'whole' : 'damaged',
  }
}

const setsMax = 500
const reasonsMax = 10
const reasonCharsMax = 40
/** An item is one event, and an event has a limit (32 KB as the database writes it): what the sets of one acknowledgement may take of it. */
const setBytesMax = 28_500
const bytesOfSet = (st02: string, outcome: string): number => 44 + st02.length + outcome.length
const bytesOfReason = (reason: string): number => 4 + reason.length

/**
 * Sets that were rejected come first, then their reasons; those that were accepted are told only where `unnamed` does not say it. What does
 * not fit is not said, and then nothing is concluded from not being named.
 */
function groupAck(transaction: Transaction, source: AnswerItem['source']): Item {
  const ack = readFunctionalAck(transaction)
  let bytesLeft = setBytesMax
  const rejected = ack.sets.filter(({ outcome }) => outcome === 'rejected')
  // Rejected once is rejected, however often the same number is accepted beside it.
  const no = new Set(rejected.map(({ st02 }) => Number(st02)))
  const others = ack.unnamed === 'accepted' ? [] : ack.sets.filter(({ st02, outcome }) => outcome !== 'rejected' && !no.has(Number(st02)))
  const listed = [...rejected, ...others].slice(0, setsMax).filter(({ st02, outcome }) => {
    bytesLeft -= bytesOfSet(st02.slice(0, 9), outcome)
    return bytesLeft > 0
  })
  const sets = listed.map((set) => {
    const reasons: string[] = []
    if (set.outcome === 'rejected')
      for (const reason of reasonsOfSet(set).slice(0, reasonsMax)) {
        const told = reason.slice(0, reasonCharsMax)
        bytesLeft -= bytesOfReason(told)
        if (bytesLeft > 0) reasons.push(told)
      }
    return { st02: printable(set.st02, 9), outcome: set.outcome, reasons }
  })
  // A rejected set whose number is none is one of those that seem not to be named.
  const namesAll = rejected.length <= listed.length && rejected.every(({ st02 }) => /^\d{1,9}$/.test(st02))
  return {
    kind: 'group-ack',
    source,
    gs06: ack.gs06,
    functionalId: printable(ack.functionalId, 2),
    outcome: ack.outcome,
    unnamed: ack.unnamed === 'accepted' && !namesAll ? 'unknown' : ack.unnamed,
    sets,
  }
}

function sourceOf(head: InterchangeHead, gs06: string, st02: string, text: string): AnswerItem['source'] {
  const hash = createHash('sha256')
  // A TA1 has no set of its own: the interchange's head makes it one of its kind.
  if (st02 === '') hash.update(head.elements.join('*'))
  return limited({ ...interchangeIds(head), gs06, st02, sha256: hash.update(text).digest('hex') })
}
const limited = ({ senderId, receiverId, isa13, gs06, st02, sha256 }: AnswerItem['source']): AnswerItem['source'] => ({
  senderId: printable(senderId, 15),
  receiverId: printable(receiverId, 15),
  isa13: printable(isa13, 9),
  gs06: printable(gs06, 9),
  st02: printable(st02, 9),
  sha256,
})
