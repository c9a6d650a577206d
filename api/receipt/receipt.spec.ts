import { crc32, deflateSync } from 'node:zlib'
import { expect } from 'chai'
import { drawnOpaque } from './drawn.ts'
import { type Receipt, receiptPdf } from './receipt.ts'

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type), data])
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(data.length)
  sum.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, sum])
}
/** As a canvas makes it: colours and transparency. */
function png(width: number, height: number, pixels: Buffer): string {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, 6], 8)
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  const file = Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', pixels), chunk('IEND', Buffer.alloc(0))])
  return `data:image/png;base64,${file.toString('base64')}`
}
const drawn = png(100, 40, deflateSync(Buffer.alloc(40 * 401)))
/** Each is short enough for a form to hold. */
const hostile = {
  'pixels that are no pixels': png(100, 40, Buffer.from('nothing that could be unpacked')),
  'too few pixels': png(100, 40, deflateSync(Buffer.alloc(10))),
  'a size that nobody draws': png(20_000, 20_000, deflateSync(Buffer.alloc(1_000_000))),
  'the largest size there is': png(65_535, 65_535, deflateSync(Buffer.alloc(100))),
  'another kind of picture': `data:image/png;base64,${Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"><rect width="10" height="10"/></svg>').toString('base64')}`,
  'no picture': 'data:image/png;base64,AAAA',
}

describe('a receipt', () => {
  const receipt = (drawing: string | null): Receipt => ({
    ...{ language: 'en', clinic: { name: 'Lakeside Clinic', phone: '+1 312 555 0142', timeZone: 'America/Chicago' }, reference: 'HX-7Q2M', given: [] },
    record: {
      signature: { typedName: 'Ana Moreno', language: 'en', drawing, accessCode: null },
      ...{ consents: [], from: { userAgent: 'a phone', ip: '192.0.2.1' }, at: '2026-01-05T13:00:00.000Z', timeZone: 'America/Chicago' },
      ...{ action: 'intake.submit', patient: null, signedAs: null },
    } as unknown as Receipt['record'],
    recordSha256: 'a'.repeat(64),
    later: [],
  })
  const made = (drawing: string | null) => receiptPdf(receipt(drawing), new Date('2026-01-06T00:00:00Z'))

  it('holds the drawing as a picture without transparency', async () => {
    const [with_, without] = [await made(drawn), await made(null)]
    expect(with_.subarray(0, 5).toString()).to.equal('%PDF-')
    expect(with_.includes('/Subtype /Image')).to.equal(true)
    expect(without.includes('/Subtype /Image')).to.equal(false)
    expect((await drawnOpaque(drawn))?.[25], 'colour type of the PNG').to.equal(2)
  })
  for (const [what, drawing] of Object.entries(hostile)) {
    it(`is made all the same of a drawing with ${what}, within bounds`, async () => {
      const before = process.memoryUsage().rss
      const pdf = await made(drawing)
      expect(pdf.subarray(0, 5).toString()).to.equal('%PDF-')
      expect(pdf.includes('/Subtype /Image')).to.equal(false)
      expect(process.memoryUsage().rss - before).to.be.below(200_000_000)
    })
  }
})
