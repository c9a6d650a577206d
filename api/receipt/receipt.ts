import { type GivenConsent, type SignatureRecord, shownBody } from '@heliox/core/compliance'
import type { LanguageTag } from '@heliox/core/kit'
import { fill, languageNames, locales, withdrawalMeans } from '@heliox/core/messages'
import type { SignedConsents, SignedRecord } from '@heliox/core/ports'
import PDFDocument from 'pdfkit'
import { drawnOpaque } from './drawn.ts'
import { useFontFor, type Weight } from './fonts.ts'
import { notDrawn, printable } from './printable.ts'

export interface Receipt {
  language: LanguageTag
  clinic: { name: string; phone: string; timeZone: string }
  reference: string
  given: readonly GivenConsent[]
  record: SignatureRecord
  recordSha256: string
  later: SignedConsents['later']
}

const margin = 56
/** Points: what is taller may be torn, and how much must follow under a heading. */
const keptTogether = 120
const underHeading = 60
/** Date and time to the second, in the clinic's zone and by its name, so that nobody has to guess which clock it was. */
const exactly = (iso: string, timeZone: string, language: LanguageTag): string =>
  `${new Intl.DateTimeFormat(locales[language], { dateStyle: 'long', timeStyle: 'long', timeZone }).format(new Date(iso))} (${timeZone})`

type Doc = InstanceType<typeof PDFDocument>

/**
 * What a patient keeps: the words that were signed, by whom, when, where and how, and what was taken back since. Tagged, so that a screen reader
 * reads headings and paragraphs. Names in other letters than Western Europe's bring the font for them along. What was agreed to after the form follows it, each with the record of its own. `now` is the only clock in it: the same record gives the same bytes.
 */
export async function receiptPdf(receipt: Receipt, now: Date): Promise<Buffer> {
  const { language, clinic, record } = receipt
  const drawn = await drawnOpaque(record.signature.drawing)
  const say = (key: Parameters<typeof fill>[0], values: Record<string, string> = {}): string => fill(key, language, values)
  const doc = new PDFDocument({
    ...{ size: language === 'en' || language === 'es' ? 'LETTER' : 'A4', margin, bufferPages: true, pdfVersion: '1.7', tagged: true, displayTitle: true },
    lang: locales[language],
    info: { Title: say('receipt.title'), Author: clinic.name, CreationDate: now, ModDate: now },
  })
  const chunks: Buffer[] = []
  const whole = new Promise<Buffer>((resolve, reject) => {
    doc.on('data', (chunk: Buffer) => chunks.push(chunk))
    doc.on('end', () => resolve(Buffer.concat(chunks)))
    doc.on('error', reject)
  })
  const top = doc.struct('Document')
  doc.addStructure(top)
  let squaresToExplain = false
  const put = (tag: 'H1' | 'H2' | 'P', text: string, size: number, weight: Weight = 'regular'): void => {
    const shown = printable(text)
    squaresToExplain ||= shown.hasSquares
    // A short paragraph is not torn over two pages, nor a heading from what follows it: half a check sum is none.
    const needed = useFontFor(shown, weight, doc).fontSize(size).heightOfString(shown.text, { lineGap: 2 }) + (tag === 'P' ? 0 : underHeading)
    if (needed <= keptTogether && doc.y + needed > doc.page.height - doc.page.margins.bottom) doc.addPage()
    top.add(
      // Who has it read aloud, or copies it, gets the letters themselves.
      doc.struct(tag, shown.hasSquares ? { actual: text } : {}, () => {
        useFontFor(shown, weight, doc).fontSize(size).text(shown.text, { lineGap: 2 })
      }),
    )
    doc.moveDown(tag === 'P' ? 0.4 : 0.6)
  }
  /** Said where a square was read, not at the end of the pages. */
  const explainSquares = (): void => {
    if (squaresToExplain) put('P', say('receipt.letters', { square: notDrawn }), 9)
    squaresToExplain = false
  }
  // French sets a space before a colon.
  const colon = language === 'fr' ? ' :' : ':'
  const line = (name: string, value: string): void => put('P', `${name}${colon} ${value}`, 10.5)

  put('H1', say('receipt.title'), 20, 'bold')
  put('P', `${clinic.name}, ${clinic.phone}`, 10.5)
  line(say('page.reference'), receipt.reference)
  recordPart(receipt)
  if (record.signature.drawing) drawing(doc, top, drawn, say('receipt.drawn'))
  const isLater = new Set(receipt.later.flatMap(({ consentIds }) => consentIds))
  for (const consent of receipt.given) if (!isLater.has(consent.id)) consentPart(consent)
  for (const one of receipt.later) {
    doc.moveDown(1)
    put('H2', say('receipt.later'), 16, 'bold')
    recordPart(one)
    for (const consent of receipt.given) if (one.consentIds.includes(consent.id)) consentPart(consent)
  }
  numberPages(doc, (page, pages) => say('receipt.page', { page, pages }))
  doc.end()
  return whole

  function recordPart({ record: { action, patient, signature, signedAs, at, timeZone, from }, recordSha256 }: SignedRecord): void {
    if (patient) line(say('receipt.patient'), `${patient.givenName} ${patient.familyName}`)
    if (action === 'intake.submit') {
      line(say('receipt.signed-by'), signature.typedName)
      line(say('receipt.signed-as'), say(`receipt.as.${signedAs ?? 'self'}`))
    }
    explainSquares()
    line(say('receipt.when'), exactly(at, timeZone ?? clinic.timeZone, language))
    line(say('receipt.how'), say(action === 'intake.submit' ? 'receipt.how-text' : 'receipt.how-method'))
    if (signature.accessCode) line(say('receipt.code'), signature.accessCode)
    line(say('receipt.address'), from.ip)
    line(say('receipt.device'), from.userAgent)
    line(say('receipt.record'), recordSha256)
    explainSquares()
  }

  function consentPart({ text, withdrawnAt }: GivenConsent): void {
    doc.moveDown(1)
    put('H2', text.title, 14, 'bold')
    put('P', say('receipt.version', { version: String(text.version), language: languageNames[text.language] }), 9)
    for (const paragraph of shownBody(text, record.signature.accessCode ?? '').split(/\n{2,}/)) put('P', paragraph, 10.5)
    line(say('receipt.hash'), text.sha256)
    if (withdrawnAt) {
      const when = exactly(withdrawnAt, clinic.timeZone, language)
      put('P', `${say('consents.withdrawn', { when })} ${say(withdrawalMeans[text.kind])}`, 10.5, 'bold')
    }
    explainSquares()
  }
}

/** A drawing that cannot be read leaves the typed name, which is as good. */
function drawing(doc: Doc, top: PDFKit.PDFStructureElement, png: Buffer | null, name: string): void {
  top.add(
    doc.struct('Figure', { alt: name }, () => {
      if (png) doc.image(png, { fit: [240, 80] })
      else doc.font('Helvetica').fontSize(10.5).text(printable(name).text)
    }),
  )
  doc.moveDown(0.5)
}

function numberPages(doc: Doc, words: (page: string, pages: string) => string): void {
  const { start, count } = doc.bufferedPageRange()
  for (let page = start; page < start + count; page += 1) {
    doc.switchToPage(page)
    // Below the margin text would begin a new page.
    doc.page.margins.bottom = 0
    doc.markContent('Artifact', { type: 'Pagination' })
    doc.font('Helvetica').fontSize(9)
    doc.text(printable(words(String(page - start + 1), String(count))).text, margin, doc.page.height - 36, { lineBreak: false })
    doc.endMarkedContent()
  }
}
