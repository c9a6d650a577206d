import { type ChartCandidates, type ChartQuery, folded } from '@heliox/core/clinical'
import { PartnerFault, type ValueOf } from '@heliox/core/kit'
import type { Patient } from '@medplum/fhirtypes'
import { capabilitiesOf, type TypeCapabilities } from '../capabilities.ts'
import { escaped, type Read, search } from '../search.ts'
import type { FhirContext } from '../types.ts'

/** Who is looked for. The given name is not searched by: who is Elizabeth to her insurance is Liz in many charts. */
export type Somebody = Pick<ValueOf<typeof ChartQuery>, 'familyName' | 'birthDate' | 'phone'>
export type FoundBy = ChartCandidates['candidates'][number]['foundBy'][number]
/** More than a person compares in one sitting. */
export const candidatesMax = 20

interface Search {
  by: FoundBy
  form: Record<string, string>
  fits(patient: Patient): boolean
}

/** The digits that tell a line from all others, with or without a country code before them. */
export const lineOf = (phone: string): string => phone.replace(/\D/g, '').slice(-10)

/** A name in a chart may go on where ours ends, and the other way round: double names. */
function hasFamily(patient: Patient, familyName: string): boolean {
  const asked = folded(familyName)
  return (patient.name ?? []).some(({ family, text }) => {
    const theirs = folded(family ?? '')
    if (theirs !== '') return theirs.startsWith(asked) || asked.startsWith(theirs)
    return folded(text ?? '').includes(asked)
  })
}
const hasPhone = (patient: Patient, phone: string): boolean =>
  (patient.telecom ?? []).some(({ system, value }) => system !== 'email' && lineOf(value ?? '') === lineOf(phone))

/** A phone number is compared as text by most servers: each way in which a chart may have it is asked for at once. */
function waysToWrite(phone: string): string {
  const line = lineOf(phone)
  const [area, exchange, last] = [line.slice(0, 3), line.slice(3, 6), line.slice(6)]
  const north =
    line.length === 10 ? [line, `+1${line}`, `1${line}`, `(${area}) ${exchange}-${last}`, `${area}-${exchange}-${last}`, `+1 ${area} ${exchange} ${last}`] : []
  return [...new Set([phone, ...north])].map(escaped).join(',')
}

/** Which questions this server takes, the surest first. One that cannot be asked by name and birth date cannot be asked whose chart it is. */
function searchesFor({ familyName, birthDate, phone }: Somebody, can: Pick<TypeCapabilities, 'searchParams'>): Search[] {
  const takes = (name: string): boolean => can.searchParams.size === 0 || can.searchParams.has(name)
  if (!takes('family') || !takes('birthdate'))
    throw new PartnerFault('contract', 'The EHR cannot be searched by name and birth date.', { detail: 'searchParam' })
  const byPhone = lineOf(phone) === '' ? undefined : ['phone', 'telecom'].find(takes)
  const born = (patient: Patient): boolean => patient.birthDate === birthDate
  const named: Search = {
    by: 'name-and-birth-date',
    form: { family: escaped(familyName), birthdate: birthDate },
    fits: (patient) => born(patient) && hasFamily(patient, familyName),
  }
  if (byPhone === undefined) return [named]
  const form = { [byPhone]: waysToWrite(phone) }
  const called = (patient: Patient): boolean => hasPhone(patient, phone)
  return [
    named,
    { by: 'birth-date-and-phone', form: { birthdate: birthDate, ...form }, fits: (patient) => born(patient) && called(patient) },
    { by: 'phone', form, fits: called },
  ]
}

export interface Hit {
  chart: Read<Patient>
  foundBy: FoundBy[]
}

/**
 * Everybody who looks like the patient. Servers ignore parameters that they do not know, so a hit counts only when it is what was asked
 * for; where others stand between the hits and there are more pages, the one who is meant may stand on the next, and nothing is concluded.
 */
export async function looksLike(person: Somebody, ctx: FhirContext, by: readonly FoundBy[]): Promise<{ hits: Hit[]; more: boolean }> {
  const can = (await capabilitiesOf(ctx)).of('Patient')
  const hits = new Map<string, Hit>()
  let more = false
  for (const one of searchesFor(person, can).filter((each) => by.includes(each.by))) {
    const { found, next } = await search<Patient>(ctx, 'Patient', { ...one.form, _count: String(candidatesMax + 1) })
    const fitting = found.filter(({ resource }) => one.fits(resource))
    if (fitting.length < found.length && next !== null)
      throw new PartnerFault('contract', 'The EHR answers a search with people who were not asked for.', { detail: one.by })
    more ||= next !== null
    for (const chart of fitting) {
      const known = hits.get(chart.ref)
      if (known) known.foundBy.push(one.by)
      else hits.set(chart.ref, { chart, foundBy: [one.by] })
    }
  }
  return { hits: [...hits.values()], more }
}
