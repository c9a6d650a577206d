import { EligibilityChanged, EligibilityOutcome, EligibilityProvisional, PaymentOutcome, patientCanPutRight } from '@heliox/core/billing'
import { defineMap, type ValueOf } from '@heliox/core/kit'
import { UploadOutcome } from '@heliox/core/media'
import { Notice } from '@heliox/core/messaging'

type Template = ValueOf<typeof Notice>['template']

/** What nobody but us, the clinic or the payer can solve is told as being looked at. */
function eligibilityTemplate({ verdict, reasonCodes }: ValueOf<typeof EligibilityOutcome>): Template {
  if (verdict === 'active') return 'eligibility-confirmed'
  if (verdict === 'inactive') return 'eligibility-inactive'
  return verdict === 'rejected' && patientCanPutRight(reasonCodes) ? 'eligibility-needs-you' : 'eligibility-checking'
}

export const eligibilityNotice = defineMap({
  name: 'eligibility-notice',
  version: 1,
  summary: 'What the patient is told of the eligibility check.',
  root: EligibilityOutcome,
  input: EligibilityOutcome,
  output: Notice,
  reads: null,
  map: (outcome) => ({ intakeId: outcome.intakeId, template: eligibilityTemplate(outcome), aboutId: outcome.requestId }),
})

export const doubtNotice = defineMap({
  name: 'doubt-notice',
  version: 1,
  summary: 'That there is an answer, and that the insurer is asked once more before it counts.',
  root: EligibilityProvisional,
  input: EligibilityProvisional,
  output: Notice,
  reads: null,
  map: ({ intakeId, requestId }) => ({ intakeId, template: 'eligibility-provisional' as const, aboutId: requestId }),
})

export const changeNotice = defineMap({
  name: 'change-notice',
  version: 1,
  summary: 'That what was told of the cover is no longer so; each change once.',
  root: EligibilityChanged,
  input: EligibilityChanged,
  output: Notice,
  reads: null,
  map: ({ intakeId, changeId }) => ({ intakeId, template: 'eligibility-changed' as const, aboutId: changeId }),
})

export const paymentNotice = defineMap({
  name: 'payment-notice',
  version: 1,
  summary: 'That the card is on file, or that the patient must do something about it.',
  root: PaymentOutcome,
  input: PaymentOutcome,
  output: Notice,
  reads: null,
  map: ({ intakeId, outcome, paymentId }) => ({
    intakeId,
    template: outcome === 'stored' ? ('payment-stored' as const) : ('payment-needs-you' as const),
    aboutId: paymentId,
  }),
})

export const photoNotice = defineMap({
  name: 'photo-notice',
  version: 1,
  summary: 'That a photo was refused and is needed again.',
  root: UploadOutcome,
  input: UploadOutcome,
  output: Notice,
  reads: null,
  map: ({ intakeId, outcome, uploadId }) => {
    // A clean photo has no message; a flow that sends one here is wired to the wrong event.
    if (outcome !== 'rejected') throw new Error('photo-notice: the photo was not rejected')
    return { intakeId, template: 'photo-rejected' as const, aboutId: uploadId }
  },
})
