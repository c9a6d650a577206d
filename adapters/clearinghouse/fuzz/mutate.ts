import { oddMarks, smallDocument } from '../fixtures/documents.ts'
import { ordinaryMarks } from '../fixtures/generate.ts'
import { Random } from '../fixtures/random.ts'

/** Whole documents to damage, latin1. From the seed alone. */
export function corpusOf(seed: number): string[] {
  const random = new Random(seed)
  return Array.from({ length: 400 }, () => smallDocument(random))
}

interface Mutated {
  text: string
  /** How the bytes arrive: pieces of so many bytes; 0 is all at once. */
  pieceBytes: number
}

/** Document number `run` of a seed: always the same one, so a seed and a number say everything. */
export function mutated(corpus: readonly string[], seed: number, run: number): Mutated {
  const random = new Random(seed ^ Math.imul(run + 1, 0x9e3779b1))
  // Like numbers begin alike: let the first ones go.
  for (let i = 0; i < 3; i += 1) random.next()
  let text = random.pick(corpus)
  const changes = random.pick([0, 1, 1, 1, 1, 1, 2, 2, 3, 5])
  for (let i = 0; i < changes; i += 1) text = random.pick(mutations)(text, random, corpus)
  // A counted-up trailer lets the damage through to the meaning, which would otherwise never see it.
  if (changes > 0 && random.chance(35)) text = recounted(text)
  return { text, pieceBytes: random.pick([0, 0, 0, 0, 0, 0, 0, random.between(1, 7), 64, random.between(105, 107), 113, random.between(1, 400)]) }
}

type Mutation = (text: string, random: Random, corpus: readonly string[]) => string

const place = (text: string, random: Random): number => random.below(text.length + 1)
const replaced = (text: string, from: number, to: number, by: string): string => text.slice(0, from) + by + text.slice(to)
const anyByte = (random: Random): string => String.fromCharCode(random.below(256))
/** What a delimiter looks like, in this document or another. */
const marks = [...new Set([ordinaryMarks, ...oddMarks].flatMap((set) => Object.values(set)))].filter((mark) => mark !== null)

/** The pieces between terminators, taken from where an ISA says what ends a segment. */
const terminatorOf = (text: string): string => text.charAt(text.indexOf('ISA') + 105) || '~'
function overSegments(text: string, change: (segments: string[]) => void): string {
  const terminator = terminatorOf(text)
  const segments = text.split(terminator)
  if (segments.length < 4) return text
  change(segments)
  return segments.join(terminator)
}
const segmentAt = (segments: string[], random: Random): number => random.below(segments.length - 1)

const flipped: Mutation = (text, random) => {
  const at = random.below(Math.max(text.length, 1))
  return replaced(text, at, at + 1, random.chance(50) ? anyByte(random) : String.fromCharCode(text.charCodeAt(at) ^ (1 << random.below(8))))
}
const cut: Mutation = (text, random) => {
  const at = place(text, random)
  return replaced(text, at, at + random.pick([1, 1, 2, 5, 20, 100]), '')
}
const truncated: Mutation = (text, random) => text.slice(0, place(text, random))
const beheaded: Mutation = (text, random) => text.slice(random.pick([1, 3, 105, 106, 107, random.below(text.length + 1)]))
const doubled: Mutation = (text, random) => {
  const at = place(text, random)
  const to = place(text, random)
  return replaced(text, to, to, text.slice(at, at + random.pick([1, 2, 10, 50, 300])))
}
const delimited: Mutation = (text, random) => {
  const at = place(text, random)
  return replaced(text, at, at + random.below(2), random.chance(50) ? terminatorOf(text) : random.pick(marks))
}
const inserted: Mutation = (text, random) => {
  const at = place(text, random)
  return replaced(
    text,
    at,
    at,
    random.pick([
      'EB*1**30~',
      'EB*6**30~',
      'AAA*N**75*C~',
      'SE*9*0001~',
      'IEA*1*000000905~',
      'ISA',
      '?',
      '\r\n',
      '\0',
      anyByte(random).repeat(random.between(1, 5)),
    ]),
  )
}
const swapped: Mutation = (text, random) =>
  overSegments(text, (segments) => {
    const [a, b] = [segmentAt(segments, random), segmentAt(segments, random)]
    ;[segments[a], segments[b]] = [segments[b] ?? '', segments[a] ?? '']
  })
const lost: Mutation = (text, random) => overSegments(text, (segments) => segments.splice(segmentAt(segments, random), random.pick([1, 1, 1, 2, 5])))
const repeated: Mutation = (text, random) =>
  overSegments(text, (segments) => {
    const at = segmentAt(segments, random)
    segments.splice(segmentAt(segments, random), 0, ...segments.slice(at, at + random.pick([1, 1, 3])))
  })
const borrowed: Mutation = (text, random, corpus) =>
  overSegments(text, (segments) => {
    const other = random.pick(corpus).split('~')
    const at = random.below(other.length)
    segments.splice(segmentAt(segments, random), random.below(2), ...other.slice(at, at + random.pick([1, 1, 2, 4])))
  })
const spliced: Mutation = (text, random, corpus) => {
  const other = random.pick(corpus)
  return text.slice(0, place(text, random)) + other.slice(place(other, random))
}
/** One digit of a count or control number, or of HL, or any element of one segment. */
const renumbered: Mutation = (text, random) =>
  overSegments(text, (segments) => {
    const numbered = segments.flatMap((segment, i) => (/^\s*(ISA|GS|ST|SE|GE|IEA|HL)/.test(segment) ? [i] : []))
    const at = numbered[random.below(Math.max(numbered.length, 1))] ?? 0
    const segment = segments[at] ?? ''
    const digits = [...segment.matchAll(/\d/g)].map((match) => match.index)
    const digit = digits[random.below(Math.max(digits.length, 1))] ?? 0
    segments[at] = replaced(segment, digit, digit + 1, random.pick(['0', '1', '2', '3', '9', 'X', '', '00', '-1', '1e0', ' 1']))
  })
const otherElement: Mutation = (text, random) =>
  overSegments(text, (segments) => {
    const separator = text.charAt(text.indexOf('ISA') + 3) || '*'
    const [from, at] = [segmentAt(segments, random), segmentAt(segments, random)]
    const cells = (segments[at] ?? '').split(separator)
    cells[random.below(cells.length)] = random.pick((segments[from] ?? '').split(separator))
    segments[at] = cells.join(separator)
  })
const otherDate: Mutation = (text, random) =>
  text
    .replace(/DTP.(\d{3})/, (dtp) => dtp.slice(0, -3) + random.pick(['291', '307', '346', '347', '348', '349', '356', '357', '442', '636']))
    .replace(/20\d{6}/, () => random.pick(['20270101', '20261201', '20261131', '00000000', '99991231', '2026120', '20261201-20251201']))

const mutations: readonly Mutation[] = [
  flipped,
  flipped,
  flipped,
  cut,
  cut,
  truncated,
  beheaded,
  doubled,
  delimited,
  delimited,
  inserted,
  swapped,
  swapped,
  lost,
  lost,
  repeated,
  borrowed,
  spliced,
  renumbered,
  renumbered,
  otherElement,
  otherElement,
  otherDate,
]

/** Says the true number of segments in every SE, as a sender would whose content went wrong before it counted. */
function recounted(text: string): string {
  return overSegments(text, (segments) => {
    const separator = text.charAt(text.indexOf('ISA') + 3) || '*'
    let open = -1
    segments.forEach((segment, i) => {
      const cells = segment.trimStart().split(separator)
      if (cells[0] === 'ST') open = i
      if (cells[0] !== 'SE' || open === -1) return
      segments[i] = `${segment.slice(0, segment.length - segment.trimStart().length)}${['SE', String(i - open + 1), ...cells.slice(2)].join(separator)}`
      open = -1
    })
  })
}
