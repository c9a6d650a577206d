import { randomUUID } from 'node:crypto'
import { canonicalJson, Envelope } from '@heliox/core/kit'
import type { OverrideStatus, ResolveReason } from '@heliox/core/messaging'
import { activeVersion } from '../catalog/flows.ts'
import { sealDocument } from '../identity/documents.ts'
import { type Emission, redeliver } from '../outbox.ts'
import type { Tx } from '../tenancy.ts'
import type { Vault } from '../vault.ts'
import { userOf } from './decisions.ts'
import { type Effect, entitlement, lockNewest, loseAttempt } from './effects.ts'
import { endItem, tellResolved } from './end-item.ts'
import { markPin } from './pins.ts'

interface Override {
  id: string
  rootId: string
  flow: string
  flowVersion: number
  step: string
  intakeId: string | null
  partner: string | null
  operation: string | null
  ledgerMonth: string
  status: OverrideStatus
  envelope: unknown
}

/** How a held delivery goes on. The note is sealed already. */
export type Resolve = (
  | { resolution: 'answer'; port: 'ok' | 'rejected'; value: unknown }
  | { resolution: 'correct'; input: unknown }
  | { resolution: 'retry' | 'move' | 'drop' }
) & { reason: ResolveReason; noteDocumentId: string }

/** Bytes of JSON that a person may hand in; whether they fit the operation's contract is the API's to say. */
const valueBytesMax = 32 * 1024

/**
 * A person's decision on one held item, in one commit: the item, the ledger, the pin, the event, the audit, and for all but
 * `drop` the original event once more to that flow. The row lock makes the second of two decisions find it resolved.
 */
export async function resolveOverride(
  tx: Tx,
  vault: Vault,
  overrideId: string,
  how: Resolve,
  at: Emission,
): Promise<'resolved' | 'not-found' | 'already-resolved' | 'outcome-unknown'> {
  const item = await lockOverride(tx, overrideId)
  if (!item) return 'not-found'
  if (item.status === 'resolved') return 'already-resolved'
  const effect = await lockNewest(tx, item)
  if (how.resolution === 'correct' && effect && !outcomeKnown(effect)) return 'outcome-unknown'

  const envelope = Envelope.parse(item.envelope)
  if (how.resolution === 'answer') await answerByHand(tx, vault, item, effect, how, at)
  if (how.resolution === 'correct') await openGeneration(tx, vault, item, effect, how.input, at)
  if (how.resolution === 'retry' || how.resolution === 'move') await beginRound(tx, effect, at.now)
  const version = how.resolution === 'move' ? await activeVersion(tx, item.flow, envelope.aggregateId, envelope.type) : null
  await markPin(tx, item, how.resolution === 'drop' ? 'settled' : 'open', at.now, version)

  const { resolution, reason, noteDocumentId } = how
  const told = await endItem(tx, item.id, { resolution, reason, noteDocumentId }, at.now)
  await tellResolved(tx, item, { resolution, reason, userId: userOf(tx.actor), version: told }, { ...at, traceparent: envelope.traceparent })
  if (how.resolution !== 'drop') await redeliver(tx, envelope, { flow: item.flow, attempt: 1, at: at.now, now: at.now })
  return 'resolved'
}

async function lockOverride(tx: Tx, id: string): Promise<Override | undefined> {
  const found = await tx.query<Override>(
    `SELECT id, root_id AS "rootId", flow, flow_version AS "flowVersion", step, intake_id AS "intakeId", partner, operation,
       ledger_month::text AS "ledgerMonth", status::text AS status, envelope
     FROM messaging.overrides WHERE tenant_id = $1 AND id = $2 FOR UPDATE`,
    [tx.tenantId, id],
  )
  return found.rows[0]
}

/** Nothing was sent in this generation, or we know what became of it. */
function outcomeKnown(effect: Effect): boolean {
  if (effect.state === 'started') return effect.fencing === 0
  return effect.state !== 'unknown'
}

/** Tries count anew, at once, with an age of their own; the key, and how long the partner remembers it, stay. */
async function beginRound(tx: Tx, effect: Effect | undefined, now: Date): Promise<void> {
  if (!effect) return
  const { retryUntil, retryUntilMax } = entitlement(now)
  await tx.query(
    `UPDATE messaging.effects SET tries = 0, tries_max = NULL, round_started_at = $4, retry_until = $5, retry_until_max = $6, not_before = NULL
     WHERE tenant_id = $1 AND ledger_month = $2 AND id = $3`,
    [tx.tenantId, effect.ledgerMonth, effect.id, now, retryUntil, retryUntilMax],
  )
}

/**
 * The typed answer of a person takes the partner's place. A running attempt loses its lease by the raised fencing number; an
 * answer that the ledger has already is kept, and the new one opens the next generation.
 */
async function answerByHand(
  tx: Tx,
  vault: Vault,
  item: Override,
  effect: Effect | undefined,
  how: Resolve & { resolution: 'answer' },
  at: Emission,
): Promise<void> {
  const documentId = await sealDocument(tx, vault, { kind: 'effect-answer', intakeId: item.intakeId, text: measured(how.value) }, at.now)
  const state = how.port === 'ok' ? 'succeeded' : 'rejected'
  if (!effect || effect.port) {
    await tx.query(
      `INSERT INTO messaging.effects (tenant_id, id, root_id, flow, step, generation, flow_version, intake_id, partner, operation, state, port,
         answer_document_id, manual, ended_at, fencing, ledger_month)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, true, $14, 1, $15)`,
      [
        tx.tenantId,
        randomUUID(),
        item.rootId,
        item.flow,
        item.step,
        (effect?.generation ?? 0) + 1,
        item.flowVersion,
        item.intakeId,
        item.partner,
        item.operation,
        state,
        how.port,
        documentId,
        at.now,
        item.ledgerMonth,
      ],
    )
    return
  }
  const underWay = effect.state === 'started' && effect.fencing > 0
  if (underWay) await loseAttempt(tx, effect, at.now)
  const known = effect.state === 'unknown' || underWay ? 'reconciled' : state
  await tx.query(
    `UPDATE messaging.effects SET state = $3, port = $4, answer_document_id = $5, manual = true, suspicions = '{}', uncertain = false, lease_until = NULL,
       ended_at = $6, fencing = fencing + 1 WHERE tenant_id = $1 AND ledger_month = $7 AND id = $2`,
    [tx.tenantId, effect.id, known, how.port, documentId, at.now, effect.ledgerMonth],
  )
}

/** Corrected input means another effect: a new key for the partner, sent for the first time. */
async function openGeneration(tx: Tx, vault: Vault, item: Override, effect: Effect | undefined, input: unknown, at: Emission): Promise<void> {
  const documentId = await sealDocument(tx, vault, { kind: 'effect-input', intakeId: item.intakeId, text: measured(input) }, at.now)
  const { retryUntil, retryUntilMax } = entitlement(at.now)
  await tx.query(
    `INSERT INTO messaging.effects (tenant_id, id, root_id, flow, step, generation, flow_version, intake_id, partner, operation, state, input_document_id, ledger_month, retry_until, retry_until_max)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'started', $11, $12, $13, $14)`,
    [
      tx.tenantId,
      randomUUID(),
      item.rootId,
      item.flow,
      item.step,
      (effect?.generation ?? 0) + 1,
      item.flowVersion,
      item.intakeId,
      item.partner,
      item.operation,
      documentId,
      item.ledgerMonth,
      retryUntil,
      retryUntilMax,
    ],
  )
}

function measured(value: unknown): string {
  const text = canonicalJson(value)
  if (Buffer.byteLength(text) > valueBytesMax) throw new Error(`a value by hand may have ${valueBytesMax} bytes`)
  return text
}
