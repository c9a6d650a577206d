/**
 * Letters of Latin alphabets that have no accent to lose: NFD leaves them as they are. Each as CLDR's Latin-ASCII writes it, which is also how
 * cards are printed; where passports differ (ICAO 9303 has OE for Ø), the payer does not find the member, and says so.
 */
const letters: Readonly<Record<string, string>> = {
  ...{ Ł: 'L', ł: 'l', Ø: 'O', ø: 'o', Đ: 'D', đ: 'd', Ð: 'D', ð: 'd', Ħ: 'H', ħ: 'h', Ŧ: 'T', ŧ: 't', Ŋ: 'N', ŋ: 'n', Ə: 'E', ə: 'e' },
  ...{ Æ: 'AE', æ: 'ae', Œ: 'OE', œ: 'oe', Þ: 'TH', þ: 'th', Ĳ: 'IJ', ĳ: 'ij' },
}
const anyOfThem = new RegExp(`[${Object.keys(letters).join('')}]`, 'gu')

/** Without accents and strokes. Capitals stay capitals; what is not Latin stays what it is. */
export const baseLetters = (text: string): string =>
  text
    .normalize('NFD')
    .replace(/\p{Mn}/gu, '')
    .replace(anyOfThem, (letter) => letters[letter] ?? letter)
