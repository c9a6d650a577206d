import type { BulkSelection } from '@heliox/core/messaging'
import type { BulkCandidate } from '@heliox/core/ports'
import type { Tx } from '../tenancy.ts'

type Row = Omit<BulkCandidate, 'payerRoute' | 'visitAt'> & { visitAt: Date | null }

/**
 * The open items that fit, soonest visit first. `status = 'open'` stands in words, so that the partial index by visit time serves it
 * (see db/README.md); the rest is filtered on the way, and the limit ends it.
 */
export async function bulkCandidates(tx: Tx, by: BulkSelection, limit: number, now: Date): Promise<Omit<BulkCandidate, 'payerRoute'>[]> {
  const found = await tx.query<Row>(
    `SELECT o.id AS "overrideId", o.kind::text AS kind, o.intake_id AS "intakeId", o.partner, o.operation, o.cause::text AS cause, o.payer_id AS "payerId",
       o.visit_at AS "visitAt", coalesce(o.claimed_until > $2 AND 'user:' || o.claimed_by::text <> $3, false) AS claimed,
       EXISTS (SELECT 1 FROM messaging.decisions d WHERE d.tenant_id = o.tenant_id AND d.override_id = o.id AND d.state IN ('proposed', 'scheduled')) AS decided
     FROM messaging.overrides o
     WHERE o.tenant_id = $1 AND o.status = 'open' AND ($4::uuid IS NULL OR o.incident_id = $4) AND ($5::text IS NULL OR o.cause::text = $5)
       AND ($6::text IS NULL OR o.payer_id = $6) AND ($7::text IS NULL OR o.owner::text = $7) AND ($8::text IS NULL OR o.flow = $8)
     ORDER BY o.sort_at, o.id LIMIT $9`,
    [tx.tenantId, now, tx.actor, by.incidentId ?? null, by.cause ?? null, by.payerId ?? null, by.owner ?? null, by.flow ?? null, limit],
  )
  return found.rows.map(({ visitAt, ...row }) => ({ ...row, visitAt: visitAt?.toISOString() ?? null }))
}
