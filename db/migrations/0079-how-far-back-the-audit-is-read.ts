import type { Knex } from 'knex'
import { contextFunction } from './kit.ts'

const here = `NULLIF(current_setting('app.tenant_id', true), '')::uuid`

/**
 * Who has seen a visit is found by reading every line of the span (0070). This says where to begin, so that of a clinic with very many lines no more than so
 * many are read: the time of the newest line that is too many, of the index alone. Null: the whole span may be read.
 */
export async function up(knex: Knex): Promise<void> {
  await contextFunction(knex, 'compliance', {
    signature: 'compliance.lines_end(p_from timestamptz, p_until timestamptz, p_lines_max integer)',
    returns: 'timestamptz',
    body: `BEGIN
  RETURN (SELECT a.at FROM compliance.audit_logs a WHERE a.tenant_id = ${here} AND a.at >= p_from AND a.at < p_until ORDER BY a.at DESC OFFSET p_lines_max LIMIT 1);
END`,
    callers: ['hub_api'],
    volatility: 'STABLE',
  })
}
