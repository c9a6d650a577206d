import { PatientAnswers } from '@heliox/core/identity'
import type { z } from 'zod'
import type { Tx } from '../tenancy.ts'
import type { Place, Vault } from '../vault.ts'

/** A patient has several sealed parts: one never opens in the place of another. */
export const answersPlace = (patientId: string): Place => ({ table: 'identity.patient_phi', row: `${patientId}/answers` })

/** The patient's answers as they lie there; the read is audited in the same commit, also when there is nothing. */
export async function fetchPatient(tx: Tx, patientId: string, fields: readonly string[], purpose: string, now: Date): Promise<Buffer | undefined> {
  const found = await tx.query<{ sealed: Buffer | null }>('SELECT identity.open_patient($1, $2, $3, $4, $5) AS sealed', [
    patientId,
    fields,
    purpose,
    tx.actor,
    now,
  ])
  return found.rows[0]?.sealed ?? undefined
}

/** Exactly the named fields; the rest is dropped before anybody sees it. */
export async function openFields(
  vault: Vault,
  tenantId: string,
  patientId: string,
  sealed: Buffer | undefined,
  fields: readonly string[],
): Promise<Record<string, unknown>> {
  if (!sealed) throw new Error('the patient is not there')
  const answers = JSON.parse(await vault.open(tenantId, answersPlace(patientId), sealed)) as Record<string, unknown>
  const read: Record<string, unknown> = {}
  for (const field of fields) {
    read[field] = Object.hasOwn(answers, field) ? answers[field] : defaultOf(field)
  }
  return read
}

/** Of answers that were sealed before the form asked for it. */
function defaultOf(field: string): unknown {
  const shape: Partial<Record<string, z.ZodType>> = PatientAnswers.schema.shape
  const absent = shape[field]?.safeParse(undefined)
  if (!absent?.success) throw new Error(`the answers have no field ${field}`)
  return absent.data
}
