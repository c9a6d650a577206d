import type { Knex } from 'knex'
import { asOwner, contextFunction } from './kit.ts'

/**
 * Whether texts were agreed to with the form; and the flows that send messages, for every clinic that tells its patients anything. Notices stay
 * as they were where nobody can be reached: what is under way keeps the version it is pinned to.
 */
export async function up(knex: Knex): Promise<void> {
  await contextFunction(knex, 'compliance', {
    signature: 'compliance.texts_agreed(p_intake_id uuid)',
    returns: 'boolean',
    volatility: 'STABLE',
    body: `BEGIN
  RETURN EXISTS (SELECT 1 FROM compliance.consents c JOIN compliance.consent_texts t ON t.tenant_id = c.tenant_id AND t.id = c.text_id
    WHERE c.tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid AND c.intake_id = p_intake_id AND t.kind::text = 'sms');
END`,
    callers: ['hub_api', 'hub_engine'],
  })
  await asOwner(
    knex,
    'catalog',
    `
ALTER TABLE catalog.flow_activations NO FORCE ROW LEVEL SECURITY;
INSERT INTO catalog.flow_activations (tenant_id, flow, version, percent, activated_at)
SELECT a.tenant_id, n.flow, n.version, 100, a.activated_at FROM catalog.flow_activations a CROSS JOIN (VALUES
  ('notify', 3), ('message', 1), ('message-fact', 1), ('message-code', 1)
) AS n(flow, version)
WHERE a.flow = 'notify' AND a.version = 1 ON CONFLICT DO NOTHING;
ALTER TABLE catalog.flow_activations FORCE ROW LEVEL SECURITY`,
  )
}
