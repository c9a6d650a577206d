import { defaultLimits, type Found, type Limits } from './found.ts'
import { Framer } from './framer.ts'

/**
 * What a file holds, in file order, one transaction in memory at a time. Never throws for what the bytes are: each thing that does not
 * verify is a problem at the item it concerns, and its siblings stand. The same bytes give the same items however they are cut into
 * chunks.
 *
 * A transaction comes before the `interchange-end` that may say that its interchange is damaged: whoever believes a verdict waits
 * for it, or has asked `verifyX12` first.
 */
export function* readX12(input: Uint8Array | Iterable<Uint8Array>, limits: Partial<Limits> = {}): Generator<Found> {
  const framer = new Framer({ ...defaultLimits, ...limits }, true)
  for (const chunk of input instanceof Uint8Array ? [input] : input) yield* framer.push(chunk)
  yield* framer.end()
}

/** The same from a stream, as fast as the reader of its items takes them. */
export async function* readX12Stream(chunks: AsyncIterable<Uint8Array>, limits: Partial<Limits> = {}): AsyncGenerator<Found> {
  const framer = new Framer({ ...defaultLimits, ...limits }, true)
  for await (const chunk of chunks) yield* framer.push(chunk)
  yield* framer.end()
}
