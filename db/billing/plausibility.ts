import { contradictsCanary, judge, learn, type Suspicion, saysAgain, suspicions as suspicionNames } from '@heliox/core/billing'
import { isOpen, PayerCalendar } from '@heliox/core/catalog'
import { type AnswerSigns, sha256Hex } from '@heliox/core/kit'
import type { Judged } from '@heliox/core/ports'
import { type HealthRow, healthNow, lockHealth, saveAnswered } from '../catalog/payer-health.ts'
import { knownPayerOf } from '../catalog/payers.ts'
import type { Tx } from '../tenancy.ts'
import type { Vault } from '../vault.ts'
import { wantCanaries } from './canaries.ts'

/** An answer as it is judged and remembered: no text of it, nobody's name. */
export type SeenAnswer = Parameters<typeof judge>[0]

/**
 * Body and subject tell whom it is about, so each becomes a hash under the clinic's own key: two answers can be compared, and no list of
 * members can be tried against them. Before the transaction: the key may have to be fetched.
 */
export async function seenAnswer(vault: Vault, tenantId: string, { signs, latencyMs }: { signs: AnswerSigns; latencyMs: number | null }): Promise<SeenAnswer> {
  const keyed = async (text: string): Promise<string> => (await vault.fingerprint(tenantId, text)).toString('hex')
  return { signs: { ...signs, body: await keyed(sha256Hex(signs.body)), subject: await keyed(signs.subject) }, latencyMs }
}

/**
 * Which rules do not believe this answer, by all that is known of this payer at this clinic; and it becomes part of that. In the caller's
 * commit: what is judged is learned, or neither. A canary's answer is judged and teaches nothing of how patients are answered.
 *
 * The clinic's hours for it cannot be read: nobody knows whether it is open, so it is taken to be closed.
 *
 * `saidAt`: by the payer's own time, where somebody else may have kept it since. A file that was written in the payer's hours and fetched
 * after them is no answer out of hours.
 */
export async function judgeAnswer(tx: Tx, payerId: string, seen: SeenAnswer, saidAt: Date | null, now: Date): Promise<Judged> {
  const { rules, unreadable } = await knownPayerOf(tx, payerId)
  const row = await lockHealth(tx, payerId)
  const { lost, doubtedSince } = row
  const health = healthNow(row, rules, now)
  const calendar = saidAt && isOpen(rules.calendar, saidAt) ? openAlways(rules.calendar) : rules.calendar
  const judged = judge(seen, health, { calendar }, now)
  const suspicions = [...new Set([...judged, ...stillDoubted(row), ...(unreadable ? ['closed-calendar' as const] : [])])]
  const { canary } = seen.signs
  if (canary) {
    const contradiction = contradictsCanary(canary, seen.signs.says)
    return { suspicions: [...suspicions.filter((name) => !isOfCanaries(name)), ...(contradiction ? [contradiction] : [])], again: false }
  }
  await saveAnswered(tx, payerId, learn(seen, suspicions, health, { calendar }, now), suspicions, now)
  // The first doubt, and what was known being lost, are when a member of known answer tells most.
  await wantCanaries(tx, payerId, rules, { atOnce: lost || (suspicions.length > 0 && doubtedSince === null) }, now)
  // Against the health of before: by now it is among those who were told.
  const again = suspicions.length > 0 && suspicions.every((name) => name === 'active-rate') && saysAgain(seen.signs, health, now)
  return { suspicions, again }
}

/** Doubted when all that was known of it was lost: so is the first answer after that. Nothing else than the answers after it can tell more. */
function stillDoubted({ lost, doubtedSince, suspicions }: HealthRow): Suspicion[] {
  return lost && doubtedSince ? suspicionNames.filter((name) => suspicions.includes(name) && !isOfCanaries(name)) : []
}

const openAlways = ({ timeZone }: PayerCalendar): PayerCalendar => PayerCalendar.parse({ timeZone })

/** Of the payer, not of this answer: what they say of others must not turn against the question that would clear it. */
const isOfCanaries = (name: Suspicion): boolean => name === 'canary-active' || name === 'canary-inactive'
