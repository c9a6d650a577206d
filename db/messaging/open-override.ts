import { randomUUID } from 'node:crypto'
import type { Envelope } from '@heliox/core/kit'
import { type HoldCause, OverrideOpened, type Owner } from '@heliox/core/messaging'
import type { StepRef } from '@heliox/core/ports'
import { type Emission, emit } from '../outbox.ts'
import type { Tx } from '../tenancy.ts'
import type { Effect } from './effects.ts'
import { lockedAsSettled, markPin } from './pins.ts'

interface Hold {
  effect: Effect | null
  cause: HoldCause
  owner: Owner
  staffText: string
  envelope: Envelope
  payerId?: string | null
  /** The cause that it shares with others. */
  incidentId?: string | null
  /** What there is to choose from. */
  optionsDocumentId?: string | null
}

/**
 * One open item per step of a delivery: a delivery that fails there again finds it and adds nothing. A settled delivery gets
 * none: resolving it could change nothing. The pin is locked first, since a settlement may be under way. Returns the id of a new item.
 */
export async function openOverride(tx: Tx, ref: StepRef, hold: Hold, at: Emission): Promise<string | undefined> {
  if (await lockedAsSettled(tx, ref)) return undefined
  const id = randomUUID()
  const { effect } = hold
  const inserted = await tx.query(
    `INSERT INTO messaging.overrides (tenant_id, id, root_id, flow, flow_version, step, effect_id, intake_id, partner, operation, cause, owner, staff_text,
       attempts, input_document_id, envelope, opened_at, payer_id, incident_id, ledger_month, options_document_id, visit_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, clinical.visit_start($8))
     ON CONFLICT (tenant_id, root_id, flow, step) WHERE status = 'open' DO NOTHING`,
    [
      tx.tenantId,
      id,
      ref.rootId,
      ref.flow,
      ref.version,
      ref.step,
      effect?.id ?? null,
      ref.intakeId,
      effect?.partner ?? null,
      effect?.operation ?? null,
      hold.cause,
      hold.owner,
      hold.staffText,
      effect ? await sentTimes(tx, effect) : 0,
      effect?.inputDocumentId ?? null,
      JSON.stringify(hold.envelope),
      at.now,
      hold.payerId ?? null,
      hold.incidentId ?? null,
      ref.ledgerMonth,
      hold.optionsDocumentId ?? null,
    ],
  )
  await markPin(tx, ref, 'held', at.now)
  if (inserted.rowCount !== 1) return undefined
  await emit(
    tx,
    {
      type: 'override.opened.v1',
      contract: OverrideOpened,
      payload: { overrideId: id, rootId: ref.rootId, flow: ref.flow, version: ref.version, step: ref.step, cause: hold.cause },
      aggregateType: 'override',
      aggregateId: id,
      aggregateVersion: 1,
      intakeId: ref.intakeId,
    },
    at,
  )
  return id
}

/** A door that was shut is no attempt that a person needs to count. */
async function sentTimes(tx: Tx, effect: Effect): Promise<number> {
  const found = await tx.query<{ n: number }>(
    'SELECT count(*)::int AS n FROM messaging.effect_attempts WHERE tenant_id = $1 AND ledger_month = $2 AND effect_id = $3 AND NOT nothing_sent',
    [tx.tenantId, effect.ledgerMonth, effect.id],
  )
  return found.rows[0]?.n ?? 0
}
