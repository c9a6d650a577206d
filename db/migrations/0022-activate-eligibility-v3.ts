import type { Knex } from 'knex'
import { asOwner } from './kit.ts'

/**
 * Whoever runs eligibility gets its third version and the flows that stand around an answer in doubt. What is under way keeps the version it is
 * pinned to. The table's owner is bound to one tenant, and this is for all of them: the bond is taken off for this one statement, inside the
 * transaction.
 */
export async function up(knex: Knex): Promise<void> {
  await asOwner(
    knex,
    'catalog',
    `
ALTER TABLE catalog.flow_activations NO FORCE ROW LEVEL SECURITY;
INSERT INTO catalog.flow_activations (tenant_id, flow, version, percent, activated_at)
SELECT a.tenant_id, n.flow, n.version, 100, a.activated_at FROM catalog.flow_activations a CROSS JOIN (VALUES
  ('eligibility', 3), ('clearinghouse-batch', 2), ('payer-canary', 1), ('notify', 2), ('eligibility-case', 1), ('case-decision', 1), ('intake-corrected', 1)
) AS n(flow, version)
WHERE a.flow = 'eligibility' AND a.version = 2 ON CONFLICT DO NOTHING;
ALTER TABLE catalog.flow_activations FORCE ROW LEVEL SECURITY`,
  )
}
