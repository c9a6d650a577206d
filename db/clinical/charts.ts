import { type ChartFacts, canonicalJson } from '@heliox/core/kit'
import { z } from 'zod'
import { fetchDocument, openDocument, type SealedDocument, sealDocument } from '../identity/documents.ts'
import type { Deps } from '../store-deps.ts'
import { type Tx, withTenant } from '../tenancy.ts'
import type { Vault } from '../vault.ts'

/**
 * Whose chart is whose. The EHR's own reference names the patient there, so it lies sealed in `identity`; clinical has the document's id.
 * What was found, chosen or written is the patient's; else the visit may carry what the desk or the old scheduler said.
 */

const Sealed = z.object({ patientRef: z.string().max(80) })

export async function readChart(deps: Deps, tenantId: string, patientId: string, purpose: string, actor: string, now: Date): Promise<ChartFacts> {
  const { pool, vault } = deps
  await vault.warm(tenantId)
  // As for the answers: the audit row of the read is committed before anything is opened.
  const sealed = await withTenant(pool, tenantId, actor, async (tx) => {
    const documentId = await chartDocumentOf(tx, patientId)
    const ids = documentId === undefined ? await forgottenDocumentsOf(tx, patientId) : [documentId]
    const documents: SealedDocument[] = []
    for (const id of ids) documents.push(await fetchDocument(tx, id, purpose, now))
    return { known: documentId !== undefined, documents }
  })
  const opened = await Promise.all(sealed.documents.map(async (one) => Sealed.parse(JSON.parse(await openDocument(vault, tenantId, one))).patientRef))
  return sealed.known ? { patientRef: opened[0] ?? null, forgottenRefs: [] } : { patientRef: null, forgottenRefs: [...new Set(opened)] }
}

/** As many as a query may name. */
const forgottenMax = 20
async function forgottenDocumentsOf(tx: Tx, patientId: string): Promise<string[]> {
  const found = await tx.query<{ documentId: string }>(
    `SELECT document_id AS "documentId" FROM clinical.forgotten_charts WHERE tenant_id = $1 AND patient_id = $2
     ORDER BY forgotten_at DESC, document_id LIMIT ${forgottenMax}`,
    [tx.tenantId, patientId],
  )
  return found.rows.map(({ documentId }) => documentId)
}
/** Staff said so after this moment: whatever was asked before it knows nothing of that, and is not believed about the chart. */
export async function wasForgottenSince(tx: Tx, patientId: string, since: Date): Promise<boolean> {
  const found = await tx.query('SELECT 1 FROM clinical.forgotten_charts WHERE tenant_id = $1 AND patient_id = $2 AND forgotten_at > $3 LIMIT 1', [
    ...[tx.tenantId, patientId, since],
  ])
  return found.rowCount !== 0
}

async function chartDocumentOf(tx: Tx, patientId: string): Promise<string | undefined> {
  const found = await tx.query<{ documentId: string | null }>(
    `SELECT coalesce(
       (SELECT c.document_id FROM clinical.charts c WHERE c.tenant_id = $1 AND c.patient_id = $2),
       (SELECT a.chart_document_id FROM clinical.appointments a WHERE a.tenant_id = $1 AND a.patient_id = $2 AND a.chart_document_id IS NOT NULL
        ORDER BY a.created_at DESC LIMIT 1)) AS "documentId"`,
    [tx.tenantId, patientId],
  )
  return found.rows[0]?.documentId ?? undefined
}

/** A reference that somebody who books a visit knows, for `appointments.chart_document_id`. There is no patient here yet. */
export const sealChart = (tx: Tx, vault: Vault, chart: { intakeId: string; patientId: string | null; patientRef: string }, now: Date): Promise<string> =>
  sealDocument(
    tx,
    vault,
    { kind: 'ehr-references', intakeId: chart.intakeId, patientId: chart.patientId, text: canonicalJson({ patientRef: chart.patientRef }) },
    now,
  )

/** The newest word counts: what a person chose goes before what was typed at the desk, and what was written before both. */
export async function keepChart(
  tx: Tx,
  vault: Vault,
  chart: { intakeId: string; patientId: string; patientRef: string; source: 'found' | 'chosen' | 'written' },
  now: Date,
): Promise<void> {
  const documentId = await sealChart(tx, vault, chart, now)
  await tx.query(
    `INSERT INTO clinical.charts (tenant_id, patient_id, document_id, source, learned_at) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (tenant_id, patient_id) DO UPDATE SET document_id = excluded.document_id, source = excluded.source, learned_at = excluded.learned_at`,
    [tx.tenantId, chart.patientId, documentId, chart.source, now],
  )
}

/** The EHR has no such chart any more: it is looked for as if nothing had been known. The sealed references stay, for whoever asks later. */
export async function forgetChart(tx: Tx, patientId: string, now: Date): Promise<void> {
  await tx.query('UPDATE clinical.charts SET document_id = NULL, learned_at = $3 WHERE tenant_id = $1 AND patient_id = $2', [tx.tenantId, patientId, now])
  await tx.query('UPDATE clinical.appointments SET chart_document_id = NULL WHERE tenant_id = $1 AND patient_id = $2 AND chart_document_id IS NOT NULL', [
    tx.tenantId,
    patientId,
  ])
}
