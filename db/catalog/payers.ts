import type { Payer } from '@heliox/core/catalog'
import { AnswerAges, BatchRule, Canary, notListedPayerId, PayerCalendar, type PayerRules, PayerSettings, payerRules } from '@heliox/core/catalog'
import type { Pool } from '../pool.ts'
import type { Tx } from '../tenancy.ts'

/** The same for every tenant. */
export async function listPayers(pool: Pool): Promise<Payer[]> {
  const found = await pool.query<Payer>(
    `SELECT id, name, time_zone AS "timeZone", aliases, card_payer_ids AS "cardPayerIds", supported FROM catalog.payers WHERE id <> $1 ORDER BY name LIMIT 1000`,
    [notListedPayerId],
  )
  return found.rows
}

export async function payerNames(tx: Tx, payerIds: readonly string[]): Promise<Map<string, string>> {
  if (payerIds.length === 0) return new Map()
  const found = await tx.query<{ id: string; name: string }>('SELECT id, name FROM catalog.payers WHERE id = ANY ($1)', [payerIds])
  return new Map(found.rows.map((row) => [row.id, row.name]))
}

interface PayerRow {
  id: string
  name: string
  timeZone: string
  route: PayerRules['route']
  calendar: object
  batchRule: object
  ages: object
  canaries: unknown[]
  canaryEveryMinutes: number | null
  supported: boolean
  own: unknown
  version: number | null
}
/** A payer as one clinic knows it: the catalogue's values, the clinic's own, and what counts. */
export interface KnownPayer {
  id: string
  name: string
  /** False: nobody can be asked by computer. */
  supported: boolean
  rules: PayerRules
  catalogue: PayerRules
  own: PayerSettings
  /** The clinic's own settings are not what this version reads: the catalogue's count, and nothing that the payer says is believed until they are saved anew. */
  unreadable: boolean
  /** Of the clinic's own settings; 0 while there are none. */
  version: number
  batchRule: BatchRule
}

const columns = `p.id, p.name, p.time_zone AS "timeZone", p.route::text AS route, p.calendar, p.batch_rule AS "batchRule", p.answer_ages AS ages, p.canaries,
  p.canary_every_minutes AS "canaryEveryMinutes", p.supported, s.settings AS own, s.version
  FROM catalog.payers p LEFT JOIN catalog.payer_settings s ON s.tenant_id = $1 AND s.payer_id = p.id`

export async function knownPayers(tx: Tx, payerIds: readonly string[]): Promise<Map<string, KnownPayer>> {
  if (payerIds.length === 0) return new Map()
  const found = await tx.query<PayerRow>(`SELECT ${columns} WHERE p.id = ANY ($2)`, [tx.tenantId, payerIds])
  return new Map(found.rows.map((row) => [row.id, knownPayer(row)]))
}

export async function everyPayer(tx: Tx): Promise<KnownPayer[]> {
  const found = await tx.query<PayerRow>(`SELECT ${columns} WHERE p.id <> $2 ORDER BY p.name, p.id LIMIT 1000`, [tx.tenantId, notListedPayerId])
  return found.rows.map(knownPayer)
}

export async function knownPayerOf(tx: Tx, payerId: string): Promise<KnownPayer> {
  const payer = (await knownPayers(tx, [payerId])).get(payerId)
  if (!payer) throw new Error('the catalogue has no such payer')
  return payer
}

/** Parsed on the way out too. What one clinic stored of one payer and nobody can read must not stop the others, nor the page that puts it right. */
function knownPayer(row: PayerRow): KnownPayer {
  const catalogue = payerRules(
    {
      route: row.route,
      calendar: PayerCalendar.parse({ timeZone: row.timeZone, ...row.calendar }),
      ages: AnswerAges.parse(row.ages),
      canaries: row.canaries.map((canary) => Canary.parse(canary)),
      ...(row.canaryEveryMinutes === null ? {} : { canaryEveryMinutes: row.canaryEveryMinutes }),
    },
    {},
  )
  const read = PayerSettings.safeParse(row.own ?? {})
  const own = read.success ? read.data : {}
  const { id, name, supported } = row
  return {
    id,
    name,
    supported,
    rules: payerRules(catalogue, own),
    catalogue,
    own,
    unreadable: !read.success,
    version: row.version ?? 0,
    batchRule: BatchRule.parse(row.batchRule),
  }
}

/** When a payer is open, and by when it owes the answers to a batch. */
interface PayerHours {
  calendar: PayerCalendar
  rule: BatchRule
}
export async function payerHours(tx: Tx, payerIds: readonly string[]): Promise<Map<string, PayerHours>> {
  const known = await knownPayers(tx, payerIds)
  return new Map([...known].map(([id, { rules, batchRule }]) => [id, { calendar: rules.calendar, rule: batchRule }]))
}
