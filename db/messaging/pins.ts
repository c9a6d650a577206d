import type { Envelope } from '@heliox/core/kit'
import { askingFlow } from '@heliox/core/messaging'
import type { Pin, StepRef } from '@heliox/core/ports'
import { chargingFlows, endUnsent, unwantedCharge } from '../billing/unsent-charges.ts'
import { withdrawn } from '../billing/withdrawn.ts'
import { activeVersion } from '../catalog/flows.ts'
import type { Emission } from '../outbox.ts'
import type { Tx } from '../tenancy.ts'
import { mayHaveLeft } from './effects.ts'

/** The version a delivery runs on, fixed at its first delivery and kept through every retry and resolution. */
export async function pinDelivery(tx: Tx, envelope: Envelope, flow: string, at: Emission): Promise<Pin> {
  const found = await findPin(tx, envelope.rootId, flow)
  const pin = found ?? (await insertPin(tx, envelope, flow, at.now))
  if (pin.state === 'settled') return { is: 'settled' }
  const overtaken = chargingFlows.has(flow)
    ? await isChargedNoMore(tx, envelope, { rootId: envelope.rootId, flow, ledgerMonth: pin.ledgerMonth }, at)
    : await isOvertaken(tx, envelope, flow, found, at)
  if (overtaken) {
    await markPin(tx, { rootId: envelope.rootId, flow }, 'settled', at.now)
    return { is: 'settled' }
  }
  return {
    is: 'open',
    flow,
    version: pin.version,
    ledgerMonth: pin.ledgerMonth,
    generationOf: found ? await generations(tx, { rootId: envelope.rootId, flow, ledgerMonth: pin.ledgerMonth }) : {},
  }
}

/**
 * A question to a payer whose visit went off before it was asked, or while it waits for another try. One that a person sent on its way (its pin is
 * open) is theirs, and one that was under way when its engine died asks once more at most.
 */
async function isOvertaken(tx: Tx, envelope: Envelope, flow: string, pin: PinRow | undefined, at: Emission): Promise<boolean> {
  if (flow !== askingFlow || (pin && pin.state !== 'retrying')) return false
  return withdrawn(tx, envelope, new Date(envelope.occurredAt), at)
}

/**
 * Money that nobody may take any more, and of which nothing was sent. Also where a person sent it on its way: what the patient forbade is not theirs to
 * decide. What may have left is found again at the partner, and kept as it ended there.
 */
async function isChargedNoMore(tx: Tx, envelope: Envelope, key: Pick<StepRef, 'rootId' | 'flow' | 'ledgerMonth'>, at: Emission): Promise<boolean> {
  const unwanted = await unwantedCharge(tx, envelope)
  if (!unwanted || (await mayHaveLeft(tx, key)) || (await waitsForPerson(tx, key))) return false
  await endUnsent(tx, unwanted, at)
  return true
}

/** Whoever has its item ends it: a message that comes twice would leave the item behind. */
async function waitsForPerson(tx: Tx, { rootId, flow }: Pick<StepRef, 'rootId' | 'flow'>): Promise<boolean> {
  const found = await tx.query(`SELECT 1 FROM messaging.overrides WHERE tenant_id = $1 AND root_id = $2 AND flow = $3 AND status = 'open' LIMIT 1`, [
    tx.tenantId,
    rootId,
    flow,
  ])
  return found.rowCount !== 0
}

interface PinRow {
  version: number
  ledgerMonth: string
  state: 'open' | 'retrying' | 'held' | 'settled'
}

async function findPin(tx: Tx, rootId: string, flow: string): Promise<PinRow | undefined> {
  const found = await tx.query<PinRow>(
    `SELECT version, ledger_month::text AS "ledgerMonth", state::text AS state FROM messaging.pins WHERE tenant_id = $1 AND root_id = $2 AND flow = $3`,
    [tx.tenantId, rootId, flow],
  )
  return found.rows[0]
}

async function insertPin(tx: Tx, envelope: Envelope, flow: string, now: Date): Promise<PinRow> {
  const version = await activeVersion(tx, flow, envelope.aggregateId, envelope.type)
  await tx.query(
    `INSERT INTO messaging.pins (tenant_id, root_id, flow, version, aggregate_id, intake_id, pinned_at, updated_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $7) ON CONFLICT DO NOTHING`,
    [tx.tenantId, envelope.rootId, flow, version, envelope.aggregateId, envelope.intakeId, now],
  )
  const stored = await findPin(tx, envelope.rootId, flow)
  if (!stored) throw new Error('the pin was not stored')
  return stored
}

async function generations(tx: Tx, { rootId, flow, ledgerMonth }: Pick<StepRef, 'rootId' | 'flow' | 'ledgerMonth'>): Promise<Record<string, number>> {
  const found = await tx.query<{ step: string; generation: number }>(
    `SELECT step, max(generation) AS generation FROM messaging.effects
     WHERE tenant_id = $1 AND ledger_month = $2 AND root_id = $3 AND flow = $4 GROUP BY step`,
    [tx.tenantId, ledgerMonth, rootId, flow],
  )
  return Object.fromEntries(found.rows.map((row) => [row.step, row.generation]))
}

/** Locks the pin until the transaction ends, and says whether its delivery is over. */
export async function lockedAsSettled(tx: Tx, key: Pick<StepRef, 'rootId' | 'flow'>): Promise<boolean> {
  const found = await tx.query<{ settled: boolean }>(
    `SELECT state = 'settled' AS settled FROM messaging.pins WHERE tenant_id = $1 AND root_id = $2 AND flow = $3 FOR UPDATE`,
    [tx.tenantId, key.rootId, key.flow],
  )
  return found.rows[0]?.settled ?? false
}

/** A settled delivery stays settled, whatever comes late. */
export async function markPin(tx: Tx, key: Pick<StepRef, 'rootId' | 'flow'>, state: PinRow['state'], now: Date, version: number | null = null): Promise<void> {
  await tx.query(
    `UPDATE messaging.pins SET state = $4, version = coalesce($6, version), updated_at = $5
     WHERE tenant_id = $1 AND root_id = $2 AND flow = $3 AND state <> 'settled'`,
    [tx.tenantId, key.rootId, key.flow, state, now, version],
  )
}
