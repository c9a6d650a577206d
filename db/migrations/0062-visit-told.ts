import type { Knex } from 'knex'
import { asOwner } from './kit.ts'

/** The flow that tells of moved and cancelled visits, for every clinic that sends messages. As in 0022, the owner is freed of its one tenant for this. */
export async function up(knex: Knex): Promise<void> {
  await asOwner(
    knex,
    'catalog',
    `
ALTER TABLE catalog.flow_activations NO FORCE ROW LEVEL SECURITY;
INSERT INTO catalog.flow_activations (tenant_id, flow, version, percent, activated_at)
SELECT a.tenant_id, 'visit-told', 1, 100, a.activated_at FROM catalog.flow_activations a
WHERE a.flow = 'message' AND a.version = 1 ON CONFLICT DO NOTHING;
ALTER TABLE catalog.flow_activations FORCE ROW LEVEL SECURITY`,
  )
}
