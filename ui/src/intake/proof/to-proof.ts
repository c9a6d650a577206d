import { ApiError } from '../../client.gen.ts'
import { proofUrl } from '../after-proof.ts'

/** The proof of this browser is over: the link's own page asks for it, and leads on from there. True when it goes there. */
export function toProof(error: unknown): boolean {
  if (!(error instanceof ApiError) || error.code !== 'proof-needed') return false
  window.location.replace(proofUrl(window.location))
  return true
}
