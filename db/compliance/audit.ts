import type { AuditStore } from '@heliox/core/ports'
import type { Tx } from '../tenancy.ts'

type Entry = Omit<Parameters<AuditStore['audit']>[1], 'actor'>

/** One audit row in the caller's commit; the actor is the transaction's. */
export async function audit(tx: Tx, entry: Entry, now: Date): Promise<void> {
  await tx.query('SELECT compliance.audit($1, $2, $3, $4, $5, $6, $7)', [
    now,
    tx.actor,
    entry.action,
    entry.resource,
    entry.purpose ?? null,
    entry.outcome,
    entry.correlationId ?? null,
  ])
}
