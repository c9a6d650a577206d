import { inflateSync } from 'node:zlib'

/**
 * The words of a receipt as they are drawn, one line after another, without where: enough to say what a reader sees, and what is found and copied in it. Letters
 * of an embedded font are read by the table that the file has for that (ToUnicode), those of the fonts of every reader as Windows-1252.
 */
export function pdfText(pdf: Buffer): string {
  const file = pdf.toString('latin1')
  const objects = new Map([...file.matchAll(/^(\d+) 0 obj\n([\s\S]*?)\nendobj/gm)].map(([, id = '', body = '']) => [id, body]))
  const letters = new Map<string, string[]>()
  for (const [, name = '', id = ''] of file.matchAll(/\/(F\d+) (\d+) 0 R/g)) {
    const [, table] = objects.get(id)?.match(/\/ToUnicode (\d+) 0 R/) ?? []
    if (table) letters.set(name, toUnicode(stream(objects.get(table) ?? '')))
  }
  const lines: string[] = []
  for (const body of objects.values()) {
    for (const [, block = ''] of stream(body).matchAll(/^BT\n([\s\S]*?)^ET/gm)) {
      const font = letters.get(block.match(/\/(F\d+) [\d.]+ Tf/)?.[1] ?? '')
      const hex = [...block.matchAll(/\[(.*?)\] TJ/g)].flatMap(([, list = '']) => [...list.matchAll(/<([0-9a-f]*)>/g)].map(([, codes = '']) => codes)).join('')
      lines.push(font ? (hex.match(/.{4}/g) ?? []).map((code) => font[Number.parseInt(code, 16)]).join('') : windows1252.decode(Buffer.from(hex, 'hex')))
    }
  }
  return lines.join(' ').replace(/\s+/g, ' ')
}

const windows1252 = new TextDecoder('windows-1252')

/** Empty where there is none, or where it is a picture. */
function stream(body: string): string {
  const [, packed] = body.match(/\/Filter \/FlateDecode[\s\S]*?\nstream\n([\s\S]*)\nendstream$/) ?? []
  return packed === undefined || body.includes('/Image') ? '' : inflateSync(Buffer.from(packed, 'latin1')).toString('latin1')
}

function toUnicode(table: string): string[] {
  const [, list = ''] = table.match(/beginbfrange\n([\s\S]*?)\nendbfrange/) ?? []
  const ranges = [...list.matchAll(/\[(.*?)\]/g)].flatMap(([, entries = '']) => [...entries.matchAll(/<([0-9a-f ]*)>/g)])
  return ranges.map(([, hex = '']) => new TextDecoder('utf-16be').decode(Buffer.from(hex.replaceAll(' ', ''), 'hex')))
}
