import { createHash } from 'node:crypto'
import { z } from 'zod'
import { folded } from '../clinical/folded.ts'
import { canonicalJson, clinicCountryOf, IsoDate, LanguageTag, Text } from '../kit/index.ts'
import { e164Form, toE164 } from './phone.ts'

/** Whom a visit is for and how they are reached, as whoever booked it says. PHI: sealed, in `identity.visit_contacts`. */
export const VisitContact = z.strictObject({
  givenName: Text(35),
  familyName: Text(60),
  birthDate: IsoDate.nullable().default(null),
  phone: z.string().regex(e164Form, 'must be a phone number with its country code').nullable().default(null),
  email: z.email().max(120).nullable().default(null),
  language: LanguageTag.default('en'),
  /** Said at the desk: reminders may come as texts. */
  smsAllowed: z.boolean().default(false),
})
export type VisitContact = z.output<typeof VisitContact>

/** The same as people type it. */
export const VisitContactInput = VisitContact.extend({ phone: z.string().trim().min(5).max(40).nullable().default(null) })
export type VisitContactInput = z.output<typeof VisitContactInput>

/** Null: the phone number is none. */
export function contactOf(input: VisitContactInput, clinic: { region: string; timeZone: string }): VisitContact | null {
  const phone = input.phone === null ? null : toE164(input.phone, clinicCountryOf(clinic))
  return input.phone !== null && phone === null ? null : { ...input, phone }
}

/** What two forms must have alike to be about one person: name, birth date and phone together. */
interface PersonFacts {
  givenName: string
  familyName: string
  birthDate: string | null
  phone: string | null
}
/**
 * The text whose keyed hash is compared. All three must be known: a name and a birth date alone are shared by strangers. The hash before it
 * keeps what is handed around of one length, and out of a log by accident.
 */
export function personKey({ givenName, familyName, birthDate, phone }: PersonFacts): string | null {
  if (birthDate === null || phone === null) return null
  const text = canonicalJson({ person: 1, name: [folded(givenName), folded(familyName)], birthDate, phone })
  return createHash('sha256').update(text).digest('hex')
}

/**
 * The visit is no longer of who sent its form. What the desk may put right is one thing: the family name of who is born on that day, the birth date of
 * who has both names, or the first name as far as one is the other made longer (twins share all but that). To what the form says it may always be set;
 * everybody else gets a visit of their own.
 */
export function isNotTheSender(next: Named, sent: Named): boolean {
  const [first, sentFirst] = [folded(next.givenName), folded(sent.givenName)]
  if (!first.startsWith(sentFirst) && !sentFirst.startsWith(first)) return true
  const family = folded(next.familyName) === folded(sent.familyName)
  const born = next.birthDate === null ? null : next.birthDate === sent.birthDate
  return (!family && born !== true) || (first !== sentFirst && born === false)
}

type Named = Pick<VisitContact, 'givenName' | 'familyName' | 'birthDate'>
/**
 * Whether what was typed so far may be another person's than whom the visit is for from now on. A birth date that was typed there counts most: the
 * proof asks for it where the clinic knows none. Twins share theirs. Who cannot be told from somebody else is somebody else.
 */
export function isAnotherPerson(next: Named, former: Named | null, typedBirthDate: string | null): boolean {
  const alike = (field: 'givenName' | 'familyName'): boolean => former !== null && folded(next[field]) === folded(former[field])
  const known = typedBirthDate ?? former?.birthDate ?? null
  if (known !== null && next.birthDate !== null) return known !== next.birthDate || (former !== null && !alike('givenName'))
  return former === null ? typedBirthDate === null : !alike('givenName') || !alike('familyName')
}
