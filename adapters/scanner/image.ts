import { PartnerFault } from '@heliox/core/kit'
import { uploadTypes } from '@heliox/core/media'
import { fileTypeFromBuffer } from 'file-type'
import sharp from 'sharp'

/**
 * Disarms one image: decode to pixels, turn upright, write anew. What is not a pixel (EXIF with its GPS, comments, trailers,
 * a script behind the image) is not copied, because nothing but pixels is. Every clean copy is a JPEG, whatever came in:
 * one format to serve, a bounded size, and no chunk structure to hide in.
 */

/** Only the three decoders that a card photo needs can be reached by an uploaded file; SVG, TIFF, PDF and the rest do not exist here. */
sharp.block({ operation: ['VipsForeignLoad'] })
sharp.unblock({ operation: ['VipsForeignLoadJpegBuffer', 'VipsForeignLoadPngBuffer', 'VipsForeignLoadWebpBuffer'] })
// An engine scans many different photos and none twice: a cache would only hold patients' pictures in memory.
sharp.cache(false)

const pixelsMax = 50_000_000
/** A card stays readable, and a copy cannot grow past what an upload may be. */
const sideMaxPx = 4096
const decodeSecondsMax = 10

type Disarmed =
  | { is: 'image'; bytes: Buffer; contentType: 'image/jpeg'; widthPx: number; heightPx: number }
  | { is: 'refused'; reason: 'not-an-image' | 'too-large' | 'unreadable' }

export async function disarm(bytes: Buffer): Promise<Disarmed> {
  const type = await fileTypeFromBuffer(bytes).catch(() => undefined)
  if (!type || !(uploadTypes as readonly string[]).includes(type.mime)) return { is: 'refused', reason: 'not-an-image' }
  try {
    // From the header alone: a flood of pixels is refused before one of them is decoded.
    const { width, height } = await open(bytes).metadata()
    if (width * height > pixelsMax) return { is: 'refused', reason: 'too-large' }
    const { data, info } = await open(bytes)
      .autoOrient()
      .resize({ width: sideMaxPx, height: sideMaxPx, fit: 'inside', withoutEnlargement: true })
      .flatten({ background: '#ffffff' })
      .jpeg({ quality: 88 })
      .timeout({ seconds: decodeSecondsMax })
      .toBuffer({ resolveWithObject: true })
    return { is: 'image', bytes: data, contentType: 'image/jpeg', widthPx: info.width, heightPx: info.height }
  } catch (error) {
    const text = error instanceof Error ? error.message : ''
    // Time depends on the machine and not on the file alone: that is a fault, never a refusal.
    if (/timeout/i.test(text)) throw new PartnerFault('timeout', 'The photo could not be re-encoded in time.')
    return { is: 'refused', reason: /pixel limit/i.test(text) ? 'too-large' : 'unreadable' }
  }
}

/** A photo that is damaged or cut short is refused: half a card helps nobody, and decoders are attacked through damage. */
const open = (bytes: Buffer) => sharp(bytes, { failOn: 'error', limitInputPixels: pixelsMax, pages: 1 })
