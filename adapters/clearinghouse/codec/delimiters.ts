import { X12Problem } from './problem.ts'

/** The four characters an interchange chooses for itself. 005010 has no release character: `?` is an ordinary character. */
export interface Delimiters {
  element: string
  repetition: string
  component: string
  terminator: string
}

/** ISA is the only segment of fixed length: 106 characters, so its delimiters stand at known places. */
export const isaChars = 106
const separatorPlaces = [3, 6, 17, 20, 31, 34, 50, 53, 69, 76, 81, 83, 89, 99, 101, 103]

/** Reads the delimiters at `text[0]`, and refuses what is not an ISA with all sixteen separators in place. */
export function readDelimiters(text: string): Delimiters {
  if (!text.startsWith('ISA') || text.length < isaChars) throw new X12Problem('not-x12', 'ISA')
  const element = text.charAt(3)
  if (separatorPlaces.some((place) => text.charAt(place) !== element)) throw new X12Problem('delimiters', 'ISA')
  const delimiters = { element, repetition: text.charAt(82), component: text.charAt(104), terminator: text.charAt(105) }
  const chosen = Object.values(delimiters)
  // An alphanumeric "delimiter" is a damaged header, or 4010's ISA11 `U`, which is no separator at all.
  if (new Set(chosen).size !== chosen.length || chosen.some((c) => /[\p{L}\p{N} ]/u.test(c))) throw new X12Problem('delimiters', 'ISA')
  return delimiters
}
