import type { RemoteFile } from './transport/sftp.ts'

/** More than a partner piles up in months; what is beyond is listed once the first are taken away. */
export const outboxFilesMax = 50_000

/** Names under which partners and their tools write before they rename: not ours to touch. */
export const isUnfinishedName = (name: string): boolean => name.startsWith('.') || /\.(tmp|part|partial|filepart|crdownload)$/i.test(name)

/** A name is one step below the folder; whatever else it holds is the partner's business. */
export const isPlainName = (name: string): boolean => name !== '' && name !== '.' && name !== '..' && !/[/\\\0]/.test(name)

interface Seen {
  bytes: number
  modifiedAtMs: number
  /** The hub's clock when it was first seen like this. */
  sinceMs: number
  /** What the hub has of it, and it stands there still. */
  kept?: {
    /** The hub's clock: until then it is not fetched again. */
    untilMs: number
    /** The process's own clock, since the first time. */
    sinceMs: number
    /** The partner would not let us remove it. */
    refused: boolean
  }
}
/** A file that still stands there is fetched again after this long, in case it changed without a trace in size and time. */
const keptForMs = 3_600_000

/** What this process saw of one outbox. Nothing rests on it but how soon and how often a file is fetched: the hub knows by hash what it has. */
export class OutboxMemory {
  readonly #seen = new Map<string, Seen>()

  /** A look at the whole folder. Files that are gone are forgotten; one of another size or time is new. */
  look(files: readonly RemoteFile[], nowMs: number): void {
    const before = new Map(this.#seen)
    this.#seen.clear()
    for (const { name, bytes, modifiedAtMs } of files) {
      const known = before.get(name)
      this.#seen.set(name, known?.bytes === bytes && known.modifiedAtMs === modifiedAtMs ? known : { bytes, modifiedAtMs, sinceMs: nowMs })
    }
  }
  /** Seen like this by an earlier look. */
  isKnown({ name, bytes, modifiedAtMs }: RemoteFile): boolean {
    const known = this.#seen.get(name)
    return known?.bytes === bytes && known.modifiedAtMs === modifiedAtMs
  }
  /** How long it has stood like this, ms. */
  unchangedMs(name: string, nowMs: number): number {
    const known = this.#seen.get(name)
    return known ? nowMs - known.sinceMs : 0
  }
  isKept(name: string, nowMs: number): boolean {
    return (this.#seen.get(name)?.kept?.untilMs ?? 0) > nowMs
  }
  /** Kept here, and still there. */
  keep(name: string, nowMs: number): void {
    const known = this.#seen.get(name)
    if (known) known.kept = { untilMs: nowMs + keptForMs, sinceMs: known.kept?.sinceMs ?? performance.now(), refused: false }
  }
  /** Kept so long ago, looked the same ever since, and the partner did not yet say no. */
  mayRemove(file: RemoteFile, afterMs: number): boolean {
    const kept = this.isKnown(file) ? this.#seen.get(file.name)?.kept : undefined
    return kept !== undefined && !kept.refused && performance.now() - kept.sinceMs >= afterMs
  }
  refuse(name: string): void {
    const kept = this.#seen.get(name)?.kept
    if (kept) kept.refused = true
  }
  forget(name: string): void {
    this.#seen.delete(name)
  }
}

/** One per outbox. Bounded: a process serves far fewer connections than this. */
const memoriesMax = 1_000
const memories = new Map<string, OutboxMemory>()

export function memoryOf(outbox: string): OutboxMemory {
  const known = memories.get(outbox)
  if (known) return known
  const [oldest] = memories.keys()
  if (memories.size >= memoriesMax && oldest !== undefined) memories.delete(oldest)
  const fresh = new OutboxMemory()
  memories.set(outbox, fresh)
  return fresh
}
