import { setTimeout as sleep } from 'node:timers/promises'
import type { AppointmentState, EhrAppointment, EhrAppointmentWritten } from '@heliox/core/clinical'
import { type Answer, PartnerFault, type ValueOf } from '@heliox/core/kit'
import type { Appointment } from '@medplum/fhirtypes'
import { capabilitiesOf, mayUpdate } from '../capabilities.ts'
import { appointmentPatch, identifierOf, merge } from '../mapping/index.ts'
import { type Read, searchByIdentifier, tagged } from '../search.ts'
import type { FhirContext, Refused } from '../types.ts'
import { stateOf, whoSpeaks } from '../write/appointment-state.ts'
import { expectValid } from '../write/expect-valid.ts'
import { sendAlone } from '../write/send.ts'

type Now = ValueOf<typeof EhrAppointment>
type AppointmentAnswer = Answer<ValueOf<typeof EhrAppointmentWritten>, Refused>

const looksMax = 6
const againMs = { least: 40, most: 160 }

const refused = (code: string): AppointmentAnswer => ({ is: 'rejected', value: { codes: [code], paths: [] } })
const said = (state: 'written' | 'same', appointmentRef: string, appointment: AppointmentState | null): AppointmentAnswer => ({
  is: 'ok',
  value: { state, appointmentRef, appointment },
})

/**
 * A visit was moved, cancelled, or not come to. A chart that says so already is left alone, so an echo of the chart's own change ends here;
 * one that says something else than both last agreed on was changed there, and is never overwritten.
 */
export async function writeAppointment(now: Now, ctx: FhirContext): Promise<AppointmentAnswer> {
  const can = await capabilitiesOf(ctx)
  return ctx.locks.serially(`visit:${now.visitId}`, async () => {
    for (let looks = 1; looks <= looksMax; looks += 1) {
      const [before, ...others] = await searchByIdentifier<Appointment>(ctx, 'Appointment', identifierOf('Appointment', now, ctx.config))
      if (others.length > 0) return refused('multiple-matches')
      if (!before) return { is: 'ok', value: { state: 'not-there', appointmentRef: null, appointment: null } }
      const { status, startsAt, endsAt, agreed } = now
      const speaks = whoSpeaks(before.resource, { status, startsAt, endsAt }, agreed)
      if (speaks === 'same') return said('same', before.ref, stateOf(before.resource))
      if (speaks === 'theirs') return refused('changed-there')
      if (!mayUpdate(can, 'Appointment')) return refused('not-supported')
      const one = await tagged(ctx, before)
      if (one === 'no-version') return refused('no-version')
      const answer = one === 'changed' ? undefined : await update(one, now, ctx)
      if (answer) return answer
      ctx.log.info({ looks }, 'somebody else wrote the same appointment meanwhile')
      await sleep(againMs.least + looks * Math.random() * (againMs.most - againMs.least), undefined, { signal: ctx.signal }).catch(() => undefined)
    }
    throw new PartnerFault('unavailable', 'Others kept changing the same appointment in the EHR.', { detail: `${looksMax} times` })
  })
}

/** Undefined: it was changed since it was read. */
async function update(before: Read<Appointment>, now: Now, ctx: FhirContext): Promise<AppointmentAnswer | undefined> {
  const { resource } = merge<Appointment>(before.resource, appointmentPatch(now, ctx.config))
  const step = { type: 'Appointment' as const, resource, before, fullUrl: `${ctx.config.baseUrl.replace(/\/+$/, '')}/${before.ref}`, ifNoneExist: '' }
  await expectValid([step], ctx)
  const sent = await sendAlone(step, { conditionalCreate: false }, ctx)
  if (sent.is === 'collided') return undefined
  if (sent.is === 'refused') return { is: 'rejected', value: sent.refused }
  ctx.log.info({ status: now.status }, 'the EHR has the appointment as it is now')
  return said('written', before.ref, stateOf(resource))
}
