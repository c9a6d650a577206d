import { languageTags } from '@heliox/core/kit'
import { fill } from '@heliox/core/messages'
import { expect } from 'chai'
import fc from 'fast-check'
import PDFDocument from 'pdfkit'
import { pdfText } from '../testing/pdf-text.ts'
import { useFontFor } from './fonts.ts'
import { isDrawn, notDrawn, printable } from './printable.ts'
import { type Receipt, receiptPdf } from './receipt.ts'

const now = new Date('2026-01-06T00:00:00Z')
function receipt(name: string, language: Receipt['language'] = 'en'): Receipt {
  return {
    ...{ language, clinic: { name: 'Praxis am See', phone: '+49 30 5550142', timeZone: 'Europe/Berlin' }, reference: 'HX-7Q2M', given: [] },
    record: {
      signature: { typedName: name, language, drawing: null, accessCode: null },
      ...{ consents: [], from: { userAgent: 'a phone', ip: '192.0.2.1' }, at: '2026-01-05T13:00:00.000Z', timeZone: 'Europe/Berlin' },
      ...{ action: 'intake.submit', patient: null, signedAs: null },
    } as unknown as Receipt['record'],
    recordSha256: 'a'.repeat(64),
    later: [],
  }
}
/** What the receipt says after "Signed by". */
async function signedBy(name: string): Promise<string> {
  const [, after = ''] = pdfText(await receiptPdf(receipt(name), now)).split('Signed by: ')
  return after.slice(0, after.indexOf(' Signed as:'))
}
const lettersBetween = (first: number, last: number): string[] =>
  Array.from({ length: last - first + 1 }, (_, n) => String.fromCodePoint(first + n)).filter((char) => /\p{L}/u.test(char))
const scripts = {
  'Western Europe': lettersBetween(0xc0, 0xff),
  'Polish, Czech, Turkish, Romanian and the rest of Latin': lettersBetween(0x100, 0x24f),
  Vietnamese: [...lettersBetween(0x1ea0, 0x1ef9), ...'ăâđêôơưĂÂĐÊÔƠƯ'],
  'the Latin of Yoruba and Igbo, with marks that no one letter has': Array.from({ length: 5 }, (_, n) => `${'aeịọụ'[n]}\u0301`),
  Greek: lettersBetween(0x386, 0x3ce),
  'Bulgarian, Ukrainian, Serbian and the rest of Cyrillic': lettersBetween(0x400, 0x4ff),
  Armenian: [...lettersBetween(0x531, 0x556), ...lettersBetween(0x561, 0x586)],
  Georgian: lettersBetween(0x10d0, 0x10f0),
}
const names = [
  'Łukasz Żółkiewski',
  'Jiří Dvořák',
  'Gülşen Iğdır İpek',
  'Nguyễn Thị Ước',
  'Ελένη Παπαδοπούλου',
  'Георги Щъркелов',
  'Ștefan Țîrlea',
  'Ādams Ķīsis',
]

describe('a name in a receipt', () => {
  for (const name of names) {
    it(`is read and copied as it was typed: ${name}`, async () => {
      expect(await signedBy(name)).to.equal(name)
      expect(await signedBy(name.normalize('NFD')), 'typed with its marks apart').to.equal(name)
    })
  }
  for (const [what, letters] of Object.entries(scripts)) {
    it(`keeps every letter of ${what}`, async () => {
      const word = fc.array(fc.constantFrom(...letters), { minLength: 1, maxLength: 12 }).map((typed) => typed.join(''))
      await fc.assert(
        fc.asyncProperty(word, word, async (given, family) => {
          expect(await signedBy(`${given} ${family}`)).to.equal(`${given} ${family}`.normalize('NFC'))
        }),
        { numRuns: 15 },
      )
    })
  }

  it('has a square, never a question mark, for each letter that cannot be drawn, and says where its own letters stand', async () => {
    for (const [name, shown] of [
      ['أميرة حداد', '□□□□□ □□□□'],
      ['李小龙', '□□□'],
      ['देवनागरी', '□□□□□'],
      ['Łucja משה', 'Łucja □□□'],
      ['김 민준', '□ □□'],
    ] as const) {
      for (const language of languageTags) {
        const pdf = await receiptPdf(receipt(name, language), now)
        const text = pdfText(pdf)
        expect(text, language).to.contain(shown).and.to.not.contain('?')
        const why = printable(fill('receipt.letters', language, { square: notDrawn })).text
        expect(text.split(why), language).to.have.length(2)
        expect(text.indexOf(why), 'at once').to.be.lessThan(text.indexOf('192.0.2.1'))
        const strings = pdf.toString('latin1').replaceAll(/\\([()\\t])/g, (_, char) => (char === 't' ? '\t' : char))
        expect(strings.includes(Buffer.from(name, 'utf16le').swap16().toString('latin1')), 'for whoever has it read aloud').to.equal(true)
      }
    }
    expect(pdfText(await receiptPdf(receipt('Łukasz'), now))).to.not.contain(notDrawn)
  })

  it('has a glyph in both weights for every letter that is drawn', () => {
    const doc = new PDFDocument()
    const anyOther = printable('Ł')
    for (const weight of ['regular', 'bold'] as const) {
      useFontFor(anyOther, weight, doc)
      const { font } = (doc as unknown as { _font: { font: { hasGlyphForCodePoint(code: number): boolean } } })._font
      const missing: string[] = []
      let drawn = 0
      for (let code = 0x20; code <= 0x1_ffff; code += 1) {
        const char = String.fromCodePoint(code)
        if (!isDrawn(char) || char.normalize('NFC') !== char) continue
        drawn += 1
        if (!font.hasGlyphForCodePoint(code)) missing.push(code.toString(16))
      }
      expect(missing.join(' '), weight).to.equal('')
      expect(drawn).to.be.greaterThan(1500)
    }
  })

  it('makes a receipt whatever was typed, and loses no letter between others', async () => {
    const anything = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.string({ unit: 'grapheme', maxLength: 60 }),
      fc.constantFrom('\ud800', 'a\u0000b', '👩‍👩‍👧', ''),
    )
    await fc.assert(
      fc.asyncProperty(anything, async (typed) => {
        expect((await receiptPdf(receipt(typed), now)).subarray(0, 5).toString()).to.equal('%PDF-')
      }),
      { numRuns: 40 },
    )
    fc.assert(
      fc.property(fc.array(fc.constantFrom('ł', '李', 'م', 'Щ', 'a', '김', '😀', 'ễ'), { maxLength: 20 }), (typed) => {
        expect(printable(typed.join('')).text).to.equal(typed.map((letter) => (/[łЩaễ]/u.test(letter) ? letter : notDrawn)).join(''))
      }),
    )
  })

  it('costs a file for a name of another script some kilobytes, and is the same bytes each time', async () => {
    const [western, polish, again] = [await receiptPdf(receipt('Ana'), now), await receiptPdf(receipt('Łukasz'), now), await receiptPdf(receipt('Łukasz'), now)]
    expect(polish.length - western.length).to.be.lessThan(15_000)
    expect(polish.equals(again)).to.equal(true)
    expect(western.includes('/FontFile2'), 'who needs no font has none').to.equal(false)
  })
})
