import { type ItemEnd, OverrideResolved, type Resolution, type ResolveReason } from '@heliox/core/messaging'
import { audit } from '../compliance/audit.ts'
import { type Emission, emit } from '../outbox.ts'
import type { Tx } from '../tenancy.ts'

export interface End {
  resolution: ItemEnd
  /** `went-away`: the hub's own word, where nobody decided. */
  reason: ResolveReason | 'went-away'
  /** Null: nobody decided, so there is no note. */
  noteDocumentId: string | null
  /** What the audit says of it; without it the resolution. */
  told?: string
}

/** Ends an item that is locked and open, audited in the same commit. Returns its version, for the event that tells it. */
export async function endItem(tx: Tx, id: string, { resolution, reason, noteDocumentId, told = resolution }: End, now: Date): Promise<number> {
  const ended = await tx.query<{ version: number }>(
    `UPDATE messaging.overrides SET status = 'resolved', resolution = $3, reason = $4, note_document_id = $5, resolved_by = $6, resolved_at = $7, version = version + 1
     WHERE tenant_id = $1 AND id = $2 AND status = 'open' RETURNING version`,
    [tx.tenantId, id, resolution, reason, noteDocumentId, tx.actor, now],
  )
  const version = ended.rows[0]?.version
  if (version === undefined) throw new Error('an item ended twice')
  await audit(tx, { action: 'override.resolve', resource: `override:${id} ${told}`, purpose: reason, outcome: 'ok' }, now)
  return version
}

interface Delivery {
  id: string
  rootId: string
  flow: string
  step: string
  intakeId: string | null
}
/** A held delivery waits for nobody any more; `userId` null: nobody had to decide. */
export async function tellResolved(
  tx: Tx,
  { id, rootId, flow, step, intakeId }: Delivery,
  how: { resolution: Resolution; reason: ResolveReason; userId: string | null; version: number },
  at: Emission,
): Promise<void> {
  const { version, ...why } = how
  await emit(
    tx,
    {
      ...{ type: 'override.resolved.v1', contract: OverrideResolved, payload: { overrideId: id, rootId, flow, step, ...why } },
      ...{ aggregateType: 'override', aggregateId: id, aggregateVersion: version, intakeId },
    },
    at,
  )
}
