import { randomUUID } from 'node:crypto'
import { PatientAnswers } from '@heliox/core/identity'
import type { Tx } from '../tenancy.ts'
import type { Vault } from '../vault.ts'
import { answersPlace } from './patients.ts'

/** What a patient answered to the clinic's own questions, for the front desk: nothing else of the answers leaves this function. The vault must be warm. */
export async function openFormAnswers(
  tx: Tx,
  vault: Vault,
  intakeId: string,
  now: Date,
): Promise<(Pick<PatientAnswers, 'forms' | 'formVersions'> & { submittedAt: Date }) | undefined> {
  // The database hands answers out in one place, which audits whose and what; the key belongs to no correction.
  const found = await tx.query<{ patientId: string; sealed: Buffer; submittedAt: Date }>(
    `SELECT a.patient_id AS "patientId", a.sealed, s.submitted_at AS "submittedAt"
     FROM identity.lock_answers($2, $3, $4, 'front desk', $5, $6) a JOIN identity.intake_sessions s ON s.tenant_id = $1 AND s.id = $2`,
    [tx.tenantId, intakeId, ['forms'], randomUUID(), tx.actor, now],
  )
  const [row] = found.rows
  if (!row) return undefined
  const sent = PatientAnswers.schema
    .pick({ forms: true, formVersions: true })
    .parse(JSON.parse(await vault.open(tx.tenantId, answersPlace(row.patientId), row.sealed)))
  return { ...sent, submittedAt: row.submittedAt }
}
