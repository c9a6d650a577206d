import type { LedgerMonths } from '@heliox/core/ports'
import type { Pool } from '../pool.ts'

type Opened = Awaited<ReturnType<LedgerMonths['open']>>[number]

/** So many after the present one: a hub that stood still for a quarter of a year finds its month open. */
const monthsAhead = 3

/** Each in a commit of its own, so that the whole ledger is needed for one month at a time. */
export async function openLedgerMonths(pool: Pool, now: Date): Promise<Opened[]> {
  const opened: Opened[] = []
  for (let ahead = 0; ahead <= monthsAhead; ahead += 1) {
    const month = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + ahead, 1)).toISOString().slice(0, 10)
    const found = await pool.query<Pick<Opened, 'is'>>('SELECT messaging.open_ledger_month($1) AS is', [month])
    opened.push({ month, is: found.rows[0]?.is ?? 'busy' })
  }
  return opened
}
