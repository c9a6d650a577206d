/** A clinic's colour carries white text: it counts only where that can be read (WCAG 1.4.3). The server refuses others, the page keeps ours. */
const contrastMin = 4.5
export const colourIsReadable = (colour: string): boolean => contrastWithWhite(colour) >= contrastMin

/** 1 to 21; 0 for what is no `#rrggbb`. */
export function contrastWithWhite(colour: string): number {
  const parts = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(colour)
  if (!parts) return 0
  const [red = 0, green = 0, blue = 0] = parts.slice(1).map((hex) => {
    const share = Number.parseInt(hex, 16) / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  })
  return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)
}
