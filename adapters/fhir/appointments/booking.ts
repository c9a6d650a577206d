import type { EhrBooking } from '@heliox/core/clinical'
import { IsoDate, LanguageTag, type Locks, Text } from '@heliox/core/kit'
import type { Appointment, Patient } from '@medplum/fhirtypes'
import { z } from 'zod'
import { nameOf } from '../find-chart/candidate.ts'
import { recordOf } from '../mapping/index.ts'
import { idPattern } from '../search.ts'
import type { FhirConfig } from '../types.ts'
import { stateOf } from '../write/appointment-state.ts'
import { isOurs } from './kept.ts'

/** What of an appointment that the clinic made in its EHR becomes a visit. Pure. */

type Booking = NonNullable<EhrBooking['booking']>

/** One patient, at a time that is to come, and booked: a block, a meeting and a wish are no visits. */
export function isBooking(appointment: Appointment, config: Pick<FhirConfig, 'identifierSystem'>, now: Date): boolean {
  return !isOurs(appointment, config) && patientRefOf(appointment) !== undefined && isToCome(appointment, now)
}
export function isToCome(appointment: Appointment, now: Date): boolean {
  const state = stateOf(appointment)
  return state?.status === 'booked' && appointment.status === 'booked' && Date.parse(state.startsAt) > now.getTime() && state.endsAt > state.startsAt
}

/** `Patient/123`; undefined: it is for nobody, or for several. */
export function patientRefOf({ participant }: Appointment): string | undefined {
  const refs = new Set((participant ?? []).map(({ actor }) => recordOf(actor?.reference)).filter((ref) => ref?.startsWith('Patient/')))
  const [ref] = refs
  return refs.size === 1 && ref !== undefined && idPattern.test(ref.slice('Patient/'.length)) ? ref : undefined
}

/** Everybody whom it names as a patient, each once; undefined: one who is linked to no record. */
export const patientsOf = ({ participant }: Appointment): (string | undefined)[] => [
  ...new Set(
    (participant ?? [])
      .filter(({ actor }) => actor?.type === 'Patient' || recordOf(actor?.reference)?.startsWith('Patient/'))
      .map(({ actor }) => recordOf(actor?.reference)),
  ),
]

/** Whom it names, for whoever compares and may not know it. */
export async function patientKeyOf(appointment: Appointment, locks: Locks): Promise<string | undefined> {
  const ref = patientRefOf(appointment)
  return ref === undefined ? undefined : keyOfPatient(ref, locks)
}
export const keyOfPatient = (ref: string, locks: Locks): Promise<string> => locks.keyOf(['ehr-patient', ref])

/** Whom the patient comes to, as the EHR shows it; else the practice. */
export function practitionerOf({ participant }: Appointment, { practiceName }: Pick<FhirConfig, 'practiceName'>): string {
  const shown = (type: string) => participant?.find(({ actor }) => recordOf(actor?.reference)?.startsWith(`${type}/`) && actor?.display?.trim())?.actor?.display
  return (shown('Practitioner') ?? shown('PractitionerRole') ?? practiceName).trim().slice(0, 80)
}

/** As far as it fits what is asked of a contact here: an element that does not is left out, never cut into another one. Without a name there is none. */
export function contactOf(patient: Patient, now: Date): Booking['contact'] {
  // Nobody is written to whom the clinic counts as gone.
  if (patient.active === false || patient.deceasedBoolean === true || patient.deceasedDateTime !== undefined) return null
  const name = nameOf(patient.name ?? [])
  const named = Named.safeParse({ givenName: cut((name?.given ?? []).join(' '), 35), familyName: cut(name?.family ?? '', 60) }).data
  if (!named) return null
  const telecom = (patient.telecom ?? []).filter(({ use, period }) => use !== 'old' && !isOver(period?.end, now))
  const phones = telecom.filter(({ system }) => system === 'phone' || system === 'sms')
  const phone = (phones.find(({ use }) => use === 'mobile') ?? phones[0])?.value?.trim() ?? ''
  const email = z
    .email()
    .max(120)
    .safeParse(telecom.find(({ system }) => system === 'email')?.value?.trim())
  const spoken = (patient.communication ?? []).toSorted((a, b) => Number(b.preferred ?? false) - Number(a.preferred ?? false))
  const tags = spoken.flatMap(({ language }) => (language?.coding ?? []).map(({ code }) => LanguageTag.safeParse(code?.slice(0, 2)).data))
  return {
    ...{ ...named, birthDate: IsoDate.safeParse(patient.birthDate).data ?? null },
    ...{ phone: phone !== '' && phone.length <= 40 ? phone : null, email: email.data ?? null },
    language: tags.find((tag) => tag !== undefined) ?? null,
  }
}
/** A number that a chart has ended is somebody else's by now. A date of FHIR may be a year or a month alone: over when all of it is. */
const isOver = (end: string | undefined, now: Date): boolean => end !== undefined && end.slice(0, 10) < now.toISOString().slice(0, Math.min(end.length, 10))
const Named = z.object({ givenName: Text(35), familyName: Text(60) })
/** A name longer than ours may be is cut where it is shown; the chart keeps it whole. */
const cut = (text: string, charsMax: number): string => text.trim().slice(0, charsMax).trim()
