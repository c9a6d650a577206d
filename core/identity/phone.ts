import { isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/min'

/** How we keep and compare phone numbers. */
export const e164Form = /^\+[1-9]\d{6,14}$/

/** A number as people write it, in one form; null: nobody could be called there. Without a country only numbers that begin with + are understood. */
export function toE164(text: string, country: string | null): string | null {
  const parsed = parsePhoneNumberFromString(text.trim().slice(0, 40), country !== null && isSupportedCountry(country) ? { defaultCountry: country } : {})
  // An extension is no part of the form: a message sent there would reach the switchboard.
  return parsed?.isPossible() && parsed.ext === undefined ? parsed.number : null
}

/** North America: neither area code nor exchange begins with 0 or 1. */
const nanp = /^\+1[2-9]\d\d[2-9]\d{6}$/
/**
 * Whether certainly nobody can be called there, so that the form asks once more. Whoever has a real number must be able to send, so this goes by what does
 * not change: the length of numbers of the clinic's own country, the shape of those of North America, and elsewhere the bounds of E.164 alone. Which ranges
 * are given out (`isValid`), and how long numbers of other countries are, changes from month to month, and the library's tables are older than that.
 */
export function cannotBeCalled(text: string, country: string | null): boolean {
  const typed = text.trim()
  const digits = typed.replace(/\D/g, '').replace(/^00/, '')
  if (/^0*$/.test(digits)) return true
  if (!/^(\+|00)/.test(typed) && country !== null) {
    const number = toE164(typed, country)
    return number === null || (number.startsWith('+1') && !nanp.test(number))
  }
  // Whose number it is nobody can say without a country, so its length says nothing.
  if (!/^(\+|00)/.test(typed)) return false
  return digits.startsWith('1') ? !nanp.test(`+${digits}`) : !e164Form.test(`+${digits}`) || /^\d{1,3}0+$/.test(digits)
}

/** What may be shown of an address before anybody proved who they are: enough to know one's own by. */
export const maskedPhone = (phone: string): string => `…${phone.slice(-2)}`
export function maskedEmail(email: string): string {
  const [name = '', host = ''] = email.split('@')
  return `${[...name][0] ?? ''}…@${[...host][0] ?? ''}…`
}
