import type { ValueOf } from '../kit/index.ts'
import type { EligibilityAnswerV2 } from './answer.ts'
import type { EligibilityInquiryV2 } from './asking.ts'

/** Partner data in words: sections of lines; `code` is the partner's own code behind the words. */
interface ReadOutLine {
  label: string
  text: string
  code: string | null
}
export interface ReadOutSection {
  title: string
  lines: ReadOutLine[]
}

const line = (label: string, text: string | null | undefined, code: string | null | undefined = null): ReadOutLine[] =>
  text === null || text === undefined || text === '' ? [] : [{ label, text, code: code ?? null }]
const section = (title: string, ...lines: ReadOutLine[][]): ReadOutSection[] => {
  const all = lines.flat()
  return all.length > 0 ? [{ title, lines: all }] : []
}
/** More benefits than this nobody reads on a screen; the answer itself is kept whole. */
const benefitsMax = 100

/** What a payer was asked, as somebody on the phone with it would say it. PHI. */
export function readInquiry(inquiry: ValueOf<typeof EligibilityInquiryV2>): ReadOutSection[] {
  const { holder } = inquiry
  return [
    ...section('Asked', line('Payer', inquiry.payerName, inquiry.payerId), line('Provider', inquiry.providerName, inquiry.providerNpi), [
      ...line('Day of the visit', inquiry.serviceDate),
      ...line('Service types', inquiry.serviceTypes.join(', ')),
      ...line('Trace', inquiry.requestId),
    ]),
    ...section('About', line('Member ID', inquiry.memberId), line('Given name', inquiry.givenName), line('Family name', inquiry.familyName), [
      ...line('Born', inquiry.birthDate),
      ...line('Sex on record', inquiry.payerSex),
    ]),
    ...(holder
      ? section('Policy holder', line('Member ID', holder.memberId), line('Name', `${holder.givenName} ${holder.familyName}`), line('Born', holder.birthDate))
      : []),
  ]
}

type Coded = { code: string; label?: string | undefined }
const coded = (label: string, value: Coded | undefined): ReadOutLine[] => (value ? line(label, value.label ?? value.code, value.code) : [])
const nameOf = (party: { name?: string | undefined; givenName?: string | undefined } | undefined): string | undefined =>
  party && ([party.givenName, party.name].filter(Boolean).join(' ') || undefined)
const period = (date: { from?: string | undefined; to?: string | undefined; raw: string }): string =>
  date.from ? `${date.from} to ${date.to ?? 'open'}` : date.raw

/** What one answer says, as somebody who must decide reads it. PHI. */
export function readEligibilityAnswer(answer: EligibilityAnswerV2): ReadOutSection[] {
  const { patient, plan } = answer
  return [
    ...section('Verdict', line('Cover', answer.verdict), line('Because', answer.basis.rule.replaceAll('-', ' ')), [
      ...line('Answered at', answer.answeredAt),
      ...line('Given by', answer.manual ? 'a person' : 'the payer'),
    ]),
    ...section(
      'Turned down',
      ...answer.rejections.map((one) => [
        ...line(`Reason (${one.loop})`, one.reason.label ?? one.reason.code, one.reason.code),
        ...line('What to do', one.action.replaceAll('-', ' '), one.followUp.code),
        ...line('Who', one.who),
      ]),
    ),
    ...section('Person', line('Who', patient.is), line('Name', nameOf(patient.person)), line('Member ID', patient.person?.id), [
      ...line('Born', patient.person?.birthDate),
      ...line('Changed by the payer', patient.corrected ? 'yes' : undefined),
    ]),
    ...section('Payer', line('Name', nameOf(answer.payer), answer.payer?.id), line('Provider', nameOf(answer.provider), answer.provider?.id)),
    ...section(
      'Plan',
      line('Name', plan.name),
      coded('Kind', plan.insuranceType),
      line('Group', plan.group?.name ?? plan.group?.id, plan.group?.id),
      ...plan.dates.map((date) => line(date.qualifier.label ?? `Date ${date.qualifier.code}`, period(date), date.qualifier.code)),
    ),
    ...section(
      'What the patient pays',
      ...answer.costShare.map((share) =>
        line(
          `${share.kind.replaceAll('-', ' ')} (${share.network} network)`,
          [share.amount ?? share.percent, ...share.serviceTypes.map((type) => type.label ?? type.code), ...share.notes].filter(Boolean).join(', '),
        ),
      ),
    ),
    ...section(
      'Benefits',
      ...answer.benefits
        .slice(0, benefitsMax)
        .map((benefit) =>
          line(
            benefit.code.label ?? `EB01 ${benefit.code.code}`,
            [...benefit.serviceTypes.map((type) => type.label ?? type.code), benefit.planText, benefit.amount, ...benefit.messages]
              .filter(Boolean)
              .join(', ') || 'no detail',
            benefit.code.code,
          ),
        ),
    ),
    ...section('Other cover', ...answer.otherCoverage.map((other) => line(other.role, nameOf(other.payer) ?? 'not named', other.payer?.id))),
    ...section('Remarks of our reader', ...answer.warnings.map((warning) => line('Segment', String(warning.segment), warning.code))),
  ]
}

/** A "no" that came as codes. */
export function readRejection(rejection: {
  next?: string
  reasons: readonly { loop: string; code: string; followUp: string; who: string }[]
}): ReadOutSection[] {
  const door = rejection.next === 'batch' ? line('Real-time door', 'does not answer; this payer may be asked by file') : []
  return section(
    'Turned down',
    door,
    ...rejection.reasons.map((one) => [
      ...line(`Reason (${one.loop})`, `AAA ${one.code}`, one.code),
      ...line('Follow-up', one.followUp),
      ...line('Who', one.who),
    ]),
  )
}
