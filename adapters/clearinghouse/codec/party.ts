import type { AnswerBenefit } from '@heliox/core/billing'
import { coder, optionalCoder } from './coder.ts'
import type { Segment } from './found.ts'
import { readSpan } from './periods.ts'

export type Party = AnswerBenefit['related'][number]['party']
export type Period = AnswerBenefit['dates'][number]
export type Reference = AnswerBenefit['references'][number]

const entity = coder('entity')
const reference = coder('reference')
const date = coder('date')
export const relationship = optionalCoder('relationship')

/** Absent and empty are the same in X12. */
export const told = (value: string | undefined): string | undefined => (value === '' ? undefined : value)

export const readParty = (nm1: Segment): Party => ({
  entity: entity(nm1[1] ?? ''),
  type: told(nm1[2]),
  name: told(nm1[3]),
  givenName: told(nm1[4]),
  middleName: told(nm1[5]),
  suffix: told(nm1[7]),
  idQualifier: told(nm1[8]),
  id: told(nm1[9]),
  address: undefined,
  references: [],
  contacts: [],
  taxonomy: undefined,
})
/** NM106 and what follows NM109 have no place in a party. */
export const nameSaysMore = (nm1: Segment): boolean => (nm1[6] ?? '') !== '' || nm1.length > 10

export const readReference = (ref: Segment): Reference => ({ qualifier: reference(ref[1] ?? ''), id: ref[2] ?? '', text: told(ref[3]) })

export function readPeriod(dtp: Segment): Period {
  const [, qualifier = '', format = '', raw = ''] = dtp
  const span = readSpan(qualifier, format, raw)
  return { qualifier: date(qualifier), format, from: span?.from ?? undefined, to: span?.to ?? undefined, raw }
}

function readContact(per: Segment): Party['contacts'][number] {
  const ways: { qualifier: string; value: string }[] = []
  for (let i = 3; i < 9; i += 2) if (per[i] || per[i + 1]) ways.push({ qualifier: per[i] ?? '', value: per[i + 1] ?? '' })
  return { function: per[1] ?? '', name: told(per[2]), ways }
}

/** N3, N4, REF, PER and PRV of a party. False: the party does not hold all that the segment says. */
export function addToParty(party: Party, segment: Segment): boolean {
  const address = () => {
    party.address ??= { lines: [], city: '', state: '', postalCode: '', country: undefined }
    return party.address
  }
  switch (segment[0]) {
    case 'N3':
      address().lines.push(...segment.slice(1))
      return true
    case 'N4':
      Object.assign(address(), { city: segment[1] ?? '', state: segment[2] ?? '', postalCode: segment[3] ?? '', country: told(segment[4]) })
      return segment.length <= 5
    case 'REF':
      party.references.push(readReference(segment))
      return segment.length <= 4
    case 'PER':
      party.contacts.push(readContact(segment))
      return segment.length <= 9
    case 'PRV':
      party.taxonomy = told(segment[3])
      return false
    default:
      return false
  }
}
