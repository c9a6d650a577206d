import { type CountryCode, parsePhoneNumberFromString } from 'libphonenumber-js/min'

/** How we keep and compare phone numbers. */
export const e164Form = /^\+[1-9]\d{6,14}$/

/** A number as people write it, in one form; null: nobody could be called there. Without a country only numbers that begin with + are understood. */
export function toE164(text: string, country: CountryCode | null): string | null {
  const parsed = parsePhoneNumberFromString(text.trim().slice(0, 40), country === null ? {} : { defaultCountry: country })
  // An extension is no part of the form: a message sent there would reach the switchboard.
  return parsed?.isPossible() && parsed.ext === undefined ? parsed.number : null
}

/** Where a clinic's patients leave out the country code. */
const countryOfZone: Readonly<Record<string, CountryCode>> = {
  'Europe/Berlin': 'DE',
  'Europe/Vienna': 'AT',
  'Europe/Zurich': 'CH',
  'Europe/Paris': 'FR',
  'Europe/Brussels': 'BE',
  'Europe/Luxembourg': 'LU',
  'Europe/Madrid': 'ES',
}
export function phoneCountryOf({ region, timeZone }: { region: string; timeZone: string }): CountryCode | null {
  if (region.startsWith('us-')) return 'US'
  return countryOfZone[timeZone] ?? null
}

/** What may be shown of an address before anybody proved who they are: enough to know one's own by. */
export const maskedPhone = (phone: string): string => `…${phone.slice(-2)}`
export function maskedEmail(email: string): string {
  const [name = '', host = ''] = email.split('@')
  return `${[...name][0] ?? ''}…@${[...host][0] ?? ''}…`
}
