import { byBatch } from '@heliox/core/billing'
import { type CorrectableField, CorrectionFields } from '@heliox/core/identity'
import { CaseDecided, type CaseDecision, decisionLimits, type ItemAction, type OverrideStatus, type RefusedWhy } from '@heliox/core/messaging'
import { payerNames } from '../catalog/payers.ts'
import { askPatient, correctAnswers } from '../identity/corrections.ts'
import { fetchDocument, openDocument } from '../identity/documents.ts'
import { type Emission, emit } from '../outbox.ts'
import type { Tx } from '../tenancy.ts'
import type { Vault } from '../vault.ts'
import { giveTo } from './case-owner.ts'
import { auditDecision, type DecisionRow, endDecision, lockDecision, userOf } from './decisions.ts'
import { endItem } from './end-item.ts'
import { type Resolve, resolveOverride } from './resolve-override.ts'

interface Item {
  id: string
  kind: 'delivery' | 'case'
  status: OverrideStatus
  intakeId: string | null
  requestId: string | null
}
type Outcome = 'carried-out' | RefusedWhy

/**
 * One decision that is due, in one commit with all that follows from it, in the name of who decided. Locked with SKIP LOCKED: another
 * engine passes by. Killed before the commit, nothing happened, and the next engine finds it due. What was proposed and found no second
 * person in time ends here too.
 */
export async function carryOut(tx: Tx, vault: Vault, id: string, at: Emission): Promise<DecisionRow['state'] | 'taken'> {
  const decision = await lockDecision(tx, id, 'skip')
  if (!decision || decision.dueAt > at.now || (decision.state !== 'scheduled' && decision.state !== 'proposed')) return 'taken'
  const outcome = decision.state === 'proposed' ? 'expired' : await follow(tx, vault, decision, at)
  const state = outcome === 'carried-out' ? outcome : 'refused'
  await endDecision(tx, id, outcome === 'carried-out' ? { state: outcome } : { state: 'refused', why: outcome }, at.now)
  await auditDecision(tx, state === 'refused' ? 'not-carried-out' : 'carry-out', decision, at.now)
  return state
}

async function follow(tx: Tx, vault: Vault, decision: DecisionRow, at: Emission): Promise<Outcome> {
  const item = await lockItem(tx, decision.overrideId)
  if (!item || item.status === 'resolved') return 'already-resolved'
  if (decision.action === 'ask-patient') return ask(tx, item, decision, at)
  if (decision.action === 'correct' && decision.fields !== null) return correct(tx, vault, item.intakeId, decision, at)
  return item.kind === 'case' ? followCase(tx, item, decision, at) : followDelivery(tx, vault, decision, at)
}

async function lockItem(tx: Tx, id: string): Promise<Item | undefined> {
  const found = await tx.query<Item>(
    `SELECT id, kind::text AS kind, status::text AS status, intake_id AS "intakeId", request_id AS "requestId" FROM messaging.overrides
     WHERE tenant_id = $1 AND id = $2 FOR UPDATE`,
    [tx.tenantId, id],
  )
  return found.rows[0]
}

/** The item stays open: it ends when the patient has put it right. */
async function ask(tx: Tx, { id, intakeId }: Item, { fields }: DecisionRow, at: Emission): Promise<Outcome> {
  if (intakeId === null || fields === null) return 'not-possible'
  const asked = await askPatient(tx, { intakeId, fields: fields as CorrectableField[] }, at)
  if (asked !== 'asked') return 'not-possible'
  await giveTo(tx, id, 'patient', at)
  return 'carried-out'
}

const verdicts: Readonly<Partial<Record<ItemAction, CaseDecision>>> = {
  confirm: 'confirm',
  'mark-inactive': 'mark-inactive',
  retry: 'ask-again',
  'other-route': 'ask-by-batch',
  drop: 'leave',
}
async function followCase(tx: Tx, item: Item, decision: DecisionRow, at: Emission): Promise<Outcome> {
  const { intakeId, requestId } = item
  if (intakeId === null || requestId === null) return 'not-possible'
  const verdict = verdicts[decision.action]
  if (verdict === undefined) return 'not-possible'
  const { reason, noteDocumentId } = decision
  const version = await endItem(tx, item.id, { resolution: 'decided', reason, noteDocumentId, told: verdict }, at.now)
  await emit(
    tx,
    {
      type: 'case.decided.v1',
      contract: CaseDecided,
      payload: {
        ...{ overrideId: item.id, decisionId: decision.id, requestId, intakeId, decision: verdict },
        ...{ decidedAt: decision.decidedAt.toISOString(), userId: userOf(tx.actor) },
      },
      aggregateType: 'override',
      aggregateId: item.id,
      aggregateVersion: version,
      intakeId,
    },
    at,
  )
  return 'carried-out'
}

/** The answers change and the payer is asked anew; the item ends when the correction arrives there. What was answered before stays. */
async function correct(tx: Tx, vault: Vault, intakeId: string | null, decision: DecisionRow, at: Emission): Promise<Outcome> {
  if (intakeId === null) return 'not-possible'
  const fields = CorrectionFields.parse(await openContent(tx, vault, decision, at.now))
  const payerName = fields.payerId ? ((await payerNames(tx, [fields.payerId])).get(fields.payerId) ?? null) : null
  const key = { id: decision.id, idempotencyKey: decision.id, correlationId: null }
  const corrected = await correctAnswers(tx, vault, { ...key, intakeId, by: 'staff', fields, payerName }, at)
  return corrected === 'corrected' || corrected === 'replayed' ? 'carried-out' : 'not-possible'
}

async function followDelivery(tx: Tx, vault: Vault, decision: DecisionRow, at: Emission): Promise<Outcome> {
  const how = await resolutionOf(tx, vault, decision, at.now)
  const resolved = await resolveOverride(tx, vault, decision.overrideId, { ...how, reason: decision.reason, noteDocumentId: decision.noteDocumentId }, at)
  if (resolved === 'resolved') return 'carried-out'
  return resolved === 'outcome-unknown' ? resolved : 'already-resolved'
}

type Way = Resolve extends infer R ? (R extends unknown ? Omit<R, 'reason' | 'noteDocumentId'> : never) : never
async function resolutionOf(tx: Tx, vault: Vault, decision: DecisionRow, now: Date): Promise<Way> {
  const { action } = decision
  switch (action) {
    case 'retry':
    case 'move':
    case 'drop':
      return { resolution: action }
    case 'other-route':
      return { resolution: 'answer', port: 'rejected', value: byBatch }
    case 'correct':
      return { resolution: 'correct', input: await openContent(tx, vault, decision, now) }
    case 'choose':
    case 'confirm':
    case 'mark-inactive':
    case 'answer':
      return { resolution: 'answer', port: decision.port ?? 'ok', value: await openContent(tx, vault, decision, now) }
    case 'ask-patient':
      throw new Error('asking the patient resolves nothing by itself')
  }
}

async function openContent(tx: Tx, vault: Vault, { contentDocumentId }: DecisionRow, now: Date): Promise<unknown> {
  if (contentDocumentId === null) throw new Error('a decision came without what it decides')
  const sealed = await fetchDocument(tx, contentDocumentId, 'carry-out', now)
  return JSON.parse(await openDocument(vault, tx.tenantId, sealed))
}

/** After a throw: later again, at most `triesMax` times; then it is given back to people. */
export async function putOff(tx: Tx, id: string, now: Date): Promise<void> {
  const decision = await lockDecision(tx, id, 'skip')
  if (decision?.state !== 'scheduled') return
  await tx.query('UPDATE messaging.decisions SET tries = tries + 1, due_at = $3 WHERE tenant_id = $1 AND id = $2', [
    tx.tenantId,
    id,
    new Date(now.getTime() + decisionLimits.retryMs * 2 ** decision.tries),
  ])
  if (decision.tries + 1 < decisionLimits.triesMax) return
  await endDecision(tx, id, { state: 'refused', why: 'failed' }, now)
  await auditDecision(tx, 'not-carried-out', decision, now)
}

export async function dueDecisions(tx: Tx, limit: number, now: Date): Promise<{ id: string; by: string }[]> {
  const found = await tx.query<{ id: string; by: string }>(
    `SELECT id, 'user:' || decided_by AS by FROM messaging.decisions
     WHERE tenant_id = $1 AND state IN ('proposed', 'scheduled') AND due_at <= $2 ORDER BY due_at, id LIMIT $3`,
    [tx.tenantId, now, limit],
  )
  return found.rows
}
