import type { Found } from './found.ts'
import type { Problem, ProblemCode } from './problem.ts'
import type { Window } from './window.ts'

const isBlank = (byte: number): boolean => byte === 0 || byte === 0x09 || byte === 0x0a || byte === 0x0d || byte === 0x1a || byte === 0x20

/**
 * How many bytes at `at` are of the kind that systems put around interchanges and that mean nothing: blanks, line ends, NUL, 0x1A and the
 * byte order mark. `wait` where the bytes at hand may be the start of such a mark.
 */
export function harmlessBytes(bytes: Uint8Array, at: number, end: number): number | 'wait' {
  if (isBlank(bytes[at] ?? 0)) return 1
  if (bytes[at] !== 0xef) return 0
  if (end - at < 3) return 'wait'
  return bytes[at + 1] === 0xbb && bytes[at + 2] === 0xbf ? 3 : 0
}

/** Bytes in a row that are no part of any segment. Reported as one, so that noise of any length costs no memory. */
export class JunkRun {
  totalBytes = 0
  readonly #emit: (found: Found) => void
  #at = -1
  #bytes = 0
  #harmless = true
  #problems: Problem[] = []

  constructor(emit: (found: Found) => void) {
    this.#emit = emit
  }

  /** `dropped`: its reason is said elsewhere, by the transaction or interchange that it was cut from. */
  take(window: Window, index: number, bytes: number, why: 'harmless' | 'dropped' | { code: ProblemCode; place: string }): void {
    if (bytes === 0) return
    if (this.#at === -1) this.#at = window.fileAt(index)
    this.#bytes += bytes
    if (why === 'harmless') return
    this.#harmless = false
    if (why === 'dropped') return
    // What follows a broken ISA is part of it, and no problem of its own.
    const said = why.code === 'foreign-bytes' ? this.#problems.length > 0 : this.#problems.some((problem) => problem.code === why.code)
    if (!said) this.#problems.push({ ...why, at: window.fileAt(index) })
  }

  close(): void {
    if (this.#at === -1) return
    this.#emit({ is: 'junk', at: this.#at, bytes: this.#bytes, harmless: this.#harmless, problems: this.#problems })
    this.totalBytes += this.#bytes
    this.#at = -1
    this.#bytes = 0
    this.#harmless = true
    this.#problems = []
  }
}
