import { baseLetters } from '@heliox/core/billing'

/** What keyboards and phones write for characters that X12 has: apostrophes (the ʻokina among them), hyphens, and a blank that does not break. */
const typographic = /([\u00b4\u02bb\u02bc\u2018\u2019\u2032])|([\u00a0\u202f])|[\u2010\u2011\u2013]/g

/**
 * Names as payers hold them: capitals, letters without their accents and strokes (Núñez is NUNEZ and Łukasz LUKASZ on every payer's file), a
 * straight apostrophe and hyphen. Nothing else is altered: what is still outside the character set afterwards is refused by the writer.
 */
export function latin(name: string): string {
  // Most names have no accents, and a batch has thousands of names.
  for (let i = 0; i < name.length; i += 1)
    if (name.charCodeAt(i) > 0x7f)
      return baseLetters(
        name.replace(typographic, (_, apostrophe: string | undefined, blank: string | undefined) => (apostrophe ? "'" : blank ? ' ' : '-')),
      ).toUpperCase()
  return name.toUpperCase()
}
