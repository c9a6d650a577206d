import { localTime, notListedPayerId, notListedPayerName, type Payer } from '@heliox/core/catalog'
import { accessCodeProblem, consentProblems } from '@heliox/core/compliance'
import { cannotBeCalled, type IntakeSubmission, isMinor, type PatientAnswers } from '@heliox/core/identity'
import { clinicCountryOf } from '@heliox/core/kit'
import type { LinkFacts } from '@heliox/core/ports'
import type { ApiDeps } from '../../deps.ts'
import type { ClinicFacts } from '../../kit/clinic-facts.ts'
import { type FieldProblem, Refusal } from '../../kit/errors.ts'
import { formProblems } from './form-checks.ts'

async function uploadProblems(deps: ApiDeps, link: LinkFacts, uploadIds: readonly string[]): Promise<FieldProblem[]> {
  const uploads = await Promise.all(uploadIds.map((id) => deps.intakes.upload(link, id)))
  return uploads.flatMap((upload, at) => {
    if (upload && upload.status !== 'expected') return []
    return [{ path: `uploadIds.${at}`, message: upload ? 'must be uploaded completely first' : 'must be a photo of this form' }]
  })
}

const inWords = 'must say which insurer it is, when it is not on the list'
const notInWords = 'must be left out when the insurer is on the list'

/** The second insurance may be any the list has, or one in the patient's own words: exactly one of both. */
function secondaryProblems({ secondary }: PatientAnswers, payers: readonly Payer[]): FieldProblem[] {
  if (!secondary) return []
  const { payerId, payerText } = secondary
  if (payerId === null) return payerText === null ? [{ path: 'answers.secondary.payerText', message: inWords }] : []
  if (payerText !== null) return [{ path: 'answers.secondary.payerText', message: notInWords }]
  return payers.some(({ id }) => id === payerId) ? [] : [{ path: 'answers.secondary.payerId', message: 'must be one of the listed insurers' }]
}

function guardianProblems({ birthDate, guardian }: PatientAnswers, visitDay: string): FieldProblem[] {
  const needed = isMinor(birthDate, visitDay)
  if (needed === (guardian !== null)) return []
  return [{ path: 'answers.guardian', message: needed ? 'must name who signs for a patient under age' : 'must be left out for an adult' }]
}

/** Who is asked about the cover. Not on the list: nobody by computer, and a person finds out. */
function payerOf({ payerId, payerText }: PatientAnswers, payers: readonly Payer[], problems: FieldProblem[]): Pick<Payer, 'name'> | undefined {
  if (payerId === notListedPayerId) {
    if (payerText === null) problems.push({ path: 'answers.payerText', message: inWords })
    return { name: notListedPayerName }
  }
  if (payerText !== null) problems.push({ path: 'answers.payerText', message: notInWords })
  const payer = payers.find(({ id }) => id === payerId)
  if (!payer) problems.push({ path: 'answers.payerId', message: 'must be one of the listed insurers' })
  return payer
}

/** What a schema cannot know: this clinic's payers, texts and questions, this intake's photos. Returns whom the staff reads as the payer. */
export async function checkSubmission(deps: ApiDeps, link: LinkFacts, clinic: ClinicFacts, submission: IntakeSubmission): Promise<Pick<Payer, 'name'>> {
  const { answers } = submission
  const problems: FieldProblem[] = []
  const payer = payerOf(answers, clinic.payers, problems)
  problems.push(...secondaryProblems(answers, clinic.payers))
  if (cannotBeCalled(answers.phone, clinicCountryOf(clinic))) problems.push({ path: 'answers.phone', message: 'must be a number that can be called' })
  problems.push(...guardianProblems(answers, localTime(new Date(link.startsAt), clinic.timeZone).date))
  problems.push(...formProblems(clinic.forms, answers.forms, answers.formVersions))
  const texts = clinic.consentTexts[submission.signature.language]
  for (const { at, message } of consentProblems(texts, submission.consents, submission.confirmationTokenId !== null)) {
    problems.push({ path: at === null ? 'consents' : `consents.${at}`, message })
  }
  const unread = accessCodeProblem(texts, submission.consents, submission.signature.accessCode, link.intakeId)
  if (unread) problems.push({ path: 'signature.accessCode', message: unread })
  if (new Set(submission.uploadIds).size !== submission.uploadIds.length) problems.push({ path: 'uploadIds', message: 'must name each photo once' })
  problems.push(...(await uploadProblems(deps, link, submission.uploadIds)))
  if (problems.length > 0 || !payer) throw new Refusal('invalid', problems)
  return payer
}
