import {
  EligibilityAnswerV2,
  EligibilityInquiryV2,
  EligibilityRejectionV2,
  type ReadOutSection,
  readEligibilityAnswer,
  readInquiry,
  readRejection,
} from '@heliox/core/billing'
import type { AnyOperation } from './operation-of.ts'

/** Words for what an eligibility check sends and gets; the other partners' small values are told field by field. */
export function readSent(operation: AnyOperation | undefined, value: unknown): ReadOutSection[] {
  const inquiry = operation?.input.id === EligibilityInquiryV2.id ? EligibilityInquiryV2.schema.safeParse(value) : undefined
  return inquiry?.success ? readInquiry(inquiry.data) : readFields(value)
}

export function readAnswer(operation: AnyOperation | undefined, port: 'ok' | 'rejected' | 'choice', value: unknown): ReadOutSection[] {
  if (port === 'ok' && operation?.output.id === EligibilityAnswerV2.id) {
    const answer = EligibilityAnswerV2.schema.safeParse(value)
    if (answer.success) return readEligibilityAnswer(answer.data)
  }
  if (port === 'rejected' && operation?.rejection.id === EligibilityRejectionV2.id) {
    const rejection = EligibilityRejectionV2.schema.safeParse(value)
    if (rejection.success) return readRejection(rejection.data)
  }
  return readFields(value)
}

const linesMax = 200
const textCharsMax = 2_000

/** Any value, field by field: `memberId` as "member id". */
function readFields(value: unknown): ReadOutSection[] {
  const lines: ReadOutSection['lines'] = []
  const walk = (at: unknown, path: readonly string[]): void => {
    if (lines.length >= linesMax || at === null || at === undefined || at === '') return
    if (Array.isArray(at)) for (const [index, one] of at.entries()) walk(one, [...path, String(index + 1)])
    else if (typeof at === 'object') for (const [key, one] of Object.entries(at)) walk(one, [...path, words(key)])
    else lines.push({ label: path.join(' ') || 'value', text: String(at).slice(0, textCharsMax), code: null })
  }
  walk(value, [])
  return lines.length > 0 ? [{ title: 'Content', lines }] : []
}
const words = (key: string): string => key.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase()
