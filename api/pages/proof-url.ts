import type { FastifyRequest } from 'fastify'
import { languageAsked } from './language.ts'

export type ByLink = FastifyRequest<{ Params: { token: string } }>

/** What only starts something (a file, a way to the bank) leads to the page that has its button. The form's page knows the same list (`after-proof.ts`). */
const placesAfterProof: Readonly<Record<string, string>> = { consents: 'consents', receipt: 'consents', correct: 'correct', method: 'method' }

/** The form's page asks for the proof and leads on from there: a bookmark stays in its language, and one of the consents does not end at the status. */
export function proofUrl(request: ByLink): string {
  const lang = languageAsked(request)
  const to = placesAfterProof[request.routeOptions.url?.split('/')[1] ?? '']
  const asked = new URLSearchParams({ ...(lang ? { lang } : {}), ...(to ? { to } : {}) })
  return `/i/${request.params.token}${asked.size > 0 ? `?${asked}` : ''}`
}
