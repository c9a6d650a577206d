import type { BookedBefore, VisitAt } from '@heliox/core/ports'
import type { Tx } from '../tenancy.ts'

const standing = `CASE WHEN a.status = 'cancelled' THEN 'cancelled' ELSE 'there' END`

/** Which of these lines booked a visit before, and whether it was called off since. */
export async function importedLines(tx: Tx, macs: readonly Buffer[]): Promise<Map<string, BookedBefore>> {
  if (macs.length === 0) return new Map()
  const found = await tx.query<{ mac: Buffer; is: BookedBefore }>(
    `SELECT i.line_mac AS mac, ${standing} AS is FROM clinical.visit_imports i
     JOIN clinical.appointments a ON a.tenant_id = i.tenant_id AND a.id = i.visit_id WHERE i.tenant_id = $1 AND i.line_mac = ANY ($2::bytea[])`,
    [tx.tenantId, macs],
  )
  return new Map(found.rows.map(({ mac, is }) => [mac.toString('hex'), is]))
}
export async function visitOfLine(tx: Tx, mac: Buffer): Promise<{ visitId: string; intakeId: string; is: BookedBefore } | undefined> {
  const found = await tx.query<{ visitId: string; intakeId: string; is: BookedBefore }>(
    `SELECT a.id AS "visitId", a.intake_id AS "intakeId", ${standing} AS is FROM clinical.visit_imports i
     JOIN clinical.appointments a ON a.tenant_id = i.tenant_id AND a.id = i.visit_id WHERE i.tenant_id = $1 AND i.line_mac = $2`,
    [tx.tenantId, mac],
  )
  return found.rows[0]
}
/** In the commit that books the visit, under the lock. Of a line that is booked anew the newest visit counts. */
export async function keepLine(tx: Tx, mac: Buffer, visitId: string, now: Date): Promise<void> {
  await tx.query(
    `INSERT INTO clinical.visit_imports (tenant_id, line_mac, visit_id, imported_at) VALUES ($1, $2, $3, $4)
     ON CONFLICT (tenant_id, line_mac) DO UPDATE SET visit_id = excluded.visit_id, imported_at = excluded.imported_at`,
    [tx.tenantId, mac, visitId, now],
  )
}
/** Two imports of one clinic come one after the other, line by line, so that the second finds what the first wrote. */
export async function lockImports(tx: Tx): Promise<void> {
  await tx.query(`SELECT pg_advisory_xact_lock(hashtextextended('clinical.visit_imports ' || $1, 0))`, [tx.tenantId])
}

const visitsAtMax = 20_000
/** Every visit that begins at one of these moments, by whichever way it was booked. Cut short, a double would be booked: so it never is. */
export async function visitsAt(tx: Tx, moments: readonly Date[]): Promise<VisitAt[]> {
  if (moments.length === 0) return []
  const found = await tx.query<Omit<VisitAt, 'startsAt'> & { startsAt: Date }>(
    `SELECT a.id AS "visitId", a.starts_at AS "startsAt", a.practitioner, ${standing} AS is FROM clinical.appointments a
     WHERE a.tenant_id = $1 AND a.starts_at = ANY ($2::timestamptz[]) LIMIT ${visitsAtMax + 1}`,
    [tx.tenantId, moments],
  )
  if (found.rows.length > visitsAtMax) throw new Error(`more than ${visitsAtMax} visits begin at the moments of one file`)
  return found.rows.map((row) => ({ ...row, startsAt: row.startsAt.toISOString() }))
}
