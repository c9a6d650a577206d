import type { ContactOfVisit, ContactToSave } from '../client.gen.ts'

export type Contact = NonNullable<ContactOfVisit['contact']>
type Input = NonNullable<ContactToSave['contact']>
export type Language = Contact['language']

/** As it is typed; empty text is nothing. */
export interface TypedContact {
  givenName: string
  familyName: string
  birthDate: string
  phone: string
  email: string
  language: Language
  smsAllowed: boolean
}
/** What the clinic offers its patients, the usual one first. */
type Languages = readonly Language[]
export const noContact = ([language = 'en']: Languages): TypedContact => ({
  ...{ givenName: '', familyName: '', birthDate: '', phone: '', email: '' },
  language,
  smsAllowed: false,
})
const typedOf = (contact: Contact | null, languages: Languages): TypedContact =>
  contact ? { ...contact, birthDate: contact.birthDate ?? '', phone: contact.phone ?? '', email: contact.email ?? '' } : noContact(languages)
export const isEmpty = (typed: TypedContact): boolean =>
  [typed.givenName, typed.familyName, typed.birthDate, typed.phone, typed.email].every((text) => text.trim() === '') && !typed.smsAllowed

export function contactInput(typed: TypedContact): Input {
  const text = (value: string): string | null => value.trim() || null
  return {
    givenName: typed.givenName.trim(),
    familyName: typed.familyName.trim(),
    birthDate: text(typed.birthDate),
    phone: text(typed.phone),
    email: text(typed.email),
    language: typed.language,
    smsAllowed: typed.smsAllowed,
  }
}

/**
 * What is being typed, with the version that it was typed over: the two go together. By the version that is there by the time of the second press, a
 * colleague's words would be written over by somebody who never saw them.
 */
export interface Edit {
  typed: TypedContact
  version: number
}
export const editOf = ({ contact, version }: Pick<ContactOfVisit, 'contact' | 'version'>, languages: Languages): Edit => ({
  typed: typedOf(contact, languages),
  version,
})
/** `clears`: the colleague was told that what is typed so far may be somebody else's, and says that it may go. */
export const saveOf = (visitId: string, { typed, version }: Edit, clears = false) => ({
  params: { visitId },
  headers: { 'if-match': `"${version}"` },
  body: { contact: contactInput(typed), clears },
})
