import { ApiError } from '../../client.gen.ts'

/** The proof of this browser is over: the link's own page asks for it, and leads on from there. True when it goes there. */
export function toProof(error: unknown): boolean {
  if (!(error instanceof ApiError) || error.code !== 'proof-needed') return false
  const { pathname, origin, search } = window.location
  window.location.replace(new URL(pathname.replace(/^\/[^/]+\//, '/i/') + search, origin).href)
  return true
}
