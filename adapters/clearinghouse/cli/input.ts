import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'

/** The file cannot be opened: the message is for the person at the terminal. */
export class NoInput extends Error {}

/** Standard input and pipes are held in memory up to here, because they are read twice; a file may have any size. */
const pipedBytesMax = 67_108_864

/** FILE, or standard input for `-`, as something that can be read twice: whether an interchange is whole is known at its end only. */
export async function rereadable(file: string): Promise<() => AsyncIterable<Uint8Array>> {
  if (file !== '-' && (await orNoInput(file, () => stat(file))).isFile()) return () => bytesOf(file)
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of bytesOf(file)) {
    bytes += chunk.length
    if (bytes > pipedBytesMax) throw new NoInput(`more than ${pipedBytesMax} bytes from a pipe: write them to a file and name it`)
    chunks.push(chunk)
  }
  return async function* () {
    yield* chunks
  }
}

async function* bytesOf(file: string): AsyncGenerator<Uint8Array> {
  const source: AsyncIterable<Uint8Array> = file === '-' ? process.stdin : createReadStream(file)
  try {
    yield* source
  } catch (error) {
    throw worded(file, error)
  }
}

async function orNoInput<T>(file: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw worded(file, error)
  }
}

function worded(file: string, error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (code === 'ENOENT') return new NoInput(`there is no file ${file}`)
  if (code === 'EISDIR') return new NoInput(`${file} is a folder`)
  if (code === 'EACCES') return new NoInput(`${file} may not be read by this user`)
  return error
}
