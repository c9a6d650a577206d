import { type PostalAddress, regionAskedIn, tidiedAddress } from '@heliox/core/messages'
import type { IntakeView } from '../client.gen.ts'
import type { Draft } from './draft.ts'

interface From {
  draft: Draft
  intake: { clinic: Pick<IntakeView['clinic'], 'country'> }
}
/** Until the patient says another it is the clinic's; empty where the clinic's is not known. */
export const countryOf = ({ draft, intake }: From): string => draft.fields.country || intake.clinic.country || ''

/** What was typed, as the api keeps it. What a country has no place for is not sent. */
export function addressOf(form: From): PostalAddress {
  const value = (name: 'line1' | 'line2' | 'city' | 'state' | 'postalCode'): string => form.draft.fields[name].trim()
  const country = countryOf(form)
  return tidiedAddress({
    line1: value('line1'),
    line2: value('line2') || null,
    city: value('city'),
    country,
    state: regionAskedIn(country) === null ? null : value('state') || null,
    postalCode: value('postalCode') || null,
  })
}
