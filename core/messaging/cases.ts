import { z } from 'zod'
import { noDoorWhys } from '../billing/asking.ts'
import type { EligibilityOutcome } from '../billing/events.ts'
import { type Verdict, verdicts } from '../billing/model.ts'
import { clinicCanPutRight, fieldsToCorrect, patientCanPutRight } from '../billing/rules.ts'
import { correctableFields } from '../identity/corrections.ts'
import { defineContract, defineEvent, type ValueOf } from '../kit/index.ts'
import { fieldWords } from '../messages/fields.ts'
import { owners } from './model.ts'

/** The flow that asks payers; what it has under way for an intake holds the details of when it began. */
export const askingFlow = 'eligibility'
/** The flow whose rows in the queue are cases. */
export const caseFlow = 'eligibility-case'

/**
 * A *case* is an answer that needs a person: the partner did its part, nothing failed, and still nobody can say whether the patient is
 * covered. It stands in the same queue as held deliveries. One open case per request; a later clean answer closes it.
 */
/** The last two: no payer was asked, since there is no door to ask at. */
export const caseCauses = ['turned-down', 'no-verdict', 'disputed', ...noDoorWhys] as const
export type CaseCause = (typeof caseCauses)[number]

export const CaseFinding = defineContract({
  name: 'CaseFinding',
  version: 1,
  phi: false,
  schema: z.object({
    intakeId: z.uuid(),
    requestId: z.uuid(),
    payerId: z.string().max(40),
    payerName: z.string().max(60),
    verdict: z.enum(verdicts),
    /** Null: the answer is clean. */
    cause: z.enum(caseCauses).nullable(),
    owner: z.enum(owners),
    reasonCodes: z.array(z.string().max(12)).max(20),
    /** What the patient is asked to put right. */
    fields: z.array(z.enum(correctableFields)).max(correctableFields.length),
  }),
})
export type CaseFinding = ValueOf<typeof CaseFinding>

const causeOf = {
  active: null,
  inactive: null,
  // Active for one thing and not for another: only somebody who knows what the visit is for can tell.
  mixed: 'no-verdict',
  unknown: 'no-verdict',
  rejected: 'turned-down',
} as const satisfies Record<Verdict, CaseCause | null>

/** What an answer asks of whom. A person's own word needs nobody any more. */
export function caseOf(outcome: ValueOf<typeof EligibilityOutcome>): CaseFinding {
  const { intakeId, requestId, payerId, payerName, verdict, reasonCodes, manual, disputed } = outcome
  const cause = manual ? null : disputed ? 'disputed' : (noDoorOf(verdict, reasonCodes) ?? causeOf[verdict])
  const turnedDown = cause === 'turned-down'
  return {
    ...{ intakeId, requestId, payerId, payerName, verdict, cause },
    reasonCodes: turnedDown ? [...reasonCodes] : [],
    owner: ownerOf(cause, reasonCodes),
    fields: turnedDown ? fieldsToCorrect(reasonCodes) : [],
  }
}
const noDoorOf = (verdict: Verdict, reasonCodes: readonly string[]): CaseCause | undefined =>
  verdict === 'unknown' ? noDoorWhys.find((why) => reasonCodes.includes(why)) : undefined

function ownerOf(cause: CaseCause | null, reasonCodes: readonly string[]): CaseFinding['owner'] {
  if (cause === 'no-verdict' || cause === 'not-listed' || cause === 'unsupported') return 'clinic'
  if (cause !== 'turned-down') return 'ops'
  if (patientCanPutRight(reasonCodes)) return 'patient'
  return clinicCanPutRight(reasonCodes) ? 'clinic' : 'ops'
}

/** For staff: what happened, who must act, and what they do. The codes come last, and can be looked up. */
export function caseStaffText({ payerName, verdict, cause, owner, reasonCodes, fields }: CaseFinding): string {
  if (cause === 'disputed') return `${payerName} gave answers that contradict each other. Ask ${payerName}, then confirm by hand or mark inactive.`
  if (cause === 'not-listed')
    return 'The patient’s insurer is not on the list; the form names it in the patient’s own words. Put the right insurer in, or ask it yourself, then confirm by hand or mark inactive.'
  if (cause === 'unsupported') return `${payerName} cannot be asked from here. Ask ${payerName} yourself, then confirm by hand or mark inactive.`
  if (cause === 'no-verdict')
    return verdict === 'mixed'
      ? `${payerName} says active for one benefit and inactive for another. Ask ${payerName} what holds for this visit.`
      : `${payerName} answered without saying whether the plan is active. Ask again later, or call ${payerName}.`
  const codes = reasonCodes.length > 0 ? ` (AAA ${reasonCodes.join(', ')})` : ''
  const said = `${payerName} turned the check down${codes}.`
  if (owner === 'patient') return `${said} The patient is asked for: ${fields.map((field) => fieldWords[field]).join(', ')}.`
  if (owner === 'clinic') return `${said} The clinic puts it right with ${payerName}, then ask again.`
  return `${said} Nothing of the patient or the clinic explains it: look at the answer, then ask again or by batch.`
}

export const CaseOpened = defineContract({
  name: 'CaseOpened',
  version: 1,
  phi: false,
  schema: z.object({
    overrideId: z.uuid(),
    requestId: z.uuid(),
    intakeId: z.uuid(),
    payerId: z.string().max(40),
    cause: z.enum(caseCauses),
    owner: z.enum(owners),
  }),
})
/** It needs nobody any more: the payer answered clearly, or the details it was about are no longer the same. */
export const CaseClosed = defineContract({
  name: 'CaseClosed',
  version: 1,
  phi: false,
  schema: z.object({ overrideId: z.uuid(), requestId: z.uuid(), intakeId: z.uuid(), why: z.enum(['answered', 'corrected']) }),
})

/** What a person decides about a case. `leave`: nothing is done about the answer; the case is closed as it is. */
const caseDecisions = ['confirm', 'mark-inactive', 'ask-again', 'ask-by-batch', 'leave'] as const
export type CaseDecision = (typeof caseDecisions)[number]
export const CaseDecided = defineContract({
  name: 'CaseDecided',
  version: 1,
  phi: false,
  schema: z.object({
    overrideId: z.uuid(),
    decisionId: z.uuid(),
    requestId: z.uuid(),
    intakeId: z.uuid(),
    decision: z.enum(caseDecisions),
    /** What was known then is what it was decided on; it may be carried out later. Absent in older events: when this was told. */
    decidedAt: z.iso.datetime().optional(),
    userId: z.uuid(),
  }),
})

export const caseEvents = [
  defineEvent({ type: 'case.opened.v1', contract: CaseOpened, context: 'messaging', summary: 'An answer needs a person.' }),
  defineEvent({ type: 'case.closed.v1', contract: CaseClosed, context: 'messaging', summary: 'An answer needs nobody any more.' }),
  defineEvent({ type: 'case.decided.v1', contract: CaseDecided, context: 'messaging', summary: 'A person decided what to do about an answer.' }),
] as const
