import type { FlowDelivery, FlowDepth, MinuteOfCalls, PartnerCalls } from '@heliox/core/ports'
import type { Tx } from '../tenancy.ts'

/** Counts for the live view. Each reads rows that an index finds, and stops at a limit: a view must never cost more than what it shows. */
const minuteMs = 60_000
const throughputMinutes = 60
const partnerMinutes = 15
/** The newest so many calls stand for the quarter of an hour when there were more. */
const callsSeenMax = 20_000
/** `started` is under way and counts as neither. What a shut door kept (`nothing_sent`) was no call: an open breaker is no error rate. */
/** Which of an answer is meant is for a person to say: the partner answered. */
const answered = `outcome IN ('succeeded', 'rejected', 'reconciled', 'choice')`
const failed = `outcome IN ('failed', 'unknown')`

export async function flowDepths(tx: Tx): Promise<FlowDepth[]> {
  const found = await tx.query<FlowDepth>(
    `SELECT flow, count(*) FILTER (WHERE state = 'open')::int AS active, count(*) FILTER (WHERE state = 'retrying')::int AS retrying,
       count(*) FILTER (WHERE state = 'held')::int AS held
     FROM messaging.pins WHERE tenant_id = $1 AND state <> 'settled' GROUP BY flow ORDER BY flow`,
    [tx.tenantId],
  )
  return found.rows
}

type DeliveryRow = Omit<FlowDelivery, 'since'> & { since: Date }
const delivery = `root_id AS "rootId", flow, version, intake_id AS "intakeId", state::text AS state, updated_at AS since`
const toDelivery = (row: DeliveryRow): FlowDelivery => ({ ...row, since: row.since.toISOString() })

export async function unsettled(tx: Tx, flow: string, state: 'open' | 'retrying', page: { from: number; limit: number }): Promise<FlowDelivery[]> {
  const found = await tx.query<DeliveryRow>(
    `SELECT ${delivery} FROM messaging.pins WHERE tenant_id = $1 AND flow = $2 AND state <> 'settled' AND state::text = $3
     ORDER BY updated_at, root_id OFFSET $4 LIMIT $5`,
    [tx.tenantId, flow, state, page.from, page.limit],
  )
  return found.rows.map(toDelivery)
}

export async function unsettledOne(tx: Tx, flow: string, rootId: string): Promise<FlowDelivery | undefined> {
  const found = await tx.query<DeliveryRow>(
    `SELECT ${delivery} FROM messaging.pins WHERE tenant_id = $1 AND root_id = $2 AND flow = $3 AND state <> 'settled'`,
    [tx.tenantId, rootId, flow],
  )
  return found.rows[0] && toDelivery(found.rows[0])
}

/** One entry per minute, those without a call too: a gap in a line would look like a gap in time. */
export async function callsByMinute(tx: Tx, now: Date): Promise<MinuteOfCalls[]> {
  const last = Math.floor(now.getTime() / minuteMs) * minuteMs
  const first = last - (throughputMinutes - 1) * minuteMs
  const found = await tx.query<{ at: Date; answered: number; failed: number }>(
    `SELECT date_trunc('minute', started_at, 'UTC') AS at, count(*) FILTER (WHERE ${answered})::int AS answered, count(*) FILTER (WHERE ${failed})::int AS failed
     FROM messaging.effect_attempts WHERE tenant_id = $1 AND started_at >= $2 AND started_at <= $3 AND NOT nothing_sent GROUP BY 1`,
    [tx.tenantId, new Date(first), now],
  )
  const by = new Map(found.rows.map((row) => [row.at.getTime(), row]))
  return Array.from({ length: throughputMinutes }, (_, n) => {
    const at = first + n * minuteMs
    const row = by.get(at)
    return { minute: new Date(at).toISOString(), answered: row?.answered ?? 0, failed: row?.failed ?? 0 }
  })
}

export async function callsByPartner(tx: Tx, now: Date): Promise<PartnerCalls[]> {
  const found = await tx.query<PartnerCalls>(
    `SELECT e.partner, count(*)::int AS calls, count(*) FILTER (WHERE ${failed})::int AS failed
     FROM (SELECT ledger_month, effect_id, outcome FROM messaging.effect_attempts WHERE tenant_id = $1 AND started_at >= $2 AND started_at <= $3 AND NOT nothing_sent
           ORDER BY started_at DESC LIMIT ${callsSeenMax}) a
     JOIN messaging.effects e ON e.tenant_id = $1 AND e.ledger_month = a.ledger_month AND e.id = a.effect_id
     WHERE e.partner IS NOT NULL AND (${answered} OR ${failed}) GROUP BY e.partner ORDER BY e.partner`,
    [tx.tenantId, new Date(now.getTime() - partnerMinutes * minuteMs), now],
  )
  return found.rows
}
