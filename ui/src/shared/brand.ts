import { colourIsReadable } from '@heliox/core/messages'

export { contrastWithWhite } from '@heliox/core/messages'

/** A clinic's colour replaces `--brand` only when white text on it can be read; otherwise ours stays. */
export function applyBrand(colour: string): boolean {
  if (!colourIsReadable(colour)) return false
  document.documentElement.style.setProperty('--brand', colour)
  return true
}
