import { setTimeout as sleep } from 'node:timers/promises'
import type { EhrBooking, EhrBookingDue } from '@heliox/core/clinical'
import { type Answer, PartnerFault, type ValueOf } from '@heliox/core/kit'
import type { Appointment, Patient } from '@medplum/fhirtypes'
import { capabilitiesOf, mayUpdate } from '../capabilities.ts'
import { survivorOf } from '../find-chart/merged.ts'
import { identifierOf, merge } from '../mapping/index.ts'
import { type Read, read, tagged } from '../search.ts'
import type { FhirContext, Refused } from '../types.ts'
import { stateOf } from '../write/appointment-state.ts'
import { expectValid } from '../write/expect-valid.ts'
import { sendAlone } from '../write/send.ts'
import { contactOf, isToCome, patientKeyOf, patientRefOf, practitionerOf } from './booking.ts'
import { momentOf } from './changed.ts'
import { visitIdOf } from './kept.ts'

type Due = ValueOf<typeof EhrBookingDue>
type Told = Answer<EhrBooking, Refused>

const looksMax = 6
const againMs = { least: 40, most: 160 }
const refused = (code: string): Told => ({ is: 'rejected', value: { codes: [code], paths: [] } })

/**
 * Our identifier first, the visit after it: whoever writes the visit into the chart finds this appointment by it and makes no second one. Nothing
 * else of the appointment is touched, and only the version that was read is written over.
 */
export async function takeBooking(due: Due, ctx: FhirContext): Promise<Told> {
  const can = await capabilitiesOf(ctx)
  const none: Told = { is: 'ok', value: { ...due, booking: null } }
  return ctx.locks.serially(`visit:${due.visitId}`, async () => {
    for (let looks = 1; looks <= looksMax; looks += 1) {
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
      const outcome = one === 'changed' ? 'collided' : await mark(one, due, ctx)
      if (outcome === 'marked') return said
      if (outcome !== 'collided') return { is: 'rejected', value: outcome }
      ctx.log.info({ looks }, 'somebody else wrote the same appointment meanwhile')
      await sleep(againMs.least + looks * Math.random() * (againMs.most - againMs.least), undefined, { signal: ctx.signal }).catch(() => undefined)
    }
    throw new PartnerFault('unavailable', 'Others kept changing the same appointment in the EHR.', { detail: `${looksMax} times` })
  })
}

async function mark(before: Read<Appointment>, due: Due, ctx: FhirContext): Promise<'marked' | 'collided' | Refused> {
  const { resource } = merge<Appointment>(before.resource, { identifier: [identifierOf('Appointment', due, ctx.config)] })
  const fullUrl = `${ctx.config.baseUrl.replace(/\/+$/, '')}/${before.ref}`
  const step = { type: 'Appointment' as const, resource, before, fullUrl, ifNoneExist: '' }
  await expectValid([step], ctx)
  const sent = await sendAlone(step, { conditionalCreate: false }, ctx)
  if (sent.is === 'refused') return sent.refused
  if (sent.is === 'done') ctx.log.info({}, 'an appointment of the EHR carries our identifier now')
  return sent.is === 'done' ? 'marked' : 'collided'
}

/** The version that was read, before our mark: what is changed after it, by us or by them, is heard as newer. */
async function bookingOf({ resource }: Read<Appointment>, chart: Read<Patient>, { config, locks }: FhirContext): Promise<EhrBooking['booking']> {
  const [state, patientKey] = [stateOf(resource), await patientKeyOf(resource, locks)]
  if (!state || patientKey === undefined) return null
  const updatedAt = momentOf(resource)
  return {
    ...{ startsAt: state.startsAt, endsAt: state.endsAt, practitioner: practitionerOf(resource, config), patientRef: chart.ref, patientKey },
    ...{ versionId: resource.meta?.versionId ?? updatedAt, updatedAt, contact: contactOf(chart.resource) },
  }
}
