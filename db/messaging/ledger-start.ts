import { randomUUID } from 'node:crypto'
import type { EffectLedger, EffectTarget, LedgerStart, StepRef } from '@heliox/core/ports'
import { chargingFlows, isUnwanted } from '../billing/unsent-charges.ts'
import { fetchDocument, openDocument, type SealedDocument, sealDocument } from '../identity/documents.ts'
import type { Tx } from '../tenancy.ts'
import type { Vault } from '../vault.ts'
import { type Effect, entitlement, lockNewest, loseAttempt, mayHaveLeft } from './effects.ts'

export type StartOptions = Parameters<EffectLedger['start']>[3]

type Go = Extract<LedgerStart, { is: 'go' }>
type Done = Extract<LedgerStart, { is: 'done' }>
/** What the transaction says: documents leave it sealed, so that a read that then fails has still been audited. */
export type Started =
  | Exclude<LedgerStart, Go | Done>
  | (Omit<Go, 'input'> & { input: string | SealedDocument })
  | (Omit<Done, 'value'> & { value: SealedDocument })

/** After the commit. */
export async function openStarted(vault: Vault, tenantId: string, started: Started): Promise<LedgerStart> {
  if (started.is === 'done') return { ...started, value: JSON.parse(await openDocument(vault, tenantId, started.value)) as unknown }
  if (started.is !== 'go') return started
  return { ...started, input: typeof started.input === 'string' ? started.input : await openDocument(vault, tenantId, started.input) }
}

/**
 * Takes the lease on a step, or says why not. Two engines that start the same step meet at the unique key: one inserts, the
 * other finds a live lease and hands its delivery back.
 */
export async function startEffect(tx: Tx, vault: Vault, ref: StepRef, target: EffectTarget, input: string, options: StartOptions): Promise<Started> {
  for (;;) {
    const effect = await lockNewest(tx, ref)
    // Asked after the lock: the commit that opens an item also holds it.
    if (await waitsForPerson(tx, ref)) return { is: 'held' }
    const unwanted = !effect?.port && (await mayNotTake(tx, ref, options))
    if (effect) return goOn(tx, ref, target, effect, unwanted, options)
    if (unwanted) return endedByPin(tx, ref)
    const first = await insertFirst(tx, vault, ref, target, input, options)
    if (first) return first
  }
}

/**
 * It became unwanted since the pin was looked at, and nothing of it left: handed back, the next look at the pin ends it as unsent. The pin ends nothing
 * that was done in part, so that would be handed back for ever: a person looks at it.
 */
async function endedByPin(tx: Tx, ref: StepRef): Promise<Started> {
  if (await mayHaveLeft(tx, ref)) throw new Error('nobody may take it any more, and a part of it was done before')
  return { is: 'busy', retryAfterMs: 0 }
}

async function mayNotTake(tx: Tx, { flow }: StepRef, { envelope }: StartOptions): Promise<boolean> {
  if (!chargingFlows.has(flow)) return false
  if (!envelope) throw new Error('a charge is not sent without what asked for it')
  return isUnwanted(tx, envelope)
}

async function waitsForPerson(tx: Tx, ref: StepRef): Promise<boolean> {
  const found = await tx.query(`SELECT 1 FROM messaging.overrides WHERE tenant_id = $1 AND root_id = $2 AND flow = $3 AND step = $4 AND status = 'open'`, [
    tx.tenantId,
    ref.rootId,
    ref.flow,
    ref.step,
  ])
  return found.rowCount !== 0
}

async function insertFirst(tx: Tx, vault: Vault, ref: StepRef, target: EffectTarget, input: string, options: StartOptions): Promise<Started | undefined> {
  const id = randomUUID()
  const round = entitlement(options.now)
  const inserted = await tx.query(
    `INSERT INTO messaging.effects (tenant_id, id, root_id, flow, step, flow_version, intake_id, partner, operation, state, owner, fencing, lease_until,
       first_sent_at, round_started_at, attempt_at, ledger_month, tries_max, retry_until, retry_until_max)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'started', $10, 1, $11, $12, $12, $12, $13, $14, $15, $16) ON CONFLICT ON CONSTRAINT effects_key DO NOTHING`,
    [
      tx.tenantId,
      id,
      ref.rootId,
      ref.flow,
      ref.step,
      ref.version,
      ref.intakeId,
      target.partner,
      target.operation,
      options.owner,
      leaseUntil(options),
      options.now,
      ref.ledgerMonth,
      options.triesMax,
      round.retryUntil,
      round.retryUntilMax,
    ],
  )
  if (inserted.rowCount !== 1) return undefined
  const documentId = await sealDocument(tx, vault, { kind: 'effect-input', intakeId: ref.intakeId, text: input }, options.now)
  await tx.query('UPDATE messaging.effects SET input_document_id = $4 WHERE tenant_id = $1 AND ledger_month = $2 AND id = $3', [
    ...[tx.tenantId, ref.ledgerMonth, id, documentId],
  ])
  await insertAttempt(tx, { id, ledgerMonth: ref.ledgerMonth }, 1, options)
  const firstSentAt = options.now.toISOString()
  return {
    is: 'go',
    effectId: id,
    fencing: 1,
    generation: 1,
    attempt: 1,
    firstSentAt,
    lastSentAt: null,
    ...told(options.triesMax, round),
    overdue: false,
    unwanted: false,
    leaseUntil: leaseUntil(options).toISOString(),
    input,
    mode: 'first',
  }
}

const told = (triesMax: number, round: { retryUntil: Date; retryUntilMax: Date }) => ({
  triesMax,
  retryUntil: round.retryUntil.toISOString(),
  retryUntilMax: round.retryUntilMax.toISOString(),
})
const leaseUntil = (options: StartOptions): Date => new Date(options.now.getTime() + options.leaseMs)

async function insertAttempt(tx: Tx, effect: Pick<Effect, 'id' | 'ledgerMonth'>, fencing: number, options: StartOptions): Promise<void> {
  await tx.query('INSERT INTO messaging.effect_attempts (tenant_id, ledger_month, effect_id, fencing, owner, started_at) VALUES ($1, $2, $3, $4, $5, $6)', [
    tx.tenantId,
    effect.ledgerMonth,
    effect.id,
    fencing,
    options.owner,
    options.now,
  ])
}

async function goOn(tx: Tx, ref: StepRef, target: EffectTarget, effect: Effect, unwanted: boolean, options: StartOptions): Promise<Started> {
  if (effect.port && effect.answerDocumentId) {
    const value = await fetchDocument(tx, effect.answerDocumentId, 'replay', options.now)
    return { is: 'done', port: effect.port, value, manual: effect.manual, suspicions: effect.suspicions }
  }
  // Not before its time either: a delivery that comes again early (its engine died after the retry was written) waits like the rest.
  const waitMs = Math.max(msUntil(effect.leaseUntil, options.now), msUntil(effect.notBefore, options.now))
  if (waitMs > 0) return { is: 'busy', retryAfterMs: waitMs }
  if (unwanted && !effect.uncertain && !isExpired(effect)) return endedByPin(tx, ref)
  return takeLease(tx, ref, target, effect, unwanted, options)
}

const msUntil = (time: Date | null, now: Date): number => (time ? time.getTime() - now.getTime() : 0)

/** Its lease is over and nobody ended it. */
const isExpired = ({ state, fencing }: Effect): boolean => state === 'started' && fencing > 0

async function takeLease(tx: Tx, ref: StepRef, target: EffectTarget, effect: Effect, unwanted: boolean, options: StartOptions): Promise<Started> {
  if (!effect.inputDocumentId) throw new Error('an effect without its sealed input cannot be sent')
  const expired = isExpired(effect)
  const { retryUntil, retryUntilMax } = effect
  const round = retryUntil && retryUntilMax ? { retryUntil, retryUntilMax } : entitlement(options.now)
  const triesMax = effect.triesMax ?? options.triesMax
  const overdue = options.now > round.retryUntil
  const mode = modeOf(effect, expired, { overdue, unwanted }, options)
  // Whoever held the lease may have sent until it was over.
  const lastSentAt = expired ? effect.leaseUntil : effect.lastSentAt
  const fencing = effect.fencing + 1
  const firstSentAt = effect.firstSentAt ?? options.now
  const roundStartedAt = effect.roundStartedAt ?? options.now
  if (expired) {
    // Whoever held it is gone, or too late: what became of that send is not known.
    await loseAttempt(tx, effect, options.now)
  }
  await tx.query(
    `UPDATE messaging.effects SET state = 'started', owner = $3, fencing = $4, lease_until = $5, attempt_at = $6, first_sent_at = $7, ended_at = NULL,
       not_before = NULL, uncertain = $8, flow_version = $9, partner = $10, operation = $11, round_started_at = $12,
       tries_max = $14, retry_until = $15, retry_until_max = $16, last_sent_at = $17
     WHERE tenant_id = $1 AND ledger_month = $13 AND id = $2`,
    [
      tx.tenantId,
      effect.id,
      options.owner,
      fencing,
      leaseUntil(options),
      options.now,
      firstSentAt,
      // What may be sent again at will leaves no riddle behind.
      effect.uncertain || (expired && options.replay !== 'safe'),
      ref.version,
      target.partner,
      target.operation,
      roundStartedAt,
      effect.ledgerMonth,
      triesMax,
      round.retryUntil,
      round.retryUntilMax,
      lastSentAt,
    ],
  )
  await insertAttempt(tx, effect, fencing, options)
  const input = await fetchDocument(tx, effect.inputDocumentId, 'resend', options.now)
  return {
    is: 'go',
    effectId: effect.id,
    fencing,
    generation: effect.generation,
    attempt: effect.tries + 1,
    firstSentAt: firstSentAt.toISOString(),
    lastSentAt: lastSentAt?.toISOString() ?? null,
    ...told(triesMax, round),
    overdue,
    unwanted,
    leaseUntil: leaseUntil(options).toISOString(),
    input,
    mode,
  }
}

/**
 * Once an outcome was unknown it stays so until somebody knows: a later clean failure does not make the first send undone. A key that the partner
 * knows is safe to send again; whether it knows it is what nobody knows, and where it does not, the second send takes the money. So what nobody may
 * take any more is only asked about.
 */
function modeOf(effect: Effect, expired: boolean, no: { overdue: boolean; unwanted: boolean }, options: StartOptions): 'first' | 'again' | 'reconcile' {
  if (no.unwanted) return 'reconcile'
  if (effect.fencing === 0) return 'first'
  if (!effect.uncertain && !expired) return 'again'
  if (options.replay === 'safe') return 'again'
  if (no.overdue || options.replay === 'never' || options.keyedForMs === null || !effect.firstSentAt) return 'reconcile'
  // What is sent may leave until the lease is over: by then the partner must still know the key.
  return leaseUntil(options).getTime() - effect.firstSentAt.getTime() < options.keyedForMs ? 'again' : 'reconcile'
}
