import { planTerms } from '@heliox/core/billing'
import { type LanguageTag, sha256Hex } from '@heliox/core/kit'
import { askedToConfirm, askedToCorrect, mayLeaveMethod, moneyLines, statusLines } from '@heliox/core/messages'
import type { LinkFacts, PlanView } from '@heliox/core/ports'
import { type Journey, nothingYet, referenceOf } from '@heliox/core/reporting'
import type { ApiDeps } from '../../deps.ts'
import { type ClinicFacts, clinicView } from '../../kit/clinic-facts.ts'
import { visitView } from '../../kit/link.ts'
import { correctionsAreOpen } from '../corrections/index.ts'
import type { StatusView } from './schemas.ts'

/** Before the first event has been projected: what the link itself says. */
function draft(link: LinkFacts, now: Date): Journey {
  return {
    ...nothingYet,
    intakeId: link.intakeId,
    visitId: link.visitId,
    reference: referenceOf(link.intakeId),
    startsAt: link.startsAt,
    practitioner: link.practitioner,
    visitStatus: link.visitStatus,
    updatedAt: now.toISOString(),
  }
}

const eligibilityFinal: ReadonlySet<Journey['eligibility']> = new Set(['confirmed', 'inactive', 'needs-you', 'corrected'])
const paymentFinal: ReadonlySet<Journey['payment']> = new Set([null, 'stored', 'needs-you', 'declined'])

const nothingToPay = { confirm: false, plan: null, charge: null, asked: null, moves: [], nextPart: null, method: null } as const

/** The words and their hash are made in one place: what was agreed to is what was shown. */
function planText(plan: PlanView, clinic: ClinicFacts): StatusView['plan'] {
  const words = (language: LanguageTag) => {
    const lines = planTerms(plan, clinic.name, language)
    return { lines, sha256: sha256Hex(lines.join('\n')) }
  }
  return { id: plan.id, terms: { en: words('en'), es: words('es'), de: words('de'), fr: words('fr') } }
}

/** The link's own state is newer than the read model right after a submit: the patient must never read "not sent" then. */
export async function readStatus(deps: ApiDeps, link: LinkFacts, clinic: ClinicFacts, now: Date): Promise<StatusView> {
  const [told, correction, money] = await Promise.all([
    deps.ops.journey(link.tenantId, link.intakeId),
    correctionsAreOpen(link, now) ? deps.corrections.asked(link.tenantId, link.intakeId) : false,
    link.status === 'submitted' ? deps.payments.ofPatient(link, now) : nothingToPay,
  ])
  const journey = told?.journey ?? draft(link, now)
  const intake = link.status === 'submitted' ? 'submitted' : journey.intake
  // Our own row knows sooner than the read model what was left.
  const paymentMethod = money.method ?? journey.paymentMethod
  const { eligibility, payment, photosExpected, photosClean, photosRejected } = journey
  const photosSince = told?.steps.findLast(({ step }) => step === 'upload.completed.v1')?.at ?? null
  const lines = statusLines({ ...journey, photosSince, intake, paymentMethod, visitStatus: link.visitStatus }, now.getTime())
  const asked = (of: typeof lines): typeof lines => {
    const confirmed = money.confirm ? askedToConfirm(of) : of
    return correction ? askedToCorrect(confirmed) : confirmed
  }
  return {
    intakeId: link.intakeId,
    reference: journey.reference,
    clinic: clinicView(clinic),
    visit: visitView(link),
    intake,
    eligibility,
    payment,
    photos: { expected: photosExpected, clean: photosClean, rejected: photosRejected },
    lines: [...asked(lines), ...moneyLines({ charge: money.charge, asked: money.asked, planExpired: money.plan?.status === 'expired' })],
    correction,
    confirm: money.confirm,
    charge: money.charge,
    leaveMethod: mayLeaveMethod(money.asked),
    moves: [...money.moves],
    nextPart: money.nextPart,
    plan: money.plan?.status === 'proposed' ? planText(money.plan, clinic) : null,
    settled: intake === 'submitted' && eligibilityFinal.has(eligibility) && paymentFinal.has(payment) && photosClean + photosRejected >= photosExpected,
    updatedAt: journey.updatedAt,
  }
}
