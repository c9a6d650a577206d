import type { ForgetReason } from '@heliox/core/clinical'
import type { ChartWish } from '@heliox/core/ports'
import { audit } from '../compliance/audit.ts'
import { raiseIncident } from '../messaging/incidents.ts'
import type { Tx } from '../tenancy.ts'
import { forgetChart } from './charts.ts'
import { ehr } from './record-chart.ts'
import { lockVisit, type VisitRow } from './visits.ts'

/**
 * Staff say that the chart which was taken for this patient's is not. The hub forgets it and takes nothing back: what was written there
 * is cleaned by hand, and until that was done the search refuses to take it for ours again (BEHAVIOR 27 of `adapters/fhir`).
 */

interface KnownChart {
  documentId: string
  since: Date
  source: 'found' | 'chosen' | 'written' | 'told'
}
/** What the next write-back would go by: as `readChart`, for one visit, and without opening it. */
export async function knownChart(tx: Tx, { id, patientId }: Pick<VisitRow, 'id' | 'patientId'>): Promise<KnownChart | undefined> {
  const found = await tx.query<KnownChart>(
    `SELECT "documentId", since, source FROM (
       SELECT 1 AS rank, c.document_id AS "documentId", c.learned_at AS since, c.source::text AS source FROM clinical.charts c
       WHERE c.tenant_id = $1 AND c.patient_id = $2
       UNION ALL
       SELECT 2, a.chart_document_id, a.created_at, 'told' FROM clinical.appointments a WHERE a.tenant_id = $1 AND (a.patient_id = $2 OR a.id = $3)) AS known
     WHERE "documentId" IS NOT NULL ORDER BY rank, since DESC LIMIT 1`,
    [tx.tenantId, patientId, id],
  )
  return found.rows[0]
}

export type Forgotten = { is: 'forgotten' | 'same'; visit: VisitRow } | { is: 'not-found' | 'changed-meanwhile' }

/** `knownSince` is what the asker saw: a chart that was found since is not the one they mean. Nothing known any more: it was done before. */
export async function forgetKnownChart(tx: Tx, visitId: string, { knownSince, reason }: ChartWish, now: Date): Promise<Forgotten> {
  const visit = await lockVisit(tx, visitId)
  if (!visit) return { is: 'not-found' }
  if (visit.patientId) await tx.query('SELECT 1 FROM clinical.charts WHERE tenant_id = $1 AND patient_id = $2 FOR UPDATE', [tx.tenantId, visit.patientId])
  const known = await knownChart(tx, visit)
  if (!known) return { is: 'same', visit }
  if (known.since.getTime() !== knownSince.getTime()) return { is: 'changed-meanwhile' }
  await audit(tx, { action: 'chart.forget', resource: `visit:${visit.id} ${reason}`, outcome: 'ok' }, now)
  if (visit.patientId) await forgetOfPatient(tx, { visitId, patientId: visit.patientId, documentId: known.documentId }, reason, now)
  else await tx.query('UPDATE clinical.appointments SET chart_document_id = NULL WHERE tenant_id = $1 AND id = $2', [tx.tenantId, visit.id])
  return { is: 'forgotten', visit }
}

async function forgetOfPatient(tx: Tx, of: { visitId: string; patientId: string; documentId: string }, reason: ForgetReason, now: Date): Promise<void> {
  await tx.query(
    `INSERT INTO clinical.forgotten_charts (tenant_id, patient_id, document_id, visit_id, reason, actor, forgotten_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING`,
    [tx.tenantId, of.patientId, of.documentId, of.visitId, reason, tx.actor, now],
  )
  await forgetChart(tx, of.patientId, now)
  // Also where nothing was written yet: a write-back may be under way at this moment.
  await raiseIncident(tx, { kind: 'chart-forgotten', partner: ehr, payerId: null, about: { is: 'visit', id: of.visitId }, count: 1 }, now)
}
