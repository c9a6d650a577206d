import type { Knex } from 'knex'
import { asOwner } from './kit.ts'

/** What goes on beside the old scheduler is there for every clinic; nothing enters it before the clinic has one. */
export async function up(knex: Knex): Promise<void> {
  await asOwner(
    knex,
    'catalog',
    `
ALTER TABLE catalog.flow_activations NO FORCE ROW LEVEL SECURITY;
INSERT INTO catalog.flow_activations (tenant_id, flow, version, percent, activated_at)
SELECT a.tenant_id, n.flow, 1, 100, a.activated_at FROM catalog.flow_activations a CROSS JOIN (VALUES
  ('legacy-appointment'), ('legacy-mirror'), ('legacy-handover')
) AS n(flow)
WHERE a.flow = 'eligibility' AND a.version = 3 ON CONFLICT DO NOTHING;
ALTER TABLE catalog.flow_activations FORCE ROW LEVEL SECURITY`,
  )
}
