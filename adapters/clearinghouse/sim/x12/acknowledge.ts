import type { Refusal } from './inquiry.ts'
import type { Row, SentGroup, SentInterchange } from './read.ts'

/** TA105 000 is `A`; anything else here is `R`: nothing of the interchange was processed. */
export const ta1Row = (about: SentInterchange, note: string): Row => ['TA1', about.control, about.date, about.time, note === '000' ? 'A' : 'R', note]

export interface SetOutcome {
  control: string
  is: 'accepted' | 'errors' | 'rejected'
  refusal?: Refusal
}
/** How the group is told of: `each` names every set; `whole-group` rejects it and names none. */
type GroupTold = 'each' | 'whole-group'

export const version999 = '005010X231A1'

/** The rows of one 999 (between ST and SE) about one group. Bad data is never copied into IK404. */
export function rows999(group: SentGroup, outcomes: readonly SetOutcome[], told: GroupTold): Row[] {
  const sent = outcomes.length
  const head: Row = ['AK1', group.functionalId, group.control, group.version]
  if (told === 'whole-group') return [head, ['AK9', 'R', `${sent}`, `${sent}`, '0', '3']]
  const rows: Row[] = [head]
  for (const outcome of outcomes) {
    rows.push(['AK2', '270', outcome.control, group.version])
    const refusal = outcome.refusal?.at
    if (refusal) rows.push(['IK3', refusal.segment, `${refusal.position}`, '', '8'], ['IK4', `${refusal.element}`, '', refusal.code])
    else if (outcome.is === 'errors') rows.push(['IK3', 'DMG', '10', '2000', '8'], ['IK4', '3', '1068', '7'])
    rows.push(outcome.is === 'accepted' ? ['IK5', 'A'] : ['IK5', outcome.is === 'errors' ? 'E' : 'R', '5'])
  }
  const accepted = outcomes.filter(({ is }) => is !== 'rejected').length
  const word = () => {
    if (accepted === 0) return 'R'
    if (accepted < sent) return 'P'
    return outcomes.some(({ is }) => is === 'errors') ? 'E' : 'A'
  }
  return [...rows, ['AK9', word(), `${sent}`, `${sent}`, `${accepted}`]]
}
