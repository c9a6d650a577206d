import { setMaxListeners } from 'node:events'
import { PartnerFault } from '@heliox/core/kit'
import { Decoder, DecoderDied } from './child.ts'
import type { Decoded } from './protocol.ts'

export type { Decoded } from './protocol.ts'

/** Two at a time in one engine: a photo is a second of one core, and the rest of the engine has work to do. */
const decodersMax = 2
const idle: Decoder[] = []
const waiting: (() => void)[] = []
let running = 0

async function take(signal: AbortSignal): Promise<void> {
  while (running >= decodersMax)
    await new Promise<void>((resolve, reject) => {
      const turn = () => {
        signal.removeEventListener('abort', stop)
        resolve()
      }
      const stop = () => {
        waiting.splice(waiting.indexOf(turn), 1)
        reject(new PartnerFault('timeout', 'The photo could not be re-encoded in time.'))
      }
      waiting.push(turn)
      signal.addEventListener('abort', stop, { once: true })
    })
  running += 1
}

/**
 * Decodes and re-encodes one file in a process that can be ended at any point. A process that dies over a file gets it once more, fresh; dying
 * twice is the file's doing, and the file is refused. Out of time is a fault and not a refusal: time depends on the machine.
 */
export async function decode(file: Buffer, signal: AbortSignal): Promise<Decoded> {
  if (signal.aborted) throw new PartnerFault('timeout', 'The photo could not be re-encoded in time.')
  setMaxListeners(0, signal)
  await take(signal)
  try {
    for (let tries = 1; ; tries += 1) {
      const decoder = idle.pop() ?? new Decoder()
      try {
        const decoded = await decoder.decode(file, signal)
        // What was damaged enough to be refused may have done more than that to the process; what is sound keeps it for the next.
        if (decoder.usable && decoded.is !== 'refused') idle.push(decoder)
        else decoder.end()
        return decoded
      } catch (error) {
        decoder.end()
        if (!(error instanceof DecoderDied)) throw error
        if (tries === 2) return { is: 'refused', reason: 'unreadable' }
      }
    }
  } finally {
    running -= 1
    waiting.shift()?.()
  }
}
