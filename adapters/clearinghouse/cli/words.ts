import type { InterchangeHead } from '../codec/found.ts'
import type { Problem, ProblemCode } from '../codec/problem.ts'

/** A file's own characters must not steer the terminal that shows them. */
export const printable = (text: string): string => text.replace(/\p{Cc}/gu, (char) => `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`)

const reasons: Readonly<Record<ProblemCode, string>> = {
  'not-x12': 'no X12 interchange begins anywhere in it',
  'foreign-bytes': 'bytes that belong to no interchange',
  delimiters: 'the delimiters of the ISA are not in their places, or not apart from each other',
  'bad-segment': 'no segment as X12 has them: its tag, a control character, or nothing in it',
  truncated: 'it ends, or another begins, before its trailer',
  'envelope-order': 'a segment that cannot stand here',
  'count-mismatch': 'the count in the trailer is not what is there',
  'control-number-mismatch': 'the number in the trailer is not that of the header',
  'unsupported-version': 'a version that is not read',
  'several-interchanges': 'more than one interchange where one was asked for',
  hierarchy: 'an HL whose place in the hierarchy cannot be',
  'missing-segment': 'a segment that must be there is not',
  'too-large': 'larger than the limit; the rest of it is not read',
  'refused-value': 'a value that cannot be written',
}
/** `byte 431, SE01: the count in the trailer is not what is there (count-mismatch)` */
export const problemInWords = ({ at, place, code }: Problem): string => `byte ${at}, ${place}: ${reasons[code]} (${code})`

const sets: Readonly<Record<string, string>> = {
  '270': 'eligibility inquiry',
  '271': 'eligibility answer',
  '276': 'claim status inquiry',
  '277': 'claim acknowledgement or status',
  '278': 'request for leave',
  '834': 'enrolment',
  '835': 'payment',
  '837': 'claim',
  '997': 'acknowledgement of a group',
  '999': 'acknowledgement of a group',
}
export const setInWords = (set: string): string => (Object.hasOwn(sets, set) ? (sets[set] ?? '') : 'a set without a name here')

/** `interchange 000000905 from CLEARSIM to HELIOXHUB, 2026-12-01 09:10, test` */
export function interchangeInWords({ elements }: InterchangeHead): string {
  const [sender, receiver, date, time, control, usage] = [6, 8, 9, 10, 13, 15].map((n) => printable((elements[n] ?? '').trim()))
  const day = /^\d{6}$/.test(date ?? '') ? `20${date?.slice(0, 2)}-${date?.slice(2, 4)}-${date?.slice(4)}` : date
  const hour = /^\d{4}$/.test(time ?? '') ? `${time?.slice(0, 2)}:${time?.slice(2)}` : time
  return `interchange ${control} from ${sender} to ${receiver}, ${day} ${hour}, ${usage === 'P' ? 'production' : usage === 'T' ? 'test' : `usage ${usage}`}`
}
