import { type VisitNews, type VisitWord, visitNews, visitNewsKinds } from '@heliox/core/messaging'
import type { VisitRow } from '../clinical/visits.ts'
import type { Tx } from '../tenancy.ts'

/**
 * The visit as its patient knows it: by the newest message that left or may have left, or as it was when they sent the form, whichever was later.
 * News that are only under way do not count: a newer one takes their place. Undefined: nobody told them of it. `except`: what is to be sent now.
 */
export async function knownVisit(tx: Tx, visit: VisitRow, except: string | null): Promise<VisitWord | undefined> {
  const told = await tx.query<{ revision: number | null }>(
    `SELECT greatest(
       (SELECT max(m.visit_revision) FROM messaging.messages m WHERE m.tenant_id = $1 AND m.intake_id = $2 AND m.kind::text <> 'code'
          AND m.id IS DISTINCT FROM $4::uuid
          AND (m.status::text IN ('sent', 'delivered') OR (m.status::text = 'requested' AND m.kind::text <> ALL ($5::text[])))),
       (SELECT CASE WHEN count(*) > 0 THEN coalesce(max(c.revision), 1) END FROM (SELECT identity.submitted_at($2) AS at) s
          LEFT JOIN clinical.visit_changes c ON c.tenant_id = $1 AND c.visit_id = $3 AND c.changed_at <= s.at WHERE s.at IS NOT NULL)) AS revision`,
    [tx.tenantId, visit.intakeId, visit.id, except, visitNewsKinds],
  )
  const revision = told.rows[0]?.revision
  if (revision == null) return undefined
  const next = await tx.query<VisitWord>(
    `SELECT from_status::text AS status, from_starts_at AS "startsAt" FROM clinical.visit_changes
     WHERE tenant_id = $1 AND visit_id = $2 AND revision > $3 ORDER BY revision LIMIT 1`,
    [tx.tenantId, visit.id, revision],
  )
  return next.rows[0] ?? visit
}

/** What is to be told of the visit as it is now. */
export async function newsOf(tx: Tx, visit: VisitRow, except: string | null): Promise<VisitNews | null> {
  const known = await knownVisit(tx, visit, except)
  return known ? visitNews(visit, known) : null
}
