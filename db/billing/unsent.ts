import type { Tx } from '../tenancy.ts'

/** For the API's role, which sees no inquiry: how many each of these batches left unsent. */
export async function unsentOf(tx: Tx, batchIds: readonly string[]): Promise<Map<string, number>> {
  if (batchIds.length === 0) return new Map()
  const found = await tx.query<{ batchId: string; inquiries: number }>('SELECT batch_id AS "batchId", inquiries FROM billing.unsent_inquiries($1::uuid[])', [
    batchIds,
  ])
  return new Map(found.rows.map((row) => [row.batchId, row.inquiries]))
}

/** How many inquiries each of these payers owes an answer to, overdue. */
export async function silentOf(tx: Tx, payerIds: readonly string[]): Promise<Map<string, number>> {
  if (payerIds.length === 0) return new Map()
  const found = await tx.query<{ payerId: string; inquiries: number }>('SELECT payer_id AS "payerId", inquiries FROM billing.silent_payers($1::text[])', [
    payerIds,
  ])
  return new Map(found.rows.map((row) => [row.payerId, row.inquiries]))
}

/** They wait for the next batch, under new numbers. Returns how many. */
export async function sendAgain(tx: Tx, batchId: string, now: Date): Promise<number> {
  const found = await tx.query<{ n: number }>('SELECT billing.send_again($1, $2) AS n', [batchId, now])
  return found.rows[0]?.n ?? 0
}

/** What a payer is silent about, overdue: a new round each, under new numbers. Returns how many. */
export async function sendAgainPayer(tx: Tx, payerId: string, now: Date): Promise<number> {
  const found = await tx.query<{ n: number }>('SELECT billing.send_again_payer($1, $2) AS n', [payerId, now])
  return found.rows[0]?.n ?? 0
}
