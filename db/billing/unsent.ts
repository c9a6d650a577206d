import type { Tx } from '../tenancy.ts'

/** For the API's role, which sees no inquiry: how many each of these batches left unsent. */
export async function unsentOf(tx: Tx, batchIds: readonly string[]): Promise<Map<string, number>> {
  if (batchIds.length === 0) return new Map()
  const found = await tx.query<{ batchId: string; inquiries: number }>('SELECT batch_id AS "batchId", inquiries FROM billing.unsent_inquiries($1::uuid[])', [
    batchIds,
  ])
  return new Map(found.rows.map((row) => [row.batchId, row.inquiries]))
}

/** They wait for the next batch, under new numbers. Returns how many. */
export async function sendAgain(tx: Tx, batchId: string, now: Date): Promise<number> {
  const found = await tx.query<{ n: number }>('SELECT billing.send_again($1, $2) AS n', [batchId, now])
  return found.rows[0]?.n ?? 0
}
