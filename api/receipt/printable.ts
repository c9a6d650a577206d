/**
 * The fonts that every PDF reader has know the letters of Western Europe (Windows-1252). A letter with a mark that they lack loses the mark; what
 * has no letter there at all becomes `?`. The page of the consents and the sealed record have every name as it was typed.
 */
export function printable(text: string): string {
  return Array.from(text.normalize('NFC').replace(/[\p{Zs}\u202f]/gu, ' '), (char) => {
    if (known.test(char)) return char
    const [base = ''] = (lettersOfTheirOwn[char] ?? char).normalize('NFKD')
    const plain = lettersOfTheirOwn[char] ?? base
    return plain !== '' && Array.from(plain).every((part) => known.test(part)) ? plain : '?'
  }).join('')
}
const known = /^[\n\x20-\x7e\u00a1-\u00ff€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]$/u
/** They do not fall apart into a letter and a mark. */
const lettersOfTheirOwn: Readonly<Record<string, string>> = { Ł: 'L', ł: 'l', Đ: 'D', đ: 'd', ı: 'i', Ħ: 'H', ħ: 'h', '−': '-', '‑': '-' }
