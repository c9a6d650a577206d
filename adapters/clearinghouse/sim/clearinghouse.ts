import { SimJournal } from '../../sim-journal.ts'
import { momentAt, type PayerMoment } from './calendar/payer-calendar.ts'
import type { SimClock } from './clock.ts'
import { Control } from './control.ts'
import { type Payer, type Payers, payersOf, unknownPayer, usualBehaviour } from './payers.ts'
import { Effects, Log, Memory } from './records.ts'
import type { Behaviour } from './scenario/behaviours.ts'
import { Rules } from './scenario/rules.ts'
import { type Door, Scenario } from './scenario/scenario.ts'
import type { Inquiry } from './x12/inquiry.ts'
import type { Delimiters } from './x12/read.ts'

const tracesMax = 200_000

/** What both doors share: the scenario that plays, who decides, what was done, and the numbers. */
export class Clearinghouse {
  readonly clock: SimClock
  readonly journal: SimJournal
  readonly control: Control
  readonly effects: Effects
  readonly log: Log
  readonly #first: Scenario
  #scenario: Scenario
  #rules: Rules
  #payers: Payers
  #number = 1000
  #resets = 0
  /** Traces that were worked on. */
  readonly #worked: Memory<true>
  readonly #useRule: (index: number) => void
  readonly #useNumber: () => void
  /** From now on this one, with none of its rules used. */
  readonly play: (scenario: Scenario) => void

  constructor(clock: SimClock, first: Scenario = Scenario.parse({}), journal = new SimJournal()) {
    this.clock = clock
    this.journal = journal
    this.control = new Control(journal)
    this.effects = new Effects(journal)
    this.log = new Log(journal, clock)
    this.#worked = new Memory(journal, 'trace-worked', tracesMax)
    this.#first = first
    this.#scenario = first
    this.#rules = new Rules(first.rules)
    this.#payers = payersOf(first.payers)
    this.play = journal.change('scenario', (scenario) => {
      this.#scenario = scenario
      this.#rules = new Rules(scenario.rules)
      this.#payers = payersOf(scenario.payers)
    })
    this.#useRule = journal.change('rule-used', (index) => this.#rules.use(index))
    this.#useNumber = journal.change('number', () => {
      this.#number += 1
    })
  }

  get scenario(): Scenario {
    return this.#scenario
  }
  rulesUsed(): { rule: string; times: number }[] {
    return this.#rules.used()
  }
  /** Rises with each reset: what began before it is of no account. */
  get resets(): number {
    return this.#resets
  }
  /** As at the start, but for the clock and the numbers. */
  reset(): void {
    this.#resets += 1
    this.control.set('answers', null)
    this.effects.clear()
    this.log.clear()
    this.#worked.clear()
    this.play(this.#first)
  }

  payer(id: string): Payer {
    return this.#payers.get(id) ?? unknownPayer
  }
  moment(inquiry: Inquiry): PayerMoment {
    return momentAt(this.payer(inquiry.payer.id), this.clock.now())
  }
  /** The first rule that fits, else what payer and member are known for. `forced`: a fault mode that every payer plays. */
  decide(inquiry: Inquiry, door: Door, forced?: Behaviour): { behaviour: Behaviour; rule: string } {
    const moment = this.moment(inquiry)
    const ruled = this.#rules.find(inquiry, door, this.clock.now(), moment)
    if (ruled) {
      this.#useRule(ruled.index)
      return ruled
    }
    const usual = usualBehaviour(inquiry, this.#payers.get(inquiry.payer.id), door, moment.closed)
    const atPayer = this.#payers.has(inquiry.payer.id) && usual.behaviour !== 'unable-now'
    return { behaviour: forced && atPayer ? forced : usual, rule: 'usual' }
  }
  /** ISA13 and GS06 of ours. */
  nextNumber(): number {
    this.#useNumber()
    return this.#number
  }
  format(asked: Delimiters): Delimiters {
    return this.#scenario.format ?? asked
  }
  /** Counts the work; a trace that had come before is seen as a duplicate, whichever door it came by. */
  worked(effect: 'checkEligibility' | 'batchInquiry', inquiry: Inquiry, key: string): void {
    const { trace, subscriber, dependent } = inquiry
    this.journal.together(() => {
      this.effects.did(effect, key, { trace: trace.id, member: dependent?.id || subscriber.id })
      if (this.#worked.has(trace.id)) this.effects.did('duplicateInquiry', trace.id)
      this.#worked.set(trace.id, true)
    })
  }
}
