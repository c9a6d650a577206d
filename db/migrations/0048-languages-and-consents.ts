import type { Knex } from 'knex'
import { asOwner, tenantTable } from './kit.ts'

const languages = "ARRAY['en', 'es', 'de', 'fr']"

/**
 * What a clinic shows of itself: the languages that it offers, the one that it prefers first, and its logo. What patients may agree to besides
 * what every visit needs, in numbered versions, and that they may take any of it back: a row beside what was signed, which stays as it was.
 */
export async function up(knex: Knex): Promise<void> {
  await asOwner(
    knex,
    'identity',
    `
ALTER TABLE identity.tenants ADD languages text[] NOT NULL DEFAULT '{en,es}'
    CHECK (cardinality(languages) BETWEEN 1 AND 4 AND languages <@ ${languages} AND array_position(languages, NULL) IS NULL),
  ADD logo bytea CHECK (octet_length(logo) <= 40960);
ALTER TABLE identity.tenants NO FORCE ROW LEVEL SECURITY;
UPDATE identity.tenants SET languages = '{de,en,fr}' WHERE region LIKE 'eu-%';
ALTER TABLE identity.tenants FORCE ROW LEVEL SECURITY;
GRANT UPDATE (brand_colour, contact_phone, languages, logo) ON identity.tenants TO hub_api`,
  )
  await asOwner(
    knex,
    'billing',
    `
ALTER TABLE billing.plans DROP CONSTRAINT plans_language_check,
  ADD CONSTRAINT plans_language_check CHECK (language = ANY (${languages}))`,
  )
  await asOwner(knex, 'compliance', consents)
  await asOwner(knex, 'messaging', "ALTER TYPE messaging.incident_kind ADD VALUE 'consent-withdrawn'")
}

const consents = `
ALTER TYPE compliance.consent_kind ADD VALUE 'sms';
ALTER TYPE compliance.consent_kind ADD VALUE 'telehealth';

ALTER TABLE compliance.consent_texts ADD version integer NOT NULL DEFAULT 1 CHECK (version >= 1);
ALTER TABLE compliance.consent_texts NO FORCE ROW LEVEL SECURITY;
UPDATE compliance.consent_texts t SET version = n.version
FROM (SELECT tenant_id, id, row_number() OVER (PARTITION BY tenant_id, kind, language ORDER BY in_force_from, id) AS version FROM compliance.consent_texts) n
WHERE n.tenant_id = t.tenant_id AND n.id = t.id;
ALTER TABLE compliance.consent_texts FORCE ROW LEVEL SECURITY;
ALTER TABLE compliance.consent_texts ALTER version DROP DEFAULT,
  ADD CONSTRAINT consent_texts_version UNIQUE (tenant_id, kind, language, version);
CREATE UNIQUE INDEX consent_texts_newest ON compliance.consent_texts (tenant_id, kind, language) WHERE in_force_until IS NULL;
GRANT INSERT, UPDATE (in_force_until) ON compliance.consent_texts TO hub_api;

GRANT SELECT ON compliance.consents TO hub_api;
CREATE TABLE compliance.consent_withdrawals (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  consent_id uuid NOT NULL,
  intake_id uuid NOT NULL,
  withdrawn_by text NOT NULL CHECK (length(withdrawn_by) BETWEEN 1 AND 80),
  withdrawn_at timestamptz NOT NULL,
  recorded_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT consent_withdrawals_once UNIQUE (tenant_id, consent_id),
  FOREIGN KEY (tenant_id, consent_id) REFERENCES compliance.consents (tenant_id, id)
);
CREATE INDEX consent_withdrawals_intake ON compliance.consent_withdrawals (tenant_id, intake_id);
${tenantTable('compliance', 'consent_withdrawals', { hub_api: 'SELECT, INSERT', hub_engine: 'SELECT' })}`
