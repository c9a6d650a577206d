import sharp from 'sharp'

export const logoBytesMax = 40 * 1024
const pixelsMax = 4_000_000
/** Shown 24 px high and up to 160 px wide; three times that for sharp screens. */
const frame = { width: 480, height: 144 }

/** The first bytes of the only two formats that are read at all: what else the image library could open (SVG, with its script) never reaches it. */
const isPngOrJpeg = (bytes: Buffer): boolean =>
  bytes.subarray(0, 8).equals(Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])) || bytes.subarray(0, 3).equals(Buffer.from([0xff, 0xd8, 0xff]))

/** Pixels alone are kept, drawn anew as a PNG of ours: no metadata, no second format behind the first. Undefined: it is no picture that we read. */
export async function cleanLogo(dataUrl: string): Promise<Buffer | undefined> {
  const bytes = Buffer.from(dataUrl.slice(dataUrl.indexOf(',') + 1), 'base64')
  if (bytes.length > logoBytesMax || !isPngOrJpeg(bytes)) return undefined
  try {
    const drawn = await sharp(bytes, { limitInputPixels: pixelsMax, pages: 1, failOn: 'error' })
      .rotate()
      .resize({ ...frame, fit: 'inside', withoutEnlargement: true })
      .png({ palette: true, colours: 128, compressionLevel: 9 })
      .toBuffer()
    return drawn.length <= logoBytesMax ? drawn : undefined
  } catch {
    return undefined
  }
}
