import sharp from 'sharp'

/** A signature pad is far smaller; what is larger was not drawn on one. */
const pixelsMax = 4_000_000
const secondsMax = 5

/**
 * A drawn signature as a PNG that a PDF takes as it is: opaque, eight bits, not interlaced. The browser's own is never given to the PDF writer, whose
 * reader of transparent PNGs throws where nobody can catch it and believes any size it is told. Null: it cannot be read.
 */
export async function drawnOpaque(dataUrl: string | null): Promise<Buffer | null> {
  if (!dataUrl) return null
  const bytes = Buffer.from(dataUrl.slice(dataUrl.indexOf(',') + 1), 'base64')
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
