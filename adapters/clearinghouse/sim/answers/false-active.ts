import type { Inquiry } from '../x12/inquiry.ts'
import type { Row } from '../x12/read.ts'
import { costs, coverage, planDates, planName, toPatient } from './pieces.ts'

/** "Active" from something that did not look the patient up: what gateways and replicas say on holidays. */

/** Nobody real. */
const canned = {
  subscriber: { id: 'CANNED0001', family: 'SAMPLE', given: 'PAT', born: '19700101', sex: 'F' },
  provider: { name: 'SAMPLE CLINIC', npi: '1999999984' },
  day: '20200115',
}
const cannedTrace = 'CANNEDTRACE0001'

/** The same for everybody. With our trace it looks like an answer; without, like somebody else's. */
export function cannedAnswer(q: Inquiry, echoTrace: boolean): Row[] {
  const asked: Inquiry = { ...q, ...canned, dependent: null, account: '' }
  return active(echoTrace ? asked : { ...asked, trace: { ...q.trace, id: cannedTrace } })
}
const active = (q: Inquiry): Row[] => [...toPatient(q, { demographics: true }), ...coverage(q)]

/** The right person as of some time ago: the plan year of then, and the day that it answers for, where it tells one, is not the day asked. */
export function staleReplica(q: Inquiry, { ageDays, tellsDay }: { ageDays: number; tellsDay: boolean }): Row[] {
  const then = shifted(q.day, -ageDays)
  const year = then.slice(0, 4)
  return [
    ...toPatient(q, { demographics: true }),
    ...(tellsDay ? [['DTP', '291', 'D8', then]] : []),
    ...planDates(`${year}0101`, `${year}1231`),
    ['EB', '1', 'IND', '30', 'HM', planName(q.payer.id)],
    ...costs,
  ]
}
function shifted(compact: string, days: number): string {
  const time = Date.parse(`${compact.slice(0, 4)}-${compact.slice(4, 6)}-${compact.slice(6, 8)}T00:00:00Z`)
  return new Date((Number.isNaN(time) ? 0 : time) + days * 86_400_000).toISOString().slice(0, 10).replaceAll('-', '')
}

export const gatewayDefault = (q: Inquiry): Row[] => [...toPatient(q), ['EB', '1', '', '30']]

/** A cache that mixed two people up: our trace, their answer. */
export const echoOfAnother = (q: Inquiry): Row[] => active(someoneElse(q, q.trace.id, q.account))
/** Everything is somebody else's. */
export const otherPatient = (q: Inquiry): { reference: string; rows: Row[] } => ({
  reference: 'SOMEONE-ELSE',
  rows: active(someoneElse(q, 'SOMEONE-ELSE', '')),
})
const someoneElse = (q: Inquiry, trace: string, account: string): Inquiry => ({
  ...q,
  trace: { ...q.trace, id: trace },
  account,
  dependent: null,
  subscriber: { id: 'XZ9900417', family: 'OTHERWISE', given: 'TERRY', born: '19610303', sex: 'M' },
})

/** Whole, and says nothing. */
export const empty = (q: Inquiry): Row[] => toPatient(q, { demographics: true })
