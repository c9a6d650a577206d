import type { IntakeView } from '../client.gen.ts'
import { notListed } from './covers.ts'
import type { Draft, DraftPatch } from './draft.ts'

export const offeredGroups = ['about', 'person', 'contact', 'address', 'insurance', 'second'] as const
export type OfferedGroup = (typeof offeredGroups)[number]
/** What the clinic knows already, as it would be typed: by the page that asks for it. */
export type Offered = Partial<Record<OfferedGroup, DraftPatch>>

const dateFields = (birthDate: string): Pick<Draft['fields'], 'birthMonth' | 'birthDay' | 'birthYear'> => {
  const [birthYear = '', birthMonth = '', birthDay = ''] = birthDate.split('-')
  return { birthYear, birthMonth: birthMonth.replace(/^0/, ''), birthDay: birthDay.replace(/^0/, '') }
}

/** What the patient sent last time; else what the clinic was told when the visit was booked. Never taken over unseen. */
export function offeredOf({ previous, contact, payers }: Pick<IntakeView, 'previous' | 'contact' | 'payers'>): Offered {
  if (!previous) {
    if (!contact) return {}
    const { givenName, familyName, birthDate, phone, email } = contact
    return {
      about: { fields: { givenName, familyName, ...(birthDate ? dateFields(birthDate) : {}) } },
      ...(phone ? { contact: { fields: { phone, email: email ?? '' } } } : {}),
    }
  }
  const a = previous.answers
  // An insurer that has gone from the list is asked for again.
  const listed = (payerId: string | null): boolean => payerId === notListed || payers.some(({ id }) => id === payerId)
  const { secondary } = a
  const secondPayerId = secondary?.payerId ?? notListed
  return {
    about: { fields: { givenName: a.givenName, familyName: a.familyName, ...dateFields(a.birthDate) } },
    person: { fields: { payerSex: a.payerSex, gender: a.gender ?? '' } },
    contact: { fields: { phone: a.phone, email: a.email ?? '' } },
    address: {
      fields: {
        ...{ country: a.address.country, line1: a.address.line1, line2: a.address.line2 ?? '', city: a.address.city },
        ...{ state: a.address.state ?? '', postalCode: a.address.postalCode ?? '' },
      },
    },
    ...(listed(a.payerId)
      ? {
          insurance: {
            fields: {
              payerId: a.payerId,
              payerText: a.payerText ?? '',
              memberId: a.memberId === 'NONE' ? '' : a.memberId,
              groupNumber: a.groupNumber ?? '',
              cardGivenName: a.nameOnCard?.givenName ?? '',
              cardFamilyName: a.nameOnCard?.familyName ?? '',
            },
            otherName: a.nameOnCard !== null,
          },
        }
      : {}),
    ...(!secondary
      ? { second: { fields: { hasSecond: 'no' } } }
      : listed(secondPayerId)
        ? {
            second: {
              fields: {
                hasSecond: 'yes',
                secondPayerId,
                secondPayerText: secondary.payerText ?? '',
                secondMemberId: secondary.memberId === 'NONE' ? '' : secondary.memberId,
                secondGroupNumber: secondary.groupNumber ?? '',
                secondCardGivenName: secondary.nameOnCard?.givenName ?? '',
                secondCardFamilyName: secondary.nameOnCard?.familyName ?? '',
              },
              secondOtherName: secondary.nameOnCard !== null,
            },
          }
        : {}),
  }
}

/** Together, over what stands there. */
export function taken(offered: Offered, groups: readonly OfferedGroup[]): DraftPatch {
  const all: DraftPatch = { fields: {} }
  for (const { fields, ...rest } of groups.flatMap((group) => offered[group] ?? [])) {
    Object.assign(all, rest)
    Object.assign(all.fields ?? {}, fields)
  }
  return all
}
