import { createHash, createHmac } from 'node:crypto'
import type { EligibilityInquiryV2, Seen } from '@heliox/core/billing'
import { PartnerFault, type ValueOf } from '@heliox/core/kit'
import { readRealTimeAnswer } from '../../codec/real-time.ts'
import { write270 } from '../../codec/write270.ts'
import { signsOf } from '../../signs.ts'
import { Clearinghouse } from '../../sim/clearinghouse.ts'
import { SimClock } from '../../sim/clock.ts'
import { answerText, isMock, readAsked } from '../../sim/rest/answering.ts'
import type { Scenario } from '../../sim/scenario/scenario.ts'
import type { Member, ScriptedPayer } from './world.ts'

type Inquiry = ValueOf<typeof EligibilityInquiryV2>

export interface Told {
  verdict: 'active' | 'inactive' | 'mixed' | 'rejected' | 'unknown'
  seen: Seen
  /** The simulator did not look the member up. */
  isLie: boolean
}

const key = 'the key of this run'
const keyed = (text: string): string => createHmac('sha256', key).update(text).digest('hex')

/**
 * One question through the adapter's own code to the simulator's own code, in this process: what is written is what the simulator reads,
 * what it answers is what the adapter reads. Only the line between them and the ledger are left out.
 */
export class Asking {
  readonly #clock = new SimClock({ frozen: true })
  readonly #house: Clearinghouse
  #asked = 0

  constructor(scenario: Scenario) {
    this.#house = new Clearinghouse(this.#clock, scenario)
  }

  /** Undefined: the payer says that it cannot answer now, or nothing. `latency`: of the payer, and of what stands in its place. */
  ask(payer: ScriptedPayer, member: Member, at: Date, latency: { ofTruth: number; ofLie: number }, canary?: 'active' | 'inactive'): Told | undefined {
    this.#asked += 1
    this.#clock.set({ now: at })
    const inquiry = inquiryOf(payer, member, at, this.#asked, canary)
    const { bytes } = write270([inquiry], { submitterId: 'HELIOXHUB', receiverId: 'CLEARSIM', usage: 'P', traceOrigin: '9HELIOXHUB', control: this.#asked, at })
    const asked = readAsked(bytes.toString('latin1'))
    if ('refused' in asked) throw new Error(`the simulator cannot read our 270: ${asked.refused}`)
    const { behaviour, rule } = this.#house.decide(asked.inquiry, 'real-time')
    if (behaviour.behaviour === 'silence' || behaviour.behaviour === 'outage') return undefined
    const text = answerText(this.#house, asked, behaviour)
    const isLie = rule === 'lie'
    try {
      const answer = readRealTimeAnswer(Buffer.from(text, 'latin1'), inquiry, { usage: 'P', mock: isMock(behaviour) })
      const signs = signsOf(inquiry, answer)
      if (!signs) return undefined
      const seen: Seen = {
        signs: { ...signs, body: keyed(createHash('sha256').update(signs.body).digest('hex')), subject: keyed(signs.subject) },
        latencyMs: isLie ? latency.ofLie : latency.ofTruth,
      }
      return { verdict: answer.is === 'ok' ? answer.value.verdict : 'rejected', seen, isLie }
    } catch (error) {
      if (error instanceof PartnerFault) return undefined
      throw error
    }
  }
}

/** Asked today about a visit of the next weeks. */
function inquiryOf(payer: ScriptedPayer, member: Member, at: Date, number: number, canary?: 'active' | 'inactive'): Inquiry {
  const id = keyed(`${payer.id} ${member.memberId} ${at.toISOString()} ${number}`)
  return {
    requestId: `${id.slice(0, 8)}-${id.slice(8, 12)}-4${id.slice(13, 16)}-8${id.slice(17, 20)}-${id.slice(20, 32)}`,
    route: 'real-time',
    payerId: payer.id,
    payerName: payer.id,
    providerName: 'LAKESIDE CLINIC',
    providerNpi: '1234567893',
    ...member,
    holder: null,
    relationship: null,
    serviceDate: new Date(at.getTime() + (number % 15) * 86_400_000).toISOString().slice(0, 10),
    serviceTypes: ['30'],
    ...(canary ? { canary } : {}),
  }
}
