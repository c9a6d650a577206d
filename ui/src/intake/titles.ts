import type { PatientMessages } from '../shared/messages/index.ts'
import type { StepId } from './steps.ts'

/** Each page's heading: also what a link to it is called. */
export const titlesOf = (text: PatientMessages): Record<StepId, string> => ({
  about: text.about.title,
  contact: text.contact.title,
  address: text.address.title,
  insurance: text.insurance.title,
  'card-front': text.photo.frontTitle,
  'card-back': text.photo.backTitle,
  consents: text.consents.title,
  sign: text.sign.title,
  card: text.card.title,
  check: text.check.title,
})
