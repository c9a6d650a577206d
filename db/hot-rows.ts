import { randomUUID } from 'node:crypto'
import type { TestHub } from './fixtures.ts'

const rowsEach = 1_000
/** Of the ledger, each in its partition. */
export const ledgerMonths = 24

/** Tables with so many rows that reading one from end to end shows. */
export const filled = [
  ...['identity', 'billing', 'messaging'].map((schema) => `${schema}.outbox`),
  'billing.inbox',
  'reporting.inbox',
  'reporting.journeys',
  'reporting.journey_steps',
  'reporting.journey_holds',
  'identity.intake_sessions',
  'identity.sessions',
  'messaging.pins',
  'messaging.effects',
  'messaging.effect_attempts',
  'messaging.overrides',
  'identity.phi_documents',
  'clinical.appointments',
  'media.uploads',
  'billing.eligibility_requests',
  'billing.eligibility_answers',
  'billing.batches',
  'billing.inquiries',
  'billing.received_items',
  'billing.received_keys',
  'messaging.control_numbers',
  'messaging.received_files',
  'messaging.received_file_parts',
  'messaging.incidents',
  'messaging.breakers',
  'messaging.case_marks',
  'identity.corrections',
  'identity.correction_offers',
  'messaging.bulk_releases',
  'messaging.bulk_release_items',
  'messaging.decisions',
  'identity.connections',
  'clinical.charts',
  'clinical.visit_changes',
  'clinical.forgotten_charts',
  'clinical.withheld_words',
  'clinical.schedules',
  'clinical.schedule_handovers',
  'clinical.schedule_links',
  'clinical.schedule_differences',
  'billing.payments',
  'billing.payment_methods',
  'billing.charges',
  'billing.refunds',
  'billing.method_requests',
  'billing.payment_facts',
  'billing.plans',
  'billing.instalments',
  'messaging.messages',
  'messaging.opt_outs',
  'identity.visit_contacts',
]

/** Many rows of twenty tenants (two where a key points at tenants), most of them in the state nobody asks for. */
export async function fillTables(hub: TestHub): Promise<void> {
  const ours = [hub.tenantId, hub.otherTenantId]
  const rowOf = (ids: readonly string[], each: number): string =>
    `FROM generate_series(1, ${each}) AS i CROSS JOIN (VALUES ${ids.map((id) => `('${id}'::uuid)`).join(', ')}) AS t(id)`
  const row = rowOf([...ours, ...Array.from({ length: 18 }, () => randomUUID())], rowsEach)
  const keyedRow = rowOf(ours, rowsEach * 4)
  const at = `'2026-01-01T00:00:00Z'::timestamptz + i * interval '1 second'`
  const outbox = (
    schema: string,
  ) => `INSERT INTO ${schema}.outbox (tenant_id, id, envelope_id, root_id, aggregate_type, aggregate_id, aggregate_version, event_type,
      contract, payload, region, occurred_at, process, available_at, created_at, status, processed_at)
    SELECT t.id, gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 'x', gen_random_uuid(), 1, 'step.finished.v1', 'x', '{}', 'us-east', ${at}, 'p', ${at}, ${at},
      (CASE WHEN i % 20 = 0 THEN 'pending' ELSE 'processed' END)::${schema}.outbox_status, CASE WHEN i % 20 <> 0 THEN ${at} END ${row}`
  // One part more than months: a partition of the rest that is filled like them, since an empty one is read at no cost.
  const parts = ledgerMonths + 1
  const month = `CASE WHEN i % ${parts} = 0 THEN '1970-01-01' ELSE ('2026-02-01'::date - make_interval(months => i % ${parts} - 1))::date END`
  const hex = `encode(sha256((t.id || i::text)::bytea), 'hex')`
  const statements = [
    `SELECT messaging.open_ledger_month(('2026-02-01'::date - make_interval(months => n))::date) FROM generate_series(0, ${ledgerMonths - 1}) AS n`,
    outbox('identity'),
    outbox('billing'),
    outbox('messaging'),
    `INSERT INTO billing.inbox SELECT t.id, gen_random_uuid(), 'f', 's', ${at}, ${at} ${row}`,
    `INSERT INTO reporting.inbox SELECT t.id, gen_random_uuid(), 'f', 's', ${at}, ${at} ${row}`,
    `INSERT INTO reporting.journeys (tenant_id, intake_id, first_at, updated_at) SELECT t.id, gen_random_uuid(), ${at}, ${at} ${row}`,
    `INSERT INTO reporting.journey_steps (tenant_id, event_id, intake_id, at, step, process) SELECT t.id, gen_random_uuid(), gen_random_uuid(), ${at}, 's', 'p' ${row}`,
    `INSERT INTO reporting.journey_holds SELECT t.id, gen_random_uuid(), gen_random_uuid(), 'f', 'open' ${row}`,
    `INSERT INTO identity.intake_sessions (tenant_id, id, visit_id, link_sha256, expires_at, created_at)
      SELECT t.id, gen_random_uuid(), gen_random_uuid(), ${hex}, '2027-01-01', ${at} ${keyedRow}`,
    `INSERT INTO identity.sessions (tenant_id, id, user_id, token_sha256, started_at, expires_at)
      SELECT t.id, gen_random_uuid(), (SELECT u.id FROM identity.users u WHERE u.tenant_id = t.id LIMIT 1), ${hex}, ${at}, '2027-01-01' ${keyedRow}`,
    `INSERT INTO messaging.pins SELECT t.id, gen_random_uuid(), 'f', 1, gen_random_uuid(), NULL, 'settled', ${at}, ${at} ${row}`,
    `INSERT INTO messaging.effects (tenant_id, id, root_id, flow, step, flow_version, state, fencing, ledger_month)
      SELECT t.id, gen_random_uuid(), gen_random_uuid(), 'f', 's', 1, 'failed', 1, ${month} ${row}`,
    // Many at once: the foreign key's check would be planned anew for each row.
    `SET plan_cache_mode = force_generic_plan; INSERT INTO messaging.effect_attempts (tenant_id, ledger_month, effect_id, fencing, owner, started_at)
      SELECT e.tenant_id, e.ledger_month, e.id, 1, 'o', '2026-01-01' FROM messaging.effects e; RESET plan_cache_mode`,
    `INSERT INTO messaging.overrides (tenant_id, id, root_id, flow, flow_version, step, cause, owner, staff_text, attempts, envelope, status, opened_at, resolution, reason,
        note_document_id, resolved_by, resolved_at)
      SELECT t.id, gen_random_uuid(), gen_random_uuid(), 'f', 1, 's', 'bug', 'ops', 'x', 1, '{}', s.state, ${at}, CASE WHEN s.state = 'resolved' THEN 'drop'::messaging.resolution END,
        CASE WHEN s.state = 'resolved' THEN 'other'::messaging.resolve_reason END, CASE WHEN s.state = 'resolved' THEN t.id END, CASE WHEN s.state = 'resolved' THEN 'u' END,
        CASE WHEN s.state = 'resolved' THEN ${at} END
      ${row} CROSS JOIN LATERAL (SELECT (CASE WHEN i % 20 = 0 THEN 'open' ELSE 'resolved' END)::messaging.override_status AS state) s`,
    `INSERT INTO identity.phi_documents (tenant_id, id, kind, key_version, sealed, stored_at) SELECT t.id, gen_random_uuid(), 'signature', 1, decode(repeat('00', 40), 'hex'), ${at} ${keyedRow}`,
    `INSERT INTO clinical.appointments (tenant_id, id, intake_id, starts_at, ends_at, practitioner, created_at, updated_at)
      SELECT t.id, gen_random_uuid(), gen_random_uuid(), ${at}, ${at} + interval '1 hour', 'd', ${at}, ${at} ${row}`,
    `INSERT INTO media.uploads (tenant_id, id, intake_id, kind, declared_type, quarantine_key, requested_at, first_requested_at, updated_at, quarantine_removed_at)
      SELECT t.id, gen_random_uuid(), gen_random_uuid(), 'card-front', 'image/png', 'q', ${at}, ${at}, ${at}, CASE WHEN i % 20 <> 0 THEN ${at} END ${row}`,
    `INSERT INTO billing.coverages (tenant_id, id, intake_id, patient_id, payer_id, created_at, updated_at)
      SELECT t.id, gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 'SLOWB4', ${at}, ${at} ${row}`,
    `INSERT INTO billing.eligibility_requests (tenant_id, id, coverage_id, intake_id, patient_id, visit_id, payer_id, payer_name, service_date, created_at)
      SELECT c.tenant_id, gen_random_uuid(), c.id, c.intake_id, c.patient_id, gen_random_uuid(), 'SLOWB4', 'Slow', '2026-02-09', c.created_at FROM billing.coverages c`,
    // Doubts are few, and their time is still to come.
    `UPDATE billing.eligibility_requests SET recheck_at = '2026-03-09', recheck_why = 'ageing' WHERE id::text < '1'`,
    `INSERT INTO billing.eligibility_answers (tenant_id, id, request_id, verdict, rule, reason_codes, manual, answered_at)
      SELECT r.tenant_id, gen_random_uuid(), r.id, 'active', 'x', '{}', false, r.created_at FROM billing.eligibility_requests r`,
    `INSERT INTO billing.batches (tenant_id, id, status, inquiries, closed_at, sent_at, isa13, gs06, sha256, ack_due_at, acknowledged_at)
      SELECT t.id, md5(t.id || 'b' || i)::uuid, 'sent', 1, ${at}, ${at}, i, i, ${hex}, ${at}, ${at} ${row}`,
    `INSERT INTO billing.inquiries (tenant_id, request_id, round, payer_id, why, state, queued_at, not_before, batch_id, position, sent_at, answered_at)
      SELECT r.tenant_id, r.id, 1, 'SLOWB4', 'payer-setting', 'answered', r.created_at, r.created_at,
        md5(r.tenant_id || 'b' || row_number() OVER (PARTITION BY r.tenant_id))::uuid, 1, r.created_at, r.created_at FROM billing.eligibility_requests r`,
    `INSERT INTO billing.received_items (tenant_id, id, file_id, position, kind, fate, numbers, sha256, state, item, received_at)
      SELECT t.id, md5(t.id || 'i' || i)::uuid, gen_random_uuid(), 0, 'answer', (CASE WHEN i % 100 = 0 THEN 'orphan' ELSE 'applied' END)::billing.item_fate, 'n' || i, ${hex}, 'whole', '{}', ${at} ${row}`,
    `INSERT INTO billing.received_keys SELECT t.id, 'request:' || md5(t.id || 'r' || i)::uuid, md5(t.id || 'i' || i)::uuid ${row}`,
    `INSERT INTO messaging.control_numbers SELECT t.id, 'x12:hot', 'k' || i, i, ${at} ${row}`,
    `SELECT messaging.raise_control_counter('x12:hot', ${rowsEach})`,
    `INSERT INTO messaging.received_files (tenant_id, id, receiver, sha256, bytes, name_document_id, status, not_before, received_at, read_at)
      SELECT t.id, md5(t.id || 'f' || i)::uuid, 'clearinghouse.hot', ${hex}, 1, gen_random_uuid(), 'read', ${at}, ${at}, ${at} ${row}`,
    `INSERT INTO messaging.received_file_parts SELECT t.id, md5(t.id || 'f' || i)::uuid, 1, gen_random_uuid() ${row}`,
    // About batches of which no answer is here: those that were all answered are closed by whoever looks for silence.
    `INSERT INTO messaging.incidents (tenant_id, id, kind, partner, about, about_id, count, status, opened_at, last_at, reason, closed_by, closed_at)
      SELECT t.id, gen_random_uuid(), 'batch-refused', 'clearinghouse', 'batch', md5(t.id || 'w' || i)::uuid, 1, s.state, ${at}, ${at},
        CASE WHEN s.state = 'resolved' THEN 'other'::messaging.incident_reason END, CASE WHEN s.state = 'resolved' THEN 'u' END, CASE WHEN s.state = 'resolved' THEN ${at} END
      ${row} CROSS JOIN LATERAL (SELECT (CASE WHEN i % 10 = 0 THEN 'open' ELSE 'resolved' END)::messaging.incident_status AS state) s`,
    `INSERT INTO messaging.breakers (tenant_id, partner, payer_id, operation, state, since, trips, reset_ms, plausible_to_close, cause, probe_at, changed_by, changed_at)
      SELECT t.id, 'clearinghouse', 'P' || i, 'hot', (CASE WHEN i % 100 = 0 THEN 'open' ELSE 'closed' END)::messaging.breaker_state, ${at}, 1, 1000, 3, 'timeout', ${at}, 'p', ${at} ${row}`,
    `INSERT INTO messaging.bulk_releases (tenant_id, id, action, selection, rate_per_minute, reason, note_document_id, status, total, decided, carried_out, next_at, run_by,
        started_by, started_at, finished_at)
      SELECT t.id, md5(t.id || 'k' || i)::uuid, 'drop', '{}', 60, 'other', t.id, 'finished', 1, 1, 1, ${at}, 'user:x', 'user:x', ${at}, ${at} ${row}`,
    `INSERT INTO messaging.bulk_release_items (tenant_id, release_id, position, override_id, state, decision_id, turn_at)
      SELECT r.tenant_id, r.id, 1, (SELECT o.id FROM messaging.overrides o WHERE o.tenant_id = r.tenant_id LIMIT 1), 'carried-out', r.id, r.started_at FROM messaging.bulk_releases r`,
    `INSERT INTO messaging.decisions (tenant_id, id, override_id, action, state, reason, note_document_id, undoable, decided_by, decided_at, due_at, ended_at)
      SELECT o.tenant_id, o.id, o.id, 'drop', 'carried-out', 'other', o.id, true, o.id, o.opened_at, o.opened_at, o.opened_at FROM messaging.overrides o WHERE o.status = 'resolved'`,
    `INSERT INTO messaging.case_marks SELECT t.id, gen_random_uuid(), gen_random_uuid(), 1, 0 ${row}`,
    `INSERT INTO identity.patients SELECT s.tenant_id, s.id, s.created_at FROM identity.intake_sessions s WHERE s.patient_id IS NULL`,
    `INSERT INTO identity.correction_offers (tenant_id, intake_id, fields) SELECT s.tenant_id, s.id, '{}' FROM identity.intake_sessions s`,
    `INSERT INTO identity.corrections (tenant_id, id, intake_id, patient_id, corrected_by, actor, fields, idempotency_key, body_mac, former_key_version, former_sealed, corrected_at)
      SELECT s.tenant_id, gen_random_uuid(), s.id, s.id, 'patient', 'x', '{memberId}', 'k', decode(repeat('00', 32), 'hex'), 1, decode(repeat('00', 40), 'hex'), s.created_at
      FROM identity.intake_sessions s WHERE s.patient_id IS NULL`,
    ...moneyRows(row, at),
    ...visitRows(row, at),
    ...messageRows(row, at),
    // Partners: many at one clinic, so that the cross-clinic look-ups by address have something to pass over.
    `INSERT INTO identity.connections (tenant_id, adapter_id, config, secrets_sealed, secret_names, updated_at, updated_by, hook_key, keys_id)
      SELECT t.id, 'hot-' || i, '{}', decode(repeat('00', 40), 'hex'), '{}', ${at}, 'u', md5(t.id || 'h' || i), md5(t.id || 'k' || i) ${keyedRow}`,
    'ANALYZE',
  ]
  for (const statement of statements) await hub.owner.query(statement)
}

/** Of a year: nearly all of it is settled, a hundredth waits for its day. */
function moneyRows(row: string, at: string): string[] {
  const waits = 'i % 100 = 0'
  const asked = 'i % 100 = 50'
  const later = "'2026-06-01'::timestamptz"
  return [
    `INSERT INTO billing.payments (tenant_id, id, intake_id, patient_id, status, currency, intent_kind, intent_id, customer_id, payment_method_id, method, check_at, created_at, updated_at)
      SELECT t.id, md5(t.id || 'p' || i)::uuid, md5(t.id || 'n' || i)::uuid, md5(t.id || 'n' || i)::uuid, 'stored', 'USD', 'setup', 'seti_' || i, 'cus_' || i, 'pm_' || i, 'card',
        CASE WHEN ${waits} THEN ${later} END, ${at}, ${at} ${row}`,
    `INSERT INTO billing.payment_methods (tenant_id, id, payment_id, patient_id, customer_id, payment_method_id, stored_at)
      SELECT p.tenant_id, p.id, p.id, p.patient_id, p.customer_id, p.payment_method_id, p.created_at FROM billing.payments p WHERE p.status = 'stored'`,
    `INSERT INTO billing.plans (tenant_id, id, intake_id, patient_id, total_minor, currency, status, proposed_by, proposed_at, ended_at)
      SELECT t.id, md5(t.id || 'l' || i)::uuid, md5(t.id || 'n' || i)::uuid, md5(t.id || 'n' || i)::uuid, 100, 'USD', 'ended', 'u', ${at}, ${at} ${row}`,
    `INSERT INTO billing.instalments (tenant_id, id, plan_id, number, due_on, due_at, amount_minor, open)
      SELECT t.id, md5(t.id || 'a' || i)::uuid, md5(t.id || 'l' || i)::uuid, 1, '2026-06-01', ${later}, 100, ${waits} ${row}`,
    `INSERT INTO billing.charges (tenant_id, id, series_id, attempt, intake_id, patient_id, purpose, instalment_id, amount_minor, currency, customer_id, payment_method_id, status,
        payment_intent_id, due_at, check_at, first_at, requested_by, created_at, updated_at)
      SELECT t.id, md5(t.id || 'c' || i)::uuid, md5(t.id || 'c' || i)::uuid, 1, md5(t.id || 'n' || i)::uuid, md5(t.id || 'n' || i)::uuid, 'instalment', md5(t.id || 'a' || i)::uuid, 100, 'USD',
        'cus_' || i, 'pm_' || i, (CASE WHEN ${waits} THEN 'scheduled' WHEN ${asked} THEN 'needs-you' ELSE 'succeeded' END)::billing.charge_status, 'pi_' || i, CASE WHEN ${waits} THEN ${later} END, CASE WHEN ${asked} THEN ${later} END,
        ${at}, 'u', ${at}, ${at} ${row}`,
    `INSERT INTO billing.refunds (tenant_id, id, charge_id, intake_id, patient_id, amount_minor, currency, reason, status, partner_refund_id, requested_by, created_at, updated_at)
      SELECT t.id, gen_random_uuid(), md5(t.id || 'c' || i)::uuid, md5(t.id || 'n' || i)::uuid, md5(t.id || 'n' || i)::uuid, 50, 'USD', 'other', 'succeeded', 're_' || i, 'u', ${at}, ${at} ${row}`,
    `INSERT INTO billing.method_requests (tenant_id, id, intake_id, requested_by, requested_at, ended_at, ended_how)
      SELECT t.id, gen_random_uuid(), md5(t.id || 'n' || i)::uuid, 'u', ${at}, CASE WHEN NOT ${waits} THEN ${at} END, CASE WHEN NOT ${waits} THEN 'stored' END ${row}`,
    `INSERT INTO billing.payment_facts (tenant_id, event_id, type, changed, said_at, received_at) SELECT t.id, 'evt_' || i, 'x', true, ${at}, ${at} ${row}`,
  ]
}

/** Charts, visits that were moved once, and what was the matter beside the old scheduler. */
function visitRows(row: string, at: string): string[] {
  return [
    `INSERT INTO clinical.charts (tenant_id, patient_id, document_id, source, learned_at) SELECT t.id, gen_random_uuid(), gen_random_uuid(), 'written', ${at} ${row}`,
    `INSERT INTO clinical.visit_changes (tenant_id, visit_id, revision, change, changed_by, actor, from_status, from_starts_at, from_ends_at, status, starts_at, ends_at, changed_at)
      SELECT a.tenant_id, a.id, 2, 'moved', 'clinic', 'u', 'booked', a.starts_at, a.ends_at, 'booked', a.starts_at, a.ends_at, a.created_at FROM clinical.appointments a`,
    `INSERT INTO clinical.forgotten_charts (tenant_id, patient_id, document_id, visit_id, reason, actor, forgotten_at)
      SELECT a.tenant_id, gen_random_uuid(), gen_random_uuid(), a.id, 'other', 'u', a.created_at FROM clinical.appointments a`,
    `INSERT INTO clinical.withheld_words (tenant_id, visit_id, received, ehr_updated_at, withheld_at, told_at)
      SELECT a.tenant_id, a.id, '{}', a.created_at, a.created_at, a.created_at FROM clinical.appointments a`,
    // One a clinic: there are many clinics, and next to none is due.
    `INSERT INTO clinical.schedules (tenant_id, owner, owner_since, owner_by, dual_run, dual_run_since, dual_run_by, compare_due_at)
      SELECT gen_random_uuid(), 'hub', at, 'u', false, at, 'u', CASE WHEN i % 100 = 0 THEN '2026-06-01'::timestamptz END
      FROM generate_series(1, ${rowsEach * 4}) AS i CROSS JOIN (VALUES ('2026-01-01'::timestamptz)) AS v(at)`,
    `INSERT INTO clinical.schedule_handovers (tenant_id, id, to_owner, phase, started_by, started_at, ended_at) SELECT t.id, gen_random_uuid(), 'hub', 'done', 'u', ${at}, ${at} ${row}`,
    `INSERT INTO clinical.schedule_links (tenant_id, visit_id, legacy_id, legacy_revision, mirrored_version, updated_at)
      SELECT a.tenant_id, a.id, 'D-' || row_number() OVER (PARTITION BY a.tenant_id), 1, 1, a.created_at FROM clinical.appointments a`,
    `INSERT INTO clinical.schedule_differences (tenant_id, id, kind, subject, legacy_id, since, seen_at, seen_run, closed_at)
      SELECT t.id, gen_random_uuid(), 'only-there', 'H-' || i, 'H-' || i, ${at}, ${at}, gen_random_uuid(), CASE WHEN i % 20 <> 0 THEN ${at} END ${row}`,
  ]
}

/** Of a year: sent long ago, and next to none waits. */
function messageRows(row: string, at: string): string[] {
  return [
    `INSERT INTO messaging.messages (tenant_id, id, intake_id, visit_id, visit_revision, kind, n, channel, status, provider_id, requested_by, due_at, created_at, status_at)
      SELECT t.id, gen_random_uuid(), md5(t.id || 'n' || i)::uuid, md5(t.id || 'v' || i)::uuid, 1, 'invitation', 1, 'sms', s.state, 'SM' || md5(t.id || i::text), 'u',
        CASE WHEN s.state = 'planned' THEN '2026-06-01'::timestamptz END, ${at}, ${at}
      ${row} CROSS JOIN LATERAL (SELECT (CASE WHEN i % 100 = 0 THEN 'planned' ELSE 'delivered' END)::messaging.message_status AS state) s`,
    `INSERT INTO messaging.opt_outs (tenant_id, channel, address_key, cause, said_at, said_by) SELECT t.id, 'sms', encode(sha256((t.id || 'o' || i)::bytea), 'hex'), 'stop', ${at}, 'u' ${row}`,
    `INSERT INTO identity.visit_contacts (tenant_id, visit_id, source, key_version, saved_at)
      SELECT s.tenant_id, s.visit_id, 'staff', 1, s.created_at FROM identity.intake_sessions s`,
  ]
}
