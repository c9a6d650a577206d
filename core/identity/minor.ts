const ageOfMajority = 18

/** Whether the patient is under age on that day: somebody else then signs for them. Both are days of the calendar; a time would have a zone. */
export function isMinor(birthDate: string, onDay: string): boolean {
  const [year = 0, rest = ''] = [Number(birthDate.slice(0, 4)), birthDate.slice(5)]
  // Born on 29 February, one comes of age on 1 March of a year without it.
  return `${String(year + ageOfMajority).padStart(4, '0')}-${rest}` > onDay
}
