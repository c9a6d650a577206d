import type { IntakeView } from '../client.gen.ts'
import type { PatientMessages } from '../shared/messages/index.ts'
import { wordsOf } from './own-forms.ts'
import { type FixedStep, isFormStep, type StepId } from './steps.ts'

const fixed = (text: PatientMessages): Record<FixedStep, string> => ({
  previous: text.previous.title,
  about: text.about.title,
  guardian: text.guardian.title,
  person: text.person.title,
  contact: text.contact.title,
  address: text.address.title,
  insurance: text.insurance.title,
  second: text.second.title,
  'card-front': text.photo.frontTitle,
  'card-back': text.photo.backTitle,
  consents: text.consents.title,
  sign: text.sign.title,
  card: text.card.title,
  check: text.check.title,
})

/** Each page's heading: also what a link to it is called. */
export function titleOf(step: StepId, text: PatientMessages, forms: IntakeView['forms'] = []): string {
  if (!isFormStep(step)) return fixed(text)[step]
  const form = forms.find(({ id }) => step === `form-${id}`)
  return form ? wordsOf(form, text.tag).title : text.more.questions
}
