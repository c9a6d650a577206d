import type { PatientMessages } from '../shared/messages/index.ts'

type Say = (text: PatientMessages) => string

/** `1985-03-27`, or what is wrong with it. Today comes in from outside. */
export function birthDateOf(
  fields: { birthMonth: string; birthDay: string; birthYear: string },
  today: string,
): { date: string } | { id: 'birthMonth' | 'birthDay' | 'birthYear'; say: Say } {
  const [month, day, year] = [fields.birthMonth.trim(), fields.birthDay.trim(), fields.birthYear.trim()]
  if (!month && !day && !year) return { id: 'birthMonth', say: (t) => t.wrong.birthDate }
  const missing = !month ? 'birthMonth' : !day ? 'birthDay' : !year ? 'birthYear' : null
  if (missing) return { id: missing, say: (t) => t.wrong.birthDateParts }
  if (!/^\d{4}$/.test(year)) return { id: 'birthYear', say: (t) => t.wrong.birthDateYear }
  const date = realDate(year, month, day)
  if (!date || year < '1880') return { id: 'birthMonth', say: (t) => t.wrong.birthDateReal }
  if (date > today) return { id: 'birthYear', say: (t) => t.wrong.birthDatePast }
  return { date }
}

/** `2027-02-28` for what a calendar has. */
export function realDate(year: string, month: string, day: string): string | null {
  const date = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
  const parsed = /^\d{4}-\d{2}-\d{2}$/.test(date) ? new Date(`${date}T00:00:00Z`) : null
  return parsed && !Number.isNaN(parsed.getTime()) && parsed.toISOString().slice(0, 10) === date ? date : null
}

const ageOfMajority = 18
/** As the hub counts it (core/identity/minor.ts): somebody else signs for who is under age on the day of the visit. */
export function isMinor(birthDate: string, onDay: string): boolean {
  return `${String(Number(birthDate.slice(0, 4)) + ageOfMajority).padStart(4, '0')}-${birthDate.slice(5)}` > onDay
}
