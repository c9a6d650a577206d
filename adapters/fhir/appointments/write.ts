import { type AppointmentState, type EhrAppointment, type EhrAppointmentWritten, ofAnother } from '@heliox/core/clinical'
import type { Answer, ValueOf } from '@heliox/core/kit'
import type { Appointment } from '@medplum/fhirtypes'
import { capabilitiesOf, mayUpdate } from '../capabilities.ts'
import { appointmentPatch, identifierOf } from '../mapping/index.ts'
import { type Read, searchByIdentifier, tagged } from '../search.ts'
import type { FhirContext, Refused } from '../types.ts'
import { stateOf, whoSpeaks } from '../write/appointment-state.ts'
import { whoseIs } from '../write/whose.ts'
import { putAppointment, untilNobodyElseWrites } from './put.ts'

type Now = ValueOf<typeof EhrAppointment>
type AppointmentAnswer = Answer<ValueOf<typeof EhrAppointmentWritten>, Refused>

const refused = (code: string): AppointmentAnswer => ({ is: 'rejected', value: { codes: [code], paths: [] } })
const said = (state: 'written' | 'same', appointmentRef: string, appointment: AppointmentState | null): AppointmentAnswer => ({
  is: 'ok',
  value: { state, appointmentRef, appointment },
})

/**
 * A visit was moved, cancelled, or not come to. A chart that says so already is left alone, so an echo of the chart's own change ends here;
 * one that says something else than both last agreed on was changed there, and is never overwritten. Nor is one that names another patient by now:
 * moved or called off for ours, it would be moved or called off for them.
 */
export async function writeAppointment(now: Now, ctx: FhirContext): Promise<AppointmentAnswer> {
  const { visitId, status, startsAt, endsAt, agreed, patientId, patientKey } = now
  const can = await capabilitiesOf(ctx)
  return ctx.locks.serially(`visit:${visitId}`, () =>
    untilNobodyElseWrites<AppointmentAnswer>(ctx, async () => {
      const [before, ...others] = await searchByIdentifier<Appointment>(ctx, 'Appointment', identifierOf('Appointment', { visitId }, ctx.config))
      if (others.length > 0) return refused('multiple-matches')
      if (!before) return { is: 'ok', value: { state: 'not-there', appointmentRef: null, appointment: null } }
      const knows = patientId !== null || patientKey !== null
      // Before anything is called the same: that somebody else's appointment was called off as ours was is no word both agree on.
      const whose = knows ? await whoseIs(before.resource, { patientRef: null, patientId, patientKey }, ctx) : 'ours'
      if (whose === 'another' || whose === 'shared') return refused(ofAnother)
      const speaks = whoSpeaks(before.resource, { status, startsAt, endsAt }, agreed)
      if (speaks === 'same') return said('same', before.ref, stateOf(before.resource))
      if (speaks === 'theirs') return refused('changed-there')
      if (!mayUpdate(can, 'Appointment')) return refused('not-supported')
      const one = await tagged(ctx, before)
      if (one === 'no-version') return refused('no-version')
      return one === 'changed' ? undefined : update(one, now, ctx)
    }),
  )
}

/** Undefined: it was changed since it was read. */
async function update(before: Read<Appointment>, now: Now, ctx: FhirContext): Promise<AppointmentAnswer | undefined> {
  const { sent, resource } = await putAppointment(before, appointmentPatch(now, ctx.config), ctx)
  if (sent.is === 'collided') return undefined
  if (sent.is === 'refused') return { is: 'rejected', value: sent.refused }
  ctx.log.info({ status: now.status }, 'the EHR has the appointment as it is now')
  return said('written', before.ref, stateOf(resource))
}
