import { isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/min'

/** How we keep and compare phone numbers. */
export const e164Form = /^\+[1-9]\d{6,14}$/

/** A number as people write it, in one form; null: nobody could be called there. Without a country only numbers that begin with + are understood. */
export function toE164(text: string, country: string | null): string | null {
  const parsed = parsePhoneNumberFromString(text.trim().slice(0, 40), country !== null && isSupportedCountry(country) ? { defaultCountry: country } : {})
  // An extension is no part of the form: a message sent there would reach the switchboard.
  return parsed?.isPossible() && parsed.ext === undefined ? parsed.number : null
}

/** What may be shown of an address before anybody proved who they are: enough to know one's own by. */
export const maskedPhone = (phone: string): string => `…${phone.slice(-2)}`
export function maskedEmail(email: string): string {
  const [name = '', host = ''] = email.split('@')
  return `${[...name][0] ?? ''}…@${[...host][0] ?? ''}…`
}
