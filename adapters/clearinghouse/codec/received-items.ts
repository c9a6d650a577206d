import { createHash } from 'node:crypto'
import { copayCentsOf, personCheckOf, type ReceivedItem, rejectionRule } from '@heliox/core/billing'
import type { ValueOf } from '@heliox/core/kit'
import { answersOf, type PatientAnswer } from './answer.ts'
import { readClaimAck } from './claim-ack.ts'
import type { Found, InterchangeHead, Transaction } from './found.ts'
import { readFunctionalAck, reasonsOfSet } from './functional-ack.ts'
import { matchKeysOf } from './match.ts'
import { readX12Stream } from './read.ts'
import { reasonsOf } from './real-time.ts'
import { readTa1 } from './ta1.ts'
import { daysOf } from './verdict-days.ts'

type Item = ValueOf<typeof ReceivedItem>
type AnswerItem = Extract<Item, { kind: 'answer' }>
export interface ItemConfig {
  /** TRN03 of our traces. */
  traceOrigin: string
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
    case 'transaction':
      return transactionItems(found.transaction, config)
    case 'ta1': {
      const { isa13, outcome, note } = readTa1(found.elements)
      return [{ kind: 'interchange-ack', source: sourceOf(found.interchange, '', '', found.elements.join('*')), isa13, outcome, note: note.code.slice(0, 3) }]
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

const unreadable = (problem: string, at: number, set: string | null): Item => ({ kind: 'unreadable', problem, at, set: set === null ? null : set.slice(0, 3) })

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

function answerItem(answer: PatientAnswer, patient: number, patients: number, { traceOrigin }: ItemConfig): AnswerItem {
  const { traces, bht03, patientAccount } = matchKeysOf(answer, traceOrigin)
  const [trace] = traces
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
    person: trace !== undefined && !trace.startsWith('#') && answer.damage === null ? personCheckOf(trace, answer.told) : null,
    answeredAt: answer.answeredAt === undefined ? null : `${answer.answeredAt}Z`,
    // A 271 does not say which day was asked.
    serviceDate: null,
    verdict: answer.verdict,
    rule,
    days: daysOf(answer.facts).map((span) => (span.verdict === 'rejected' ? { ...span, rule } : span)),
    reasonCodes: [...new Set(reasons.map(({ code }) => code))],
    notNow: answer.notNow,
    copayCents: answer.verdict === 'rejected' ? null : copayCentsOf(answer),
    state: answer.damage === null ? 'whole' : 'damaged',
  }
}

const setsMax = 500
const reasonsMax = 10
const reasonCharsMax = 40
/** An item is one event, and an event has a limit. */
const reasonCharsInAllMax = 4_000
function groupAck(transaction: Transaction, source: AnswerItem['source']): Item {
  const ack = readFunctionalAck(transaction)
  let charsLeft = reasonCharsInAllMax
  const sets = ack.sets.slice(0, setsMax).map((set) => {
    const reasons: string[] = []
    if (set.outcome === 'rejected')
      for (const reason of reasonsOfSet(set).slice(0, reasonsMax)) {
        charsLeft -= reason.length
        if (charsLeft > 0) reasons.push(reason.slice(0, reasonCharsMax))
      }
    return { st02: set.st02.slice(0, 9), outcome: set.outcome, reasons }
  })
  const isWhole = ack.sets.length <= setsMax
  return {
    kind: 'group-ack',
    source,
    gs06: ack.gs06,
    functionalId: ack.functionalId.slice(0, 2),
    outcome: ack.outcome,
    unnamed: isWhole ? ack.unnamed : 'unknown',
    sets,
  }
}

function sourceOf(head: InterchangeHead, gs06: string, st02: string, text: string): AnswerItem['source'] {
  const isa = (n: number) => (head.elements[n] ?? '').trim()
  const hash = createHash('sha256')
  // A TA1 has no set of its own: the interchange's head makes it one of its kind.
  if (st02 === '') hash.update(head.elements.join('*'))
  return limited({ senderId: isa(6), receiverId: isa(8), isa13: isa(13), gs06, st02, sha256: hash.update(text).digest('hex') })
}
const limited = ({ senderId, receiverId, isa13, gs06, st02, sha256 }: AnswerItem['source']): AnswerItem['source'] => ({
  senderId: senderId.slice(0, 15),
  receiverId: receiverId.slice(0, 15),
  isa13: isa13.slice(0, 9),
  gs06: gs06.slice(0, 9),
  st02: st02.slice(0, 9),
  sha256,
})
