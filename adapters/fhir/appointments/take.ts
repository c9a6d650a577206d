import type { EhrBooking, EhrBookingDue } from '@heliox/core/clinical'
import type { Answer, ValueOf } from '@heliox/core/kit'
import type { Appointment, Patient } from '@medplum/fhirtypes'
import { capabilitiesOf, mayUpdate } from '../capabilities.ts'
import { survivorOf } from '../find-chart/merged.ts'
import { identifierOf } from '../mapping/index.ts'
import { type Read, read, tagged } from '../search.ts'
import type { FhirContext, Refused } from '../types.ts'
import { stateOf } from '../write/appointment-state.ts'
import { contactOf, isToCome, patientKeyOf, patientRefOf, practitionerOf } from './booking.ts'
import { momentOf } from './changed.ts'
import { visitIdOf } from './kept.ts'
import { putAppointment, untilNobodyElseWrites } from './put.ts'

type Due = ValueOf<typeof EhrBookingDue>
type Told = Answer<EhrBooking, Refused>

const refused = (code: string): Told => ({ is: 'rejected', value: { codes: [code], paths: [] } })

/**
 * Our identifier first, the visit after it: whoever writes the visit into the chart finds this appointment by it and makes no second one. Nothing
 * else of the appointment is touched, and only the version that was read is written over.
 */
export async function takeBooking(due: Due, ctx: FhirContext): Promise<Told> {
  const can = await capabilitiesOf(ctx)
  const none: Told = { is: 'ok', value: { ...due, booking: null } }
  return ctx.locks.serially(`visit:${due.visitId}`, () =>
    untilNobodyElseWrites<Told>(ctx, async () => {
      const there = await read<Appointment>(ctx, 'Appointment', `Appointment/${due.appointmentId}`)
      if (there === 'gone') return none
      const visitId = visitIdOf(there.resource, ctx.config)
      if ((visitId !== undefined && visitId !== due.visitId) || !isToCome(there.resource, ctx.now())) return none
      const patientRef = patientRefOf(there.resource)
      const found = patientRef === undefined ? 'gone' : await read<Patient>(ctx, 'Patient', patientRef)
      const chart = found === 'gone' ? undefined : await survivorOf(found, ctx)
      if (!chart) return none
      const said: Told = { is: 'ok', value: { ...due, booking: await bookingOf(there, chart, ctx) } }
      if (visitId === due.visitId) return said
      if (!mayUpdate(can, 'Appointment')) return refused('not-supported')
      const one = await tagged(ctx, there)
      if (one === 'no-version') return refused('no-version')
      if (one === 'changed') return undefined
      const { sent } = await putAppointment(one, { identifier: [identifierOf('Appointment', due, ctx.config)] }, ctx)
      if (sent.is === 'collided') return undefined
      if (sent.is === 'refused') return { is: 'rejected', value: sent.refused }
      ctx.log.info({}, 'an appointment of the EHR carries our identifier now')
      return said
    }),
  )
}

/** The version that was read, before our mark: what is changed after it, by us or by them, is heard as newer. */
async function bookingOf({ resource }: Read<Appointment>, chart: Read<Patient>, ctx: FhirContext): Promise<EhrBooking['booking']> {
  const { config, locks } = ctx
  const [state, patientKey] = [stateOf(resource), await patientKeyOf(resource, locks)]
  if (!state || patientKey === undefined) return null
  const updatedAt = momentOf(resource)
  return {
    ...{ startsAt: state.startsAt, endsAt: state.endsAt, practitioner: practitionerOf(resource, config), patientRef: chart.ref, patientKey },
    ...{ versionId: resource.meta?.versionId ?? updatedAt, updatedAt, contact: contactOf(chart.resource, ctx.now()) },
  }
}
