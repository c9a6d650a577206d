import { EnvelopeState, type TransactionSpan } from './envelope-state.ts'
import type { Found, InterchangeHead, Limits } from './found.ts'
import { seekInterchange } from './interchange-start.ts'
import { isaBytes, isIsa, isLineBreak, startsIsa } from './isa.ts'
import { JunkRun } from './junk-run.ts'
import { arePlain, byteClass, classesOf, envelopeTagAt, isTagAt, mayBeEnvelope } from './segment-bytes.ts'
import { decodeTransaction, type TransactionText } from './transaction-text.ts'
import { Window } from './window.ts'

/** A chunk is taken in pieces of this size, so that a whole file in one buffer costs no more memory than a stream of it. */
const pieceBytes = 16_384
const tagBytes = 3

/**
 * Cuts bytes into segments in one pass, and hands the envelope's own to the bookkeeping. Inside a transaction nothing is decoded and
 * nothing made until its SE; then its text is decoded once, so that a string kept from it holds on to that transaction and not to
 * the file.
 *
 * What it decides never depends on where a chunk ends: where the bytes at hand do not suffice, it waits for more.
 */
export class Framer {
  readonly #window = new Window()
  readonly #limits: Limits
  readonly #keepText: boolean
  readonly #envelope: EnvelopeState
  readonly #junk: JunkRun
  #found: Found[] = []

  #classes: Uint8Array = new Uint8Array(256)
  #element = 0
  #terminator = ''
  /** A delimiter beyond ASCII: the bytes are Latin-1, since UTF-8 would swallow it. */
  #latin = false

  /** A control character was seen in the segment being scanned. */
  #sawControl = false
  /** A byte beyond ASCII was seen in the open transaction. */
  #sawHigh = false
  /** Segments of the open transaction, ST counted. */
  #count = 0
  /** -1: none seen yet. Null: they differ. */
  #lineBreakBytes: number | null = -1
  /** Line breaks in front of the next segment so far, and where they began. */
  #breaks = 0
  #breaksAt = 0
  /** The text of a transaction up to the place where it went beyond a limit. */
  #cutText: TransactionText | null = null
  /** Inside a segment beyond its limit: dropped up to the next terminator. */
  #skipping = false
  /** Line breaks behind an IEA are separators like any other. */
  #behindEnd = false

  #interchanges = 0
  #segmentBytes = 0
  #separatorBytes = 0

  /** `keepText` false: the same problems at the same places, and transactions without text. */
  constructor(limits: Limits, keepText: boolean) {
    this.#limits = limits
    this.#keepText = keepText
    const emit = (found: Found) => {
      this.#found.push(found)
    }
    this.#envelope = new EnvelopeState(emit, limits.problemsMax)
    this.#junk = new JunkRun(emit)
  }

  /** What became complete with these bytes. */
  *push(chunk: Uint8Array): Generator<Found> {
    for (let from = 0; from < chunk.length; from += pieceBytes) {
      this.#window.append(chunk.subarray(from, from + pieceBytes))
      this.#run(false)
      yield* this.#drain()
    }
  }

  /** The rest, and what the end of the file cut off. */
  *end(): Generator<Found> {
    this.#run(true)
    this.#cutOff()
    const { receivedBytes, unwrappedBytes } = this.#window
    const separators = this.#separatorBytes + unwrappedBytes
    this.#found.push({
      is: 'end',
      accounting: { bytes: receivedBytes, segments: this.#segmentBytes, separators, junk: this.#junk.totalBytes },
      problems: this.#interchanges === 0 ? [{ code: 'not-x12', at: 0, place: 'file' }] : [],
    })
    yield* this.#drain()
  }

  #drain(): Found[] {
    const found = this.#found
    this.#found = []
    return found
  }

  /** Each step answers whether there may be more to do with the bytes at hand. */
  #run(final: boolean): void {
    let more = true
    while (more) {
      if (!this.#envelope.insideInterchange) more = this.#seek(final)
      else more = this.#skipping ? this.#skip(final) : this.#segments(final)
    }
  }

  #seek(final: boolean): boolean {
    const window = this.#window
    if (this.#behindEnd) {
      const { pos } = window
      window.skipTo(this.#behindLineBreaks(pos))
      this.#separatorBytes += window.pos - pos
      if (window.pos === window.end) return false
      this.#behindEnd = false
    }
    const head = seekInterchange(window, this.#junk, final)
    if (!head) return false
    this.#begin(head)
    return true
  }

  #begin(head: InterchangeHead): void {
    const { element, repetition, component, terminator } = head.delimiters
    this.#interchanges += 1
    this.#segmentBytes += isaBytes
    this.#classes = classesOf([element, component, ...(repetition === null ? [] : [repetition])], terminator)
    this.#element = element.charCodeAt(0)
    this.#terminator = terminator
    this.#latin = [element, repetition ?? '', component, terminator].some((char) => char > '\x7f')
    this.#sawControl = false
    this.#envelope.openInterchange(head)
  }

  #behindLineBreaks(from: number): number {
    const { bytes, end } = this.#window
    let at = from
    while (at < end && isLineBreak(bytes[at] ?? 0)) at += 1
    return at
  }

  /** The hot loop: a segment of a transaction that is no trailer costs a look at each byte and nothing else. */
  #segments(final: boolean): boolean {
    const window = this.#window
    const { bytes, end } = window
    const classes = this.#classes
    const element = this.#element
    const fourBefore = end - 3
    const { segmentBytesMax, transactionSegmentsMax, transactionBytesMax } = this.#limits
    for (;;) {
      if (window.scan === window.pos && !this.#passSeparators()) return false
      const start = window.pos
      let at = window.scan
      for (;;) {
        while (at < fourBefore && arePlain(classes, bytes, at)) at += 4
        while (at < end && classes[bytes[at] as number] === byteClass.plain) at += 1
        if (at === end) break
        const kind = classes[bytes[at] as number]
        if (kind === byteClass.terminator) break
        if (kind === byteClass.control) this.#sawControl = true
        else this.#sawHigh = true
        at += 1
      }
      window.scan = at
      const length = at - start
      if (at === end && length < segmentBytesMax + isaBytes && !final) return false
      if (length >= isaBytes - 1) {
        const found = this.#isaWithin(Math.min(at, start + segmentBytesMax + tagBytes), final)
        if (found === 'wait') return false
        if (found !== null) return this.#breakAtIsa(found)
        if (length > segmentBytesMax) return this.#startSkipping()
      }
      if (at === end) return false

      const inside = this.#envelope.insideTransaction
      if (!inside || this.#sawControl || mayBeEnvelope[bytes[start] as number] === 1 || !isTagAt(bytes, start, element)) {
        if (this.#special(start, at)) return true
      } else this.#count += 1
      this.#segmentBytes += length + 1
      const tooMuch = this.#count > transactionSegmentsMax || at - window.mark > transactionBytesMax
      // An SE has closed it meanwhile: then it was within its limits up to there.
      if (inside && tooMuch && this.#cutText === null && this.#envelope.insideTransaction) this.#cut(start)
      window.skipTo(at + 1)
    }
  }

  /** Line breaks in front of a segment. False: more of them may come. */
  #passSeparators(): boolean {
    const window = this.#window
    const from = window.pos
    const start = this.#behindLineBreaks(from)
    if (start > from) {
      if (this.#breaks === 0) this.#breaksAt = window.fileAt(from)
      this.#breaks += start - from
      this.#separatorBytes += start - from
      window.skipTo(start)
      if (this.#breaks > this.#limits.segmentBytesMax && this.#envelope.insideTransaction && this.#cutText === null) {
        this.#lineBreakBytes = null
        this.#cut(start, this.#breaksAt)
      }
    }
    if (start === window.end) return false
    this.#noteLineBreak()
    return true
  }
  #noteLineBreak(): void {
    if (this.#lineBreakBytes === -1) this.#lineBreakBytes = this.#breaks
    else if (this.#lineBreakBytes !== this.#breaks) this.#lineBreakBytes = null
    this.#breaks = 0
  }

  /** Everything but a plain segment of a transaction. True: the interchange ended with it. */
  #special(start: number, end: number): boolean {
    const window = this.#window
    const { bytes } = window
    const envelope = this.#envelope
    const fileAt = window.fileAt(start)
    const tag = envelopeTagAt(bytes, start, this.#element)
    const cells = tag === null ? [] : bytes.toString('latin1', start, end).split(String.fromCharCode(this.#element))
    if (envelope.insideTransaction && (tag === 'ST' || tag === 'GS' || tag === 'GE' || tag === 'IEA'))
      envelope.breakTransaction(fileAt, this.#span(start, fileAt))
    if (tag === 'ST') {
      envelope.openTransaction(cells, fileAt)
      window.mark = start
      window.holding = this.#keepText
      this.#count = 0
      this.#lineBreakBytes = -1
    }
    if (envelope.insideTransaction) this.#count += 1
    const place = envelope.insideTransaction ? `segment ${this.#count}` : (tag ?? 'between transactions')
    if (this.#sawControl || !isTagAt(bytes, start, this.#element)) envelope.damage('bad-segment', fileAt, place)
    else if (tag === null && !envelope.insideTransaction) envelope.damage('envelope-order', fileAt, place)
    this.#sawControl = false
    if (tag === 'SE' && envelope.insideTransaction) envelope.closeTransaction(cells, fileAt, this.#span(end, window.fileAt(end) + 1))
    else if (tag === 'SE' || tag === 'ISA' || (tag === 'TA1' && envelope.insideTransaction)) envelope.damage('envelope-order', fileAt, place)
    else if (tag === 'TA1') envelope.acknowledgement(cells, fileAt)
    else if (tag === 'GS') envelope.openGroup(cells, fileAt)
    else if (tag === 'GE') envelope.closeGroup(cells, fileAt)
    if (tag !== 'IEA') return false
    envelope.closeInterchange(cells, fileAt)
    this.#segmentBytes += end - start + 1
    window.skipTo(end + 1)
    this.#behindEnd = true
    return true
  }

  /** The open transaction up to `end`, and lets its bytes go. */
  #span(end: number, endAt: number): TransactionSpan {
    const { text, encoding } = this.#cutText ?? this.#textUpTo(end)
    this.#window.holding = false
    this.#cutText = null
    this.#sawHigh = false
    return { text, encoding, endAt, segments: this.#count, lineBreakBytes: this.#lineBreakBytes === -1 ? 0 : this.#lineBreakBytes }
  }
  #textUpTo(end: number): TransactionText {
    const window = this.#window
    if (!window.holding) return { text: '', encoding: 'utf8' }
    return decodeTransaction(window.bytes.subarray(window.mark, end), {
      ascii: !this.#sawHigh,
      latin: this.#latin,
      terminator: this.#terminator,
      lineBreakBytes: this.#lineBreakBytes === -1 ? 0 : this.#lineBreakBytes,
    })
  }

  /** Beyond a limit the transaction keeps what it has up to here, and is only counted from here on. */
  #cut(at: number, fileAt = this.#window.fileAt(at)): void {
    const place = this.#envelope.insideTransaction ? `segment ${this.#count}` : 'between transactions'
    this.#envelope.damage('too-large', fileAt, place)
    if (!this.#envelope.insideTransaction) return
    this.#cutText ??= this.#textUpTo(at)
    this.#window.holding = false
  }

  /**
   * A real ISA inside what should be one segment: the file was cut here and another begins, perhaps with other delimiters. Looks at
   * the starts before `limit`.
   */
  #isaWithin(limit: number, final: boolean): number | 'wait' | null {
    const { bytes, pos, end } = this.#window
    for (let at = pos; at < limit - 2; at += 1) {
      if (!startsIsa(bytes, at)) continue
      if (end - at < isaBytes && !final) return 'wait'
      if (end - at >= isaBytes && isIsa(bytes, at)) return at
    }
    return null
  }

  #breakAtIsa(isa: number): boolean {
    const window = this.#window
    // Of a segment that is being skipped the start is gone already.
    const brokenAt = window.fileAt(this.#skipping ? isa : window.pos)
    if (this.#envelope.insideTransaction) this.#envelope.breakTransaction(brokenAt, this.#span(window.pos, brokenAt))
    this.#drop(isa)
    this.#junk.close()
    this.#skipping = false
    this.#envelope.breakInterchange(window.fileAt(isa))
    return true
  }

  #startSkipping(): boolean {
    this.#count += 1
    this.#cut(this.#window.pos)
    this.#skipping = true
    this.#sawControl = false
    this.#window.skipTo(this.#window.pos)
    return true
  }
  #skip(final: boolean): boolean {
    const window = this.#window
    const { bytes, end } = window
    let at = window.pos
    while (at < end && this.#classes[bytes[at] as number] !== byteClass.terminator) at += 1
    const found = this.#isaWithin(at, final)
    if (typeof found === 'number') return this.#breakAtIsa(found)
    if (found === 'wait') return false
    if (at < end) {
      this.#drop(at + 1)
      this.#junk.close()
      this.#skipping = false
      return true
    }
    // The start of an ISA may stand at the very end.
    this.#drop(final ? end : Math.max(window.pos, end - tagBytes + 1))
    return false
  }
  #drop(to: number): void {
    this.#junk.take(this.#window, this.#window.pos, to - this.#window.pos, 'dropped')
    this.#window.skipTo(to)
  }

  /** The end of the file, where an interchange is still open. */
  #cutOff(): void {
    if (!this.#envelope.insideInterchange) return
    const window = this.#window
    if (this.#breaks > 0) this.#noteLineBreak()
    const at = window.fileAt(window.pos)
    if (this.#envelope.insideTransaction) this.#envelope.breakTransaction(at, this.#span(window.pos, at))
    this.#drop(window.end)
    this.#junk.close()
    this.#envelope.breakInterchange(window.fileAt(window.end))
  }
}
