import { notListedPayerId } from '../catalog/model.ts'
import type { PatientAnswers } from './model.ts'

type Second = PatientAnswers['secondary']

/** What a correction calls the insurer and the number of the second insurance. */
export const secondFields = ['secondPayerId', 'secondMemberId'] as const
/** New values; what is left out stays. */
export interface SecondValues {
  secondPayerId?: string | undefined
  /** With an insurer that is not on the list, in the patient's own words. */
  secondPayerText?: string | undefined
  secondMemberId?: string | undefined
}

/** As a correction names it: an insurer that is not on the list has the id of that choice. Null: there is no second insurance. */
export const secondOf = (second: Second): { secondPayerId: string; secondMemberId: string } | null =>
  second && { secondPayerId: second.payerId ?? notListedPayerId, secondMemberId: second.memberId }

/** Who has none yet says both or nothing: a number alone is nobody's. */
export const isHalfSecond = (second: Second, { secondPayerId, secondMemberId }: SecondValues): boolean =>
  second === null && (secondPayerId === undefined) !== (secondMemberId === undefined)

/** With the new values in it. What another insurer's card does not say goes: the group of the old one, its words, and with another number the name too. */
export function correctedSecond(second: Second, { secondPayerId, secondPayerText, secondMemberId }: SecondValues): Second {
  const now = secondOf(second)
  const payerId = secondPayerId ?? now?.secondPayerId
  const memberId = secondMemberId ?? now?.secondMemberId
  if (payerId === undefined || memberId === undefined) return second
  const kept = now?.secondPayerId === payerId ? second : null
  return {
    payerId: payerId === notListedPayerId ? null : payerId,
    payerText: secondPayerText ?? kept?.payerText ?? null,
    memberId,
    groupNumber: kept?.groupNumber ?? null,
    nameOnCard: kept || memberId === now?.secondMemberId ? (second?.nameOnCard ?? null) : null,
  }
}
