import type { Verdict } from '../model.ts'
import { speaks } from './active-rate.ts'
import type { PayerHealth } from './health.ts'
import type { Detector } from './seen.ts'

/** A member that does not exist was found: then so is everybody, until a canary is answered right again. */
export const canaryActive: Detector = ({ signs }, health) => {
  if (signs.canary !== undefined) return contradictsCanary(signs.canary, signs.says) === 'canary-active' ? 1 : 0
  return signs.says === 'yes' && health.canary?.doubts.includes('canary-active') ? 1 : 0
}
/** A member that the payer agreed always to know was not found: then a no proves nothing. */
export const canaryInactive: Detector = ({ signs }, health) => {
  if (signs.canary !== undefined) return contradictsCanary(signs.canary, signs.says) === 'canary-inactive' ? 1 : 0
  return signs.says === 'no' && health.canary?.doubts.includes('canary-inactive') ? 1 : 0
}

/** Undefined: the answer is the known one, or says nothing. */
export function contradictsCanary(known: 'active' | 'inactive', says: 'yes' | 'no' | 'neither'): 'canary-active' | 'canary-inactive' | undefined {
  if (says === 'neither' || says === (known === 'active' ? 'yes' : 'no')) return undefined
  return known === 'active' ? 'canary-inactive' : 'canary-active'
}

const saysOf: Readonly<Record<Verdict, 'yes' | 'no' | 'neither'>> = { active: 'yes', mixed: 'yes', inactive: 'no', rejected: 'no', unknown: 'neither' }

/**
 * What a canary's answer says of its payer: a false one is a doubt until the same canary is answered right. `unknown` changes nothing.
 * `from`: when it was last answered right, where that is known. `askedAt`: when this one was asked.
 */
export function learnCanary(
  known: 'active' | 'inactive',
  verdict: Verdict,
  before: PayerHealth,
  now: Date,
  from: Date | null = null,
  askedAt: Date = now,
): PayerHealth {
  const says = saysOf[verdict]
  if (says === 'neither') return before
  const health = withoutRun(known, says, before, askedAt)
  const name = known === 'active' ? 'canary-inactive' : 'canary-active'
  const others = health.canary?.doubts.filter((doubt) => doubt !== name) ?? []
  const doubts = contradictsCanary(known, says) ? [...others, name] : others
  const lied = liedUntil(health, doubts, now)
  if (doubts.length === 0) return { ...health, ...lied, canary: null }
  const begun = { ...(from ? { from: from.toISOString() } : {}), ...(health.canary ?? { since: now.toISOString() }) }
  return { ...health, ...lied, canary: { ...begun, doubts: [...doubts].sort() as Doubts } }
}

/**
 * A payer that does not know whom it must not know says yes to nearly everybody because nearly everybody is its member: what the share of yeses
 * told against it since before that question is over. So for a no and the member that it must know. Otherwise such a doubt could outlast its cause:
 * the breaker lets few through who could speak for the payer.
 */
function withoutRun(known: 'active' | 'inactive', says: 'yes' | 'no', health: PayerHealth, askedAt: Date): PayerHealth {
  const { run } = health
  if (!run?.since || contradictsCanary(known, says) || askedAt.getTime() < Date.parse(run.since)) return health
  const cleared = known === 'inactive' ? { up: 0, down: run.down } : { up: run.up, down: 0 }
  // The other side may be what speaks.
  return { ...health, run: { ...cleared, at: run.at, ...(speaks(cleared) ? { since: run.since } : {}) } }
}

type Doubts = NonNullable<PayerHealth['canary']>['doubts']

/** A doubt that ends is a time in which answers were false. Of two that began together both are remembered. */
function liedUntil({ canary, lied }: PayerHealth, still: readonly string[], now: Date): Pick<PayerHealth, 'lied'> {
  const ended = canary?.doubts.filter((doubt) => !still.includes(doubt)) ?? []
  if (!canary || ended.length === 0) return {}
  const from = canary.from ?? canary.since
  const doubts = lied?.from === from ? [...new Set([...lied.doubts, ...ended])].sort() : ended
  return { lied: { doubts, from, to: now.toISOString() } }
}

/**
 * Which canaries speak against what was judged at one moment and is recorded at another: those whose doubt stands now, and those that were
 * answered falsely when it was judged. Null: nobody knows when that was.
 */
export function canaryDoubts(verdict: Verdict, judgedAt: Date | null, { canary, lied }: PayerHealth): ('canary-active' | 'canary-inactive')[] {
  const says = saysOf[verdict]
  if (says === 'neither') return []
  const name = says === 'yes' ? 'canary-active' : 'canary-inactive'
  const thenFalse = lied !== undefined && judgedAt !== null && judgedAt >= new Date(lied.from) && judgedAt <= new Date(lied.to) && lied.doubts.includes(name)
  return canary?.doubts.includes(name) || thenFalse ? [name] : []
}
