import { townLines } from '@heliox/core/messages'
import type { ReactNode } from 'react'
import type { PatientMessages } from '../../shared/messages/index.ts'
import { addressOf } from '../address.ts'
import { birthDateOf } from '../birth-date.ts'
import { countryName } from '../country-name.ts'
import { nameOf } from '../covers.ts'
import { longDate } from '../dates.ts'
import type { OfferedGroup } from '../offered.ts'
import { type Filled, tidied } from '../validate.ts'

export type Row = readonly [string, ReactNode]

/** What was answered on one of the pages about the patient, as a patient reads it. */
export function rowsOf(group: OfferedGroup, form: Filled, text: PatientMessages): Row[] {
  const { draft, intake, language, today } = form
  const t = text.check
  const value = (name: Parameters<typeof tidied>[1]): string => tidied(draft, name)
  const birth = birthDateOf(draft.fields, today)
  const sex = value('payerSex')
  const { gender } = draft.fields
  const address = addressOf(form)
  const typed = [address.line1, address.line2 ?? '', ...townLines(address)].filter(Boolean)
  const abroad = address.country !== '' && address.country !== intake.clinic.country
  const lines = typed.length > 0 && abroad ? [...typed, countryName(address.country, language)] : typed
  const second = { payerId: draft.fields.secondPayerId, payerText: draft.fields.secondPayerText }
  const rows: Record<OfferedGroup, () => Row[]> = {
    about: () => [
      [t.name, `${value('givenName')} ${value('familyName')}`.trim()],
      [t.birthDate, 'date' in birth ? longDate(birth.date, language) : ''],
    ],
    person: () => [
      [t.sex, sex === 'F' || sex === 'M' || sex === 'U' ? text.sexes[sex] : ''],
      [text.more.gender, gender === 'female' || gender === 'male' || gender === 'other' || gender === 'unknown' ? text.person.genders[gender] : ''],
    ],
    contact: () => [
      [t.phone, value('phone')],
      [t.email, value('email')],
    ],
    address: () => [
      [
        t.address,
        lines.length === 0
          ? ''
          : lines.map((line) => (
              <span key={line} className="block">
                {line}
              </span>
            )),
      ],
    ],
    insurance: () => [
      [t.payer, nameOf(intake.payers, draft.fields)],
      [t.memberId, value('memberId')],
      [t.groupNumber, value('groupNumber')],
      ...(draft.otherName ? [[text.more.nameOnCard, `${value('cardGivenName')} ${value('cardFamilyName')}`.trim()] as const] : []),
    ],
    second: () => {
      if (draft.fields.hasSecond !== 'yes') return [[text.second.title, draft.fields.hasSecond === 'no' ? text.more.none : '']]
      return [
        [t.payer, nameOf(intake.payers, second)],
        [t.memberId, value('secondMemberId')],
        [t.groupNumber, value('secondGroupNumber')],
        ...(draft.secondOtherName ? [[text.more.nameOnCard, `${value('secondCardGivenName')} ${value('secondCardFamilyName')}`.trim()] as const] : []),
        [text.more.first, nameOf(intake.payers, draft.fields.paysFirst === 'second' ? second : draft.fields)],
      ]
    },
  }
  return rows[group]()
}
