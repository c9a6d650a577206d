import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import type { Socket } from 'node:net'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { limits, PartnerFault } from '@heliox/core/kit'
import { type Decoded, framed, readAnswer } from './protocol.ts'

/** The process ended, or had to be ended, over a file. */
export class DecoderDied extends Error {}

const here = dirname(fileURLToPath(import.meta.url))
/** Where the two decoders and what they need come from; nothing else can be read. */
const packages = fileURLToPath(import.meta.resolve('sharp')).replace(/(.*[\\/]node_modules)[\\/].*/, '$1')

/** The largest photo that is let in takes less than 0.7 GB (BEHAVIOR.md); more than this is an attack or a bug. */
const residentBytesMax = 1_000 * 1024 * 1024
const memoryLookMs = 50
/** After so many photos a fresh one: what a decoder may have leaked, or learned, goes with it. */
const photosMax = 50
/** One that nobody needs goes away. */
const idleMs = 60_000

/**
 * One decoder process. It has no environment, no network, no processes of its own, and of the disk only its own code: Node's permission model
 * for what is JavaScript and WebAssembly, and nothing to find for native code that breaks out of it.
 */
export class Decoder {
  readonly #child: ChildProcessWithoutNullStreams
  #photos = 0
  #idle: NodeJS.Timeout | undefined
  #over = false

  constructor() {
    const readable = [here, packages].map((folder) => `--allow-fs-read=${folder}`)
    this.#child = spawn(
      process.execPath,
      ['--permission', '--allow-addons', ...readable, '--max-old-space-size=256', '--disable-warning=PERM0001', `${here}/main.ts`],
      { env: {}, cwd: here, stdio: ['pipe', 'pipe', 'pipe'] },
    )
    this.#child.on('error', () => this.end())
    this.#child.on('exit', () => {
      this.#over = true
    })
    this.#child.stdin.on('error', () => undefined)
    // What a decoder complains about may quote the file; nobody reads it.
    this.#child.stderr.resume()
    this.#mayOutlive(true)
  }

  get usable(): boolean {
    return !this.#over && this.#photos < photosMax
  }
  get pid(): number | undefined {
    return this.#child.pid
  }

  /** An idle decoder does not keep its engine, or a test, from ending. */
  #mayOutlive(may: boolean): void {
    const { child, pipes } = { child: this.#child, pipes: [this.#child.stdin, this.#child.stdout, this.#child.stderr] as unknown as Socket[] }
    for (const one of [child, ...pipes]) may ? one.unref() : one.ref()
  }

  async decode(file: Buffer, signal: AbortSignal): Promise<Decoded> {
    clearTimeout(this.#idle)
    this.#photos += 1
    this.#mayOutlive(false)
    const watch = setInterval(() => void this.#watchMemory(), memoryLookMs)
    try {
      return await this.#exchange(file, signal)
    } finally {
      clearInterval(watch)
      this.#mayOutlive(true)
      this.#idle = setTimeout(() => this.end(), idleMs).unref()
    }
  }

  #exchange(file: Buffer, signal: AbortSignal): Promise<Decoded> {
    return new Promise((resolve, reject) => {
      const parts: Buffer[] = []
      let length = 0
      const done = (finish: () => void): void => {
        this.#child.stdout.off('data', onData)
        this.#child.off('exit', onExit)
        signal.removeEventListener('abort', onAbort)
        finish()
      }
      const onData = (part: Buffer): void => {
        parts.push(part)
        length += part.length
        try {
          if (length > 2 * limits.uploadBytesMax + 4096) throw new Error('the decoder gives more than two pictures')
          const answer = readAnswer(Buffer.concat(parts, length), limits.uploadBytesMax)
          if (answer) done(() => resolve(answer))
        } catch (error) {
          done(() => reject(new DecoderDied(error instanceof Error ? error.message : 'no answer')))
        }
      }
      const onExit = (): void => done(() => reject(new DecoderDied('the decoder ended over a file')))
      const onAbort = (): void => {
        this.end()
        done(() => reject(new PartnerFault('timeout', 'The photo could not be re-encoded in time.')))
      }
      if (this.#over) return onExit()
      this.#child.stdout.on('data', onData)
      this.#child.on('exit', onExit)
      signal.addEventListener('abort', onAbort, { once: true })
      this.#child.stdin.write(framed(file))
    })
  }

  /** Where the system tells it (Linux). Pixels and WebAssembly are not in the heap that Node bounds. */
  async #watchMemory(): Promise<void> {
    const status = await readFile(`/proc/${this.#child.pid}/statm`, 'latin1').catch(() => undefined)
    const resident = Number(status?.split(' ')[1]) * 4096
    if (resident > residentBytesMax) this.end()
  }

  end(): void {
    clearTimeout(this.#idle)
    this.#over = true
    this.#child.kill('SIGKILL')
  }
}
