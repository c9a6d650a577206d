/**
 * FHIR's dateTime and instant name an offset; the hub keeps instants in UTC. A date without a time, or a time without an offset, is
 * no instant: which moment it means would be a guess, and a guess moves a visit by hours.
 */
const withOffset = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-](?:0\d|1[0-4]):[0-5]\d)$/

export function instantOf(text: unknown): string | null {
  if (typeof text !== 'string' || !withOffset.test(text)) return null
  const ms = Date.parse(text)
  if (Number.isNaN(ms)) return null
  // Some engines read the 31st of a month of 30 days as the 1st of the next: a day that does not exist is no instant.
  const [year, month, day] = text.slice(0, 10).split('-').map(Number) as [number, number, number]
  if (new Date(Date.UTC(year, month - 1, day)).getUTCDate() !== day) return null
  return new Date(ms).toISOString()
}
export const sameInstant = (a: unknown, b: unknown): boolean => {
  const instant = instantOf(a)
  return instant !== null && instant === instantOf(b)
}
