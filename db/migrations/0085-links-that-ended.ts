import type { Knex } from 'knex'
import { contextFunction } from './kit.ts'

const here = `NULLIF(current_setting('app.tenant_id', true), '')::uuid`

/** The front desk sees in its list whose link opens nothing any more: a message that carried it says otherwise. */
export const up = (knex: Knex): Promise<void> =>
  contextFunction(knex, 'identity', {
    signature: 'identity.ended_links(p_intake_ids uuid[], p_at timestamptz)',
    returns: 'TABLE (intake_id uuid)',
    volatility: 'STABLE',
    // After a form was sent its link does not end by itself: it leads to the status page.
    body: `BEGIN
  RETURN QUERY SELECT s.id FROM identity.intake_sessions s WHERE s.tenant_id = ${here} AND s.id = ANY (p_intake_ids)
    AND (s.status IN ('expired', 'revoked') OR s.revoked_at IS NOT NULL OR (s.status IN ('created', 'opened') AND s.expires_at <= p_at));
END`,
    callers: ['hub_api'],
  })
