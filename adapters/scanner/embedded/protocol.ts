import type { Socket } from 'node:net'

/**
 * The server's half of clamd's protocol, one command per connection: `z<COMMAND>\0`, `n<COMMAND>\n` or the bare old form;
 * the answer ends as the command did. Written apart from the adapter's half on purpose: a shared mistake would not be seen.
 */
interface Served {
  command(name: 'PING' | 'VERSION'): string | 'drop' | 'silence'
  stream(bytes: Buffer): string | 'drop' | 'silence'
}

const commandBytesMax = 64
const idleMsMax = 30_000

export function serveConnection(socket: Socket, streamBytesMax: number, served: Served): void {
  let pending: Buffer = Buffer.alloc(0)
  let end: '\0' | '\n' | undefined
  let chunks: Buffer[] | undefined
  let streamed = 0
  let over = false

  const finish = (answer: string | 'drop' | 'silence') => {
    over = true
    if (answer === 'drop') socket.destroy()
    else if (answer !== 'silence') socket.end(answer + (end ?? '\n'), 'latin1')
  }

  /** False when more bytes are needed. */
  const step = (): boolean => {
    if (chunks === undefined) return readCommand()
    if (pending.length < 4) return false
    const length = pending.readUInt32BE(0)
    if (length === 0) {
      finish(served.stream(Buffer.concat(chunks)))
      return false
    }
    if (streamed + length > streamBytesMax) {
      finish('INSTREAM size limit exceeded. ERROR')
      return false
    }
    if (pending.length < 4 + length) return false
    chunks.push(pending.subarray(4, 4 + length))
    streamed += length
    pending = pending.subarray(4 + length)
    return true
  }

  const readCommand = (): boolean => {
    end ??= pending[0] === 0x7a ? '\0' : '\n'
    const at = pending.indexOf(end)
    if (at < 0) {
      if (pending.length > commandBytesMax) finish('UNKNOWN COMMAND')
      return false
    }
    const line = pending.subarray(0, at).toString('latin1').trim()
    const name = /^[zn]/.test(line) ? line.slice(1) : line
    pending = pending.subarray(at + 1)
    if (name === 'INSTREAM') chunks = []
    else if (name === 'PING' || name === 'VERSION') finish(served.command(name))
    else finish('UNKNOWN COMMAND')
    return !over
  }

  socket.setNoDelay(true)
  socket.setTimeout(idleMsMax, () => socket.destroy())
  // A client that gives up is its own business; the connection goes away with it.
  socket.on('error', () => socket.destroy())
  socket.on('data', (part: Buffer) => {
    if (over) return
    pending = pending.length === 0 ? part : Buffer.concat([pending, part])
    while (!over && step());
  })
}
