import type { Knex } from 'knex'
import { acrossFunction, acrossRole, asOwner } from './kit.ts'

/**
 * A charge that was called declined and took the money after all, while the same thing was charged anew: both are true, and stand beside each other.
 * And a clinic that was put to rest charges nobody.
 */
export async function up(knex: Knex): Promise<void> {
  await asOwner(
    knex,
    'messaging',
    `
ALTER TYPE messaging.incident_kind ADD VALUE 'charged-twice';
ALTER TYPE messaging.incident_about ADD VALUE 'charge'`,
  )
  await asOwner(
    knex,
    'billing',
    `
ALTER TABLE billing.charges ADD beside boolean NOT NULL DEFAULT false;
DROP INDEX billing.charges_one_copay;
DROP INDEX billing.charges_one_instalment;
CREATE UNIQUE INDEX charges_one_copay ON billing.charges (tenant_id, intake_id) WHERE purpose = 'copay' AND status NOT IN ('declined', 'canceled') AND NOT beside;
CREATE UNIQUE INDEX charges_one_instalment ON billing.charges (tenant_id, instalment_id) WHERE status NOT IN ('declined', 'canceled') AND NOT beside`,
  )
  await knex.raw(`SET LOCAL ROLE ${acrossRole}; DROP FUNCTION billing.tenants_with_dues(timestamptz); RESET ROLE`)
  await acrossFunction(knex, 'billing', {
    signature: 'billing.tenants_with_dues(p_now timestamptz)',
    returns: 'TABLE (tenant_id uuid)',
    volatility: 'STABLE',
    body: `BEGIN
  RETURN QUERY SELECT d.tenant_id FROM (
      SELECT c.tenant_id FROM billing.charges c WHERE c.due_at <= p_now
      UNION SELECT p.tenant_id FROM billing.payments p WHERE p.check_at <= p_now
      UNION SELECT i.tenant_id FROM billing.instalments i WHERE i.open AND i.due_at <= p_now) d
    JOIN identity.tenants t ON t.tenant_id = d.tenant_id AND t.status = 'active' LIMIT 100000;
END`,
    callers: ['hub_engine'],
  })
}
