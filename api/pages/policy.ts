/**
 * Content security policy. Nothing runs inline, nothing may frame us, and the only foreign origins are those that the page
 * cannot do without: the card partner's script (from the clinic's own configuration) and the region's bucket.
 */
export interface PageNeeds {
  /** Script, frames and calls of the card partner. */
  cardOrigins?: readonly string[]
  /** Signed PUT and GET of photos. */
  objectsOrigin?: string
}

export const apiPolicy = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'"

export function pagePolicy(needs: PageNeeds = {}): string {
  const card = needs.cardOrigins ?? []
  const objects = needs.objectsOrigin ? [needs.objectsOrigin] : []
  const directives: Record<string, readonly string[]> = {
    'default-src': ["'none'"],
    'script-src': ["'self'", ...card],
    'style-src': ["'self'"],
    'img-src': ["'self'", 'data:', 'blob:', ...objects],
    'font-src': ["'self'"],
    'connect-src': ["'self'", ...card, ...objects],
    'frame-src': card.length > 0 ? card : ["'none'"],
    'manifest-src': ["'self'"],
    'form-action': ["'self'"],
    'frame-ancestors': ["'none'"],
    'base-uri': ["'none'"],
  }
  return Object.entries(directives)
    .map(([name, sources]) => `${name} ${sources.join(' ')}`)
    .join('; ')
}
