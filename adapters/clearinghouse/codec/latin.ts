/** Typographic forms, which phones type by themselves, of two characters that X12 has: U+2018 U+2019 U+02BC, and U+2010 U+2013. */
const typographic = /([\u2018\u2019\u02bc])|[\u2010\u2013]/g

/**
 * Names as payers hold them: capitals, letters without their accents (Núñez is NUNEZ on every payer's file), a straight apostrophe and
 * hyphen. Nothing else is altered: what is still outside the character set afterwards is refused by the writer.
 */
export function latin(name: string): string {
  // Most names have no accents, and a batch has thousands of names.
  for (let i = 0; i < name.length; i += 1)
    if (name.charCodeAt(i) > 0x7f)
      return name
        .normalize('NFD')
        .replace(/\p{Mn}/gu, '')
        .replace(typographic, (_, apostrophe: string | undefined) => (apostrophe === undefined ? '-' : "'"))
        .toUpperCase()
  return name.toUpperCase()
}
