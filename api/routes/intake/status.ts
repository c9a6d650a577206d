import { askedToCorrect, statusLines } from '@heliox/core/messages'
import type { LinkFacts } from '@heliox/core/ports'
import { type Journey, referenceOf } from '@heliox/core/reporting'
import type { ApiDeps } from '../../deps.ts'
import { type ClinicFacts, clinicView } from '../../kit/clinic-facts.ts'
import { correctionsAreOpen } from '../corrections/index.ts'
import type { StatusView } from './schemas.ts'

/** Before the first event has been projected: what the link itself says. */
function draft(link: LinkFacts, now: Date): Journey {
  return {
    intakeId: link.intakeId,
    visitId: link.visitId,
    reference: referenceOf(link.intakeId),
    startsAt: link.startsAt,
    practitioner: link.practitioner,
    intake: 'created',
    eligibility: null,
    askedByFile: false,
    provisional: null,
    answer: null,
    changed: null,
    nextTry: null,
    payment: null,
    writeback: 'none',
    photosExpected: 0,
    photosClean: 0,
    photosRejected: 0,
    held: 0,
    updatedAt: now.toISOString(),
  }
}

const eligibilityFinal: ReadonlySet<Journey['eligibility']> = new Set(['confirmed', 'inactive', 'needs-you', 'corrected'])
const paymentFinal: ReadonlySet<Journey['payment']> = new Set([null, 'stored', 'needs-you', 'declined'])

/** The link's own state is newer than the read model right after a submit: the patient must never read "not sent" then. */
export async function readStatus(deps: ApiDeps, link: LinkFacts, clinic: ClinicFacts, now: Date): Promise<StatusView> {
  const [told, correction] = await Promise.all([
    deps.ops.journey(link.tenantId, link.intakeId),
    correctionsAreOpen(link, now) ? deps.corrections.asked(link.tenantId, link.intakeId) : false,
  ])
  const journey = told?.journey ?? draft(link, now)
  const intake = link.status === 'submitted' ? 'submitted' : journey.intake
  const { eligibility, payment, photosExpected, photosClean, photosRejected } = journey
  const lines = statusLines({ ...journey, intake }, now.getTime())
  return {
    intakeId: link.intakeId,
    reference: journey.reference,
    clinic: clinicView(clinic),
    visit: { startsAt: link.startsAt, endsAt: link.endsAt, practitioner: link.practitioner },
    intake,
    eligibility,
    payment,
    photos: { expected: photosExpected, clean: photosClean, rejected: photosRejected },
    lines: correction ? askedToCorrect(lines) : lines,
    correction,
    settled: intake === 'submitted' && eligibilityFinal.has(eligibility) && paymentFinal.has(payment) && photosClean + photosRejected >= photosExpected,
    updatedAt: journey.updatedAt,
  }
}
