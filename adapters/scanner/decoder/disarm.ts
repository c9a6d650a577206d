import { fileTypeFromBuffer } from 'file-type'
import sharp, { type Sharp } from 'sharp'
import { decodeHeic } from './heic.ts'
import type { Decoded, Picture } from './protocol.ts'

/**
 * Disarms one image: decode to pixels, turn upright, write anew. What is not a pixel (EXIF with its GPS, comments, trailers, a script behind
 * the image) is not copied, because nothing but pixels is. Every copy is a JPEG, whatever came in: one format to serve, a bounded size, and
 * no chunk structure to hide in.
 */

/** Only the three decoders that a card photo needs can be reached by an uploaded file; SVG, TIFF, PDF and the rest do not exist here. */
sharp.block({ operation: ['VipsForeignLoad'] })
sharp.unblock({ operation: ['VipsForeignLoadJpegBuffer', 'VipsForeignLoadPngBuffer', 'VipsForeignLoadWebpBuffer'] })
// Many different photos and none twice: a cache would only hold patients' pictures in memory.
sharp.cache(false)
// One photo takes one core: the engine beside us has work to do.
sharp.concurrency(1)

const bySharp = ['image/jpeg', 'image/png', 'image/webp']
const byHeic = ['image/heic', 'image/heif']
const pixelsMax = 50_000_000
/** Phones make 12 or 24 megapixels of it; WebAssembly takes about five times as long and 18 bytes a pixel. */
const heicPixelsMax = 25_000_000
/** A card stays readable, and a copy cannot grow past what an upload may be. */
const sideMaxPx = 4096
const thumbSideMaxPx = 320

const refused = (reason: (Decoded & { is: 'refused' })['reason']): Decoded => ({ is: 'refused', reason })

export async function disarm(file: Buffer): Promise<Decoded> {
  const type = (await fileTypeFromBuffer(file).catch(() => undefined))?.mime ?? ''
  // One picture is asked for: which of many would be the card, nobody can say.
  if (type === 'image/apng' || type === 'image/heic-sequence' || type === 'image/heif-sequence') return refused('animated')
  if (byHeic.includes(type)) {
    const raw = await decodeHeic(file, heicPixelsMax)
    if (raw.is === 'refused') return refused(raw.reason)
    return copies(type, sharp(raw.data, { raw: { width: raw.width, height: raw.height, channels: 4 }, limitInputPixels: pixelsMax }))
  }
  if (!bySharp.includes(type)) return refused('not-an-image')
  try {
    // From the header alone: a flood of pixels is refused before one of them is decoded.
    const { width, height, pages } = await sharp(file, { failOn: 'error', limitInputPixels: false }).metadata()
    if ((pages ?? 1) > 1) return refused('animated')
    if (width * height > pixelsMax) return refused('too-large')
    // A photo that is damaged or cut short is refused: half a card helps nobody, and decoders are attacked through damage.
    return await copies(type, sharp(file, { failOn: 'error', limitInputPixels: pixelsMax, pages: 1 }).autoOrient())
  } catch {
    return refused('unreadable')
  }
}

async function copies(sourceType: string, upright: Sharp): Promise<Decoded> {
  const side = (max: number) => ({ width: max, height: max, fit: 'inside', withoutEnlargement: true }) as const
  const full = await upright.resize(side(sideMaxPx)).flatten({ background: '#ffffff' }).jpeg({ quality: 88 }).toBuffer({ resolveWithObject: true })
  // Of the copy, which has been decoded by us already: the file itself is opened once.
  const thumb = await sharp(full.data).resize(side(thumbSideMaxPx)).jpeg({ quality: 80 }).toBuffer({ resolveWithObject: true })
  const picture = ({ data, info }: typeof full): Picture => ({ bytes: data, widthPx: info.width, heightPx: info.height })
  return { is: 'image', sourceType, full: picture(full), thumb: picture(thumb) }
}
