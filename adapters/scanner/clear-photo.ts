import { type Answer, limits, PartnerFault, sha256Hex, type ValueOf } from '@heliox/core/kit'
import type { ClearPhoto, PhotoClean, PhotoRefused } from '@heliox/core/media'
import { scan } from './clamd.ts'
import { fetchObject, store } from './fetch-object.ts'
import { refuseEmbedded } from './health.ts'
import type { ScannerContext } from './types.ts'

type Wish = ValueOf<typeof ClearPhoto>
type Refused = ValueOf<typeof PhotoRefused>
type Cleared = Answer<ValueOf<typeof PhotoClean>, Refused>

/**
 * The parts are read once and put together; hash, scan and both copies are all made from that one buffer. The browser may overwrite a part in
 * quarantine as long as its signed URL lives, and what it puts there later is never looked at. The scan comes before any parser of ours sees
 * the bytes, and the parsers live in a process that holds nothing (`decoder/`). Whatever goes wrong throws: the file stays in quarantine.
 */
export async function clearPhoto(input: Wish, ctx: ScannerContext): Promise<Cleared> {
  if (ctx.production) await refuseEmbedded(ctx)
  const bytes = await together(input, ctx)
  if (typeof bytes === 'string') return refused(bytes)
  const quarantineSha256 = sha256Hex(bytes)
  if (input.announced && quarantineSha256 !== input.announced.sha256) return refused('incomplete')

  const verdict = await scan(bytes, ctx)
  if (verdict.is === 'found') {
    ctx.log.warn({ uploadId: input.uploadId, finding: verdict.finding }, 'the scanner found something in an upload')
    return refused('malware', verdict.finding)
  }
  // Loaded at the first photo: the api reads this adapter's definition too, and has no use for it.
  const { decode } = await import('./decoder/index.ts')
  const decoded = await decode(bytes, ctx.signal)
  if (decoded.is === 'refused') return refused(decoded.reason)

  const { sourceType, full, thumb } = decoded
  // Somebody who gave up must not find a file appearing later.
  if (ctx.signal.aborted) throw new PartnerFault('timeout', 'The photo could not be cleared in time.')
  await store(() => ctx.objects.put('clean', input.thumbKey, thumb.bytes, 'image/jpeg'))
  await store(() => ctx.objects.put('clean', input.cleanKey, full.bytes, 'image/jpeg'))
  ctx.log.info({ uploadId: input.uploadId, sourceType, bytes: bytes.length, cleanBytes: full.bytes.length }, 'an upload is clean')
  const facts = ({ bytes: made, widthPx, heightPx }: typeof full) => ({ sha256: sha256Hex(made), bytes: made.length, widthPx, heightPx })
  return { is: 'ok', value: { quarantineSha256, sourceType, contentType: 'image/jpeg', clean: facts(full), thumb: facts(thumb) } }
}

const refused = (reason: Refused['reason'], finding: string | null = null): Cleared => ({ is: 'rejected', value: { reason, finding } })

/** All parts in their order, or why there is no file: never more than is allowed, and never other than was announced. */
async function together(input: Wish, ctx: ScannerContext): Promise<Buffer | Refused['reason']> {
  const bytesMax = Math.min(input.bytesMax, ctx.config.bytesMax, limits.uploadBytesMax)
  if (input.announced && input.announced.bytes > bytesMax) return 'too-large'
  const parts: Buffer[] = []
  let length = 0
  for (const key of input.quarantineKeys) {
    const part = await fetchObject(key, bytesMax - length, ctx)
    if (part === 'too-large') return part
    if (part === 'missing') return parts.length === 0 && input.quarantineKeys.length === 1 ? 'missing' : 'incomplete'
    parts.push(part)
    length += part.length
  }
  if (input.announced && length !== input.announced.bytes) return 'incomplete'
  return Buffer.concat(parts, length)
}
