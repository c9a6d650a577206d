import type { Knex } from 'knex'
import { asOwner } from './kit.ts'

/**
 * Cover follows a visit at every clinic that asks for it, and so do the items that wait for a person. An instalment that nothing can be charged on
 * is something that somebody is told of.
 */
export async function up(knex: Knex): Promise<void> {
  await asOwner(
    knex,
    'messaging',
    `
ALTER TYPE messaging.incident_kind ADD VALUE 'instalment-not-charged';
ALTER TYPE messaging.incident_about ADD VALUE 'plan';
GRANT UPDATE (visit_at) ON messaging.overrides TO hub_engine`,
  )
  await asOwner(
    knex,
    'catalog',
    `
ALTER TABLE catalog.flow_activations NO FORCE ROW LEVEL SECURITY;
INSERT INTO catalog.flow_activations (tenant_id, flow, version, percent, activated_at)
SELECT a.tenant_id, 'visit-cover', 1, 100, a.activated_at FROM catalog.flow_activations a
WHERE a.flow = 'eligibility' AND a.version = 3 ON CONFLICT DO NOTHING;
ALTER TABLE catalog.flow_activations FORCE ROW LEVEL SECURITY`,
  )
}
