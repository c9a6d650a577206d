import sharp from 'sharp'

/** A signature pad is far smaller; what is larger was not drawn on one. */
const pixelsMax = 4_000_000
const secondsMax = 5
const pngBegin = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])

/**
 * A drawn signature as a PNG that a PDF takes as it is: opaque, eight bits, not interlaced. The browser's own is never given to the PDF writer, whose
 * reader of transparent PNGs throws where nobody can catch it and believes any size it is told. Null: it cannot be read.
 */
export async function drawnOpaque(dataUrl: string | null): Promise<Buffer | null> {
  if (!dataUrl) return null
  const bytes = Buffer.from(dataUrl.slice(dataUrl.indexOf(',') + 1), 'base64')
  // Whatever else the image library reads (SVG, with what it may name) is not for it to read.
  if (!bytes.subarray(0, pngBegin.length).equals(pngBegin)) return null
  try {
    return await sharp(bytes, { limitInputPixels: pixelsMax, pages: 1, failOn: 'error' })
      .timeout({ seconds: secondsMax })
      .resize({ width: 960, height: 320, fit: 'inside', withoutEnlargement: true })
      .flatten({ background: '#ffffff' })
      .toColourspace('srgb')
      .png({ progressive: false, palette: false })
      .toBuffer()
  } catch {
    return null
  }
}
