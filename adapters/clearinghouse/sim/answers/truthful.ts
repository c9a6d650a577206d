import type { Inquiry, Person } from '../x12/inquiry.ts'
import type { Row } from '../x12/read.ts'
import { costs, coverage, planName, receiver, source, toPatient, toSubscriber } from './pieces.ts'

/** What payers say when they mean it. */

export const active = (q: Inquiry): Row[] => [...toPatient(q, { demographics: true }), ...coverage(q)]

export function inactive(q: Inquiry): Row[] {
  const before = Number(q.day.slice(0, 4)) - 1
  return [...toPatient(q, { demographics: true }), ['DTP', '347', 'D8', `${before}1231`], ['EB', '6', 'IND', '30', 'HM', 'HELIO GOLD']]
}
/** Two plans: one has ended, one is active. */
export function mixed(q: Inquiry): Row[] {
  const year = Number(q.day.slice(0, 4))
  return [
    ...toPatient(q, { demographics: true }),
    ['EB', '6', 'IND', '30', 'HM', 'HELIO SILVER'],
    ['DTP', '347', 'D8', `${year - 1}1231`],
    ['EB', '1', 'IND', '30', 'PR', planName(q.payer.id)],
    ['DTP', '346', 'D8', `${year}0101`],
    ...costs,
  ]
}
/** INS03/04 001/25: the payer says name and birth date as it has them, which are not those that were asked. */
export function corrected(q: Inquiry): Row[] {
  const put = <P extends Person>(person: P): P => ({ ...person, family: `${person.family.slice(0, 50)} RIGHT`, born: nextDay(person.born) })
  const right: Inquiry = q.dependent ? { ...q, dependent: put(q.dependent) } : { ...q, subscriber: put(q.subscriber) }
  return [...toPatient(right, { demographics: true, corrected: true }), ...coverage(right)]
}
const nextDay = (compact: string): string => {
  const time = Date.parse(`${compact.slice(0, 4)}-${compact.slice(4, 6)}-${compact.slice(6, 8)}T00:00:00Z`)
  return Number.isNaN(time) ? compact : new Date(time + 86_400_000).toISOString().slice(0, 10).replaceAll('-', '')
}

export const loops = ['2000A', '2100A', '2100B', '2100C', '2100D', '2110C', '2110D'] as const
export type Loop = (typeof loops)[number]
export interface Rejection {
  code: string
  /** Undefined: where the patient is. 2100D and 2110D of a patient who is the subscriber are 2100C and 2110C. */
  loop?: Loop | undefined
  valid?: 'Y' | 'N' | undefined
  followUp?: string | undefined
}

/** AAA01 and AAA04 as payers mostly send them; the rest is `N`, please correct. */
const usual: Readonly<Record<string, readonly ['Y' | 'N', string]>> = {
  '42': ['Y', 'R'],
  '80': ['N', 'R'],
  '41': ['N', 'N'],
  '79': ['N', 'C'],
  '62': ['N', 'N'],
}

export function rejected(q: Inquiry, { code, loop, valid, followUp }: Rejection): Row[] {
  const [usualValid, usualFollowUp] = usual[code] ?? ['N', 'C']
  const aaa: Row = ['AAA', valid ?? usualValid, '', code, followUp ?? usualFollowUp]
  switch (loop) {
    case '2000A': {
      const [hl, nm1] = source(q, '0')
      return [hl ?? [], aaa, nm1 ?? []]
    }
    case '2100A':
      return [...source(q, '0'), aaa]
    case '2100B':
      return [...source(q, '1'), ...receiver(q, '0'), aaa]
    case '2110C':
    case '2110D':
      return [...active(q), ['EB', 'V', 'IND', '88'], aaa]
    case '2100C':
      return [...toSubscriber(q, { stops: true }), aaa]
    default:
      return q.dependent ? behindName(toPatient(q), aaa) : [...toSubscriber(q), aaa]
  }
}
/** In 2100D the AAA stands before INS. */
const behindName = (rows: Row[], aaa: Row): Row[] => [...rows.slice(0, -1), aaa, ...rows.slice(-1)]

/** A dependent is found under the subscriber only. */
export const onlyUnderSubscriber = (q: Inquiry, code = '75'): Row[] => (q.dependent ? active(q) : rejected(q, { code, loop: '2100C' }))
