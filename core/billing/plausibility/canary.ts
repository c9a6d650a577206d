import type { Verdict } from '../model.ts'
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

/** What a canary's answer says of its payer: a false one is a doubt until the same canary is answered right. `unknown` changes nothing. */
export function learnCanary(known: 'active' | 'inactive', verdict: Verdict, health: PayerHealth, now: Date): PayerHealth {
  const says = saysOf[verdict]
  if (says === 'neither') return health
  const name = known === 'active' ? 'canary-inactive' : 'canary-active'
  const others = health.canary?.doubts.filter((doubt) => doubt !== name) ?? []
  const doubts = contradictsCanary(known, says) ? [...others, name] : others
  if (doubts.length === 0) return { ...health, canary: null }
  return { ...health, canary: { doubts: [...doubts].sort() as ('canary-active' | 'canary-inactive')[], since: health.canary?.since ?? now.toISOString() } }
}
