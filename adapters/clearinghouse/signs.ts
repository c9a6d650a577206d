import { type EligibilityAnswerV2, type EligibilityInquiryV2, type EligibilityRejectionV2, personDiffers, plain, type ToldPerson } from '@heliox/core/billing'
import { type Answer, type AnswerSigns, canonicalJson, type EchoMismatch, type ValueOf } from '@heliox/core/kit'
import { statedIn } from './codec/stated.ts'

type Inquiry = ValueOf<typeof EligibilityInquiryV2>
type Rejection = ValueOf<typeof EligibilityRejectionV2>

/** What can be seen of a real-time answer. Undefined for what is no answer of a payer: "ask by batch" is said by us. */
export function signsOf(asked: Inquiry, answer: Answer<EligibilityAnswerV2, Rejection>): AnswerSigns | undefined {
  const about = { subject: subjectOf(asked), canary: asked.canary }
  if (answer.is === 'ok') {
    const { value } = answer
    const echo = echoOf(asked, value)
    return { ...about, ...statedIn(value), testMarked: isTestMarked(value), echo, body: bodyOf(value) }
  }
  if (answer.value.next !== 'record') return undefined
  const { reasons } = answer.value
  return {
    ...about,
    says: isAboutMember(reasons) ? 'no' : 'neither',
    empty: false,
    testMarked: false,
    echo: [],
    hasDates: false,
    hasPlan: false,
    body: canonicalJson(reasons),
  }
}

/** AAA 52: not enrolled on that day. The others say that the payer does not know such a member; or that our own setup is wrong, which says nothing of one. */
const isAboutMember = (reasons: Rejection['reasons']): boolean => reasons.some(({ code, who }) => who === 'patient' || code === '52')

const isTestMarked = ({ marks = [] }: EligibilityAnswerV2): boolean => marks.includes('test') || marks.includes('mock')

function echoOf(asked: Inquiry, answer: EligibilityAnswerV2): EchoMismatch[] {
  if (answer.marks?.includes('foreign')) return ['trace']
  const { payer, provider } = answer
  const differs: EchoMismatch[] = [...personEcho(asked, answer)]
  if (payer?.idQualifier === 'PI' && payer.id !== undefined && plain(payer.id) !== plain(asked.payerId)) differs.push('payer')
  if (provider?.idQualifier === 'XX' && provider.id !== undefined && provider.id.trim() !== asked.providerNpi) differs.push('provider')
  if (isAnotherDay(asked.serviceDate, answer)) differs.push('service-date')
  return differs
}

/** Which of what is told is another's, where together it is somebody else (`personDiffers`). */
function personEcho(asked: Inquiry, answer: EligibilityAnswerV2): EchoMismatch[] {
  const told = toldIn(answer)
  const memberId = asked.memberId ?? asked.holder?.memberId ?? null
  // A birth date that cannot be read is seen by the reader only, and said by its rule.
  const differs = answer.basis.rule === 'birth-date-differs' ? 'birth-date-differs' : personDiffers(told, { ...asked, memberId })
  const isNobody = told.birthDate === null && told.memberId === null && told.familyName === null
  if (!differs || isNobody) return []
  const echo: EchoMismatch[] = differs === 'birth-date-differs' ? ['birth-date'] : []
  if (told.memberId !== null && plain(told.memberId) !== plain(memberId ?? '')) echo.push('member-id')
  if (told.familyName !== null && plain(told.familyName) !== plain(asked.familyName)) echo.push('name')
  return echo.length > 0 ? echo : ['name']
}

function toldIn({ patient, subscriber }: EligibilityAnswerV2): ToldPerson {
  const { person, corrected } = patient
  const filled = (value: string | undefined): string | null => value?.trim() || null
  return {
    memberId: filled(person?.id) ?? (patient.is === 'dependent' ? filled(subscriber?.id) : null),
    familyName: filled(person?.name),
    givenName: filled(person?.givenName),
    birthDate: person?.birthDate ?? null,
    corrected,
  }
}

/** Active, and every date that it tells had passed by then: said of another day, by a copy that is older than the plan. */
function isOfThePast(asked: string, { basis }: EligibilityAnswerV2, dates: readonly { to?: string | undefined }[]): boolean {
  const ends = dates.flatMap(({ to }) => to ?? [])
  return basis.rule === 'dates-exclude-day' && ends.length > 0 && ends.every((end) => end < asked)
}

/**
 * DTP 291 with a single day is the day that is answered for. Some payers put the plan's first day there: the first of a month, or one
 * that they also tell as a beginning, is no other day.
 */
function isAnotherDay(asked: string, answer: EligibilityAnswerV2): boolean {
  const { plan, benefits, basis } = answer
  const dates = [...plan.dates, ...basis.eb.flatMap((index) => benefits[index]?.dates ?? [])]
  if (isOfThePast(asked, answer, dates)) return true
  const begins = new Set(dates.filter(({ qualifier }) => qualifier.code !== '291').map(({ from }) => from))
  return dates.some(
    ({ qualifier, format, from }) =>
      qualifier.code === '291' && format === 'D8' && from !== undefined && from !== asked && !from.endsWith('-01') && !begins.has(from),
  )
}

/** Without references, stamps and places in the file, which change with every answer. */
function bodyOf({ verdict, rejections, subscriber, patient, other, plan, otherCoverage, benefits }: EligibilityAnswerV2): string {
  const said = benefits.map(({ eb: _, segment: __, ...benefit }) => benefit)
  return canonicalJson({ verdict, rejections, subscriber, patient, other, plan, otherCoverage, said })
}

/** Without names: one member is written in many ways, and what the payer then says of them is the same. */
const subjectOf = ({ payerId, memberId, holder, birthDate }: Inquiry): string => canonicalJson([payerId, plain(memberId ?? holder?.memberId ?? ''), birthDate])
