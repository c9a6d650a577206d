import type { SimClock } from '../clock.ts'

export const folderNames = ['to-clearinghouse', 'from-clearinghouse'] as const
export type FolderName = (typeof folderNames)[number]

export interface StoredFile {
  bytes: Buffer
  modifiedAt: Date
}
export const filesMax = 50_000
export const fileBytesMax = 64 * 1024 * 1024

/** The two folders, in memory: nothing to clean up, whatever way the process ends. */
export class Folders {
  readonly #clock: SimClock
  readonly #files: Readonly<Record<FolderName, Map<string, StoredFile>>> = { 'to-clearinghouse': new Map(), 'from-clearinghouse': new Map() }

  constructor(clock: SimClock) {
    this.#clock = clock
  }
  names(folder: FolderName): string[] {
    return [...this.#files[folder].keys()]
  }
  get(folder: FolderName, name: string): StoredFile | undefined {
    return this.#files[folder].get(name)
  }
  /** False when the folder is full. */
  put(folder: FolderName, name: string, bytes: Buffer): boolean {
    if (this.#files[folder].size >= filesMax && !this.#files[folder].has(name)) return false
    this.#files[folder].set(name, { bytes, modifiedAt: this.#clock.now() })
    return true
  }
  remove(folder: FolderName, name: string): boolean {
    return this.#files[folder].delete(name)
  }
  clear(): void {
    for (const folder of folderNames) this.#files[folder].clear()
  }
  list(): Record<FolderName, { name: string; bytes: number; modifiedAt: string }[]> {
    const of = (folder: FolderName) =>
      [...this.#files[folder]].map(([name, { bytes, modifiedAt }]) => ({ name, bytes: bytes.length, modifiedAt: modifiedAt.toISOString() }))
    return { 'to-clearinghouse': of('to-clearinghouse'), 'from-clearinghouse': of('from-clearinghouse') }
  }
}
/** Still being written, by its name. */
export const isUnfinished = (name: string): boolean => /\.(tmp|part)$/i.test(name)
