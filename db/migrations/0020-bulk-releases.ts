import type { Knex } from 'knex'
import { acrossFunction, asOwner, tenantTable } from './kit.ts'

/**
 * Many waiting items decided by one person at a rate. Which ones is fixed at the start; an item's row says whether its turn came and
 * what became of it. The counters on the release are written in the commit that moves the items, and the checks hold them together.
 */
export async function up(knex: Knex): Promise<void> {
  await asOwner(
    knex,
    'messaging',
    `
CREATE TYPE messaging.bulk_action AS ENUM ('retry', 'other-route', 'drop');
CREATE TYPE messaging.bulk_status AS ENUM ('running', 'stopped', 'finished');
CREATE TYPE messaging.bulk_item_state AS ENUM ('waiting', 'decided', 'carried-out', 'refused', 'skipped');
CREATE TYPE messaging.bulk_skip AS ENUM ('claimed', 'decided', 'resolved', 'not-allowed');
CREATE TABLE messaging.bulk_releases (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  action messaging.bulk_action NOT NULL,
  selection jsonb NOT NULL CHECK (octet_length(selection::text) <= 1024),
  rate_per_minute integer NOT NULL CHECK (rate_per_minute BETWEEN 1 AND 600),
  reason messaging.resolve_reason NOT NULL,
  note_document_id uuid NOT NULL,
  status messaging.bulk_status NOT NULL DEFAULT 'running',
  total integer NOT NULL CHECK (total BETWEEN 1 AND 10000),
  decided integer NOT NULL DEFAULT 0 CHECK (decided >= 0),
  carried_out integer NOT NULL DEFAULT 0 CHECK (carried_out >= 0),
  refused integer NOT NULL DEFAULT 0 CHECK (refused >= 0),
  skipped_claimed integer NOT NULL DEFAULT 0 CHECK (skipped_claimed >= 0),
  skipped_decided integer NOT NULL DEFAULT 0 CHECK (skipped_decided >= 0),
  skipped_resolved integer NOT NULL DEFAULT 0 CHECK (skipped_resolved >= 0),
  skipped_not_allowed integer NOT NULL DEFAULT 0 CHECK (skipped_not_allowed >= 0),
  next_at timestamptz NOT NULL,
  run_by text NOT NULL CHECK (length(run_by) BETWEEN 1 AND 80),
  started_by text NOT NULL CHECK (length(started_by) BETWEEN 1 AND 80),
  started_at timestamptz NOT NULL,
  changed_by text CHECK (length(changed_by) BETWEEN 1 AND 80),
  changed_at timestamptz,
  finished_at timestamptz,
  PRIMARY KEY (tenant_id, id),
  CHECK (carried_out + refused <= decided),
  CHECK (decided + skipped_claimed + skipped_decided + skipped_resolved + skipped_not_allowed <= total),
  CHECK ((status = 'finished') = (finished_at IS NOT NULL)),
  CHECK ((changed_by IS NULL) = (changed_at IS NULL))
);
CREATE INDEX bulk_releases_newest ON messaging.bulk_releases (tenant_id, started_at, id);
CREATE INDEX bulk_releases_at_work ON messaging.bulk_releases (tenant_id, next_at) WHERE status = 'running' OR decided > carried_out + refused;
${tenantTable(
  'messaging',
  'bulk_releases',
  {
    hub_api: 'SELECT, INSERT, UPDATE (status, run_by, next_at, changed_by, changed_at)',
    hub_engine: `SELECT, UPDATE (status, next_at, decided, carried_out, refused, skipped_claimed, skipped_decided, skipped_resolved,
  skipped_not_allowed, finished_at)`,
  },
  'SELECT (tenant_id, status, decided, carried_out, refused)',
)};
CREATE TABLE messaging.bulk_release_items (
  tenant_id uuid NOT NULL,
  release_id uuid NOT NULL,
  position integer NOT NULL CHECK (position BETWEEN 1 AND 10000),
  override_id uuid NOT NULL,
  state messaging.bulk_item_state NOT NULL DEFAULT 'waiting',
  why messaging.bulk_skip,
  decision_id uuid,
  turn_at timestamptz,
  PRIMARY KEY (tenant_id, release_id, position),
  CONSTRAINT bulk_release_items_once UNIQUE (tenant_id, release_id, override_id),
  FOREIGN KEY (tenant_id, release_id) REFERENCES messaging.bulk_releases (tenant_id, id),
  FOREIGN KEY (tenant_id, override_id) REFERENCES messaging.overrides (tenant_id, id),
  CHECK ((state = 'waiting') = (turn_at IS NULL)),
  CHECK ((state = 'skipped') = (why IS NOT NULL)),
  CHECK ((state IN ('decided', 'carried-out', 'refused')) = (decision_id IS NOT NULL))
);
CREATE INDEX bulk_release_items_waiting ON messaging.bulk_release_items (tenant_id, release_id, position) WHERE state = 'waiting';
CREATE INDEX bulk_release_items_decided ON messaging.bulk_release_items (tenant_id, release_id, position) WHERE state = 'decided';
${tenantTable('messaging', 'bulk_release_items', { hub_api: 'SELECT, INSERT', hub_engine: 'SELECT, UPDATE (state, why, decision_id, turn_at)' })}`,
  )
  await acrossFunction(knex, 'messaging', {
    signature: 'messaging.tenants_releasing()',
    returns: 'TABLE (tenant_id uuid)',
    volatility: 'STABLE',
    body: `BEGIN
  RETURN QUERY SELECT DISTINCT r.tenant_id FROM messaging.bulk_releases r JOIN identity.tenants t ON t.tenant_id = r.tenant_id AND t.status = 'active'
    WHERE r.status = 'running' OR r.decided > r.carried_out + r.refused LIMIT 100000;
END`,
    callers: ['hub_engine'],
  })
}
