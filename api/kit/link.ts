import { limits } from '@heliox/core/kit'
import type { LinkFacts } from '@heliox/core/ports'

const dayMs = 24 * 3600 * 1000

/**
 * What a link is still good for. `open`: the form. `sent`: the status page, for a while after the visit. Revoked links are
 * told the same as unknown ones: who withdrew a link does not want it to answer.
 */
export function linkUse(link: LinkFacts, now: Date): 'open' | 'sent' | 'ended' | 'unknown' {
  if (link.status === 'revoked') return 'unknown'
  if (link.status === 'submitted') return now < statusUntil(link) ? 'sent' : 'ended'
  if (link.status === 'expired' || now >= new Date(link.expiresAt)) return 'ended'
  return 'open'
}

export const statusUntil = (link: Pick<LinkFacts, 'startsAt'>): Date => new Date(new Date(link.startsAt).getTime() + limits.statusDaysMax * dayMs)

/** The visit behind a link, for its patient. */
export const visitView = ({ startsAt, endsAt, practitioner, visitStatus: status }: LinkFacts) => ({ startsAt, endsAt, practitioner, status })
