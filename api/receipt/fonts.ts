import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type PDFDocument from 'pdfkit'
import type { Printable } from './printable.ts'

export type Weight = 'regular' | 'bold'

/** What every PDF reader has; nothing of it is put into the file. */
const builtIn = { regular: 'Helvetica', bold: 'Helvetica-Bold' } as const
const embedded = { regular: 'DejaVuSans', bold: 'DejaVuSans-Bold' } as const
const require = createRequire(import.meta.url)
const read: Partial<Record<Weight, Buffer>> = {}

/**
 * Makes the font of a text the current one. The embedded one is read from its package once for the process, and only the letters that a receipt uses go into it
 * (some 10 kB); who needs none pays nothing. What was parsed of it belongs to one document: it remembers which letters each glyph stood for.
 */
export function useFontFor({ isWestern }: Printable, weight: Weight, doc: InstanceType<typeof PDFDocument>): typeof doc {
  if (isWestern) return doc.font(builtIn[weight])
  const name = embedded[weight]
  read[weight] ??= readFileSync(require.resolve(`dejavu-fonts-ttf/ttf/${name}.ttf`))
  // By its name the document finds again what it parsed before.
  return doc.registerFont(name, read[weight]).font(name)
}
