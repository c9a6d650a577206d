import type { Knex } from 'knex'
import { acrossFunction, asOwner, contextFunction, ownerOf, tenantTable } from './kit.ts'

const here = `NULLIF(current_setting('app.tenant_id', true), '')::uuid`

/**
 * What waits for a person gets the time of its visit, a claim, and a kind beside held deliveries; what a person decides about it is a row
 * of its own, carried out by an engine at its time. The API decides and no longer carries out, so its rights on ledger and pins go.
 */
export async function up(knex: Knex): Promise<void> {
  await asOwner(knex, 'identity', `ALTER TYPE identity.document_kind ADD VALUE 'decision-content'`)
  await asOwner(
    knex,
    'clinical',
    `CREATE INDEX appointments_intake ON clinical.appointments (tenant_id, intake_id);
GRANT USAGE ON SCHEMA clinical TO ${ownerOf('messaging')}`,
  )
  await contextFunction(knex, 'clinical', {
    signature: 'clinical.visit_start(p_intake_id uuid)',
    returns: 'timestamptz',
    volatility: 'STABLE',
    body: `BEGIN
  RETURN (SELECT min(a.starts_at) FROM clinical.appointments a WHERE a.tenant_id = ${here} AND a.intake_id = p_intake_id);
END`,
    callers: ['hub_engine', ownerOf('messaging')],
  })
  await asOwner(
    knex,
    'billing',
    'GRANT SELECT (tenant_id, id, intake_id, payer_id, payer_name, recheck_at, recheck_why, doubts, created_at, asked_again_at) ON billing.eligibility_requests TO hub_api',
  )
  await items(knex)
  await decisions(knex)
}

async function items(knex: Knex): Promise<void> {
  await asOwner(
    knex,
    'messaging',
    `
ALTER TYPE messaging.hold_cause ADD VALUE 'turned-down';
ALTER TYPE messaging.hold_cause ADD VALUE 'no-verdict';
ALTER TYPE messaging.hold_cause ADD VALUE 'disputed';
ALTER TYPE messaging.resolution ADD VALUE 'decided';
ALTER TYPE messaging.resolution ADD VALUE 'went-away';
ALTER TYPE messaging.resolve_reason ADD VALUE 'patient-data-wrong';
ALTER TYPE messaging.resolve_reason ADD VALUE 'partner-away';
ALTER TYPE messaging.resolve_reason ADD VALUE 'went-away';
ALTER TYPE messaging.incident_reason ADD VALUE 'patient-data-wrong' BEFORE 'sent-again';
ALTER TYPE messaging.incident_reason ADD VALUE 'partner-away' BEFORE 'sent-again';
CREATE TYPE messaging.override_kind AS ENUM ('delivery', 'case');
ALTER TABLE messaging.overrides
  ADD COLUMN kind messaging.override_kind NOT NULL DEFAULT 'delivery',
  ADD COLUMN request_id uuid,
  ADD COLUMN reason_codes text[] NOT NULL DEFAULT '{}' CHECK (cardinality(reason_codes) <= 20),
  ADD COLUMN visit_at timestamptz,
  ADD COLUMN sort_at timestamptz NOT NULL GENERATED ALWAYS AS (coalesce(visit_at, '9999-12-31 00:00:00+00'::timestamptz)) STORED,
  ADD COLUMN claimed_by uuid,
  ADD COLUMN claimed_until timestamptz,
  ADD CHECK ((claimed_by IS NULL) = (claimed_until IS NULL)),
  ADD CHECK (kind = 'delivery' OR request_id IS NOT NULL),
  DROP CONSTRAINT overrides_check,
  ADD CONSTRAINT overrides_resolved_whole CHECK ((status = 'resolved') = (resolution IS NOT NULL AND resolved_by IS NOT NULL AND resolved_at IS NOT NULL AND reason IS NOT NULL)),
  ADD CONSTRAINT overrides_person_says_why CHECK (status = 'open' OR note_document_id IS NOT NULL OR resolved_by LIKE 'service:%');
CREATE INDEX overrides_by_visit ON messaging.overrides (tenant_id, sort_at, id) WHERE status = 'open';
CREATE INDEX overrides_of_incident ON messaging.overrides (tenant_id, incident_id) WHERE status = 'open' AND incident_id IS NOT NULL;
CREATE INDEX effects_of_intake ON messaging.effects (tenant_id, intake_id) WHERE intake_id IS NOT NULL;
CREATE INDEX effects_next_try ON messaging.effects (tenant_id, not_before, id) WHERE not_before IS NOT NULL;
REVOKE UPDATE (status, resolution, reason, note_document_id, resolved_by, resolved_at) ON messaging.overrides FROM hub_api;
REVOKE UPDATE (version, state, updated_at) ON messaging.pins FROM hub_api;
REVOKE INSERT, UPDATE ON messaging.effects FROM hub_api;
GRANT UPDATE (claimed_by, claimed_until) ON messaging.overrides TO hub_api;
GRANT UPDATE (status, resolution, reason, note_document_id, resolved_by, resolved_at, owner, staff_text, claimed_by, claimed_until) ON messaging.overrides TO hub_engine`,
  )
  // The owner is bound to one tenant at a time like everybody: the bond is off for reading whose items there are, and on for each of them.
  await asOwner(
    knex,
    'messaging',
    `
ALTER TABLE messaging.overrides NO FORCE ROW LEVEL SECURITY;
DO $$
DECLARE v_tenant uuid;
BEGIN
  FOR v_tenant IN SELECT DISTINCT tenant_id FROM messaging.overrides LOOP
    PERFORM set_config('app.tenant_id', v_tenant::text, true);
    UPDATE messaging.overrides SET visit_at = clinical.visit_start(intake_id) WHERE tenant_id = v_tenant AND intake_id IS NOT NULL;
  END LOOP;
  PERFORM set_config('app.tenant_id', '', true);
END $$;
ALTER TABLE messaging.overrides FORCE ROW LEVEL SECURITY`,
  )
}

async function decisions(knex: Knex): Promise<void> {
  await asOwner(
    knex,
    'messaging',
    `
CREATE TYPE messaging.item_action AS ENUM ('confirm', 'mark-inactive', 'correct', 'ask-patient', 'retry', 'other-route', 'move', 'drop', 'answer');
CREATE TYPE messaging.decision_state AS ENUM ('proposed', 'scheduled', 'carried-out', 'undone', 'refused');
CREATE TYPE messaging.refused_why AS ENUM ('second-person', 'already-resolved', 'outcome-unknown', 'not-possible', 'expired', 'failed');
CREATE TABLE messaging.decisions (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  override_id uuid NOT NULL,
  action messaging.item_action NOT NULL,
  state messaging.decision_state NOT NULL,
  reason messaging.resolve_reason NOT NULL,
  note_document_id uuid NOT NULL,
  content_document_id uuid,
  port messaging.port,
  fields text[] CHECK (cardinality(fields) <= 20),
  undoable boolean NOT NULL,
  decided_by uuid NOT NULL,
  decided_at timestamptz NOT NULL,
  second_by uuid,
  second_at timestamptz,
  -- Proposed: when it ends by itself. Scheduled: when it is carried out.
  due_at timestamptz NOT NULL,
  tries integer NOT NULL DEFAULT 0 CHECK (tries BETWEEN 0 AND 100),
  ended_at timestamptz,
  refused_why messaging.refused_why,
  bulk_release_id uuid,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, override_id) REFERENCES messaging.overrides (tenant_id, id),
  CHECK ((second_by IS NULL) = (second_at IS NULL)),
  CHECK (second_by IS NULL OR second_by <> decided_by),
  CHECK ((state IN ('carried-out', 'undone', 'refused')) = (ended_at IS NOT NULL)),
  CHECK ((state = 'refused') = (refused_why IS NOT NULL))
);
CREATE UNIQUE INDEX decisions_one_under_way ON messaging.decisions (tenant_id, override_id) WHERE state IN ('proposed', 'scheduled');
CREATE INDEX decisions_due ON messaging.decisions (due_at, tenant_id) WHERE state IN ('proposed', 'scheduled');
CREATE INDEX decisions_of_item ON messaging.decisions (tenant_id, override_id, decided_at);
${tenantTable('messaging', 'decisions', { hub_api: 'SELECT, INSERT, UPDATE (state, second_by, second_at, due_at, ended_at, refused_why)', hub_engine: 'SELECT, INSERT, UPDATE (state, due_at, tries, ended_at, refused_why)' }, 'SELECT (tenant_id, state, due_at)')};

CREATE TABLE messaging.saved_views (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  user_id uuid NOT NULL,
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 40),
  content jsonb NOT NULL CHECK (octet_length(content::text) <= 2048),
  saved_at timestamptz NOT NULL,
  removed_at timestamptz,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX saved_views_of_user ON messaging.saved_views (tenant_id, user_id) WHERE removed_at IS NULL;
${tenantTable('messaging', 'saved_views', { hub_api: 'SELECT, INSERT, UPDATE (name, content, saved_at, removed_at)' })};

CREATE TABLE messaging.ops_rules (
  tenant_id uuid PRIMARY KEY,
  confirm_needs_two boolean NOT NULL,
  changed_by text NOT NULL CHECK (length(changed_by) BETWEEN 1 AND 80),
  changed_at timestamptz NOT NULL
);
${tenantTable('messaging', 'ops_rules', { hub_api: 'SELECT, INSERT, UPDATE (confirm_needs_two, changed_by, changed_at)' })}`,
  )
  await acrossFunction(knex, 'messaging', {
    signature: 'messaging.tenants_deciding(p_now timestamptz)',
    returns: 'TABLE (tenant_id uuid)',
    volatility: 'STABLE',
    body: `BEGIN
  RETURN QUERY SELECT DISTINCT d.tenant_id FROM messaging.decisions d WHERE d.state IN ('proposed', 'scheduled') AND d.due_at <= p_now LIMIT 100000;
END`,
    callers: ['hub_engine'],
  })
}
