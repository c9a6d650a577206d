/** What differs between two texts, by words: what stayed, what was taken out, what came. */
export interface DiffPart {
  is: 'same' | 'gone' | 'new'
  text: string
}

/** A word with the space before it, the first one too: wherever it comes to stand, it is a word of its own. */
const wordsOf = (text: string): string[] => ` ${text.trim()}`.match(/\s+\S+/g) ?? []

/** The longest row of words that both have, in their order. Texts are short (8,000 characters): a table of both is small enough. */
export function diffWords(before: string, after: string): DiffPart[] {
  const [a, b] = [wordsOf(before), wordsOf(after)]
  // Whether a paragraph begins there counts; how many spaces stand before it does not.
  const keyOf = (word: string): string => (word.includes('\n') ? '\n' : '') + word.trim()
  const [keysA, keysB] = [a.map(keyOf), b.map(keyOf)]
  const isSame = (i: number, j: number): boolean => keysA[i] === keysB[j]
  const width = b.length + 1
  // At i, j: how many words the rests from there have in common.
  const common = new Uint16Array((a.length + 1) * width)
  const at = (i: number, j: number): number => common[i * width + j] ?? 0
  for (let i = a.length - 1; i >= 0; i -= 1)
    for (let j = b.length - 1; j >= 0; j -= 1) common[i * width + j] = isSame(i, j) ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1))
  const parts: DiffPart[] = []
  const put = (is: DiffPart['is'], text: string): void => {
    const last = parts.at(-1)
    if (last?.is === is) last.text += text
    else parts.push({ is, text })
  }
  let [i, j] = [0, 0]
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && isSame(i, j)) {
      put('same', b[j] ?? '')
      i += 1
      j += 1
    } else if (i < a.length && (j === b.length || at(i + 1, j) >= at(i, j + 1))) {
      put('gone', a[i] ?? '')
      i += 1
    } else {
      put('new', b[j] ?? '')
      j += 1
    }
  }
  const [first] = parts
  if (first) first.text = first.text.trimStart()
  return parts
}
