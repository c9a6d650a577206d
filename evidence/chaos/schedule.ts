import { Chance } from './chance.ts'

/** As `core/kit/barriers.ts` has them, by who comes there; a spec compares. */
export const barriersOf = {
  api: ['begin', 'commit'],
  relay: ['claim', 'publish', 'confirm', 'mark'],
  engine: ['consume', 'ledger-start', 'partner-call-sent', 'partner-answered', 'ledger-end', 'apply', 'ack'],
  receiver: ['receive-collect', 'receive-kept', 'receive-items', 'receive-recorded'],
} as const
type Who = keyof typeof barriersOf
export const processes = ['api', 'relay', 'engine', 'broker', 'database', 'partner'] as const
export type Victim = (typeof processes)[number]
export const partners = ['clearinghouse', 'fhir', 'stripe'] as const
export type Partner = (typeof partners)[number]

/** One kill: somebody stands at the barrier, the victim is killed with -9, the one that stood goes on (if it lives), the victim comes back. */
export interface Run {
  barrier: string
  victim: Victim
  /** `name[@scope]#n:pause`, for the barrier's file. */
  armed: string
  /** Which partner, where the victim is one. */
  partner: Partner
  /** Whether the one that stood goes on while the victim is away, or only when it is back. */
  goesOnAlone: boolean
  /** Whether those who are new have a payer that answers by file. Else one of them has. */
  areByFile: boolean
}
interface Pair {
  barrier: string
  victim: Victim
}

const whoOf = new Map<string, Who>(Object.entries(barriersOf).flatMap(([who, names]) => names.map((name) => [name, who as Who] as const)))
export const pairs: readonly Pair[] = [...whoOf.keys()].flatMap((barrier) => processes.map((victim) => ({ barrier, victim })))
export const pairName = ({ barrier, victim }: Pair): string => `${barrier} x ${victim}`

/** Each pair so often in a full matrix. */
export const timesMin = 3
/** A matrix of so many runs is a full one; fewer are a sample. */
export const fullRuns = 500

/**
 * Rounds of all pairs in an order by seed, until each was there three times; what is left goes to the pairs that take seconds: the broker
 * takes ten times as long to come back as the others, and a file comes late. The same runs and seed are the same schedule.
 */
export function scheduleOf({ runs, seed }: { runs: number; seed: number }): Run[] {
  const chance = new Chance(seed)
  const chosen: Pair[] = []
  for (let round = 0; round < timesMin; round += 1) chosen.push(...chance.shuffled(pairs))
  const quick = pairs.filter(({ barrier, victim }) => victim !== 'broker' && whoOf.get(barrier) !== 'receiver')
  while (chosen.length < runs) chosen.push(...chance.shuffled(quick))
  // Numbers of their own: how many runs there are changes none of the first.
  const details = new Chance(seed + 1)
  return chosen.slice(0, runs).map((pair) => runOf(pair, details))
}

const schemas = ['identity', 'billing', 'clinical', 'messaging'] as const
const askingFlows = { eligibility: 'clearinghouse', payment: 'stripe', 'ehr-writeback': 'fhir' } as const
type AskingFlow = keyof typeof askingFlows
const flows = ['intake', 'notify', ...(Object.keys(askingFlows) as AskingFlow[])] as const
/** So many are new in each run, however many are under way: every barrier is passed by them. */
export const freshMin = 4
/** How often a barrier is passed by at most before it holds: those who are new come by at least so often. */
const hitMax = { api: 4, relay: 2, engine: 3, receiver: 1 }

function runOf({ barrier, victim }: Pair, chance: Chance): Run {
  const who = whoOf.get(barrier) as Who
  // All are drawn, whatever is used: what one kind of run needs does not change the next run.
  const [schema, asking, any, partner] = [chance.one(schemas), chance.one(Object.keys(askingFlows) as AskingFlow[]), chance.one(flows), chance.one(partners)]
  const asks = /^(ledger|partner)-/.test(barrier)
  const flow = asks ? asking : any
  const scope = { api: undefined, relay: schema, engine: flow, receiver: undefined }[who]
  const hit = chance.whole(1, hitMax[who])
  return {
    barrier,
    victim,
    armed: `${barrier}${scope ? `@${scope}` : ''}#${hit}:pause`,
    partner: who === 'receiver' ? 'clearinghouse' : asks ? askingFlows[asking] : partner,
    goesOnAlone: chance.isLucky(0.5),
    // Until a file is there everybody else is at their end: those who wait for it must be enough.
    areByFile: who === 'receiver',
  }
}
