import type { ValueOf } from '../kit/index.ts'
import { visitStatusOf } from './appointment-status.ts'
import type { AppointmentState, EhrAppointmentSeen } from './ehr.ts'
import type { appointmentStatuses } from './model.ts'

type Status = (typeof appointmentStatuses)[number]
type Seen = Omit<Extract<ValueOf<typeof EhrAppointmentSeen>, { is: 'appointment' }>, 'patientKey'>
interface Visit {
  status: Status
  startsAt: Date
  endsAt: Date
  agreed: AppointmentState | null
  /** It was changed here, whoever by, since it was booked. */
  changed: boolean
  ehrVersion: string | null
  ehrUpdatedAt: Date | null
}
interface Target {
  status: Status
  startsAt: Date
  endsAt: Date
}
export type Heard =
  /** We know this version, or a newer one. */
  | { is: 'old' }
  /** The chart says what we say: both agree now. */
  | { is: 'agrees' }
  /** The chart says what both said before: it has not heard of our change yet, or something else was changed in it. */
  | { is: 'behind' }
  | { is: 'take'; to: Target }
  /** Both were changed since they agreed, or it would bring back what is over: a person must say which one holds. */
  | { is: 'conflict' }

/** A number where both are numbers, as most servers count; else only the clock of the EHR tells. */
function isOlder(seen: Seen, { ehrVersion, ehrUpdatedAt }: Visit): boolean {
  if (ehrVersion === null || ehrUpdatedAt === null) return false
  if (ehrVersion === seen.versionId) return true
  const at = Date.parse(seen.updatedAt) - ehrUpdatedAt.getTime()
  if (at !== 0) return at < 0
  return /^\d{1,15}$/.test(ehrVersion) && /^\d{1,15}$/.test(seen.versionId) && Number(seen.versionId) < Number(ehrVersion)
}

/** What is over does not come back because the chart says so: somebody may have reason to, and then does so at the desk. */
const forward: Readonly<Record<Status, readonly Status[]>> = {
  proposed: ['proposed', 'booked', 'cancelled', 'noshow', 'fulfilled'],
  booked: ['booked', 'cancelled', 'noshow', 'fulfilled'],
  noshow: ['fulfilled', 'cancelled'],
  cancelled: [],
  fulfilled: [],
}

const instant = (iso: string): number => Date.parse(iso)
const equal = (a: Target, b: AppointmentState): boolean =>
  a.status === b.status && a.startsAt.getTime() === instant(b.startsAt) && a.endsAt.getTime() === instant(b.endsAt)

/** What the chart says of a visit, held against what is so here and against what both last agreed on. Pure; times are instants, whatever their zone. */
export function heard(visit: Visit, seen: Seen): Heard {
  if (isOlder(seen, visit)) return { is: 'old' }
  const status = visitStatusOf[seen.status]
  const startsAt = seen.startsAt === null ? visit.startsAt : new Date(seen.startsAt)
  const minutesMs = visit.endsAt.getTime() - visit.startsAt.getTime()
  const endsAt = seen.endsAt === null ? new Date(startsAt.getTime() + minutesMs) : new Date(seen.endsAt)
  const to = { status, startsAt, endsAt }
  if (equal(to, stateOf(visit))) return { is: 'agrees' }
  // Entered in error: whether the patient is told that there is no visit is for a person to say.
  if (endsAt <= startsAt || seen.status === 'entered-in-error') return { is: 'conflict' }
  if (visit.agreed && equal(to, visit.agreed)) return { is: 'behind' }
  const unchangedHere = visit.agreed ? equal(visit, visit.agreed) : !visit.changed
  return unchangedHere && forward[visit.status].includes(status) ? { is: 'take', to } : { is: 'conflict' }
}
const stateOf = ({ status, startsAt, endsAt }: Target): AppointmentState => ({ status, startsAt: startsAt.toISOString(), endsAt: endsAt.toISOString() })
