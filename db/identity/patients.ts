import type { Tx } from '../tenancy.ts'
import type { Vault } from '../vault.ts'

/** Exactly the named fields of the patient's answers; the read is audited in the same commit. */
export async function readPatient(
  tx: Tx,
  vault: Vault,
  patientId: string,
  fields: readonly string[],
  purpose: string,
  now: Date,
): Promise<Record<string, unknown>> {
  const found = await tx.query<{ sealed: Buffer | null }>('SELECT identity.open_patient($1, $2, $3, $4, $5) AS sealed', [
    patientId,
    fields,
    purpose,
    tx.actor,
    now,
  ])
  const sealed = found.rows[0]?.sealed
  if (!sealed) throw new Error('the patient is not there')
  const answers = JSON.parse(await vault.open(tx.tenantId, { table: 'identity.patient_phi', row: patientId }, sealed)) as Record<string, unknown>
  const read: Record<string, unknown> = {}
  for (const field of fields) {
    if (!Object.hasOwn(answers, field)) throw new Error(`the answers have no field ${field}`)
    read[field] = answers[field]
  }
  return read
}
