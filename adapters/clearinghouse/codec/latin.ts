/**
 * Names as payers hold them: capitals, and letters without their accents (Núñez is NUNEZ on every payer's file). Nothing else is
 * altered: what is still outside the character set afterwards is refused by the writer.
 */
export function latin(name: string): string {
  // Most names have no accents, and a batch has thousands of names.
  for (let i = 0; i < name.length; i += 1)
    if (name.charCodeAt(i) > 0x7f)
      return name
        .normalize('NFD')
        .replace(/\p{Mn}/gu, '')
        .toUpperCase()
  return name.toUpperCase()
}
