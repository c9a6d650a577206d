import { EligibilityOutcome } from '@heliox/core/billing'
import { defineMap } from '@heliox/core/kit'
import { CaseFinding, caseOf } from '@heliox/core/messaging'

export const caseFinding = defineMap({
  name: 'case-finding',
  version: 1,
  summary: 'Whether an answer needs a person, who that is, and what the patient is asked to put right.',
  root: EligibilityOutcome,
  input: EligibilityOutcome,
  output: CaseFinding,
  reads: null,
  map: (outcome) => caseOf(outcome),
})
