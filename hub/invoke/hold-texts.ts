import { limits } from '@heliox/core/kit'
import type { HoldCause, Owner } from '@heliox/core/messaging'

/** Who must act next, and what an ops person reads. Words for people; the fault's own text follows where it says more. */
const byCause: Record<Exclude<HoldCause, 'choice'>, { owner: Owner; text: (partner: string) => string }> = {
  unavailable: { owner: 'ops', text: (p) => `${p} could not be reached, and we have stopped trying.` },
  throttled: { owner: 'ops', text: (p) => `${p} kept asking us to wait, and we have stopped trying.` },
  timeout: { owner: 'ops', text: (p) => `${p} did not answer in time. It may or may not have done what we asked.` },
  uncertain: { owner: 'ops', text: (p) => `We cannot tell whether ${p} did what we asked.` },
  credentials: { owner: 'clinic', text: (p) => `${p} refused our credentials. Someone with access to the connection must renew them.` },
  contract: { owner: 'engineer', text: (p) => `${p} answered in a form that we do not understand.` },
  bug: { owner: 'engineer', text: (p) => `Something went wrong on our side while asking ${p}.` },
  overdue: { owner: 'ops', text: (p) => `The time in which we may try ${p} by ourselves is over. Retry it if it is still wanted, else drop it.` },
  'no-connection': { owner: 'clinic', text: (p) => `The clinic has no working connection to ${p}.` },
}

export function holdFor(cause: Exclude<HoldCause, 'choice'>, partner: string, more?: string): { owner: Owner; staffText: string } {
  const { owner, text } = byCause[cause]
  return { owner, staffText: `${text(partner)}${more ? ` ${more}` : ''}`.slice(0, limits.freeTextCharsMax) }
}
