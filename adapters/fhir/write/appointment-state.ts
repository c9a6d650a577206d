import { type AppointmentState, ehrAppointmentStatuses, visitStatusOf } from '@heliox/core/clinical'
import type { Appointment } from '@medplum/fhirtypes'
import { instantOf } from '../mapping/index.ts'

/** What the chart says, in our words; null where it says something that we have no words for: no times, a time without an offset. */
export function stateOf({ status, start, end }: Pick<Appointment, 'status' | 'start' | 'end'>): AppointmentState | null {
  const known = ehrAppointmentStatuses.find((one) => one === status)
  const ours = known === undefined ? null : visitStatusOf[known]
  const [startsAt, endsAt] = [instantOf(start), instantOf(end)]
  return ours && startsAt && endsAt ? { status: ours, startsAt, endsAt } : null
}

const same = (a: AppointmentState, b: AppointmentState): boolean =>
  a.status === b.status && Date.parse(a.startsAt) === Date.parse(b.startsAt) && Date.parse(a.endsAt) === Date.parse(b.endsAt)

/** What is never taken back where nothing was agreed on: the visit was, should never have been, or somebody there called it off. */
const over: readonly (string | undefined)[] = ['fulfilled', 'entered-in-error', 'cancelled', 'noshow']

/**
 * Who may speak. `same`: nothing to say. `ours`: the chart still says what both last said, or they never agreed. `theirs`: it was changed
 * there since, which comes in by its own way and is never overwritten (telemedicine: only forward moves, a conflict is shown).
 */
export function whoSpeaks(
  chart: Pick<Appointment, 'status' | 'start' | 'end'>,
  now: AppointmentState,
  agreed: AppointmentState | null,
): 'same' | 'ours' | 'theirs' {
  const theirs = stateOf(chart)
  if (theirs && same(theirs, now)) return 'same'
  if (agreed && theirs && same(theirs, agreed)) return chart.status === 'entered-in-error' ? 'theirs' : 'ours'
  return agreed || over.includes(chart.status) ? 'theirs' : 'ours'
}
