import type { Suspicion } from '@heliox/core/billing'
import { limits, type ValueOf } from '@heliox/core/kit'
import { StepFinished } from '@heliox/core/messaging'
import type { StepRef } from '@heliox/core/ports'
import { audit } from '../compliance/audit.ts'
import { type Emission, emit } from '../outbox.ts'
import type { Tx } from '../tenancy.ts'

export type EffectState = 'started' | 'succeeded' | 'rejected' | 'failed' | 'unknown' | 'reconciled' | 'choice'
export interface Effect {
  id: string
  /** Where its rows are: first day of the month of the pin. */
  ledgerMonth: string
  generation: number
  flowVersion: number
  intakeId: string | null
  partner: string | null
  operation: string | null
  state: EffectState
  fencing: number
  leaseUntil: Date | null
  tries: number
  uncertain: boolean
  /** Of this generation, ever: what the partner's memory of the key is counted from. */
  firstSentAt: Date | null
  /** Of this round: a person's "retry" begins another. */
  roundStartedAt: Date | null
  /** When the retry is due. */
  notBefore: Date | null
  /** Fixed when this round began; null until its first send. */
  triesMax: number | null
  retryUntil: Date | null
  retryUntilMax: Date | null
  /** When it may have left last. */
  lastSentAt: Date | null
  attemptAt: Date | null
  inputDocumentId: string | null
  answerDocumentId: string | null
  port: 'ok' | 'rejected' | null
  manual: boolean
  /** Rules that do not believe the answer. */
  suspicions: readonly Suspicion[]
  version: number
}
type StepKey = Pick<StepRef, 'rootId' | 'flow' | 'step' | 'ledgerMonth'>

const columns = `id, ledger_month::text AS "ledgerMonth", generation, flow_version AS "flowVersion", intake_id AS "intakeId", partner, operation, state::text AS state, fencing,
  lease_until AS "leaseUntil", tries, uncertain, first_sent_at AS "firstSentAt", round_started_at AS "roundStartedAt",
  not_before AS "notBefore", tries_max AS "triesMax", retry_until AS "retryUntil", retry_until_max AS "retryUntilMax",
  last_sent_at AS "lastSentAt", attempt_at AS "attemptAt", input_document_id AS "inputDocumentId",
  answer_document_id AS "answerDocumentId", port::text AS port, manual, suspicions, version`

/** Until when a round that begins now may try, and how far closed hours may move that. */
export function entitlement(now: Date): { retryUntil: Date; retryUntilMax: Date } {
  const untilMs = now.getTime() + limits.attemptAgeMsMax
  return { retryUntil: new Date(untilMs), retryUntilMax: new Date(untilMs + limits.waitDaysMax * 24 * 3_600_000) }
}

/**
 * The newest generation of a step, locked until the transaction ends. A statement that waited for the lock still sees what was
 * there when it began: a generation opened meanwhile shows only to the next statement, so the lock is asked for until both agree.
 */
export async function lockNewest(tx: Tx, key: StepKey): Promise<Effect | undefined> {
  for (;;) {
    const found = await tx.query<Effect>(
      `SELECT ${columns} FROM messaging.effects WHERE tenant_id = $1 AND ledger_month = $2 AND root_id = $3 AND flow = $4 AND step = $5
       ORDER BY generation DESC LIMIT 1 FOR UPDATE`,
      [tx.tenantId, key.ledgerMonth, key.rootId, key.flow, key.step],
    )
    const effect = found.rows[0]
    if (!effect || (await isNewest(tx, key, effect))) return effect
  }
}

/** Under the effect's lock the answer holds: whoever opens a generation locks the one before it. */
export async function isNewest(tx: Tx, key: StepKey, effect: Pick<Effect, 'generation'>): Promise<boolean> {
  const found = await tx.query<{ newest: number }>(
    'SELECT max(generation) AS newest FROM messaging.effects WHERE tenant_id = $1 AND ledger_month = $2 AND root_id = $3 AND flow = $4 AND step = $5',
    [tx.tenantId, key.ledgerMonth, key.rootId, key.flow, key.step],
  )
  return found.rows[0]?.newest === effect.generation
}

export async function lockById(tx: Tx, ledgerMonth: string, effectId: string): Promise<Effect | undefined> {
  const found = await tx.query<Effect>(`SELECT ${columns} FROM messaging.effects WHERE tenant_id = $1 AND ledger_month = $2 AND id = $3 FOR UPDATE`, [
    tx.tenantId,
    ledgerMonth,
    effectId,
  ])
  return found.rows[0]
}

/** What left for a partner, in the commit that says what came of it: an attempt is a disclosure, whatever its end. */
export async function auditCall(
  tx: Tx,
  effect: Pick<Effect, 'id' | 'generation' | 'operation'>,
  outcome: Exclude<EffectState, 'started'>,
  now: Date,
): Promise<void> {
  const resource = `${effect.operation ?? 'partner'} effect:${effect.id} generation:${effect.generation} ${outcome}`
  const ended = outcome === 'failed' || outcome === 'unknown' ? 'error' : 'ok'
  await audit(tx, { action: 'partner.call', resource, outcome: ended }, now)
}

/** The attempt under way has lost the row: what became of what it sent is not known, unless it says so later. */
export async function loseAttempt(tx: Tx, effect: Pick<Effect, 'id' | 'ledgerMonth' | 'fencing' | 'generation' | 'operation'>, now: Date): Promise<void> {
  await tx.query(
    `UPDATE messaging.effect_attempts SET outcome = 'unknown', ended_at = $5
     WHERE tenant_id = $1 AND ledger_month = $2 AND effect_id = $3 AND fencing = $4 AND outcome IS NULL`,
    [tx.tenantId, effect.ledgerMonth, effect.id, effect.fencing, now],
  )
  await auditCall(tx, effect, 'unknown', now)
}

/** When the newest answer of a partner came in this delivery, whoever reads it later. Null: none did. */
export async function answeredAtOf(tx: Tx, { rootId, flow }: Pick<StepKey, 'rootId' | 'flow'>): Promise<Date | null> {
  const found = await tx.query<{ at: Date | null }>(
    `SELECT max(ended_at) AS at FROM messaging.effects
     WHERE tenant_id = $1 AND root_id = $2 AND flow = $3 AND port IS NOT NULL AND NOT manual
       AND ledger_month = (SELECT p.ledger_month FROM messaging.pins p WHERE p.tenant_id = $1 AND p.root_id = $2 AND p.flow = $3)`,
    [tx.tenantId, rootId, flow],
  )
  return found.rows[0]?.at ?? null
}

/** Whether anything of a delivery may have reached the partner. Tries that failed for certain did nothing there; what is under way, or was lost, may have. */
export async function mayHaveLeft(tx: Tx, { rootId, flow, ledgerMonth }: Pick<StepKey, 'rootId' | 'flow' | 'ledgerMonth'>): Promise<boolean> {
  const found = await tx.query(
    `SELECT 1 FROM messaging.effects WHERE tenant_id = $1 AND ledger_month = $2 AND root_id = $3 AND flow = $4
       AND (uncertain OR port IS NOT NULL OR state::text NOT IN ('started', 'failed') OR (state = 'started' AND fencing > 0)) LIMIT 1`,
    [tx.tenantId, ledgerMonth, rootId, flow],
  )
  return found.rowCount !== 0
}

/** For the journey: what came of one attempt. Its version counts the effect's events. */
export async function emitStepFinished(
  tx: Tx,
  key: StepKey & { version: number },
  effect: Pick<Effect, 'id' | 'generation' | 'intakeId' | 'version' | 'attemptAt'>,
  outcome: Exclude<EffectState, 'started'>,
  at: Emission,
  why: Pick<ValueOf<typeof StepFinished>, 'cause' | 'payerId' | 'nextTryAt'> = {},
): Promise<void> {
  const durationMs = effect.attemptAt ? Math.max(0, at.now.getTime() - effect.attemptAt.getTime()) : 0
  await emit(
    tx,
    {
      type: 'step.finished.v1',
      contract: StepFinished,
      payload: { rootId: key.rootId, flow: key.flow, version: key.version, step: key.step, outcome, generation: effect.generation, durationMs, ...why },
      aggregateType: 'effect',
      aggregateId: effect.id,
      aggregateVersion: effect.version + 1,
      intakeId: effect.intakeId,
    },
    at,
  )
}
