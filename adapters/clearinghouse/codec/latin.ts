/**
 * Names as payers hold them: capitals, and letters without their accents (Núñez is NUNEZ on every payer's file). Nothing else is
 * altered: what is still outside the character set afterwards is refused by the writer.
 */
export const latin = (name: string): string =>
  name
    .normalize('NFD')
    .replace(/\p{Mn}/gu, '')
    .toUpperCase()
