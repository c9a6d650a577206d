import type { Tx } from '../tenancy.ts'

/** Which of these lines booked a visit before. */
export async function importedLines(tx: Tx, macs: readonly Buffer[]): Promise<Set<string>> {
  if (macs.length === 0) return new Set()
  const found = await tx.query<{ mac: Buffer }>('SELECT line_mac AS mac FROM clinical.visit_imports WHERE tenant_id = $1 AND line_mac = ANY ($2::bytea[])', [
    tx.tenantId,
    macs,
  ])
  return new Set(found.rows.map(({ mac }) => mac.toString('hex')))
}
export async function visitOfLine(tx: Tx, mac: Buffer): Promise<{ visitId: string; intakeId: string } | undefined> {
  const found = await tx.query<{ visitId: string; intakeId: string }>(
    `SELECT a.id AS "visitId", a.intake_id AS "intakeId" FROM clinical.visit_imports i
     JOIN clinical.appointments a ON a.tenant_id = i.tenant_id AND a.id = i.visit_id WHERE i.tenant_id = $1 AND i.line_mac = $2`,
    [tx.tenantId, mac],
  )
  return found.rows[0]
}
/** In the commit that books the visit, under the lock. */
export async function keepLine(tx: Tx, mac: Buffer, visitId: string, now: Date): Promise<void> {
  await tx.query('INSERT INTO clinical.visit_imports (tenant_id, line_mac, visit_id, imported_at) VALUES ($1, $2, $3, $4)', [tx.tenantId, mac, visitId, now])
}
/** Two imports of one clinic come one after the other, line by line, so that the second finds what the first wrote. */
export async function lockImports(tx: Tx): Promise<void> {
  await tx.query(`SELECT pg_advisory_xact_lock(hashtextextended('clinical.visit_imports ' || $1, 0))`, [tx.tenantId])
}
