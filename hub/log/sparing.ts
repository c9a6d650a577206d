/** An outage says the same thing hundreds of times a second, from every loop of every process, onto a disk that may be what is full. */
const windowMsDefault = 10_000
const linesPerWindowMax = 20

interface Told {
  text: string
  lines: number
}
/** What was not written in one window. */
interface LeftOut {
  text: string
  leftOut: number
}

/**
 * Of one kind of error the first lines of a window are written and the rest is counted. Kinds are told apart by our own text, the error's
 * class and code, and where it was thrown: one flood hides no other trouble. A line without an error (a photo with malware, a lost lease)
 * tells of one case, and its ids may stand nowhere else: each is written.
 */
export function makeSparing(windowMs = windowMsDefault) {
  let told = new Map<string, Told>()
  return {
    /** Whether this line is still to be written. */
    tells(args: readonly unknown[]): boolean {
      const [fields, text] = typeof args[0] === 'string' ? [{}, args[0]] : [args[0] ?? {}, String(args[1] ?? '')]
      const { errorName, code, at, err } = fields as { errorName?: unknown; code?: unknown; at?: unknown; err?: unknown }
      if (errorName === undefined && code === undefined && err === undefined) return true
      const kind = [text, errorName, code, Array.isArray(at) ? at[0] : undefined].join('|')
      const seen = told.get(kind) ?? { text, lines: 0 }
      seen.lines += 1
      told.set(kind, seen)
      return seen.lines <= linesPerWindowMax
    },
    /** Tells at the end of each window what was left out. Keeps no process alive. */
    start(tell: (leftOut: LeftOut) => void): void {
      setInterval(() => {
        const before = told
        told = new Map()
        for (const { text, lines } of before.values()) if (lines > linesPerWindowMax) tell({ text, leftOut: lines - linesPerWindowMax })
      }, windowMs).unref()
    },
  }
}
