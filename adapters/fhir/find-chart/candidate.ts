import type { ChartCandidates } from '@heliox/core/clinical'
import { IsoDate } from '@heliox/core/kit'
import type { Address, HumanName } from '@medplum/fhirtypes'
import type { Hit } from './searches.ts'

type Candidate = ChartCandidates['candidates'][number]

/** What a person sees of a chart, cut to what fits. */
export function candidateOf({ chart: { ref, resource }, foundBy }: Hit): Candidate {
  const name = nameOf(resource.name ?? [])
  const telecom = (resource.telecom ?? []).filter(({ use }) => use !== 'old')
  const address = resource.address?.find(({ use }) => use !== 'old')
  const phone = telecom.find(({ system }) => system === 'phone' || system === 'sms')?.value
  return {
    patientRef: ref,
    givenName: cut((name?.given ?? []).join(' ') || (name?.family === undefined ? (name?.text ?? '') : ''), 80),
    familyName: cut(name?.family ?? '', 80),
    birthDate: IsoDate.safeParse(resource.birthDate).data ?? null,
    gender: orNull(resource.gender, 10),
    phone: orNull(phone, 40),
    email: orNull(telecom.find(({ system }) => system === 'email')?.value, 120),
    address: orNull(lineOfAddress(address), 200),
    addressCountry: orNull(address?.country, 60),
    mrn: orNull(resource.identifier?.find(({ type }) => type?.coding?.some(({ code }) => code === 'MR'))?.value, 40),
    updatedAt: moment(resource.meta?.lastUpdated),
    foundBy,
  }
}

const cut = (text: string, charsMax: number): string => text.slice(0, charsMax)
const orNull = (text: string | undefined, charsMax: number): string | null => (typeof text === 'string' && text.trim() !== '' ? cut(text, charsMax) : null)

export const nameOf = (names: readonly HumanName[]): HumanName | undefined =>
  names.find(({ use }) => use === 'official') ?? names.find(({ use }) => use === 'usual') ?? names.find(({ use }) => use !== 'old') ?? names[0]

const lineOfAddress = (address: Address | undefined): string | undefined =>
  address && (address.text ?? [...(address.line ?? []), address.city, address.state, address.postalCode].filter(Boolean).join(', '))

function moment(text: string | undefined): string | null {
  const at = new Date(text ?? '')
  return Number.isNaN(at.getTime()) ? null : at.toISOString()
}
