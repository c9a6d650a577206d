import type { Payer } from '@heliox/core/catalog'
import { consentProblems } from '@heliox/core/compliance'
import type { IntakeSubmission } from '@heliox/core/identity'
import type { LinkFacts } from '@heliox/core/ports'
import type { ApiDeps } from '../../deps.ts'
import type { ClinicFacts } from '../../kit/clinic-facts.ts'
import { type FieldProblem, Refusal } from '../../kit/errors.ts'

async function uploadProblems(deps: ApiDeps, link: LinkFacts, uploadIds: readonly string[]): Promise<FieldProblem[]> {
  const uploads = await Promise.all(uploadIds.map((id) => deps.intakes.upload(link, id)))
  return uploads.flatMap((upload, at) => {
    if (upload && upload.status !== 'expected') return []
    return [{ path: `uploadIds.${at}`, message: upload ? 'must be uploaded completely first' : 'must be a photo of this form' }]
  })
}

/** What a schema cannot know: this clinic's payers and texts, this intake's photos. Returns the payer. */
export async function checkSubmission(deps: ApiDeps, link: LinkFacts, clinic: ClinicFacts, submission: IntakeSubmission): Promise<Payer> {
  const problems: FieldProblem[] = []
  const payer = clinic.payers.find((p) => p.id === submission.answers.payerId)
  if (!payer) problems.push({ path: 'answers.payerId', message: 'must be one of the listed insurers' })
  const texts = clinic.consentTexts[submission.signature.language]
  for (const { at, message } of consentProblems(texts, submission.consents, submission.confirmationTokenId !== null)) {
    problems.push({ path: at === null ? 'consents' : `consents.${at}`, message })
  }
  if (new Set(submission.uploadIds).size !== submission.uploadIds.length) problems.push({ path: 'uploadIds', message: 'must name each photo once' })
  problems.push(...(await uploadProblems(deps, link, submission.uploadIds)))
  if (problems.length > 0 || !payer) throw new Refusal('invalid', problems)
  return payer
}
