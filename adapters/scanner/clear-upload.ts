import { type Answer, limits, PartnerFault, sha256Hex, type ValueOf } from '@heliox/core/kit'
import type { ClearUpload, UploadClean, UploadRefused } from '@heliox/core/media'
import { scan } from './clamd.ts'
import { fetchObject, store } from './fetch-object.ts'
import { refuseEmbedded } from './health.ts'
import type { ScannerContext } from './types.ts'

type Cleared = Answer<ValueOf<typeof UploadClean>, ValueOf<typeof UploadRefused>>

/**
 * One buffer is read once, and hash, scan and clean copy are all made from it: the browser may overwrite the object in
 * quarantine as long as its signed URL lives, and what it puts there later is never served. The scan comes before any
 * parser of ours sees the bytes. Whatever goes wrong throws: the file stays in quarantine.
 */
export async function clearUpload(input: ValueOf<typeof ClearUpload>, ctx: ScannerContext): Promise<Cleared> {
  if (ctx.production) await refuseEmbedded(ctx)
  const bytesMax = Math.min(input.bytesMax, ctx.config.bytesMax, limits.uploadBytesMax)
  const bytes = await fetchObject(input.quarantineKey, bytesMax, ctx)
  if (bytes === 'missing' || bytes === 'too-large') return refused(bytes)

  const quarantineSha256 = sha256Hex(bytes)
  const verdict = await scan(bytes, ctx)
  if (verdict.is === 'found') {
    ctx.log.warn({ uploadId: input.uploadId, finding: verdict.finding }, 'the scanner found something in an upload')
    return refused('malware', verdict.finding)
  }
  // Loaded at the first photo: the api reads this adapter's definition too, and has no use for it.
  const { decode } = await import('./decoder/index.ts')
  const decoded = await decode(bytes, ctx.signal)
  // What this version of the answer has no word for.
  if (decoded.is === 'refused') return refused(decoded.reason === 'animated' ? 'not-an-image' : decoded.reason)
  const image = { ...decoded.full, contentType: 'image/jpeg' as const }

  // A caller that gave up must not find a file appearing later.
  if (ctx.signal.aborted) throw new PartnerFault('timeout', 'The photo could not be cleared in time.')
  await store(() => ctx.objects.put('clean', input.cleanKey, image.bytes, image.contentType))
  ctx.log.info({ uploadId: input.uploadId, bytes: bytes.length, cleanBytes: image.bytes.length }, 'an upload is clean')
  return {
    is: 'ok',
    value: {
      quarantineSha256,
      cleanSha256: sha256Hex(image.bytes),
      cleanBytes: image.bytes.length,
      contentType: image.contentType,
      widthPx: image.widthPx,
      heightPx: image.heightPx,
    },
  }
}

const refused = (reason: ValueOf<typeof UploadRefused>['reason'], finding: string | null = null): Cleared => ({ is: 'rejected', value: { reason, finding } })
