import { contentOf, isWork, setOf } from '../answers/compose.ts'
import { nextOpen } from '../calendar/payer-calendar.ts'
import type { Clearinghouse } from '../clearinghouse.ts'
import type { Behaviour } from '../scenario/behaviours.ts'
import type { SentInterchange } from '../x12/read.ts'
import type { OutGroup } from '../x12/write.ts'
import { backTo, type Delivery } from './delivery.ts'
import type { Decided } from './intake.ts'

/** Between the files of one payer's answers. */
const betweenFilesMs = 1_000
const slowMs = 15_000
const pendingMs = 5_000
const unanswered: readonly Behaviour['behaviour'][] = ['silence', 'outage', 'failure-document', 'timeout-after-accepting']
/** Faults of a whole file: they stand in a file of their own, so that the other patients' answers are whole. */
const ownFile: readonly Behaviour['behaviour'][] = ['truncated', 'duplicate-answer', 'test-marked']

/** The 271 files for one interchange: by payer, in as many files as the scenario says; counts the work. */
export function answerDeliveries(house: Clearinghouse, sent: SentInterchange, decided: readonly Decided[]): Delivery[] {
  const files = new Map<string, Decided[]>()
  for (const one of decided) {
    const { inquiry, behaviour } = one
    if (isWork(behaviour)) house.worked('batchInquiry', inquiry, inquiry.trace.id)
    if (unanswered.includes(behaviour.behaviour)) continue
    const kind = ownFile.includes(behaviour.behaviour) ? JSON.stringify(behaviour) : ''
    const key = `${inquiry.payer.id}|${delayOf(behaviour)}|${kind}`
    const others = files.get(key)
    if (others) others.push(one)
    else files.set(key, [one])
  }
  return [...files.values()].flatMap((group) => {
    const size = house.scenario.batch.answersPerFile
    const chunks = Array.from({ length: Math.ceil(group.length / size) }, (_, n) => group.slice(n * size, (n + 1) * size))
    return chunks.flatMap((chunk, n) => fileOf(house, sent, chunk, n * betweenFilesMs))
  })
}

/** A payer's own time comes on top of the usual wait. */
function delayOf(behaviour: Behaviour): number {
  if (behaviour.behaviour === 'slow') return behaviour.delayMs ?? slowMs
  if (behaviour.behaviour === 'pending') return (behaviour.delayMs ?? 0) + (behaviour.readyAfterMs ?? pendingMs)
  return behaviour.delayMs ?? 0
}

function fileOf(house: Clearinghouse, sent: SentInterchange, answers: readonly Decided[], laterMs: number): Delivery[] {
  const first = answers[0]
  if (!first) return []
  const { behaviour, inquiry } = first
  const wanted = house.clock.nowMs() + house.scenario.batch.answerAfterMs + delayOf(behaviour) + laterMs
  const dueMs = nextOpen(house.payer(inquiry.payer.id), new Date(wanted)).getTime()
  const usage = behaviour.behaviour === 'test-marked' ? (sent.usage === 'P' ? 'T' : 'P') : sent.usage
  const file = (number: number, name: string, changed: boolean, after: number): Delivery => {
    const write = backTo(house, sent, number)
    const groups = (at: Date): OutGroup[] => {
      const sets = answers.map((one, n) => setOf(contentOf(one.inquiry, changed ? { behaviour: 'inactive' } : one.behaviour), at, n + 1))
      return [{ functionalId: 'HB', control: number, sets }]
    }
    return { name, dueMs: dueMs + after, what: `271 of ${inquiry.payer.id}`, text: (at) => write(at, { groups: groups(at), usage }) }
  }
  const nameOf = (number: number): string => `271_${inquiry.payer.id.replace(/[^0-9A-Za-z]/g, '')}_${number}.x12`
  const number = house.nextNumber()
  const usual = file(number, nameOf(number), false, 0)
  if (behaviour.behaviour === 'truncated') return [{ ...usual, torn: { share: behaviour.share ?? 0.7, restAfterMs: behaviour.restAfterMs } }]
  if (behaviour.behaviour !== 'duplicate-answer') return [usual]
  const again = house.nextNumber()
  if (behaviour.as === 'new-numbers') return [usual, file(again, nameOf(again), false, betweenFilesMs)]
  if (behaviour.as === 'same-numbers') return [usual, file(number, nameOf(again), true, betweenFilesMs)]
  // The same bytes: written at the first one's moment.
  const sameBytes = { ...file(number, nameOf(again), false, betweenFilesMs), text: () => usual.text(new Date(dueMs)) }
  return [{ ...usual, text: () => usual.text(new Date(dueMs)) }, sameBytes]
}
