import type { Knex } from 'knex'
import { acrossFunction, acrossRole, asOwner, contextFunction, tenantTable } from './kit.ts'

const here = `NULLIF(current_setting('app.tenant_id', true), '')::uuid`

/**
 * Messages to patients: one row per message and channel, who wants none, and when a clinic disturbs nobody. Of a contact there are keyed
 * hashes beside the sealed words, so that a round decides about a hundred visits and opens none.
 */
export async function up(knex: Knex): Promise<void> {
  await asOwner(knex, 'identity', reach)
  await contextFunction(knex, 'identity', {
    signature: 'identity.set_reach(p_visit_id uuid, p_phone_key text, p_mail_key text, p_sms_allowed boolean, p_language text)',
    returns: 'void',
    body: `BEGIN
  UPDATE identity.visit_contacts c SET phone_key = p_phone_key, mail_key = p_mail_key, sms_allowed = p_sms_allowed, language = p_language
  WHERE c.tenant_id = ${here} AND c.visit_id = p_visit_id;
END`,
    callers: ['hub_api', 'hub_engine'],
  })
  await contextFunction(knex, 'identity', {
    signature: 'identity.reach_of(p_intake_id uuid, p_at timestamptz)',
    returns: 'TABLE (visit_id uuid, status text, link boolean, phone_key text, mail_key text, sms_allowed boolean, language text)',
    volatility: 'STABLE',
    body: `BEGIN
  RETURN QUERY SELECT s.visit_id, CASE WHEN s.revoked_at IS NOT NULL THEN 'revoked' ELSE s.status::text END,
      s.revoked_at IS NULL AND (s.status = 'submitted' OR (s.status IN ('created', 'opened') AND s.expires_at > p_at))
        AND EXISTS (SELECT 1 FROM identity.intake_links l WHERE l.tenant_id = s.tenant_id AND l.intake_id = s.id),
      c.phone_key, c.mail_key, coalesce(c.sms_allowed, false), coalesce(c.language, 'en')
    FROM identity.intake_sessions s LEFT JOIN identity.visit_contacts c ON c.tenant_id = s.tenant_id AND c.visit_id = s.visit_id AND c.sealed IS NOT NULL
    WHERE s.tenant_id = ${here} AND s.id = p_intake_id;
END`,
    callers: ['hub_api', 'hub_engine'],
  })
  await asOwner(knex, 'clinical', upcoming)
  await asOwner(knex, 'messaging', tables)
  await acrossFunction(knex, 'messaging', {
    signature: 'messaging.tenants_with_messages(p_now timestamptz)',
    returns: 'TABLE (tenant_id uuid)',
    volatility: 'STABLE',
    body: `BEGIN
  RETURN QUERY SELECT w.tenant_id FROM (
      SELECT m.tenant_id FROM messaging.messages m WHERE m.due_at <= p_now
      UNION SELECT a.tenant_id FROM clinical.appointments a
        JOIN identity.intake_sessions s ON s.tenant_id = a.tenant_id AND s.id = a.intake_id AND s.status IN ('created', 'opened') AND s.revoked_at IS NULL
        JOIN identity.visit_contacts c ON c.tenant_id = a.tenant_id AND c.visit_id = a.id AND (c.phone_key IS NOT NULL OR c.mail_key IS NOT NULL)
        CROSS JOIN (VALUES ('reminder-72h'::messaging.message_kind, interval '72 hours'), ('reminder-24h', interval '24 hours')) AS r(kind, lead)
        WHERE a.status IN ('proposed', 'booked') AND a.starts_at BETWEEN p_now + interval '12 hours' AND p_now + interval '72 hours'
          AND p_now BETWEEN a.starts_at - r.lead AND a.starts_at - r.lead / 2 AND greatest(a.created_at, a.changed_at) <= a.starts_at - r.lead
          AND NOT EXISTS (SELECT 1 FROM messaging.messages o
            WHERE o.tenant_id = a.tenant_id AND o.visit_id = a.id AND o.visit_revision = a.revision AND o.kind = r.kind)) w
    JOIN identity.tenants t ON t.tenant_id = w.tenant_id AND t.status = 'active' LIMIT 100000;
END`,
    callers: ['hub_engine'],
  })
}

const reach = `
ALTER TABLE identity.visit_contacts
  ADD phone_key text CHECK (phone_key ~ '^[0-9a-f]{64}$'),
  ADD mail_key text CHECK (mail_key ~ '^[0-9a-f]{64}$'),
  ADD sms_allowed boolean NOT NULL DEFAULT false,
  ADD language text NOT NULL DEFAULT 'en' CHECK (length(language) BETWEEN 2 AND 8);
CREATE POLICY across_rows ON identity.visit_contacts FOR ALL TO ${acrossRole} USING (true) WITH CHECK (true);
GRANT SELECT (tenant_id, visit_id, phone_key, mail_key) ON identity.visit_contacts TO ${acrossRole}`

const upcoming = `
CREATE INDEX appointments_upcoming ON clinical.appointments (starts_at) WHERE status IN ('proposed', 'booked');
CREATE POLICY across_rows ON clinical.appointments FOR ALL TO ${acrossRole} USING (true) WITH CHECK (true);
GRANT SELECT (tenant_id, id, intake_id, status, starts_at, revision, created_at, changed_at) ON clinical.appointments TO ${acrossRole}`

const tables = `
ALTER TYPE messaging.incident_kind ADD VALUE 'messages-refused';
CREATE TYPE messaging.message_kind AS ENUM ('invitation', 'code', 'reminder-72h', 'reminder-24h', 'correction-asked', 'confirm-asked', 'news');
CREATE TYPE messaging.message_channel AS ENUM ('sms', 'mail');
CREATE TYPE messaging.message_status AS ENUM ('planned', 'requested', 'suppressed', 'sent', 'failed', 'undelivered', 'delivered');
CREATE TYPE messaging.message_reason AS ENUM ('opted-out', 'number-invalid', 'number-unreachable', 'not-a-mobile', 'mailbox-unknown', 'mailbox-full',
  'content-refused', 'sender-refused', 'too-late', 'finished', 'cancelled', 'moved', 'over', 'link-ended', 'no-link', 'no-address', 'no-consent', 'no-channel',
  'outcome-unknown', 'answered', 'address-changed');
CREATE TYPE messaging.opt_out_cause AS ENUM ('stop', 'partner', 'address', 'patient', 'staff');

CREATE TABLE messaging.messages (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  intake_id uuid NOT NULL,
  visit_id uuid NOT NULL,
  visit_revision integer NOT NULL CHECK (visit_revision >= 1),
  kind messaging.message_kind NOT NULL,
  n integer NOT NULL CHECK (n BETWEEN 1 AND 1000),
  channel messaging.message_channel NOT NULL,
  status messaging.message_status NOT NULL,
  reason messaging.message_reason,
  code text CHECK (code ~ '^[A-Za-z0-9_.-]{1,60}$'),
  about_id uuid,
  instead_of uuid,
  provider_id text CHECK (length(provider_id) BETWEEN 3 AND 120),
  address_key text CHECK (address_key ~ '^[0-9a-f]{64}$'),
  at_once boolean NOT NULL DEFAULT false,
  requested_by text NOT NULL CHECK (length(requested_by) BETWEEN 1 AND 80),
  due_at timestamptz,
  not_after timestamptz,
  created_at timestamptz NOT NULL,
  requested_at timestamptz,
  requested_version integer CHECK (requested_version >= 1),
  sent_at timestamptz,
  status_at timestamptz NOT NULL,
  version integer NOT NULL DEFAULT 1 CHECK (version >= 1),
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT messages_once UNIQUE (tenant_id, visit_id, visit_revision, kind, n),
  FOREIGN KEY (tenant_id, instead_of) REFERENCES messaging.messages (tenant_id, id),
  CHECK ((status = 'planned') = (due_at IS NOT NULL)),
  CHECK (status <> 'suppressed' OR reason IS NOT NULL)
);
CREATE INDEX messages_intake ON messaging.messages (tenant_id, intake_id, created_at DESC);
CREATE INDEX messages_provider ON messaging.messages (tenant_id, provider_id) WHERE provider_id IS NOT NULL;
CREATE INDEX messages_due ON messaging.messages (due_at) WHERE due_at IS NOT NULL;
CREATE UNIQUE INDEX messages_instead ON messaging.messages (tenant_id, instead_of) WHERE instead_of IS NOT NULL;
${tenantTable('messaging', 'messages', { hub_api: 'SELECT, INSERT', hub_engine: 'SELECT, INSERT, UPDATE' }, 'SELECT (tenant_id, visit_id, visit_revision, kind, due_at)')};

CREATE TABLE messaging.opt_outs (
  tenant_id uuid NOT NULL,
  channel messaging.message_channel NOT NULL,
  address_key text NOT NULL CHECK (address_key ~ '^[0-9a-f]{64}$'),
  cause messaging.opt_out_cause NOT NULL,
  said_at timestamptz NOT NULL,
  said_by text NOT NULL CHECK (length(said_by) BETWEEN 1 AND 80),
  ended_at timestamptz,
  PRIMARY KEY (tenant_id, channel, address_key)
);
${tenantTable('messaging', 'opt_outs', { hub_api: 'SELECT, INSERT, UPDATE', hub_engine: 'SELECT, INSERT, UPDATE' })};

CREATE TABLE messaging.message_rules (
  tenant_id uuid NOT NULL PRIMARY KEY,
  quiet_from_minutes integer NOT NULL CHECK (quiet_from_minutes BETWEEN 0 AND 1439),
  quiet_until_minutes integer NOT NULL CHECK (quiet_until_minutes BETWEEN 0 AND 1439),
  sender_name text CHECK (length(sender_name) BETWEEN 1 AND 60),
  saved_by text NOT NULL CHECK (length(saved_by) BETWEEN 1 AND 80),
  saved_at timestamptz NOT NULL
);
${tenantTable('messaging', 'message_rules', { hub_api: 'SELECT, INSERT, UPDATE', hub_engine: 'SELECT' })}`
