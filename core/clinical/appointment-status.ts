import type { AppointmentState, EhrAppointmentStatus } from './ehr.ts'

/** What each status of a chart says of a visit. Who waits in the clinic is still booked here; on a waiting list nobody has a time yet. */
export const visitStatusOf = {
  proposed: 'proposed',
  waitlist: 'proposed',
  pending: 'booked',
  booked: 'booked',
  arrived: 'booked',
  'checked-in': 'booked',
  fulfilled: 'fulfilled',
  cancelled: 'cancelled',
  'entered-in-error': 'cancelled',
  noshow: 'noshow',
} as const satisfies Record<EhrAppointmentStatus, AppointmentState['status']>

/**
 * What the chart's Appointment gets, and the chart's own finer word for the same thing stays: `booked` takes nobody back out of the
 * waiting room. One that was entered in error stays so too, until the visit is no longer cancelled.
 */
export const chartStatusOf = (ours: AppointmentState['status'], theirs?: string): EhrAppointmentStatus =>
  // A status that R4 does not know means nothing to us.
  theirs !== undefined && Object.hasOwn(visitStatusOf, theirs) && visitStatusOf[theirs as EhrAppointmentStatus] === ours
    ? (theirs as EhrAppointmentStatus)
    : ours
