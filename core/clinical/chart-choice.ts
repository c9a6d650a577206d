import type { ChoiceSpec } from '../kit/define-adapter.ts'
import { countryCodeOf, englishCountryName } from '../kit/index.ts'
import { ChartCandidates, type ChartFound, type ChartQuery } from './ehr.ts'
import { folded } from './folded.ts'

/** Whose chart is it? What an operation says that finds charts by demographics: a person chooses, and never the hub (H-3). */
export const chartChoice: ChoiceSpec<ChartFound> = {
  options: ChartCandidates,
  staffText: 'The EHR has somebody who looks like this patient. Compare them, then say whose chart it is, or that it is a new one.',
  pick(options, which) {
    const { candidates, more } = ChartCandidates.schema.parse(options)
    // Not all were seen, so that it is none of them nobody can say.
    if (which === null) return more ? undefined : { patientRef: null, how: 'nobody', notRefs: candidates.map(({ patientRef }) => patientRef) }
    const candidate = candidates[which]
    return candidate && { patientRef: candidate.patientRef, how: 'chosen', notRefs: [] }
  },
}

/** `not-there`: the chart does not say. `not-asked`: the patient was not asked, or left it out. */
export const chartMatches = ['same', 'different', 'not-there', 'not-asked'] as const
type ChartMatch = (typeof chartMatches)[number]
/** In the order in which people tell each other apart. */
export const chartFields = ['familyName', 'givenName', 'birthDate', 'sex', 'phone', 'email', 'address', 'mrn'] as const
type ChartField = (typeof chartFields)[number]

/** Side by side: the patient's answers, and beside each what every chart says. PHI. */
interface ChartComparison {
  rows: { field: ChartField; asked: string | null; charts: { text: string | null; match: ChartMatch }[] }[]
  charts: { ref: string; foundBy: ChartCandidates['candidates'][number]['foundBy']; updatedAt: string | null }[]
  more: boolean
}

/**
 * Never a verdict: what is written differently and means the same counts as the same, and all else is for the person to see. Pure.
 * `home`: the country of the clinic, which nobody needs to read; null: nobody can say which.
 */
export function compareCharts(asked: ChartQuery, { candidates, more }: ChartCandidates, home: string | null): ChartComparison {
  const ours = oursOf(asked)
  const rows = chartFields
    .map((field) => ({
      field,
      asked: ours[field],
      charts: candidates.map((candidate) => {
        const text = theirsOf(candidate)[field]
        return { text, match: matchOf(field, ours[field], text) }
      }),
    }))
    .map((row) => (row.field === 'address' ? withCountries(row, asked, candidates, home) : row))
  const charts = candidates.map(({ patientRef, foundBy, updatedAt }) => ({ ref: patientRef, foundBy, updatedAt }))
  return { rows: rows.filter((row) => row.asked !== null || row.charts.some(({ text }) => text !== null)), charts, more }
}

type Row = ChartComparison['rows'][number]
/** Main Street 1 is in many countries: they are shown as soon as one address lies outside the clinic's own, and two that differ are not the same place. */
function withCountries(row: Row, { address }: ChartQuery, candidates: ChartCandidates['candidates'], home: string | null): Row {
  const known = (text: string | null): string | null => text && (countryCodeOf(text) ?? text)
  const ours = known(address?.country ?? null)
  const theirs = candidates.map(({ addressCountry }) => known(addressCountry))
  if (![ours, ...theirs].some((country) => country !== null && country !== home)) return row
  const shown = (text: string | null, country: string | null) => text && (country === null ? text : `${text}, ${englishCountryName(country)}`)
  const charts = row.charts.map(({ text, match }, n) => {
    const country = theirs[n] ?? null
    const elsewhere = match === 'same' && ours !== null && country !== null && ours !== country
    return { text: shown(text, country), match: elsewhere ? ('different' as const) : match }
  })
  return { ...row, asked: shown(row.asked, ours), charts }
}

const sexes = { F: 'female', M: 'male', U: null } as const
/** What the patient says of themselves, and beside it the insurer's code where that is another: a chart may have either. */
function sexOf({ gender, payerSex }: ChartQuery): string | null {
  const [own, insurers] = [gender === 'unknown' ? null : (gender ?? null), payerSex ? sexes[payerSex] : null]
  return own !== null && insurers !== null && own !== insurers ? `${own} (insurer: ${insurers})` : (own ?? insurers)
}
const eitherSex = (ours: string, theirs: string): boolean => ours.split(/[^a-z]+/).some((word) => word !== '' && word === folded(theirs))

function oursOf(asked: ChartQuery): Record<ChartField, string | null> {
  const { familyName, givenName, birthDate, phone, email, address } = asked
  const place = address && [address.line1, address.line2, address.city, address.state, address.postalCode].filter(Boolean).join(', ')
  return {
    ...{ familyName, givenName, birthDate, phone, sex: sexOf(asked), email: email ?? null, address: place ?? null },
    // The number is the clinic's: a patient is never asked for it.
    mrn: null,
  }
}
function theirsOf(candidate: ChartCandidates['candidates'][number]): Record<ChartField, string | null> {
  const { familyName, givenName, birthDate, gender, phone, email, address, mrn } = candidate
  return { familyName: familyName || null, givenName: givenName || null, birthDate, sex: gender, phone, email, address, mrn }
}

function matchOf(field: ChartField, ours: string | null, theirs: string | null): ChartMatch {
  if (theirs === null) return 'not-there'
  if (ours === null) return 'not-asked'
  return alike[field](ours, theirs) ? 'same' : 'different'
}

/** Ten digits are a number of North America, with or without its 1. */
const digits = (text: string): string => {
  const found = text.replace(/\D/g, '')
  return found.length === 11 && found.startsWith('1') ? found.slice(1) : found
}
/** Of nine digits of a ZIP code the first five say where. */
const place = (text: string): string => folded(text.replace(/\b(\d{5})-\d{4}\b/g, '$1'))

/** O’Neil and ONEIL, Mary Ann and Maryann. */
const byName = (ours: string, theirs: string): boolean => folded(ours).replaceAll(' ', '') === folded(theirs).replaceAll(' ', '')
const byLetters = (ours: string, theirs: string): boolean => folded(ours) === folded(theirs)
const alike: Record<ChartField, (ours: string, theirs: string) => boolean> = {
  familyName: byName,
  givenName: byName,
  birthDate: (ours, theirs) => ours === theirs,
  sex: eitherSex,
  phone: (ours, theirs) => digits(ours) === digits(theirs),
  email: (ours, theirs) => ours.trim().toLowerCase() === theirs.trim().toLowerCase(),
  address: (ours, theirs) => place(ours) === place(theirs),
  mrn: byLetters,
}
