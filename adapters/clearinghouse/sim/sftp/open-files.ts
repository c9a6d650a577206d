import type { FolderName } from '../batch/folders.ts'

/** A file that a client writes: the folder shows it as far as it has come. */
export interface WrittenFile {
  folder: FolderName
  name: string
}
interface ReadFile {
  bytes: Buffer
}
interface OpenFolder {
  entries: { filename: string; longname: string; attrs: import('ssh2').Attributes }[]
}
export type Opened = { is: 'write'; file: WrittenFile } | { is: 'read'; file: ReadFile } | { is: 'folder'; folder: OpenFolder }
const handlesMax = 1_000

/** Handles are ours to choose: a counter in four bytes. */
export class Handles {
  #next = 0
  #opened = new Map<number, Opened>()
  add(opened: Opened): Buffer | undefined {
    if (this.#opened.size >= handlesMax) return undefined
    this.#next += 1
    const handle = Buffer.alloc(4)
    handle.writeUInt32BE(this.#next)
    this.#opened.set(this.#next, opened)
    return handle
  }
  get(handle: Buffer): Opened | undefined {
    return handle.length === 4 ? this.#opened.get(handle.readUInt32BE(0)) : undefined
  }
  close(handle: Buffer): Opened | undefined {
    const opened = this.get(handle)
    if (opened) this.#opened.delete(handle.readUInt32BE(0))
    return opened
  }
  /** Those still open when the connection ended. */
  closeAll(): Opened[] {
    const left = [...this.#opened.values()]
    this.#opened.clear()
    return left
  }
}
