import type { Knex } from 'knex'
import { asOwner, contextFunction } from './kit.ts'

const here = `NULLIF(current_setting('app.tenant_id', true), '')::uuid`

/** Texts as their patient agreed to them: so many for a visit, only that person takes them up again, and with a link that still opens. */
export async function up(knex: Knex): Promise<void> {
  await asOwner(knex, 'messaging', `ALTER TYPE messaging.message_reason ADD VALUE 'visit-limit'`)
  await contextFunction(knex, 'identity', {
    signature: 'identity.same_patient(p_intake_id uuid, p_other_id uuid)',
    returns: 'boolean',
    volatility: 'STABLE',
    // Who sent a form is known again by the keyed hash of their name, birth date and phone; without one they are nobody but themselves.
    body: `BEGIN
  RETURN p_intake_id = p_other_id OR EXISTS (
    SELECT 1 FROM identity.intake_sessions s JOIN identity.patients p ON p.tenant_id = s.tenant_id AND p.id = s.patient_id
      JOIN identity.intake_sessions os ON os.tenant_id = s.tenant_id AND os.id = p_other_id
      JOIN identity.patients o ON o.tenant_id = os.tenant_id AND o.id = os.patient_id
    WHERE s.tenant_id = ${here} AND s.id = p_intake_id AND p.match_mac = o.match_mac);
END`,
    callers: ['hub_api', 'hub_engine'],
  })
  await contextFunction(knex, 'identity', {
    signature: 'identity.link_made_at(p_intake_id uuid)',
    returns: 'timestamptz',
    volatility: 'STABLE',
    body: `BEGIN
  RETURN (SELECT l.made_at FROM identity.intake_links l WHERE l.tenant_id = ${here} AND l.intake_id = p_intake_id);
END`,
    callers: ['hub_engine'],
  })
}
