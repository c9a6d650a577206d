import pg from 'pg'
import type { Stack } from '../../docker/local/stack.ts'
import { everyOutbox } from '../chaos/facts.ts'

/** How long deliveries waited, as the database saw it. */
export interface Waits {
  deliveries: number
  /** From when an event could leave its outbox to the moment a flow had it. */
  firstSeconds: number
  redeliveries: number
  /** From when a delivery was due again to its next try, or its end. */
  againSeconds: number
  /** From when a flow had it, or had it again, to its end or to when it was put off: a lease that was waited out is in here. */
  runSeconds: number
  /** Calls that an engine gave up because it had to end. */
  givenUp: number
}

/**
 * What was due again and never tried, and what a flow had and never ended, has waited for ever. An event that no flow ever had is not
 * among the deliveries: the count of effects calls it lost.
 */
const never = 9_999
const seconds = (interval: string): string => `coalesce(max(coalesce(extract(epoch FROM ${interval}), ${never})), 0)::float`

const waitsSql = `
WITH rows AS (${everyOutbox('tenant_id, id, envelope_id, root_id, only_flow, available_at, created_at')}),
again AS (
  SELECT r.*, coalesce(
    (SELECT min(a.started_at) FROM messaging.effects e JOIN messaging.effect_attempts a ON a.tenant_id = e.tenant_id AND a.effect_id = e.id
      WHERE e.tenant_id = r.tenant_id AND e.root_id = r.root_id AND e.flow = r.only_flow AND a.started_at >= r.available_at),
    (SELECT p.updated_at FROM messaging.pins p WHERE p.tenant_id = r.tenant_id AND p.root_id = r.root_id AND p.flow = r.only_flow AND p.state = 'settled')) AS met
  FROM rows r WHERE r.only_flow IS NOT NULL),
first AS (
  SELECT p.tenant_id, p.root_id, p.flow, r.available_at, p.pinned_at, CASE WHEN p.state = 'settled' THEN p.updated_at END AS settled_at
  FROM messaging.pins p JOIN rows r ON r.tenant_id = p.tenant_id AND r.envelope_id = p.root_id AND r.only_flow IS NULL),
begun AS (
  SELECT tenant_id, root_id, flow, pinned_at AS at, NULL::uuid AS row_id, settled_at FROM first
  UNION ALL SELECT f.tenant_id, f.root_id, f.flow, a.met, a.id, f.settled_at
  FROM again a JOIN first f ON f.tenant_id = a.tenant_id AND f.root_id = a.root_id AND f.flow = a.only_flow WHERE a.met IS NOT NULL),
runs AS (
  SELECT coalesce(min(a.created_at), b.settled_at) - b.at AS took
  FROM begun b LEFT JOIN again a ON a.tenant_id = b.tenant_id AND a.root_id = b.root_id AND a.only_flow = b.flow AND a.created_at >= b.at
    AND a.id IS DISTINCT FROM b.row_id
  GROUP BY b.tenant_id, b.root_id, b.flow, b.at, b.row_id, b.settled_at)
SELECT (SELECT count(*)::int FROM first) AS deliveries, (SELECT ${seconds('pinned_at - available_at')} FROM first) AS "firstSeconds",
  (SELECT count(*)::int FROM again) AS redeliveries, (SELECT ${seconds('met - available_at')} FROM again) AS "againSeconds",
  (SELECT ${seconds('took')} FROM runs) AS "runSeconds",
  (SELECT count(*)::int FROM messaging.effect_attempts WHERE cause = 'timeout' AND NOT nothing_sent AND ended_at - started_at < interval '5 seconds') AS "givenUp"`

/** Behind the hub, as the database's owner. */
export function openWaits(stack: Pick<Stack, 'ownerUrl'>): { underWay(): Promise<number>; read(): Promise<Waits>; close(): Promise<void> } {
  const pool = new pg.Pool({ connectionString: stack.ownerUrl, max: 1 })
  return {
    /** Calls to partners that have not come back. */
    async underWay() {
      const found = await pool.query<{ n: number }>(`SELECT count(*)::int AS n FROM messaging.effects WHERE state = 'started'`)
      return found.rows[0]?.n ?? 0
    },
    async read() {
      const found = await pool.query<Waits>(waitsSql)
      if (!found.rows[0]) throw new Error('the waits could not be read')
      return found.rows[0]
    },
    close: () => pool.end(),
  }
}
