import { once } from 'node:events'
import { createConnection, type Socket } from 'node:net'
import { PartnerFault } from '@heliox/core/kit'
import type { ScannerContext } from './types.ts'

/**
 * clamd's protocol: one connection per command. A command starts with `z` and ends, like its answer, in a NUL byte.
 * INSTREAM is followed by chunks (length as 32 bits big-endian, then the bytes) and ends with a chunk of length 0.
 */
export type Verdict = { is: 'clean' } | { is: 'found'; finding: string }

const chunkBytes = 64 * 1024
/** The longest honest answer is a signature's name. */
const answerBytesMax = 1024

export async function scan(bytes: Buffer, ctx: Pick<ScannerContext, 'config' | 'signal'>): Promise<Verdict> {
  const { answer, early } = await exchange(ctx, async (socket) => {
    await write(socket, Buffer.from('zINSTREAM\0'))
    for (let at = 0; at < bytes.length; at += chunkBytes) {
      const chunk = bytes.subarray(at, at + chunkBytes)
      const length = Buffer.alloc(4)
      length.writeUInt32BE(chunk.length)
      await write(socket, length)
      await write(socket, chunk)
    }
    await flush(socket, Buffer.alloc(4))
  })
  const verdict = verdictOf(answer)
  // A finding or an error may come as soon as it is known; nobody can call bytes clean that it has not been given.
  if (early && verdict.is === 'clean') throw new PartnerFault('contract', 'The scanner called a file clean before it had all of it.')
  return verdict
}

/** Only the exact word for clean is clean; everything that is not understood is a fault, so that the file stays where it is. */
export function verdictOf(answer: string): Verdict {
  if (answer === 'stream: OK') return { is: 'clean' }
  const found = /^stream: (.+) FOUND$/.exec(answer)
  if (found?.[1]) return { is: 'found', finding: found[1].replace(/[^A-Za-z0-9._-]/g, '_').slice(0, 120) }
  if (/size limit exceeded.*ERROR$/i.test(answer)) {
    throw new PartnerFault('contract', 'The scanner takes smaller files than this connection allows.', { detail: 'StreamMaxLength is below bytesMax' })
  }
  if (/ERROR$/.test(answer)) throw new PartnerFault('unavailable', 'The scanner could not scan.', { detail: printable(answer) })
  throw new PartnerFault('contract', 'The scanner answered in a way the hub does not know.', { detail: `${answer.length} characters` })
}

/** PING and VERSION. */
export async function ask(command: 'PING' | 'VERSION', ctx: Pick<ScannerContext, 'config' | 'signal'>): Promise<string> {
  return printable((await exchange(ctx, (socket) => write(socket, Buffer.from(`z${command}\0`)))).answer)
}

const printable = (text: string): string => text.replace(/[^ -~]/g, '?').slice(0, 200)

interface Exchanged {
  answer: string
  early: boolean
}

/**
 * A scanner that has enough (its size limit) answers and closes while we are still writing. So the answer is read beside the
 * writing, and an answer that came in counts even when a write failed; `early` says that it came before everything was sent.
 */
async function exchange(ctx: Pick<ScannerContext, 'config' | 'signal'>, talk: (socket: Socket) => Promise<void>): Promise<Exchanged> {
  const { signal } = ctx
  if (signal.aborted) throw timedOut()
  const socket = createConnection({ host: ctx.config.host, port: ctx.config.port, noDelay: true })
  const stop = () => socket.destroy(timedOut())
  signal.addEventListener('abort', stop, { once: true })
  try {
    let sent = false
    // Asked when the answer is complete and not later: what is written meanwhile does not make it less early.
    const answered = readAnswer(socket, (answer) => ({ answer, early: !sent }))
    // The answer decides; whatever broke the writing has broken the reading too, or left an answer behind.
    const talked = once(socket, 'connect').then(() => talk(socket))
    talked.then(
      () => {
        sent = true
      },
      () => undefined,
    )
    return await answered
  } catch (error) {
    if (error instanceof PartnerFault) throw error
    // A scan changes nothing over there: a lost connection leaves nothing in doubt and may simply be tried again.
    throw new PartnerFault('unavailable', 'The scanner cannot be reached.', { detail: (error as NodeJS.ErrnoException).code ?? 'connection lost' })
  } finally {
    signal.removeEventListener('abort', stop)
    socket.destroy()
  }
}

const timedOut = () => new PartnerFault('timeout', 'The scanner did not answer in time.')

function readAnswer(socket: Socket, whenComplete: (answer: string) => Exchanged): Promise<Exchanged> {
  return new Promise((resolve, reject) => {
    let text = ''
    socket.setEncoding('latin1')
    socket.on('data', (part: string) => {
      text += part
      const end = text.indexOf('\0')
      if (end >= 0) resolve(whenComplete(text.slice(0, end)))
      else if (text.length > answerBytesMax) reject(new PartnerFault('contract', 'The scanner answered with more than the hub reads.'))
    })
    socket.on('error', reject)
    socket.on('close', () => reject(new Error('closed before the answer was complete')))
  })
}

async function write(socket: Socket, bytes: Buffer): Promise<void> {
  if (!socket.write(bytes)) await once(socket, 'drain')
}

/** Ends when the operating system has taken the bytes, and all before them. */
const flush = (socket: Socket, bytes: Buffer): Promise<void> =>
  new Promise((resolve, reject) => {
    socket.write(bytes, (error) => (error ? reject(error) : resolve()))
  })
