import { randomUUID } from 'node:crypto'
import { planTotalMinor } from '@heliox/core/billing'
import { instantOf } from '@heliox/core/catalog'
import type { PlanWish } from '@heliox/core/ports'
import { intakeWentOffSince } from '../clinical/visits.ts'
import { audit } from '../compliance/audit.ts'
import { whyNotAuthorised } from '../compliance/card-authorisation.ts'
import { raiseIncident } from '../messaging/incidents.ts'
import type { Emission } from '../outbox.ts'
import type { Tx } from '../tenancy.ts'
import { callOffInstalments } from './charge-pages.ts'
import { beginCharge } from './charges.ts'

/** Nobody's phone rings at midnight: instalments are charged from nine in the morning of the clinic. */
const chargedFromMinutes = 9 * 60

/** What of an intake can be charged: its patient, and the method that is on file, where charging it is authorised. */
interface OnFile {
  patientId: string
  currency: string
  customerId: string
  paymentMethodId: string
}
export type NothingToCharge = 'no-method' | 'no-authorisation'
export async function methodOnFile(tx: Tx, intakeId: string): Promise<OnFile | NothingToCharge> {
  const found = await tx.query<OnFile & { leftAt: Date }>(
    `SELECT p.patient_id AS "patientId", p.currency, m.customer_id AS "customerId", m.payment_method_id AS "paymentMethodId", p.created_at AS "leftAt"
     FROM billing.payments p JOIN billing.payment_methods m ON m.tenant_id = p.tenant_id AND m.payment_id = p.id
     WHERE p.tenant_id = $1 AND p.intake_id = $2 AND p.status = 'stored' AND p.standing = 'current'`,
    [tx.tenantId, intakeId],
  )
  if (!found.rows[0]) return 'no-method'
  const { leftAt, ...onFile } = found.rows[0]
  return (await whyNotAuthorised(tx, intakeId, leftAt)) ? 'no-authorisation' : onFile
}

/** One plan is proposed at a time: a newer one takes its place. Nothing of it is due before the patient agrees. */
export async function proposePlan(
  tx: Tx,
  { id, intakeId, instalments }: PlanWish,
  timeZone: string,
  now: Date,
): Promise<'proposed' | 'again' | 'conflict' | NothingToCharge> {
  const total = planTotalMinor({ instalments })
  // The same wish again is the same plan only with the same days and parts: whoever asked must not believe in others than those that stand.
  const before = await tx.query<{ same: boolean }>(
    `SELECT p.intake_id = $3 AND $4::text = (SELECT string_agg(to_char(i.due_on, 'YYYY-MM-DD') || ' ' || i.amount_minor, ',' ORDER BY i.number)
       FROM billing.instalments i WHERE i.tenant_id = p.tenant_id AND i.plan_id = p.id) AS same FROM billing.plans p WHERE p.tenant_id = $1 AND p.id = $2`,
    [tx.tenantId, id, intakeId, instalments.map(({ dueOn, amountMinor }) => `${dueOn} ${amountMinor}`).join(',')],
  )
  if (before.rows[0]) return before.rows[0].same ? 'again' : 'conflict'
  const onFile = await methodOnFile(tx, intakeId)
  if (typeof onFile === 'string') return onFile
  await tx.query(`UPDATE billing.plans SET status = 'ended', ended_at = $3 WHERE tenant_id = $1 AND intake_id = $2 AND status = 'proposed'`, [
    tx.tenantId,
    intakeId,
    now,
  ])
  await tx.query(
    `INSERT INTO billing.plans (tenant_id, id, intake_id, patient_id, total_minor, currency, status, proposed_by, proposed_at)
     VALUES ($1, $2, $3, $4, $5, $6, 'proposed', $7, $8)`,
    [tx.tenantId, id, intakeId, onFile.patientId, total, onFile.currency, tx.actor, now],
  )
  for (const [i, { dueOn, amountMinor }] of instalments.entries()) {
    const dueAt = instantOf({ date: dueOn, minutes: chargedFromMinutes }, timeZone)
    await tx.query(
      'INSERT INTO billing.instalments (tenant_id, id, plan_id, number, due_on, due_at, amount_minor, open) VALUES ($1, $2, $3, $4, $5, $6, $7, false)',
      [tx.tenantId, randomUUID(), id, i + 1, dueOn, dueAt, amountMinor],
    )
  }
  await audit(tx, { action: 'plan.propose', resource: `plan:${id}`, outcome: 'ok' }, now)
  return 'proposed'
}

/**
 * The patient agrees to these words. The plan before it ends in the same commit: what two plans ask together was never agreed. A plan whose days
 * have begun to pass can be agreed to no more: now, several parts would be taken at once.
 */
export async function agreePlan(
  tx: Tx,
  intakeId: string,
  { planId, termsSha256, language }: { planId: string; termsSha256: string; language: string },
  now: Date,
): Promise<'agreed' | 'again' | 'expired' | 'not-found'> {
  const found = await tx.query<{ status: string; terms: string | null }>(
    'SELECT status, terms_sha256 AS terms FROM billing.plans WHERE tenant_id = $1 AND id = $2 AND intake_id = $3 FOR UPDATE',
    [tx.tenantId, planId, intakeId],
  )
  const plan = found.rows[0]
  if (plan?.status === 'agreed' && plan.terms === termsSha256) return 'again'
  if (plan?.status !== 'proposed') return 'not-found'
  if (await hasBegun(tx, planId, now)) return 'expired'
  await closeAgreed(tx, intakeId, now)
  await tx.query(
    `UPDATE billing.plans SET status = 'agreed', terms_sha256 = $3, language = $4, agreed_by = $5, agreed_at = $6 WHERE tenant_id = $1 AND id = $2`,
    [tx.tenantId, planId, termsSha256, language, tx.actor, now],
  )
  await tx.query('UPDATE billing.instalments SET open = true WHERE tenant_id = $1 AND plan_id = $2', [tx.tenantId, planId])
  await audit(tx, { action: 'plan.agree', resource: `plan:${planId} terms:${termsSha256}`, outcome: 'ok' }, now)
  return 'agreed'
}

async function hasBegun(tx: Tx, planId: string, now: Date): Promise<boolean> {
  const due = await tx.query('SELECT 1 FROM billing.instalments WHERE tenant_id = $1 AND plan_id = $2 AND due_at <= $3 LIMIT 1', [tx.tenantId, planId, now])
  return due.rowCount !== 0
}

async function closeAgreed(tx: Tx, intakeId: string, now: Date): Promise<void> {
  const ended = await tx.query<{ id: string }>(
    `UPDATE billing.plans SET status = 'ended', ended_at = $3 WHERE tenant_id = $1 AND intake_id = $2 AND status = 'agreed' RETURNING id`,
    [tx.tenantId, intakeId, now],
  )
  for (const { id } of ended.rows) await stopInstalments(tx, id, now)
}

/** What is not charged yet is not charged any more: neither an instalment that waits, nor another try of one that was declined. */
async function stopInstalments(tx: Tx, planId: string, now: Date): Promise<void> {
  await tx.query('UPDATE billing.instalments SET open = false WHERE tenant_id = $1 AND plan_id = $2', [tx.tenantId, planId])
  await tx.query(
    `UPDATE billing.charges SET status = 'canceled', due_at = NULL, version = version + 1, updated_at = $3
     WHERE tenant_id = $1 AND status = 'scheduled' AND instalment_id IN (SELECT id FROM billing.instalments WHERE tenant_id = $1 AND plan_id = $2)`,
    [tx.tenantId, planId, now],
  )
  await callOffInstalments(tx, planId, now)
}

/** Whose plan it was; undefined: there is none to end. */
export async function endPlan(tx: Tx, planId: string, now: Date): Promise<{ intakeId: string } | undefined> {
  const ended = await tx.query<{ intakeId: string }>(
    `UPDATE billing.plans SET status = 'ended', ended_at = $3 WHERE tenant_id = $1 AND id = $2 AND status <> 'ended' RETURNING intake_id AS "intakeId"`,
    [tx.tenantId, planId, now],
  )
  if (!ended.rows[0]) return undefined
  await stopInstalments(tx, planId, now)
  await audit(tx, { action: 'plan.end', resource: `plan:${planId}`, outcome: 'ok' }, now)
  return ended.rows[0]
}

interface Due {
  id: string
  planId: string
  intakeId: string
  agreedAt: Date
  amountMinor: number
}
/**
 * Instalments whose day has come, each a charge of exactly the agreed amount. Closed in the same commit, and one live charge an instalment is
 * all that the database takes: two engines, or a clock that was set back, charge nothing twice.
 */
export async function beginInstalments(tx: Tx, limit: number, at: Emission): Promise<number> {
  const due = await tx.query<Due>(
    `SELECT i.id, i.plan_id AS "planId", p.intake_id AS "intakeId", p.agreed_at AS "agreedAt", i.amount_minor AS "amountMinor" FROM billing.instalments i
       JOIN billing.plans p ON p.tenant_id = i.tenant_id AND p.id = i.plan_id AND p.status = 'agreed'
     WHERE i.tenant_id = $1 AND i.open AND i.due_at <= $2 ORDER BY i.due_at LIMIT $3 FOR UPDATE OF i SKIP LOCKED`,
    [tx.tenantId, at.now, limit],
  )
  let begun = 0
  for (const { id, planId, intakeId, agreedAt, amountMinor } of due.rows) {
    // The plan was for that visit. One that was agreed to after the visit went off is for something else, and goes on.
    const onFile = (await intakeWentOffSince(tx, intakeId, agreedAt)) ? 'visit-off' : await methodOnFile(tx, intakeId)
    await tx.query('UPDATE billing.instalments SET open = false WHERE tenant_id = $1 AND id = $2', [tx.tenantId, id])
    if (typeof onFile === 'string') {
      // Closed, so that it is not charged out of the blue when a card turns up months later; then somebody must know that it was not.
      await raiseIncident(tx, { kind: 'instalment-not-charged', partner: 'stripe', payerId: null, about: { is: 'plan', id: planId }, count: 1 }, at.now)
      continue
    }
    const charge = { ...onFile, id: randomUUID(), intakeId, purpose: 'instalment' as const, instalmentId: id, amountMinor }
    if (await beginCharge(tx, charge, `plan:${planId}`, at)) begun += 1
  }
  return begun
}
