/** Takes away whatever is not needed for the fault: halves, quarters … single bytes, for at most `triesMax` tries. */
export function shrink(text: string, stillBroken: (text: string) => boolean, triesMax = 3000): string {
  let smallest = text
  let tries = 0
  for (let size = Math.ceil(smallest.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = 0; at < smallest.length && tries < triesMax; ) {
      const smaller = smallest.slice(0, at) + smallest.slice(at + size)
      tries += 1
      if (stillBroken(smaller)) smallest = smaller
      else at += size
    }
  }
  return smallest
}
