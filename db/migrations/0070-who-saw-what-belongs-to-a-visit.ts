import type { Knex } from 'knex'
import { asOwner, contextFunction } from './kit.ts'

const here = `NULLIF(current_setting('app.tenant_id', true), '')::uuid`
const uuid = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}'

/**
 * Who has seen a visit is asked about all that belongs to it: codes, messages, items of the queue and what they hold, money. Those are many ids, so a line
 * is no longer searched for each of them: the one that it names is taken out of it once.
 */
export async function up(knex: Knex): Promise<void> {
  await contextFunction(knex, 'identity', {
    signature: 'identity.codes_of(p_intake_id uuid)',
    returns: 'TABLE (id uuid)',
    volatility: 'STABLE',
    body: `BEGIN
  RETURN QUERY SELECT c.id FROM identity.proof_codes c WHERE c.tenant_id = ${here} AND c.intake_id = p_intake_id ORDER BY c.asked_at DESC LIMIT 200;
END`,
    callers: ['hub_api'],
  })
  await asOwner(knex, 'messaging', 'CREATE INDEX overrides_of_intake ON messaging.overrides (tenant_id, intake_id) WHERE intake_id IS NOT NULL')
  await asOwner(knex, 'compliance', 'DROP FUNCTION compliance.lines_about(uuid[], timestamptz, timestamptz, integer)')
  await contextFunction(knex, 'compliance', {
    signature: 'compliance.lines_about(p_ids uuid[], p_from timestamptz, p_until timestamptz, p_limit integer)',
    returns: 'TABLE (at timestamptz, actor text, action text, purpose text, outcome text, subjects integer)',
    // The newest first: lines that name one of these, and lists that hold one. Only a short list names several. The span is an index's.
    body: `BEGIN
  RETURN QUERY SELECT a.at, a.actor, a.action, a.purpose, a.outcome::text, coalesce(cardinality(l.subject_ids), substring(a.resource FROM '^visits:([0-9]{1,4})')::integer, 1)
    FROM compliance.audit_logs a LEFT JOIN compliance.audit_lists l ON l.tenant_id = a.tenant_id AND l.audit_id = a.id AND l.at >= p_from AND l.at < p_until
    WHERE a.tenant_id = ${here} AND a.at >= p_from AND a.at < p_until
      AND (l.subject_ids && p_ids OR substring(a.resource FROM '${uuid}')::uuid = ANY (p_ids)
        OR (a.resource LIKE 'visits:%' AND EXISTS (SELECT 1 FROM unnest(p_ids) AS one WHERE position(one::text IN a.resource) > 0)))
    ORDER BY a.at DESC, a.id LIMIT p_limit;
END`,
    callers: ['hub_api'],
    volatility: 'STABLE',
  })
}
