import type { Knex } from 'knex'
import { asOwner } from './kit.ts'

/** Appointments of the EHR become visits at every clinic that writes into one; nothing enters the flow before a connection asks for it. */
export async function up(knex: Knex): Promise<void> {
  await asOwner(
    knex,
    'catalog',
    `
ALTER TABLE catalog.flow_activations NO FORCE ROW LEVEL SECURITY;
INSERT INTO catalog.flow_activations (tenant_id, flow, version, percent, activated_at)
SELECT a.tenant_id, 'ehr-booking', 1, 100, a.activated_at FROM catalog.flow_activations a
WHERE a.flow = 'ehr-appointment' AND a.version = 1 ON CONFLICT DO NOTHING;
ALTER TABLE catalog.flow_activations FORCE ROW LEVEL SECURITY`,
  )
}
