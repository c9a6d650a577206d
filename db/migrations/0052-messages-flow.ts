import type { Knex } from 'knex'
import { asOwner } from './kit.ts'

/**
 * The flows that send messages, for every clinic that tells its patients anything. What is under way keeps the version it is pinned to. As in
 * 0022, the table's owner is freed of its one tenant for this one statement.
 */
export async function up(knex: Knex): Promise<void> {
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
