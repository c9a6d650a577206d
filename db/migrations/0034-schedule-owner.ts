import type { Knex } from 'knex'
import { acrossFunction, asOwner, tenantTable } from './kit.ts'

/**
 * Beside the old scheduler: who keeps a clinic's appointments, which copy belongs to which visit, what differs and since when, and how far a
 * handover is. A clinic without a row keeps its appointments here, as every clinic did before.
 */
export async function up(knex: Knex): Promise<void> {
  await asOwner(
    knex,
    'clinical',
    `
CREATE TYPE clinical.schedule_owner AS ENUM ('hub', 'legacy-scheduler');
CREATE TYPE clinical.handover_phase AS ENUM ('freezing', 'draining', 'thawing', 'done', 'given-up');
CREATE TYPE clinical.schedule_difference AS ENUM ('only-here', 'only-there', 'time', 'status', 'practitioner', 'refused-there', 'changed-there', 'unreadable-there');
CREATE TABLE clinical.schedule_handovers (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  to_owner clinical.schedule_owner NOT NULL,
  phase clinical.handover_phase NOT NULL DEFAULT 'freezing',
  give_up boolean NOT NULL DEFAULT false,
  comparisons integer NOT NULL DEFAULT 0 CHECK (comparisons >= 0),
  differences integer NOT NULL DEFAULT 0 CHECK (differences >= 0),
  started_by text NOT NULL CHECK (length(started_by) BETWEEN 1 AND 80),
  started_at timestamptz NOT NULL,
  frozen_at timestamptz,
  last_change bigint CHECK (last_change >= 0),
  switched_at timestamptz,
  ended_at timestamptz,
  PRIMARY KEY (tenant_id, id),
  CHECK ((ended_at IS NOT NULL) = (phase IN ('done', 'given-up')))
);
CREATE UNIQUE INDEX schedule_handovers_open ON clinical.schedule_handovers (tenant_id) WHERE ended_at IS NULL;
CREATE INDEX schedule_handovers_newest ON clinical.schedule_handovers (tenant_id, started_at);
${tenantTable('clinical', 'schedule_handovers', { hub_api: 'SELECT, INSERT, UPDATE', hub_engine: 'SELECT, INSERT, UPDATE' })};
CREATE TABLE clinical.schedules (
  tenant_id uuid NOT NULL,
  owner clinical.schedule_owner NOT NULL,
  owner_since timestamptz NOT NULL,
  owner_by text NOT NULL CHECK (length(owner_by) BETWEEN 1 AND 80),
  dual_run boolean NOT NULL,
  dual_run_since timestamptz NOT NULL,
  dual_run_by text NOT NULL CHECK (length(dual_run_by) BETWEEN 1 AND 80),
  handover_id uuid,
  compare_due_at timestamptz,
  compare_run uuid,
  compare_from timestamptz,
  compare_began_at timestamptz,
  compared_at timestamptz,
  refused_code text CHECK (length(refused_code) BETWEEN 1 AND 60),
  refused_at timestamptz,
  PRIMARY KEY (tenant_id),
  FOREIGN KEY (tenant_id, handover_id) REFERENCES clinical.schedule_handovers (tenant_id, id)
);
CREATE INDEX schedules_due ON clinical.schedules (tenant_id, compare_due_at) WHERE compare_due_at IS NOT NULL;
${tenantTable('clinical', 'schedules', { hub_api: 'SELECT, INSERT, UPDATE', hub_engine: 'SELECT, UPDATE' }, 'SELECT (tenant_id, compare_due_at)')};
CREATE TABLE clinical.schedule_links (
  tenant_id uuid NOT NULL,
  visit_id uuid NOT NULL,
  legacy_id text CHECK (legacy_id ~ '^[A-Za-z0-9-]{1,40}$'),
  legacy_revision integer CHECK (legacy_revision >= 1),
  mirrored_version integer CHECK (mirrored_version >= 1),
  refused text CHECK (length(refused) BETWEEN 1 AND 60),
  seen_run uuid,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, visit_id),
  CHECK ((legacy_id IS NULL) = (legacy_revision IS NULL))
);
CREATE UNIQUE INDEX schedule_links_legacy ON clinical.schedule_links (tenant_id, legacy_id) WHERE legacy_id IS NOT NULL;
${tenantTable('clinical', 'schedule_links', { hub_api: 'SELECT', hub_engine: 'SELECT, INSERT, UPDATE' })};
CREATE TABLE clinical.schedule_differences (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  kind clinical.schedule_difference NOT NULL,
  subject text NOT NULL CHECK (length(subject) BETWEEN 1 AND 40),
  visit_id uuid,
  legacy_id text CHECK (legacy_id ~ '^[A-Za-z0-9-]{1,40}$'),
  code text CHECK (length(code) BETWEEN 1 AND 60),
  since timestamptz NOT NULL,
  seen_at timestamptz NOT NULL,
  seen_run uuid NOT NULL,
  closed_at timestamptz,
  PRIMARY KEY (tenant_id, id),
  CHECK (visit_id IS NOT NULL OR legacy_id IS NOT NULL)
);
CREATE UNIQUE INDEX schedule_differences_open ON clinical.schedule_differences (tenant_id, subject, kind) WHERE closed_at IS NULL;
CREATE INDEX schedule_differences_since ON clinical.schedule_differences (tenant_id, since, id) WHERE closed_at IS NULL;
${tenantTable('clinical', 'schedule_differences', { hub_api: 'SELECT', hub_engine: 'SELECT, INSERT, UPDATE' })}`,
  )
  // What comes from the old scheduler is a visit with its intake, in a commit of the engine.
  await asOwner(knex, 'clinical', 'GRANT INSERT ON clinical.appointments TO hub_engine')
  await asOwner(
    knex,
    'identity',
    'GRANT EXECUTE ON FUNCTION identity.open_intake(uuid, uuid, text, timestamptz, uuid, text, text, timestamptz, text) TO hub_engine',
  )
  await acrossFunction(knex, 'clinical', {
    signature: 'clinical.tenants_to_compare(p_now timestamptz)',
    returns: 'TABLE (tenant_id uuid)',
    volatility: 'STABLE',
    body: `BEGIN
  RETURN QUERY SELECT s.tenant_id FROM clinical.schedules s JOIN identity.tenants t ON t.tenant_id = s.tenant_id AND t.status = 'active'
    WHERE s.compare_due_at <= p_now LIMIT 100000;
END`,
    callers: ['hub_engine'],
  })
}
