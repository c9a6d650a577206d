/**
 * Content security policy. Nothing runs inline, nothing may frame us, and the only foreign origins are those that the page
 * cannot do without: the card partner's script (of a closed list, see kit/clinic-facts.ts) and the region's bucket.
 */
export interface PageNeeds {
  /** `origin`: script and frames of the card partner. `callOrigins`: its API; nothing runs from there. */
  card?: { origin: string; callOrigins: readonly string[] } | null
  /** Where photos are sent to by signed PUT; none is read from there. */
  objectsOrigin?: string
}

export const apiPolicy = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'"

export function pagePolicy(needs: PageNeeds = {}): string {
  const card = needs.card ? [needs.card.origin] : []
  const calls = new Set([...card, ...(needs.card?.callOrigins ?? [])])
  const objects = needs.objectsOrigin ? [needs.objectsOrigin] : []
  const directives: Record<string, readonly string[]> = {
    'default-src': ["'none'"],
    'script-src': ["'self'", ...card],
    'style-src': ["'self'"],
    'img-src': ["'self'", 'data:', 'blob:'],
    'font-src': ["'self'"],
    'connect-src': ["'self'", ...calls, ...objects],
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
