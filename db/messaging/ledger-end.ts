import { canonicalJson } from '@heliox/core/kit'
import type { LedgerEnd, OpsChange, StepRef } from '@heliox/core/ports'
import { sealDocument } from '../identity/documents.ts'
import { type Emission, redeliver } from '../outbox.ts'
import type { Tx } from '../tenancy.ts'
import type { Vault } from '../vault.ts'
import { countImplausible, countUnanswered, settleAnswering } from './affected.ts'
import { auditCall, type Effect, type EffectState, emitStepFinished, isNewest, lockById } from './effects.ts'
import { raiseIncident, settleIncident } from './incidents.ts'
import { openOverride } from './open-override.ts'
import { markPin } from './pins.ts'

/** What those who look after the hub should hear of, once it is committed. */
type Changed = readonly Pick<OpsChange, 'is' | 'id'>[]
export interface Ended {
  is: 'recorded' | 'late'
  changed: Changed
}

/**
 * Ends one attempt. Whoever lost the lease is `late`: its answer is kept beside the row for a person to see, and nothing
 * follows from it. Everything else is one commit: the row, the sealed answer, the events, and the retry or the override item.
 */
export async function endEffect(tx: Tx, vault: Vault, ref: StepRef, effectId: string, fencing: number, end: LedgerEnd, at: Emission): Promise<Ended> {
  const effect = await lockById(tx, ref.ledgerMonth, effectId)
  if (!effect) throw new Error('ledger: no such effect')
  // A generation that a person has replaced speaks for the step no more, whoever holds its lease.
  if (effect.fencing !== fencing || !(await isNewest(tx, ref, effect))) return recordLate(tx, vault, ref, effect, fencing, end, at)
  // The same attempt once more, after a commit whose answer was lost on the way.
  if (effect.state !== 'started') return { is: 'recorded', changed: [] }
  return { is: 'recorded', changed: await endNewest(tx, vault, ref, effect, end, at) }
}

function endNewest(tx: Tx, vault: Vault, ref: StepRef, effect: Effect, end: LedgerEnd, at: Emission): Promise<Changed> {
  switch (end.is) {
    case 'answered':
      return endAnswered(tx, vault, ref, effect, end, at)
    case 'choice':
      return endToChoose(tx, vault, ref, effect, end, at)
    default:
      return endFaulted(tx, ref, effect, end, at)
  }
}

async function recordLate(tx: Tx, vault: Vault, ref: StepRef, effect: Effect, fencing: number, end: LedgerEnd, at: Emission): Promise<Ended> {
  const documentId =
    end.is === 'answered'
      ? await sealDocument(tx, vault, { kind: 'late-answer', intakeId: ref.intakeId, text: canonicalJson({ port: end.port, value: end.value }) }, at.now)
      : null
  const recorded = await tx.query(
    `UPDATE messaging.effect_attempts SET late_at = $4, late_document_id = $5
     WHERE tenant_id = $1 AND ledger_month = $2 AND effect_id = $3 AND fencing = $6 AND late_at IS NULL`,
    [tx.tenantId, effect.ledgerMonth, effect.id, at.now, documentId, fencing],
  )
  if (recorded.rowCount === 1) await auditCall(tx, effect, end.is === 'answered' ? stateOf(end) : end.is === 'choice' ? 'choice' : end.outcome, at.now)
  return { is: 'late', changed: [] }
}

const stateOf = (end: LedgerEnd & { is: 'answered' }) => (end.reconciled ? 'reconciled' : end.port === 'ok' ? 'succeeded' : 'rejected')

async function endAnswered(tx: Tx, vault: Vault, ref: StepRef, effect: Effect, end: LedgerEnd & { is: 'answered' }, at: Emission): Promise<Changed> {
  const documentId = await sealDocument(tx, vault, { kind: 'effect-answer', intakeId: ref.intakeId, text: canonicalJson(end.value) }, at.now)
  const state = stateOf(end)
  const ended = await tx.query<{ about: boolean }>(
    `UPDATE messaging.effects SET state = $3, port = $4, answer_document_id = $5, lease_until = NULL, ended_at = $6, uncertain = false, suspicions = $7,
       payer_id = $8, cause = NULL, version = version + 1 WHERE tenant_id = $1 AND ledger_month = $10 AND id = $2
     RETURNING EXISTS (SELECT 1 FROM messaging.incidents i WHERE i.tenant_id = $1 AND i.closed_at IS NULL AND i.partner = $9
       AND i.kind::text IN ('not-answering', 'implausible-answers', 'key-refused')) AS about`,
    [tx.tenantId, effect.id, state, end.port, documentId, at.now, end.suspicions, end.payerId ?? null, effect.partner, effect.ledgerMonth],
  )
  // What stands in for an answer is the answer of the effect; its attempt is still the fault that it was.
  const attempted = end.instead ? 'failed' : state
  await endAttempt(tx, effect, attempted, end.instead ?? null, end, at.now)
  if (!end.nothingSent) await auditCall(tx, effect, attempted, at.now)
  const incidentId = end.instead ? await countUnanswered(tx, effect, end, at.now) : await countImplausible(tx, effect, end, at.now)
  // Looked at in the same statement, so that an ordinary answer asks for nothing more. One that is not believed ends nothing.
  const believed = !end.instead && end.suspicions.length === 0
  if (believed && ended.rows[0]?.about && effect.partner) {
    await settleAnswering(tx, effect.partner, end.payerId ?? null, true, at.now)
    await settleIncident(tx, refusedKey(effect.partner), at.now)
  }
  await emitStepFinished(tx, ref, effect, state, at, end.instead ? { cause: end.instead, payerId: end.payerId ?? null, nextTryAt: null } : {})
  return changes(incidentId, undefined)
}

async function endFaulted(tx: Tx, ref: StepRef, effect: Effect, end: LedgerEnd & { is: 'retry' | 'held' }, at: Emission): Promise<Changed> {
  const uncertain = (effect.uncertain && !end.earlierNotDone) || end.outcome === 'unknown'
  const state = uncertain ? 'unknown' : 'failed'
  const retryAt = end.is === 'retry' ? end.at : null
  const waits = end.is === 'retry' ? end.waits : undefined
  await tx.query(
    `UPDATE messaging.effects SET state = $3, lease_until = NULL, ended_at = $4, uncertain = $5, tries = tries + $6, not_before = $7, cause = $8, payer_id = $9,
       retry_until = least(retry_until + $10 * interval '1 millisecond', retry_until_max), last_sent_at = coalesce($12, last_sent_at), version = version + 1 WHERE tenant_id = $1 AND ledger_month = $11 AND id = $2`,
    [
      ...[tx.tenantId, effect.id, state, at.now, uncertain, waits ? 0 : 1, retryAt, end.cause, end.payerId ?? null],
      waits === 'hours' && retryAt ? Math.max(0, retryAt.getTime() - at.now.getTime()) : 0,
      effect.ledgerMonth,
      (end.effectSent ?? !end.nothingSent) ? at.now : null,
    ],
  )
  await endAttempt(tx, effect, end.outcome, end.cause, end, at.now)
  if (!end.nothingSent) await auditCall(tx, effect, end.outcome, at.now)
  const incidentId = await countUnanswered(tx, effect, end, at.now)
  if (end.keyRefused && effect.partner) await raiseIncident(tx, { ...refusedKey(effect.partner), payerId: null, count: 1 }, at.now)
  const nextTryAt = retryAt?.toISOString() ?? null
  await emitStepFinished(tx, ref, effect, end.outcome, at, { cause: end.cause, payerId: end.payerId ?? null, nextTryAt })
  if (end.is === 'retry') {
    await redeliver(tx, end.redeliver, { flow: ref.flow, attempt: end.redeliver.attempt, at: end.at, now: at.now })
    await markPin(tx, ref, 'retrying', at.now)
    return changes(incidentId, undefined)
  }
  const { cause, owner, staffText, envelope, payerId } = end
  const itemId = await openOverride(tx, ref, { effect, cause, owner, staffText, envelope, payerId: payerId ?? null, incidentId }, at)
  return changes(incidentId, itemId)
}

/** One per partner, whoever met it. */
const refusedKey = (partner: string) => ({ kind: 'key-refused', partner, about: { is: 'partner', id: partner } }) as const

/** Nothing failed and nothing is unknown: the step has all of its answer but for which of it is meant. What was wrong with the partner before is over. */
async function endToChoose(tx: Tx, vault: Vault, ref: StepRef, effect: Effect, end: LedgerEnd & { is: 'choice' }, at: Emission): Promise<Changed> {
  const optionsDocumentId = await sealDocument(tx, vault, { kind: 'choice-options', intakeId: ref.intakeId, text: canonicalJson(end.options) }, at.now)
  await tx.query(
    `UPDATE messaging.effects SET state = 'choice', lease_until = NULL, ended_at = $3, uncertain = false, tries = tries + 1, not_before = NULL, cause = NULL,
       last_sent_at = $3, version = version + 1 WHERE tenant_id = $1 AND ledger_month = $4 AND id = $2`,
    [tx.tenantId, effect.id, at.now, effect.ledgerMonth],
  )
  await endAttempt(tx, effect, 'choice', null, end, at.now, optionsDocumentId)
  await auditCall(tx, effect, 'choice', at.now)
  if (effect.partner) await settleAnswering(tx, effect.partner, end.payerId ?? null, true, at.now)
  await emitStepFinished(tx, ref, effect, 'choice', at)
  const { owner, staffText, envelope, payerId } = end
  const itemId = await openOverride(tx, ref, { effect, cause: 'choice', owner, staffText, envelope, payerId: payerId ?? null, optionsDocumentId }, at)
  return changes(null, itemId)
}

const changes = (incidentId: string | null, itemId: string | undefined): Changed => [
  ...(incidentId === null ? [] : [{ is: 'incident' as const, id: incidentId }]),
  ...(itemId === undefined ? [] : [{ is: 'item' as const, id: itemId }]),
]

async function endAttempt(
  tx: Tx,
  effect: Effect,
  outcome: EffectState,
  cause: string | null,
  { nothingSent = false }: Pick<LedgerEnd, 'nothingSent'>,
  now: Date,
  optionsDocumentId: string | null = null,
): Promise<void> {
  await tx.query(
    `UPDATE messaging.effect_attempts SET outcome = $4, cause = $5, nothing_sent = $6, ended_at = $7, options_document_id = $9
     WHERE tenant_id = $1 AND ledger_month = $8 AND effect_id = $2 AND fencing = $3`,
    [tx.tenantId, effect.id, effect.fencing, outcome, cause, nothingSent, now, effect.ledgerMonth, optionsDocumentId],
  )
}
