import type { QueueItem } from '@heliox/core/ports'
import { referenceOf } from '@heliox/core/reporting'

/** A row of the queue before names of payers and people are put to it. */
export interface ItemRow extends Omit<QueueItem, 'openedAt' | 'visitAt' | 'resolvedAt' | 'reference' | 'payerName' | 'payerRoute' | 'claim' | 'decision'> {
  openedAt: Date
  visitAt: Date | null
  sortAt: Date
  resolvedAt: Date | null
  claimedBy: string | null
  claimedUntil: Date | null
}

export const itemColumns = `o.id, o.kind::text AS kind, o.intake_id AS "intakeId", o.request_id AS "requestId", o.flow, o.flow_version AS version, o.step, o.partner,
  o.operation, o.payer_id AS "payerId", o.cause::text AS cause, o.reason_codes AS codes, o.owner::text AS owner, o.staff_text AS "staffText",
  o.status::text AS status, o.attempts, o.opened_at AS "openedAt", o.visit_at AS "visitAt", o.sort_at AS "sortAt", o.incident_id AS "incidentId",
  o.claimed_by AS "claimedBy", o.claimed_until AS "claimedUntil", o.resolution::text AS resolution, o.resolved_by AS "resolvedBy",
  o.resolved_at AS "resolvedAt"`

export interface Names {
  people: ReadonlyMap<string, string>
  payers: ReadonlyMap<string, { name: string; route: QueueItem['payerRoute'] }>
  decisions: ReadonlyMap<string, QueueItem['decision']>
}

/** A claim that has run out is none. */
export function toItem(row: ItemRow, { people, payers, decisions }: Names, now: Date): QueueItem {
  const { openedAt, visitAt, sortAt: _, resolvedAt, claimedBy, claimedUntil, ...rest } = row
  const payer = row.payerId === null ? undefined : payers.get(row.payerId)
  const claimed = row.status === 'open' && claimedBy !== null && claimedUntil !== null && claimedUntil > now
  return {
    ...rest,
    reference: row.intakeId ? referenceOf(row.intakeId) : null,
    payerName: payer?.name ?? null,
    payerRoute: payer?.route ?? null,
    openedAt: openedAt.toISOString(),
    visitAt: visitAt?.toISOString() ?? null,
    resolvedAt: resolvedAt?.toISOString() ?? null,
    claim: claimed ? { userId: claimedBy, name: people.get(claimedBy) ?? unknownPerson, until: claimedUntil.toISOString() } : null,
    decision: decisions.get(row.id) ?? null,
  }
}
/** Somebody who is no longer in this clinic's list. */
export const unknownPerson = 'a former colleague'
