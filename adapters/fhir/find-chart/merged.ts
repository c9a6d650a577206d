import type { Patient } from '@medplum/fhirtypes'
import { type Read, read } from '../search.ts'
import type { FhirContext } from '../types.ts'

/** So often may a chart have been merged into another one; more is a circle. */
const mergesMax = 4

/** The chart that took this one's place, as staff of the EHR merged them; undefined: it stands for itself. */
export function replacedBy(patient: Patient): string | undefined {
  const reference = patient.link?.find(({ type }) => type === 'replaced-by')?.other?.reference
  return reference === undefined ? undefined : (/(?:^|\/)(Patient\/[^/]+)(?:\/_history\/[^/]+)?$/.exec(reference)?.[1] ?? 'Patient/')
}

/** The one that counts today; undefined where the trail ends nowhere. */
export async function survivorOf(chart: Read<Patient>, ctx: FhirContext): Promise<Read<Patient> | undefined> {
  let current = chart
  for (let merges = 0; merges < mergesMax; merges += 1) {
    const next = replacedBy(current.resource)
    if (next === undefined) return current
    const found = await read<Patient>(ctx, 'Patient', next)
    if (found === 'gone') return undefined
    current = found
  }
  return undefined
}
