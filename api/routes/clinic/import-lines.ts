import { instantOf, localTime } from '@heliox/core/catalog'
import { FhirId, folded, VisitDetails } from '@heliox/core/clinical'
import { toE164, VisitContact } from '@heliox/core/identity'
import { canonicalJson, clinicCountryOf, type LanguageTag, languageTags } from '@heliox/core/kit'
import type { z } from 'zod'
import type { Column, CsvLine } from './csv.ts'

export const lineProblems = ['missing', 'not-readable', 'no-such-time', 'past', 'too-far', 'too-long', 'unreadable-line'] as const
interface LineProblem {
  column: Column | null
  problem: (typeof lineProblems)[number]
}
export interface Visit {
  details: z.output<typeof VisitDetails> & { contact: VisitContact }
  /** By this the same line is known again: when, with whom, for whom. */
  text: string
}
export type ReadLine = { line: number } & ({ visit: Visit; problems: [] } | { visit: null; problems: LineProblem[] })

interface Clinic {
  region: string
  timeZone: string
  languages: readonly LanguageTag[]
}
const daysAheadMax = 366
const dayMs = 24 * 3600 * 1000

/** `2027-03-04` always; 3/4/2027 is March in the United States and April elsewhere; 4.3.2027 is April nowhere. Two digits are no year. */
export function dateOf(text: string, country: string | null): string | null {
  const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(text)
  const other = /^(\d{1,2})([./-])(\d{1,2})\2(\d{4})$/.exec(text)
  const monthFirst = country === 'US' && other?.[2] !== '.'
  const [year, month, day] = iso ? [iso[1], iso[2], iso[3]] : other ? [other[4], monthFirst ? other[1] : other[3], monthFirst ? other[3] : other[1]] : []
  if (!year || !month || !day) return null
  const date = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
  const at = new Date(`${date}T00:00:00Z`)
  return !Number.isNaN(at.getTime()) && at.toISOString().slice(0, 10) === date ? date : null
}

/** Minutes since midnight: `9:20`, `09.20 Uhr`, `9h20`, `2:30 PM`. */
export function minutesOfDay(text: string): number | null {
  const found = /^(\d{1,2})(?:[:.h](\d{2})(?::\d{2})?)?\s*(am|pm|a\.m\.|p\.m\.|uhr|h)?$/i.exec(text)
  if (!found || (found[2] === undefined && found[3] === undefined)) return null
  const half = found[3]?.toLowerCase().startsWith('a') ? 'am' : found[3]?.toLowerCase().startsWith('p') ? 'pm' : null
  const hour = Number(found[1])
  const minute = Number(found[2] ?? 0)
  if (minute > 59 || hour > 23 || (half && (hour < 1 || hour > 12))) return null
  return (half ? (hour % 12) + (half === 'pm' ? 12 : 0) : hour) * 60 + minute
}

const languageNames: Readonly<Record<LanguageTag, readonly string[]>> = {
  en: ['en', 'english', 'englisch', 'ingles', 'anglais'],
  es: ['es', 'spanish', 'spanisch', 'espanol', 'espagnol'],
  de: ['de', 'german', 'deutsch', 'aleman', 'allemand'],
  fr: ['fr', 'french', 'franzosisch', 'frances', 'francais'],
}
const yes = ['yes', 'y', 'ja', 'j', 'si', 's', 'oui', 'o', '1', 'true', 'x']
const no = ['', 'no', 'n', 'nein', 'non', '0', 'false']

/** What one line of a file would book, or all that is wrong with it. */
export function readLine({ line, cells }: CsvLine, clinic: Clinic, now: Date): ReadLine {
  if (!cells) return { line, visit: null, problems: [{ column: null, problem: 'unreadable-line' }] }
  const problems: LineProblem[] = []
  const wrong = (column: Column, problem: LineProblem['problem']): null => {
    problems.push({ column, problem })
    return null
  }
  const cell = (column: Column): string => cells[column]?.trim() ?? ''
  const country = clinicCountryOf(clinic)
  const read = <T>(column: Column, parse: (text: string) => T | null, otherwise: T): T => {
    const text = cell(column)
    return text === '' ? otherwise : (parse(text) ?? (wrong(column, 'not-readable') as T | null) ?? otherwise)
  }
  const words = (column: Column, charsMax: number): string => {
    const text = cell(column)
    if (text === '') wrong(column, 'missing')
    else if (text.length > charsMax) wrong(column, 'too-long')
    else if (/[\p{Cc}\p{Cf}]/u.test(text)) wrong(column, 'not-readable')
    return text
  }
  const startsAt = startOf(cell('date'), cell('time'), country, clinic.timeZone, now, wrong)
  const minutes = read('minutes', (text) => (/^\d{1,3}$/.test(text) && Number(text) >= 5 && Number(text) <= 240 ? Number(text) : null), 20)
  const practitioner = words('practitioner', 80)
  const givenName = words('givenName', 35)
  const familyName = words('familyName', 60)
  const today = localTime(now, clinic.timeZone).date
  const birthDate = read<string | null>(
    'birthDate',
    (text) => {
      const date = dateOf(text, country)
      return date !== null && date <= today && date > '1890' ? date : null
    },
    null,
  )
  const phone = read<string | null>('phone', (text) => toE164(text, country), null)
  const email = read<string | null>('email', (text) => (VisitContact.shape.email.safeParse(text).success ? text : null), null)
  const language = read(
    'language',
    (text) => languageTags.find((tag) => languageNames[tag].includes(folded(text)) && clinic.languages.includes(tag)) ?? null,
    clinic.languages[0] ?? 'en',
  )
  const smsAllowed = read<boolean>('textsAllowed', (text) => (yes.includes(folded(text)) ? true : no.includes(folded(text)) ? false : null), false)
  const ehrPatientId = read<string | null>('ehrPatientId', (text) => (FhirId.safeParse(text).success ? text : null), null)
  if (problems.length > 0 || !startsAt) return { line, visit: null, problems }
  const contact = VisitContact.parse({ givenName, familyName, birthDate, phone, email, language, smsAllowed })
  const details = VisitDetails.parse({ startsAt: startsAt.toISOString(), minutes, practitioner, ...(ehrPatientId === null ? {} : { ehrPatientId }) })
  return { line, visit: { details: { ...details, contact }, text: importText(details, contact) }, problems: [] }
}

export const importText = (
  { startsAt, practitioner }: { startsAt: string; practitioner: string },
  { givenName, familyName }: { givenName: string; familyName: string },
): string => canonicalJson({ line: 1, startsAt: new Date(startsAt).toISOString(), who: [givenName, familyName].map(folded), with: folded(practitioner) })

function startOf(
  date: string,
  time: string,
  country: string | null,
  timeZone: string,
  now: Date,
  wrong: (column: Column, problem: LineProblem['problem']) => null,
): Date | null {
  const day = date === '' ? wrong('date', 'missing') : (dateOf(date, country) ?? wrong('date', 'not-readable'))
  const minutes = time === '' ? wrong('time', 'missing') : (minutesOfDay(time) ?? wrong('time', 'not-readable'))
  if (day === null || minutes === null) return null
  const at = instantOf({ date: day, minutes }, timeZone)
  // In the hour that a spring night leaves out there is no such time, and nobody meant the one after it.
  const shown = localTime(at, timeZone)
  if (shown.date !== day || shown.minutes !== minutes) return wrong('time', 'no-such-time')
  if (at <= now) return wrong('date', 'past')
  return at.getTime() > now.getTime() + daysAheadMax * dayMs ? wrong('date', 'too-far') : at
}
