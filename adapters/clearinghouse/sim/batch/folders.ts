import type { SimJournal } from '../../../sim-journal.ts'
import type { SimClock } from '../clock.ts'

export const folderNames = ['to-clearinghouse', 'from-clearinghouse'] as const
export type FolderName = (typeof folderNames)[number]

export interface StoredFile {
  bytes: Buffer
  modifiedAt: Date
  /** What `bytes` is the first part of, while somebody writes: it has room for more. */
  room?: Buffer
}
export const filesMax = 50_000
export const fileBytesMax = 64 * 1024 * 1024
const roomBytes = 64 * 1024

/** The two folders. In the journal bytes are text, one character each. */
export class Folders {
  readonly #clock: SimClock
  readonly #files: Readonly<Record<FolderName, Map<string, StoredFile>>> = { 'to-clearinghouse': new Map(), 'from-clearinghouse': new Map() }
  readonly #put: (folder: FolderName, name: string, text: string, atMs: number) => void
  readonly #write: (folder: FolderName, name: string, offset: number, text: string, atMs: number) => void
  readonly #rename: (folder: FolderName, name: string, toFolder: FolderName, toName: string, atMs: number) => void
  readonly #remove: (folder: FolderName, name: string) => void
  readonly clear: () => void

  constructor(clock: SimClock, journal: SimJournal) {
    this.#clock = clock
    this.#put = journal.change('file', (folder, name, text, atMs) => {
      this.#files[folder].set(name, { bytes: Buffer.from(text, 'latin1'), modifiedAt: new Date(atMs) })
    })
    this.#write = journal.change('file-part', (folder, name, offset, text, atMs) => {
      const before = this.#files[folder].get(name)
      const size = before?.bytes.length ?? 0
      const end = offset + text.length
      const room = before?.room && before.room.length >= end ? before.room : Buffer.alloc(Math.max(end, size * 2, roomBytes))
      if (room !== before?.room) before?.bytes.copy(room)
      room.write(text, offset, 'latin1')
      this.#files[folder].set(name, { bytes: room.subarray(0, Math.max(size, end)), room, modifiedAt: new Date(atMs) })
    })
    this.#rename = journal.change('file-renamed', (folder, name, toFolder, toName, atMs) => {
      const file = this.#files[folder].get(name)
      this.#files[folder].delete(name)
      if (file) this.#files[toFolder].set(toName, { ...file, modifiedAt: new Date(atMs) })
    })
    this.#remove = journal.change('file-removed', (folder, name) => {
      this.#files[folder].delete(name)
    })
    this.clear = journal.change('files-forgotten', () => {
      for (const folder of folderNames) this.#files[folder].clear()
    })
  }
  names(folder: FolderName): string[] {
    return [...this.#files[folder].keys()]
  }
  get(folder: FolderName, name: string): StoredFile | undefined {
    return this.#files[folder].get(name)
  }
  /** False when the folder is full. */
  put(folder: FolderName, name: string, bytes: Buffer): boolean {
    if (this.#isFull(folder, name)) return false
    this.#put(folder, name, bytes.toString('latin1'), this.#clock.nowMs())
    return true
  }
  /** A part of a file that is being written. False when it, or the folder, would be too large. */
  write(folder: FolderName, name: string, offset: number, data: Buffer): boolean {
    if (offset + data.length > fileBytesMax || this.#isFull(folder, name)) return false
    this.#write(folder, name, offset, data.toString('latin1'), this.#clock.nowMs())
    return true
  }
  rename(from: { folder: FolderName; name: string }, to: { folder: FolderName; name: string }): void {
    this.#rename(from.folder, from.name, to.folder, to.name, this.#clock.nowMs())
  }
  remove(folder: FolderName, name: string): void {
    if (this.#files[folder].has(name)) this.#remove(folder, name)
  }
  #isFull(folder: FolderName, name: string): boolean {
    return this.#files[folder].size >= filesMax && !this.#files[folder].has(name)
  }
  list(): Record<FolderName, { name: string; bytes: number; modifiedAt: string }[]> {
    const of = (folder: FolderName) =>
      [...this.#files[folder]].map(([name, { bytes, modifiedAt }]) => ({ name, bytes: bytes.length, modifiedAt: modifiedAt.toISOString() }))
    return { 'to-clearinghouse': of('to-clearinghouse'), 'from-clearinghouse': of('from-clearinghouse') }
  }
}
/** Still being written, by its name. */
export const isUnfinished = (name: string): boolean => /\.(tmp|part)$/i.test(name)
