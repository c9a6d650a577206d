import { ofAnother } from '@heliox/core/clinical'
import type { Appointment, Coverage, CoverageEligibilityRequest, CoverageEligibilityResponse, Patient, Resource } from '@medplum/fhirtypes'
import { replacedBy } from '../find-chart/merged.ts'
import { looksLike } from '../find-chart/searches.ts'
import { type AnyVisit, fhirTypeOf, identifierOf, type MappedType } from '../mapping/index.ts'
import { type Read, read, searchByIdentifier } from '../search.ts'
import type { FhirContext, Refused } from '../types.ts'
import { whoseIs } from './whose.ts'

/** What the EHR has of a visit; undefined: it has none. */
export interface Seen {
  Patient?: Read<Patient> | undefined
  Coverage?: Read<Coverage> | undefined
  SecondCoverage?: Read<Coverage> | undefined
  Appointment?: Read<Appointment> | undefined
  CoverageEligibilityRequest?: Read<CoverageEligibilityRequest> | undefined
  CoverageEligibilityResponse?: Read<CoverageEligibilityResponse> | undefined
}

/** Ends a write before anything was sent: the refusal says why. */
export class Refusal extends Error {
  readonly refused: Refused
  constructor(code: string, paths: string[] = []) {
    super(code)
    this.refused = { codes: [code], paths }
  }
}

/** Reads everything that is there, each time anew: what is written is made of it, and tied to its versions. Throws `Refusal`. */
export async function look(visit: AnyVisit, writes: readonly MappedType[], ctx: FhirContext): Promise<Seen> {
  const seen: Seen = { Patient: await chartOf(visit, ctx) }
  const others = writes.filter((type): type is Exclude<MappedType, 'Patient'> => type !== 'Patient')
  for (const type of others) Object.assign(seen, { [type]: await onlyOne(type, visit, ctx) })
  if (seen.Appointment) await expectNotAnothers(seen.Appointment, seen.Patient?.ref ?? null, visit, ctx)
  return seen
}

/** It keeps our identifier when the clinic gives it to somebody else: merged and written, the former patient would be back in it. */
async function expectNotAnothers({ resource }: Read<Appointment>, patientRef: string | null, visit: AnyVisit, ctx: FhirContext): Promise<void> {
  const { patientId, patientKey } = visit
  if ((await whoseIs(resource, { patientRef, patientId, patientKey }, ctx)) === 'another') throw new Refusal(ofAnother, ['Appointment'])
}

async function onlyOne(type: MappedType, visit: AnyVisit, ctx: FhirContext): Promise<Read | undefined> {
  const found = await searchByIdentifier<Resource>(ctx, fhirTypeOf(type), identifierOf(type, visit, ctx.config))
  if (found.length > 1) throw new Refusal('multiple-matches', [fhirTypeOf(type)])
  return found[0]
}

/** The chart that was found for the patient; undefined: a new one is made, since even now nobody looks like them. */
async function chartOf(visit: AnyVisit, ctx: FhirContext): Promise<Read<Patient> | undefined> {
  const carrying = (await searchByIdentifier<Patient>(ctx, 'Patient', identifierOf('Patient', visit, ctx.config))).filter(
    ({ resource }) => replacedBy(resource) === undefined,
  )
  if (visit.patientRef !== null) {
    const chart = await read<Patient>(ctx, 'Patient', visit.patientRef)
    if (chart === 'gone') throw new Refusal('chart-gone')
    if (replacedBy(chart.resource) !== undefined) throw new Refusal('chart-merged')
    // Our identifier on a second chart would leave nobody able to say which of them is meant.
    if (carrying.some(({ ref }) => ref !== chart.ref)) throw new Refusal('multiple-matches', ['Patient'])
    return chart
  }
  if (carrying.length > 1) throw new Refusal('multiple-matches', ['Patient'])
  if (carrying[0]) return carrying[0]
  if ((await strangers(visit, ctx)).length > 0) throw new Refusal('chart-appeared')
  return undefined
}

/** Who looks like the patient by more than a phone number that a family shares, but for those whom a person turned down. */
export async function strangers(visit: AnyVisit, ctx: FhirContext): Promise<string[]> {
  const { hits } = await looksLike(visit, ctx, ['name-and-birth-date', 'birth-date-and-phone'])
  return hits.filter(({ chart }) => replacedBy(chart.resource) === undefined && !visit.notRefs.includes(chart.ref)).map(({ chart }) => chart.ref)
}
