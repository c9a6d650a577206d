import { randomUUID } from 'node:crypto'
import type { HoldCause } from '@heliox/core/messaging'
import type { LedgerEnd } from '@heliox/core/ports'
import type { Tx } from '../tenancy.ts'
import type { Effect } from './effects.ts'
import { quietMs } from './incidents.ts'

/** Faults that mean: no answer from there now. The others say something about us, or about one question. */
const silentCauses: ReadonlySet<HoldCause> = new Set(['unavailable', 'throttled', 'timeout', 'uncertain'])

/**
 * Counts a delivery that got no answer in the incident about whoever gives none. It is opened when a breaker is open, when an item is
 * held, or when something stands in for the answer; before that a failure is a failure that is tried again. Returns its id, for the item.
 */
export async function countUnanswered(tx: Tx, effect: Pick<Effect, 'id' | 'ledgerMonth' | 'partner'>, end: LedgerEnd, now: Date): Promise<string | null> {
  if (end.is === 'choice') return null
  const cause = end.is === 'answered' ? end.instead : end.cause
  if (!effect.partner || !cause || !silentCauses.has(cause) || end.ours) return null
  return count(tx, 'not-answering', effect, end, end.is !== 'retry', now)
}

/** Counts an answer that the rules do not believe. */
export async function countImplausible(
  tx: Tx,
  effect: Pick<Effect, 'id' | 'ledgerMonth' | 'partner'>,
  end: LedgerEnd & { is: 'answered' },
  now: Date,
): Promise<string | null> {
  if (!effect.partner || end.suspicions.length === 0) return null
  return count(tx, 'implausible-answers', effect, { ...end, scope: 'payer' }, true, now)
}

async function count(
  tx: Tx,
  kind: 'not-answering' | 'implausible-answers',
  effect: Pick<Effect, 'id' | 'ledgerMonth' | 'partner'>,
  { scope, payerId }: Pick<LedgerEnd, 'scope' | 'payerId'>,
  opens: boolean,
  now: Date,
): Promise<string | null> {
  const about = scope === 'payer' ? (payerId ?? null) : null
  const counted = await tx.query<{ id: string | null }>('SELECT messaging.count_affected($1, $2, $3, $4, $5, $6, $7, $8) AS id', [
    randomUUID(),
    kind,
    effect.partner,
    about,
    effect.id,
    effect.ledgerMonth,
    opens,
    now,
  ])
  return counted.rows[0]?.id ?? null
}

/** There is an answer again: what is open about whoever gave it ends, unless its breaker still waits for more of them. */
export async function settleAnswering(tx: Tx, partner: string, payerId: string | null, believed: boolean, now: Date): Promise<void> {
  await tx.query('SELECT messaging.settle_answering($1, $2, $3, $4, $5, $6)', [partner, payerId, believed, new Date(now.getTime() - quietMs), tx.actor, now])
}
