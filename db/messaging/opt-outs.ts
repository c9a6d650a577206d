import { clinicCauses, type MessageChannel, type OptOutCause } from '@heliox/core/messaging'
import type { Tx } from '../tenancy.ts'

/** Addresses that get no messages, each under its keyed hash: one row per address, taken back and set again as often as those say so who may. */
export interface OptOut {
  cause: OptOutCause
  saidAt: Date
}

/** Undefined: messages may go there. */
export async function optOutOf(tx: Tx, channel: MessageChannel, addressKey: string): Promise<OptOut | undefined> {
  const found = await tx.query<OptOut>(
    `SELECT cause::text AS cause, said_at AS "saidAt" FROM messaging.opt_outs WHERE tenant_id = $1 AND channel = $2 AND address_key = $3 AND ended_at IS NULL`,
    [tx.tenantId, channel, addressKey],
  )
  return found.rows[0]
}

interface Said {
  channel: MessageChannel
  addressKey: string
  /** When it was said; what was said before the last word changes nothing. */
  at: Date
}
/** What stands is replaced by what weighs as much or more: of two that end the same, the one that fewer may take back. */
const weight = (cause: string) => `array_position('{patient,address,staff,partner,stop}'::text[], ${cause}::text)`
const clinicsOwn = `IN (${clinicCauses.map((cause) => `'${cause}'`).join(', ')})`
/**
 * Of STOP and START of one second, STOP counts. What a patient clicks never takes the place of what ends more, but lies beneath the clinic's word and comes
 * up again with its end. The clinic's word takes nothing from a STOP, also not from one that is heard of only after that word has ended. False: it changed
 * nothing.
 */
export async function optOut(tx: Tx, { channel, addressKey, at }: Said, cause: OptOutCause, by: string): Promise<boolean> {
  const beneath = (column: string) => `CASE WHEN o.ended_at IS NOT NULL THEN NULL WHEN o.cause = 'patient' THEN o.${column} ELSE o.patient_${column} END`
  const set = await tx.query(
    `INSERT INTO messaging.opt_outs AS o (tenant_id, channel, address_key, cause, said_at, said_by) VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT (tenant_id, channel, address_key) DO UPDATE SET cause = excluded.cause, said_at = greatest(o.said_at, excluded.said_at), said_by = excluded.said_by,
       ended_at = NULL, patient_said_at = ${beneath('said_at')}, patient_said_by = ${beneath('said_by')}
     WHERE CASE WHEN o.ended_at IS NULL THEN excluded.cause <> 'patient' AND ${weight('excluded.cause')} >= ${weight('o.cause')}
       ELSE o.ended_at <= excluded.said_at OR (o.said_by LIKE 'user:%' AND o.cause ${clinicsOwn} AND excluded.cause NOT ${clinicsOwn}) END`,
    [tx.tenantId, channel, addressKey, cause, at, by],
  )
  if (set.rowCount === 1 || cause !== 'patient') return set.rowCount === 1
  const kept = await tx.query(
    `UPDATE messaging.opt_outs SET patient_said_at = $4, patient_said_by = $5
     WHERE tenant_id = $1 AND channel = $2 AND address_key = $3 AND ended_at IS NULL AND cause ${clinicsOwn} AND patient_said_at IS NULL`,
    [tx.tenantId, channel, addressKey, at, by],
  )
  return kept.rowCount === 1
}

/** The word in force ends, unless a click lies beneath it that `stands`: then that is in force. */
const ends = (stands: string, at: string, by: string) =>
  `cause = CASE WHEN ${stands} THEN 'patient' ELSE o.cause END, said_at = CASE WHEN ${stands} THEN o.patient_said_at ELSE o.said_at END,
   said_by = CASE WHEN ${stands} THEN o.patient_said_by ELSE ${by} END, ended_at = CASE WHEN ${stands} THEN NULL ELSE ${at} END,
   patient_said_at = NULL, patient_said_by = NULL`

/** What the clinic said itself, or that the address takes nothing. `patients-word`: a STOP stands there, or a click; nothing was changed. */
export async function lift(tx: Tx, { channel, addressKey, at }: Said, by: string): Promise<'lifted' | 'nothing' | 'patients-word'> {
  const lifted = await tx.query(
    `UPDATE messaging.opt_outs AS o SET ${ends('o.patient_said_at IS NOT NULL', '$4::timestamptz', '$5::text')}
     WHERE tenant_id = $1 AND channel = $2 AND address_key = $3 AND ended_at IS NULL AND cause ${clinicsOwn}`,
    [tx.tenantId, channel, addressKey, at, by],
  )
  if (lifted.rowCount === 1) return 'lifted'
  return (await optOutOf(tx, channel, addressKey)) ? 'patients-word' : 'nothing'
}

/** What a patient clicked, in force or beneath the clinic's word, which stays. */
const clicked = (column: string) => `CASE WHEN o.cause = 'patient' THEN o.${column} ELSE o.patient_${column} END`
const unclick = (at: string, by: string) =>
  `said_by = CASE WHEN o.cause = 'patient' THEN ${by} ELSE o.said_by END, ended_at = CASE WHEN o.cause = 'patient' THEN ${at}::timestamptz END,
   patient_said_at = NULL, patient_said_by = NULL`

/** What a patient clicked, taken back in the same way; a STOP, a dead address and a person's word stay. False: there was none. */
export async function takeBack(tx: Tx, { channel, addressKey, at }: Said, by: string): Promise<boolean> {
  const ended = await tx.query(
    `UPDATE messaging.opt_outs AS o SET ${unclick('$4', '$5::text')}
     WHERE tenant_id = $1 AND channel = $2 AND address_key = $3 AND ended_at IS NULL AND ${clicked('said_at')} <= $4`,
    [tx.tenantId, channel, addressKey, at, by],
  )
  return ended.rowCount === 1
}

/** Whether who said it last is the patient of this form: a page of theirs, at whichever visit. A number may be a family's, and nobody proved it is theirs. */
const bySame = (intake: string, saidBy: string) =>
  `CASE WHEN ${saidBy} ~ '^patient:[0-9a-f]{8}-[0-9a-f-]{27}$' THEN identity.same_patient(${intake}, substr(${saidBy}, 9)::uuid) ELSE false END`

/** A new consent of the person who took theirs back. False: there was nothing to take up, or it is somebody else's word. */
export async function takeUpTexts(tx: Tx, { addressKey, at }: Omit<Said, 'channel'>, intakeId: string): Promise<boolean> {
  const ended = await tx.query(
    `UPDATE messaging.opt_outs AS o SET ${unclick('$3', "'patient:' || $4::uuid")}
     WHERE tenant_id = $1 AND channel = 'sms' AND address_key = $2 AND ended_at IS NULL AND ${clicked('said_at')} <= $3 AND ${bySame('$4::uuid', clicked('said_by'))}`,
    [tx.tenantId, addressKey, at, intakeId],
  )
  return ended.rowCount === 1
}

/**
 * Whether texts to this number were taken up again, by START or a new consent of the same patient, after the consent of this form was taken back. Where the
 * desk ended a word of its own after that, it is no longer known, and they are not.
 */
export async function textsTakenUp(tx: Tx, intakeId: string, phoneKey: string): Promise<boolean> {
  const found = await tx.query(
    `SELECT 1 FROM messaging.opt_outs o WHERE o.tenant_id = $1 AND o.channel = 'sms' AND o.address_key = $3 AND o.ended_at >
       (SELECT max(w.withdrawn_at) FROM compliance.consent_withdrawals w JOIN compliance.consents c ON c.tenant_id = w.tenant_id AND c.id = w.consent_id
          JOIN compliance.consent_texts t ON t.tenant_id = c.tenant_id AND t.id = c.text_id AND t.kind::text = 'sms'
        WHERE w.tenant_id = $1 AND w.intake_id = $2) AND (o.said_by LIKE 'service:%' OR ${bySame('$2::uuid', 'o.said_by')})`,
    [tx.tenantId, intakeId, phoneKey],
  )
  return found.rowCount !== 0
}

/** START. Also where nothing was said before: one that overtakes its STOP must stand above it. It ends everything that was said before it. */
export async function optIn(tx: Tx, { channel, addressKey, at }: Said, by: string): Promise<void> {
  await tx.query(
    `INSERT INTO messaging.opt_outs AS o (tenant_id, channel, address_key, cause, said_at, said_by, ended_at) VALUES ($1, $2, $3, 'patient', $4, $5, $4)
     ON CONFLICT (tenant_id, channel, address_key) DO UPDATE SET ${ends('o.patient_said_at >= excluded.ended_at', 'excluded.ended_at', 'excluded.said_by')}
     WHERE o.said_at < excluded.ended_at AND (o.ended_at IS NULL OR o.ended_at < excluded.ended_at)`,
    [tx.tenantId, channel, addressKey, at, by],
  )
}
