import type { Appointment, Patient } from '@medplum/fhirtypes'
import { keyOfPatient, patientsOf } from '../appointments/booking.ts'
import { survivorOf } from '../find-chart/merged.ts'
import { identifierOf } from '../mapping/index.ts'
import { identifiersOf, read } from '../search.ts'
import type { FhirContext } from '../types.ts'

/** What is known of the patient of a visit, of whom an appointment in the chart may be. */
export interface Known {
  /** The chart that is about to be written into; null: none yet, or nobody asked. */
  patientRef: string | null
  patientId: string | null
  /** Whom the appointment named when hub and chart last agreed: what it still names, nobody there has changed. */
  patientKey: string | null
}
/** `shared`: beside ours it names others. `nobody`: no patient at all. */
export type Whose = 'ours' | 'shared' | 'another' | 'nobody'

/**
 * A clinic gives an appointment that we know to another patient, and our identifier stays on it. So whom it names is read in the version that is
 * about to be written over, each time: what we keep of it may be a minute older than the chart.
 */
export async function whoseIs(appointment: Appointment, known: Known, ctx: FhirContext): Promise<Whose> {
  const named = patientsOf(appointment)
  if (named.length === 0) return 'nobody'
  const ours: boolean[] = []
  for (const ref of named) ours.push(await isOurs(ref, known, ctx))
  if (!ours.includes(true)) return 'another'
  return ours.includes(false) ? 'shared' : 'ours'
}

async function isOurs(ref: string | undefined, known: Known, ctx: FhirContext): Promise<boolean> {
  // A mere name: whose it is nobody can say.
  if (ref === undefined) return false
  if (await isKnown(ref, known, ctx)) return true
  const chart = await read<Patient>(ctx, 'Patient', ref)
  const survivor = chart === 'gone' ? undefined : await survivorOf(chart, ctx)
  if (!survivor) return false
  if (await isKnown(survivor.ref, known, ctx)) return true
  if (known.patientId === null) return false
  const mine = identifierOf('Patient', { patientId: known.patientId }, ctx.config)
  return identifiersOf(survivor.resource).some(({ system, value }) => system === mine.system && value === mine.value)
}
const isKnown = async (ref: string, known: Known, { locks }: FhirContext): Promise<boolean> =>
  ref === known.patientRef || (known.patientKey !== null && (await keyOfPatient(ref, locks)) === known.patientKey)
