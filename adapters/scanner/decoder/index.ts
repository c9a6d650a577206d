import { setMaxListeners } from 'node:events'
import { PartnerFault } from '@heliox/core/kit'
import { Decoder, DecoderDied } from './child.ts'
import type { Decoded } from './protocol.ts'

export type { Decoded } from './protocol.ts'

/** Two at a time in one engine: a photo is a second of one core, and the rest of the engine has work to do. */
const decodersMax = 2

export class DecoderPool {
  readonly #make: () => Decoder
  readonly #idle: Decoder[] = []
  readonly #waiting: (() => void)[] = []
  #running = 0

  constructor(make: () => Decoder = () => new Decoder()) {
    this.#make = make
  }

  /**
   * Decodes and re-encodes one file in a process that can be ended at any point. A process that dies over a file gets it once more, fresh; dying
   * twice is the file's doing, and the file is refused. Out of time is a fault and not a refusal: time depends on the machine.
   */
  async decode(file: Buffer, signal: AbortSignal): Promise<Decoded> {
    if (signal.aborted) throw tooLate()
    setMaxListeners(0, signal)
    await this.#turn(signal)
    try {
      for (let tries = 1; ; tries += 1) {
        const decoder = (tries === 1 ? this.#rested() : undefined) ?? this.#make()
        try {
          const decoded = await decoder.decode(file, signal)
          // What was damaged enough to be refused may have done more than that to the process; what is sound keeps it for the next.
          if (decoder.usable && decoded.is !== 'refused') this.#idle.push(decoder)
          else decoder.end()
          return decoded
        } catch (error) {
          decoder.end()
          if (!(error instanceof DecoderDied)) throw error
          if (tries === 2) return { is: 'refused', reason: 'unreadable' }
        }
      }
    } finally {
      this.#running -= 1
      this.#waiting.shift()?.()
    }
  }

  /** One that waits for a photo, and lives: those that nobody needed for a while have ended, and no file has anything to do with it. */
  #rested(): Decoder | undefined {
    for (let one = this.#idle.pop(); one; one = this.#idle.pop()) if (one.usable) return one
    return undefined
  }

  async #turn(signal: AbortSignal): Promise<void> {
    while (this.#running >= decodersMax)
      await new Promise<void>((resolve, reject) => {
        const turn = () => {
          signal.removeEventListener('abort', stop)
          resolve()
        }
        const stop = () => {
          this.#waiting.splice(this.#waiting.indexOf(turn), 1)
          reject(tooLate())
        }
        this.#waiting.push(turn)
        signal.addEventListener('abort', stop, { once: true })
      })
    this.#running += 1
  }
}
const tooLate = (): PartnerFault => new PartnerFault('timeout', 'The photo could not be re-encoded in time.')

const pool = new DecoderPool()
export const decode: DecoderPool['decode'] = (file, signal) => pool.decode(file, signal)
