import { isLineBreak } from './isa.ts'

/** Enough for a real-time answer; a file soon has room for several of its pieces. */
const startBytes = 4096

/**
 * The bytes that are not yet done with, in one piece, and where they stand in the file. Memory is what the longest transaction
 * needs and not what the file needs: consumed bytes are overwritten, however the file is cut into chunks.
 *
 * Once told that lines are wrapped at a column, it takes the breaks at that column out while bytes come in.
 */
export class Window {
  bytes: Buffer = Buffer.allocUnsafe(startBytes)
  /** Where the next segment starts. */
  pos = 0
  /** How far the search for its terminator has come. */
  scan = 0
  /** Where the open transaction starts: below 0 once its start was let go. */
  mark = 0
  /** Whether the bytes from `mark` on must stay. */
  holding = false
  end = 0
  /** Bytes taken out as line wraps, so far. */
  unwrappedBytes = 0
  /** Bytes taken in, so far. */
  receivedBytes = 0

  /** What was shifted out in front of `bytes[0]`, wraps not counted. */
  #base = 0
  #width = 0
  #column = 0
  #breakOpen = false
  /** Places (as `#base` counts) of wraps taken out, and how many bytes were taken out up to and with each. */
  #wraps: { place: number; total: number }[] = []
  #wrapsBefore = 0

  append(chunk: Uint8Array): void {
    this.receivedBytes += chunk.length
    if (this.#width === 0) this.#copy(chunk)
    else this.#unwrap(chunk)
  }

  /** Where `bytes[index]` stands in the file. */
  fileAt(index: number): number {
    const place = this.#base + index
    let before = this.#wrapsBefore
    for (const wrap of this.#wraps) {
      if (wrap.place > place) break
      before = wrap.total
    }
    return place + before
  }

  /** What lies before `index` is done with. */
  skipTo(index: number): void {
    this.pos = index
    this.scan = index
  }

  /** From `pos` on, lines are wrapped at this column. One file has one such column: the first one found stays. */
  wrapAt(width: number): void {
    if (this.#width !== 0) return
    const rest = Buffer.from(this.bytes.subarray(this.pos, this.end))
    this.end = this.pos
    this.scan = this.pos
    this.#width = width
    this.#unwrap(rest)
  }

  #copy(chunk: Uint8Array): void {
    if (this.end + chunk.length > this.bytes.length) this.#makeRoom(chunk.length)
    this.bytes.set(chunk, this.end)
    this.end += chunk.length
  }

  #makeRoom(wanted: number): void {
    const from = this.holding ? this.mark : this.pos
    const kept = this.end - from
    let target = this.bytes
    if (kept + wanted > target.length / 2) target = Buffer.allocUnsafe(Math.max(target.length, 4 * (kept + wanted)))
    target.set(this.bytes.subarray(from, this.end), 0)
    this.bytes = target
    this.#base += from
    this.pos -= from
    this.scan -= from
    this.end = kept
    this.mark -= from
    const gone = this.#wraps.findIndex((wrap) => wrap.place > this.#base)
    const past = gone === -1 ? this.#wraps : this.#wraps.slice(0, gone)
    this.#wrapsBefore = past.at(-1)?.total ?? this.#wrapsBefore
    this.#wraps = gone === -1 ? [] : this.#wraps.slice(gone)
  }

  /** A break counts at exactly the column; elsewhere it stays and is judged like any other. CR LF is one break. */
  #unwrap(chunk: Uint8Array): void {
    let from = 0
    for (let i = 0; i < chunk.length; i += 1) {
      const byte = chunk[i] ?? 0
      if (!isLineBreak(byte)) {
        this.#column += 1
        this.#breakOpen = false
        continue
      }
      const second = this.#breakOpen && byte === 0x0a
      if (second || this.#column === this.#width) {
        this.#copy(chunk.subarray(from, i))
        from = i + 1
        this.unwrappedBytes += 1
        this.#wraps.push({ place: this.#base + this.end, total: (this.#wraps.at(-1)?.total ?? this.#wrapsBefore) + 1 })
        this.#breakOpen = byte === 0x0d
      }
      this.#column = 0
    }
    this.#copy(chunk.subarray(from))
  }
}
