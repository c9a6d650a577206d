import type { Clearinghouse } from '../clearinghouse.ts'
import { Memory } from '../records.ts'
import type { Behaviour } from '../scenario/behaviours.ts'
import { rows999, type SetOutcome, ta1Row, version999 } from '../x12/acknowledge.ts'
import { type Inquiry, inquiriesOf } from '../x12/inquiry.ts'
import { readInterchanges, type SentGroup, type SentInterchange } from '../x12/read.ts'
import { answerDeliveries } from './answers.ts'
import { backTo, type Deliveries, type Delivery, reversed } from './delivery.ts'

const interchangesMax = 100_000

/** One patient of a batch and what will be done. */
export interface Decided {
  inquiry: Inquiry
  behaviour: Behaviour
}
interface ReadGroup {
  group: SentGroup
  outcomes: SetOutcome[]
  decided: Decided[]
}

/** What happens to a file of /to-clearinghouse: each interchange by itself, then TA1, 999 and answers by the clock. */
export class Intake {
  readonly #house: Clearinghouse
  readonly #deliveries: Deliveries
  /** Numbers each sender has used. */
  readonly #used: Memory<true>

  constructor(house: Clearinghouse, deliveries: Deliveries) {
    this.#house = house
    this.#deliveries = deliveries
    this.#used = new Memory(house.journal, 'interchange-used', interchangesMax)
  }
  clear(): void {
    this.#used.clear()
  }

  take(bytes: Buffer): void {
    const interchanges = readInterchanges(bytes.toString('latin1'))
    this.#house.log.add('file-taken', { bytes: bytes.length, interchanges: interchanges.length })
    for (const interchange of interchanges) this.#takeInterchange(interchange)
  }

  #takeInterchange(sent: SentInterchange) {
    const house = this.#house
    const key = `${sent.sender}/${sent.control}`
    if (sent.note === '000' && this.#used.has(key)) {
      house.effects.did('duplicateInterchange', key)
      return this.#refuse(sent, '025')
    }
    if (sent.note !== '000') return this.#refuse(sent, sent.note)
    const groups = sent.groups.map((group) => this.#decide(group, sent))
    const all = groups.flatMap(({ decided }) => decided)
    const refused = all.find(({ behaviour }) => behaviour.behaviour === 'ta1-reject')?.behaviour
    if (refused?.behaviour === 'ta1-reject') return this.#refuse(sent, refused.note ?? '024')
    this.#used.set(key, true)
    house.effects.did('submitBatch', key)
    const deliveries = this.#ta1(sent, '000')
    if (!all.some(({ behaviour }) => behaviour.behaviour === 'ta1-only')) for (const read of groups) deliveries.push(...this.#process(sent, read))
    const backward = house.scenario.batch.order === 'reversed' || all.some(({ behaviour }) => behaviour.behaviour === 'out-of-order')
    this.#deliveries.schedule(backward ? reversed(deliveries) : deliveries)
  }

  #refuse(sent: SentInterchange, note: string): void {
    this.#house.log.add('interchange-refused', { isa13: sent.control, note })
    this.#deliveries.schedule(this.#ta1(sent, note))
  }
  #ta1(sent: SentInterchange, note: string): Delivery[] {
    const { batch } = this.#house.scenario
    if (note === '000' && (batch.ta1 === 'on-error' || (batch.ta1 === 'asked' && !sent.asksTa1))) return []
    const number = this.#house.nextNumber()
    const write = backTo(this.#house, sent, number)
    const dueMs = this.#house.clock.nowMs() + batch.ta1AfterMs
    return [{ name: `TA1_${number}.x12`, dueMs, what: `TA1 for ${sent.control}`, text: (at) => write(at, { ta1: [ta1Row(sent, note)] }) }]
  }

  #decide(group: SentGroup, sent: SentInterchange): ReadGroup {
    const house = this.#house
    const read: ReadGroup = { group, outcomes: [], decided: [] }
    for (const set of group.sets) {
      const inquiries = group.sound ? inquiriesOf(set, sent) : { reason: 'group', at: { segment: 'ST', position: 1, element: 2, code: '7' } }
      if (!Array.isArray(inquiries)) {
        house.log.add('set-refused', { st02: set.control, reason: inquiries.reason })
        read.outcomes.push({ control: set.control, is: 'rejected', refusal: inquiries })
        continue
      }
      const decided = inquiries.map((inquiry) => {
        const { behaviour, rule } = house.decide(inquiry, 'batch')
        const facts = { door: 'batch', payer: inquiry.payer.id, trace: inquiry.trace.id, behaviour: behaviour.behaviour, rule }
        house.log.add('inquiry', facts)
        return { inquiry, behaviour }
      })
      const has = (name: Behaviour['behaviour']): boolean => decided.some(({ behaviour }) => behaviour.behaviour === name)
      const word = () => {
        if (has('999-partial')) return 'rejected'
        return has('999-errors') ? 'errors' : 'accepted'
      }
      read.outcomes.push({ control: set.control, is: word() })
      // A set that the 999 rejects is not worked on.
      read.decided.push(...decided.filter(({ behaviour }) => behaviour.behaviour === '999-reject' || !has('999-partial')))
    }
    return read
  }

  #process(sent: SentInterchange, { group, outcomes, decided }: ReadGroup): Delivery[] {
    const house = this.#house
    const whole = decided.some(({ behaviour }) => behaviour.behaviour === '999-reject')
    const number = house.nextNumber()
    const write = backTo(house, sent, number)
    const rows = rows999(group, outcomes, whole ? 'whole-group' : 'each')
    const sets = [{ code: '999', control: '0001', version: version999, rows } as const]
    const acknowledgement: Delivery = {
      name: `999_${number}.x12`,
      dueMs: house.clock.nowMs() + house.scenario.batch.ackAfterMs,
      what: `999 for ${group.control}`,
      text: (at) => write(at, { groups: [{ functionalId: 'FA', control: number, sets }] }),
    }
    return [acknowledgement, ...(whole ? [] : answerDeliveries(house, sent, decided))]
  }
}
