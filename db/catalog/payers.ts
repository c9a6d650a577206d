import type { Payer } from '@heliox/core/catalog'
import { BatchRule, PayerCalendar } from '@heliox/core/catalog'
import type { PayerFacts } from '@heliox/core/kit'
import type { Pool } from '../pool.ts'
import type { Tx } from '../tenancy.ts'

/** The same for every tenant. */
export async function listPayers(pool: Pool): Promise<Payer[]> {
  const found = await pool.query<Payer>('SELECT id, name, time_zone AS "timeZone" FROM catalog.payers ORDER BY name LIMIT 1000')
  return found.rows
}

export async function payerFacts(pool: Pool, payerId: string): Promise<PayerFacts> {
  const found = await pool.query<PayerFacts>('SELECT id, name, route::text AS route FROM catalog.payers WHERE id = $1', [payerId])
  const payer = found.rows[0]
  if (!payer) throw new Error('the catalogue has no such payer')
  return payer
}

export async function payerNames(tx: Tx, payerIds: readonly string[]): Promise<Map<string, string>> {
  if (payerIds.length === 0) return new Map()
  const found = await tx.query<{ id: string; name: string }>('SELECT id, name FROM catalog.payers WHERE id = ANY ($1)', [payerIds])
  return new Map(found.rows.map((row) => [row.id, row.name]))
}

/** When a payer is open, and by when it owes the answers to a batch. */
export interface PayerHours {
  calendar: PayerCalendar
  rule: BatchRule
}
export async function payerHours(tx: Tx, payerIds: readonly string[]): Promise<Map<string, PayerHours>> {
  const found = await tx.query<{ id: string; timeZone: string; calendar: object; rule: object }>(
    'SELECT id, time_zone AS "timeZone", calendar, batch_rule AS rule FROM catalog.payers WHERE id = ANY ($1)',
    [payerIds],
  )
  return new Map(
    found.rows.map((row) => [row.id, { calendar: PayerCalendar.parse({ timeZone: row.timeZone, ...row.calendar }), rule: BatchRule.parse(row.rule) }]),
  )
}
