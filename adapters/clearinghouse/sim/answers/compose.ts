import type { Behaviour } from '../scenario/behaviours.ts'
import type { Inquiry } from '../x12/inquiry.ts'
import type { Row } from '../x12/read.ts'
import { type OutSet, stampOf } from '../x12/write.ts'
import { cannedAnswer, echoOfAnother, empty, gatewayDefault, otherPatient, staleReplica } from './false-active.ts'
import { active, corrected, inactive, mixed, onlyUnderSubscriber, rejected } from './truthful.ts'

/** What a 271 says for one patient. What only changes how it arrives (`slow`, `truncated`, …) says `active`. */
export function contentOf(q: Inquiry, b: Behaviour): { reference: string; rows: Row[] } {
  if (b.behaviour === 'other-patient') return otherPatient(q)
  return { reference: q.reference, rows: rowsOf(q, b) }
}
function rowsOf(q: Inquiry, b: Behaviour): Row[] {
  switch (b.behaviour) {
    case 'inactive':
      return inactive(q)
    case 'mixed':
      return mixed(q)
    case 'corrected':
      return corrected(q)
    case 'rejected':
      return rejected(q, b)
    case 'unable-now':
      return rejected(q, { code: '42', loop: '2100A' })
    case 'only-under-subscriber':
      return onlyUnderSubscriber(q, b.code)
    case 'canned-answer':
      return cannedAnswer(q, b.echoTrace ?? true)
    case 'stale-replica':
      return staleReplica(q, { ageDays: b.ageDays ?? 400, tellsDay: b.tellsDay ?? true })
    case 'gateway-default':
      return gatewayDefault(q)
    case 'echo-of-another':
      return echoOfAnother(q)
    case 'empty':
      return empty(q)
    default:
      return active(q)
  }
}

/** Nobody worked on it, so it is no effect and is not remembered. */
export function isWork(b: Behaviour): boolean {
  if (b.behaviour === 'rejected') return !(['42', '80'].includes(b.code) && (b.loop === '2000A' || b.loop === '2100A'))
  return !['unable-now', 'outage', 'silence', 'failure-document', 'other-patient', 'ta1-only', 'ta1-reject', '999-reject', '999-partial'].includes(b.behaviour)
}

const version271 = '005010X279A1'
/** ST02 counts in the file. */
export function setOf(content: { reference: string; rows: readonly Row[] }, at: Date, number: number): OutSet {
  const { date, time } = stampOf(at)
  return {
    code: '271',
    control: `${number}`.padStart(4, '0'),
    version: version271,
    rows: [['BHT', '0022', '11', content.reference, date, time], ...content.rows],
  }
}
