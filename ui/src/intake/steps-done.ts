import { type StepId, stepsFor } from './steps.ts'
import { type Filled, isComplete } from './validate.ts'

/** Where a patient goes on: the first page that is not complete; with none, the last. */
export const nextOpen = (form: Filled): StepId => stepsFor(form).find((step) => step === 'check' || !isComplete(step, form)) ?? 'check'
