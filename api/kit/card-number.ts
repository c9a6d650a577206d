import { toE164 } from '@heliox/core/identity'

/**
 * Card numbers are refused at the door of every patient route: nothing is stored, logged or repeated. We look for 13 to 19
 * digits that pass Luhn, however they are grouped, in every string, number and key of the body. Values that are by their
 * whole shape something else (an id, a hash) are left out: one random id in some thousands would pass Luhn by chance.
 */
const wholeShapes = [
  /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i,
  /^[0-9a-f]{64}$/i,
  // A drawn signature: base64 of a picture.
  /^data:image\/png;base64,[A-Za-z0-9+/=]*$/,
]
const digitRun = /\d(?:[^A-Za-z0-9]{0,3}\d){12,}/g
const cardDigitsMin = 13
const cardDigitsMax = 19
/** Deep enough for every body we take; deeper ones are refused by their schema. */
const depthMax = 12

export function passesLuhn(digits: string): boolean {
  let sum = 0
  for (let i = 0; i < digits.length; i += 1) {
    const digit = Number(digits[digits.length - 1 - i])
    const doubled = i % 2 === 1 ? digit * 2 : digit
    sum += doubled > 9 ? doubled - 9 : doubled
  }
  return sum % 10 === 0
}

/** First digits and lengths that the card networks give out; used where a number may be part of a longer run of digits. */
function looksIssued(digits: string): boolean {
  const two = Number(digits.slice(0, 2))
  if (digits.length === 15) return two === 34 || two === 37
  if (digits.length === 16) return digits[0] === '4' || (two >= 51 && two <= 55) || (two >= 22 && two <= 27) || digits.startsWith('6') || two === 35
  if (digits.length === 14) return two === 36 || two === 38 || two === 30
  return (digits.length === 13 || digits.length === 19) && digits[0] === '4'
}

/**
 * Numbers that insurers give out. One in ten of them passes Luhn by chance, and those of a health card (80840, ISO 7812) pass
 * it by design: here a number has to look issued by a card network as well.
 */
const insurerFields: ReadonlySet<string> = new Set([
  ...['answers', 'answers.secondary', 'data.fields'].flatMap((of) => [`${of}.memberId`, `${of}.groupNumber`]),
  ...['data.fields.secondMemberId', 'data.fields.secondGroupNumber'],
  // Of a correction, whose body is its fields.
  ...['memberId', 'groupNumber', 'secondMemberId'],
])
/**
 * With its country code a number of a phone has as many digits as that of a card, and one in ten passes Luhn. What begins with + and is possible in the
 * country that it names is no card: nobody types one like that, and E.164 ends at 15 digits. In Europe many write 00 in place of the +.
 */
const phoneFields: ReadonlySet<string> = new Set(['answers.phone', 'data.fields.phone', 'contact.phone', 'phone'])
const isPhone = (text: string): boolean => /^\s*(\+|00)[\d\s()./-]{7,40}$/.test(text) && isPossible(text.replace(/^\s*(\+|00)/, ''))
const isPossible = (withCountry: string): boolean => toE164(`+${withCountry}`, null) !== null
/** Answers to a clinic's own questions, "whom may we call?" among them. */
const ownQuestions = /^(answers|data)\.forms\./
/** What stands before a run of digits there, or begins it, says that it is to be called. */
function isCalled(text: string, { 0: run, index }: RegExpExecArray): boolean {
  const digits = run.replace(/\D/g, '')
  return text[index - 1] === '+' ? isPossible(digits) : digits.startsWith('00') && isPossible(digits.slice(2))
}
const healthPrefix = '80840'
const healthDigitsMax = 20

/** Too short for a card. Letters outside ASCII may stand for several digits each. */
const shortText = /^[ -~]{0,12}$/

type Place = 'insurer' | 'own-question' | 'other'
const placeOf = (name: string): Place => (insurerFields.has(name) ? 'insurer' : ownQuestions.test(name) ? 'own-question' : 'other')

function textHoldsCard(text: string, place: Place = 'other'): boolean {
  // Nearly every name and value of a form.
  if (shortText.test(text)) return false
  if (wholeShapes.some((shape) => shape.test(text))) return false
  // Full-width and other digits become plain ones first.
  const folded = text.normalize('NFKC')
  for (const match of folded.matchAll(digitRun)) {
    const digits = match[0].replace(/\D/g, '')
    if (place === 'insurer' && digits.startsWith(healthPrefix) && digits.length <= healthDigitsMax) continue
    if (place === 'own-question' && isCalled(folded, match)) continue
    if (place !== 'insurer' && digits.length <= cardDigitsMax && passesLuhn(digits) && !/^0+$/.test(digits)) return true
    for (let length = cardDigitsMin; length <= cardDigitsMax; length += 1) {
      for (let at = 0; at + length <= digits.length && at < 200; at += 1) {
        const part = digits.slice(at, at + length)
        if (looksIssued(part) && passesLuhn(part)) return true
      }
    }
  }
  return false
}

/** Where a card number is, as names from the outside in; undefined where there is none. */
export function cardNumberPath(value: unknown, path: readonly string[] = []): readonly string[] | undefined {
  if (path.length > depthMax) return undefined
  if (typeof value === 'string') {
    const name = path.join('.')
    if (!textHoldsCard(value, placeOf(name))) return undefined
    return phoneFields.has(name) && isPhone(value) ? undefined : path
  }
  if (typeof value === 'number') return Number.isInteger(value) && textHoldsCard(String(value)) ? path : undefined
  if (typeof value !== 'object' || value === null) return undefined
  for (const [key, inner] of Object.entries(value)) {
    const found = textHoldsCard(key) ? path : cardNumberPath(inner, [...path, key])
    if (found) return found
  }
  return undefined
}
export const holdsCardNumber = (value: unknown): boolean => cardNumberPath(value) !== undefined
