import type { Knex } from 'knex'
import { asOwner } from './kit.ts'

/**
 * Whoever writes into an EHR gets the third version, which writes what the form asks for by now. What is under way keeps the version it is pinned
 * to. As in 0022, the table's owner is freed of its one tenant for this one statement.
 */
export async function up(knex: Knex): Promise<void> {
  await asOwner(
    knex,
    'catalog',
    `
ALTER TABLE catalog.flow_activations NO FORCE ROW LEVEL SECURITY;
INSERT INTO catalog.flow_activations (tenant_id, flow, version, percent, activated_at)
SELECT a.tenant_id, 'ehr-writeback', 3, 100, a.activated_at FROM catalog.flow_activations a
WHERE a.flow = 'ehr-writeback' AND a.version = 2 ON CONFLICT DO NOTHING;
ALTER TABLE catalog.flow_activations FORCE ROW LEVEL SECURITY`,
  )
}
