import type { Found } from '../codec/found.ts'
import { eachFrame } from '../codec/verify.ts'

/** What is known of an item beyond itself. */
export interface Note {
  /** Its interchange is damaged somewhere, perhaps further on: it may be half of a file, so this is no answer yet. */
  provisional: boolean
  /** Its ST02 stood in its group before: X12 wants it once. */
  repeatedControl: boolean
}

/** Where the interchanges begin that end well, in bytes. */
export async function wholeInterchanges(chunks: AsyncIterable<Uint8Array>): Promise<ReadonlySet<number>> {
  const whole = new Set<number>()
  await eachFrame(chunks, (found) => {
    if (found.is === 'interchange-end' && found.problems.length === 0) whole.add(found.head.at)
  })
  return whole
}

/** Notes on the items of one file, in its order. An interchange that is not known to be whole is not. */
export function notesOn(whole: ReadonlySet<number>): (found: Found) => Note {
  let groupAt = -1
  const seen = new Set<string>()
  return (found) => {
    if (found.is === 'interchange') return { provisional: !whole.has(found.head.at), repeatedControl: false }
    if (found.is === 'ta1') return { provisional: !whole.has(found.interchange.at), repeatedControl: false }
    if (found.is !== 'transaction') return { provisional: false, repeatedControl: false }
    const { group, control, interchange } = found.transaction
    if (group && group.at !== groupAt) {
      groupAt = group.at
      seen.clear()
    }
    const repeatedControl = group !== null && seen.has(control)
    if (group !== null) seen.add(control)
    return { provisional: !whole.has(interchange.at), repeatedControl }
  }
}
