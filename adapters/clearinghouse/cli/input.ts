import { createReadStream } from 'node:fs'

/** The file cannot be opened: the message is for the person at the terminal. */
export class NoInput extends Error {}

/** The bytes of FILE, or of standard input for `-`, as they come. */
export async function* bytesOf(file: string): AsyncGenerator<Uint8Array> {
  const source: AsyncIterable<Uint8Array> = file === '-' ? process.stdin : createReadStream(file)
  try {
    yield* source
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    if (code === 'ENOENT') throw new NoInput(`there is no file ${file}`)
    if (code === 'EISDIR') throw new NoInput(`${file} is a folder`)
    if (code === 'EACCES') throw new NoInput(`${file} may not be read by this user`)
    throw error
  }
}
