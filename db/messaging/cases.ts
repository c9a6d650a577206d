import { randomUUID } from 'node:crypto'
import { correctionLimits, type IntakeCorrected } from '@heliox/core/identity'
import type { ValueOf } from '@heliox/core/kit'
import { askingFlow, CaseClosed, type CaseFinding, CaseOpened, caseFlow, caseStaffText } from '@heliox/core/messaging'
import type { ApplyContext } from '../applies/context.ts'
import { emit } from '../outbox.ts'
import type { Tx } from '../tenancy.ts'
import { giveTo } from './case-owner.ts'
import { type End, endItem, tellResolved } from './end-item.ts'
import { markPin } from './pins.ts'

interface OpenCase {
  id: string
  intakeId: string
  requestId: string
}

/**
 * Answers of one request may be told in any order: undefined for one that an answer of a later version was told before. Else how often
 * a correction has closed a case of this request.
 */
async function correctionsIfNewer(tx: Tx, { requestId, intakeId }: ValueOf<typeof CaseFinding>, answerVersion: number): Promise<number | undefined> {
  const stored = await tx.query<{ corrections: number }>(
    `INSERT INTO messaging.case_marks AS m (tenant_id, request_id, intake_id, answer_version) VALUES ($1, $2, $4, $3)
     ON CONFLICT (tenant_id, request_id) DO UPDATE SET answer_version = excluded.answer_version WHERE m.answer_version < excluded.answer_version
     RETURNING m.corrections`,
    [tx.tenantId, requestId, answerVersion, intakeId],
  )
  return stored.rows[0]?.corrections
}

/** One open case per request: a later answer changes what it says, a clean one closes it. Emits where one comes or goes. */
export async function recordCase(context: ApplyContext, finding: ValueOf<typeof CaseFinding>): Promise<void> {
  const { tx, envelope } = context
  const { requestId, intakeId, payerId, cause } = finding
  const corrections = await correctionsIfNewer(tx, finding, envelope.aggregateVersion)
  if (corrections === undefined) return
  // Whose patient may put no more right is asked for nothing: then somebody of the clinic must act.
  const owner = finding.owner === 'patient' && corrections >= correctionLimits.byPatientMax ? 'clinic' : finding.owner
  const open = await lockCases(tx, [requestId])
  if (cause === null) {
    for (const one of open) await closeCase(context, one, 'answered')
    return
  }
  const text = caseStaffText({ ...finding, owner }).slice(0, 500)
  if (open[0]) {
    context.itemChanged(open[0].id)
    await tx.query('UPDATE messaging.overrides SET cause = $3, staff_text = $4, reason_codes = $5 WHERE tenant_id = $1 AND id = $2', [
      ...[tx.tenantId, open[0].id, cause, text, finding.reasonCodes],
    ])
    await giveTo(tx, open[0].id, owner, context)
    return
  }
  const id = randomUUID()
  await tx.query(
    `INSERT INTO messaging.overrides (tenant_id, id, kind, request_id, root_id, flow, flow_version, step, intake_id, payer_id, cause, owner, staff_text, attempts,
       envelope, opened_at, reason_codes, visit_at)
     VALUES ($1, $2, 'case', $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 0, $13, $14, $15, clinical.visit_start($8))`,
    [
      ...[tx.tenantId, id, requestId, envelope.rootId, caseFlow, context.version, context.step, intakeId, payerId, cause, owner, text],
      ...[JSON.stringify(envelope), context.now, finding.reasonCodes],
    ],
  )
  await emit(
    tx,
    {
      ...{ type: 'case.opened.v1', contract: CaseOpened, payload: { overrideId: id, requestId, intakeId, payerId, cause, owner } },
      ...{ aggregateType: 'override', aggregateId: id, aggregateVersion: 1, intakeId },
    },
    context,
  )
  context.itemChanged(id)
}

/**
 * The requests of an intake of which an answer was told. Locked before their cases, as an answer that is told meanwhile locks them; a case
 * of a request that is not among them is younger than this commit, and not this commit's to close.
 */
async function lockMarks(tx: Tx, intakeId: string): Promise<string[]> {
  const found = await tx.query<{ requestId: string }>(
    'SELECT request_id AS "requestId" FROM messaging.case_marks WHERE tenant_id = $1 AND intake_id = $2 ORDER BY request_id FOR UPDATE',
    [tx.tenantId, intakeId],
  )
  return found.rows.map((row) => row.requestId)
}

async function lockCases(tx: Tx, requestIds: readonly string[]): Promise<OpenCase[]> {
  const found = await tx.query<OpenCase>(
    `SELECT id, intake_id AS "intakeId", request_id AS "requestId" FROM messaging.overrides
     WHERE tenant_id = $1 AND request_id = ANY ($2::uuid[]) AND status = 'open' AND kind = 'case' ORDER BY id FOR UPDATE`,
    [tx.tenantId, requestIds],
  )
  return found.rows
}

const closings = {
  answered: { resolution: 'went-away', reason: 'went-away' },
  corrected: { resolution: 'correct', reason: 'data-corrected' },
} as const

async function closeCase(context: ApplyContext, { id, intakeId, requestId }: OpenCase, why: 'answered' | 'corrected'): Promise<void> {
  const version = await endByItself(context, id, closings[why])
  if (why === 'corrected') {
    await context.tx.query('UPDATE messaging.case_marks SET corrections = corrections + 1 WHERE tenant_id = $1 AND request_id = $2', [
      ...[context.tx.tenantId, requestId],
    ])
  }
  await emit(
    context.tx,
    {
      ...{ type: 'case.closed.v1', contract: CaseClosed, payload: { overrideId: id, requestId, intakeId, why } },
      ...{ aggregateType: 'override', aggregateId: id, aggregateVersion: version, intakeId },
    },
    context,
  )
}

/** Ended by the hub itself: nobody decided, so there is no note. */
function endByItself({ tx, now, itemChanged }: ApplyContext, id: string, why: Pick<End, 'resolution' | 'reason'>): Promise<number> {
  itemChanged(id)
  return endItem(tx, id, { ...why, noteDocumentId: null }, now)
}

/**
 * The details changed, so nothing of before is worth waiting for: cases close, held questions are dropped, questions that wait for another
 * try are given up. What began after the correction goes on.
 */
export async function closeWaiting(context: ApplyContext, { intakeId, correctedAt }: ValueOf<typeof IntakeCorrected>): Promise<void> {
  const { tx, now } = context
  // Items before pins, as everybody who resolves one locks them; then once more, for one that was opened while we waited for its pin.
  const first = await lockHeld(tx, intakeId)
  const pins = await tx.query<{ rootId: string }>(
    `SELECT root_id AS "rootId" FROM messaging.pins
     WHERE tenant_id = $1 AND intake_id = $2 AND state IN ('open', 'retrying', 'held') AND flow = $3 AND pinned_at < $4 ORDER BY root_id FOR UPDATE`,
    [tx.tenantId, intakeId, askingFlow, correctedAt],
  )
  const roots = new Set(pins.rows.map((pin) => pin.rootId))
  for (const rootId of roots) await markPin(tx, { rootId, flow: askingFlow }, 'settled', now)
  const held = new Map([...first, ...(await lockHeld(tx, intakeId))].map((item) => [item.id, item]))
  for (const item of held.values()) if (roots.has(item.rootId)) await dropHeld(context, { ...item, intakeId })
  for (const one of await lockCases(tx, await lockMarks(tx, intakeId))) await closeCase(context, one, 'corrected')
}

interface Held {
  id: string
  rootId: string
  flow: string
  step: string
}
async function lockHeld(tx: Tx, intakeId: string): Promise<Held[]> {
  const found = await tx.query<Held>(
    `SELECT id, root_id AS "rootId", flow, step FROM messaging.overrides
     WHERE tenant_id = $1 AND intake_id = $2 AND status = 'open' AND kind = 'delivery' AND flow = $3 ORDER BY id FOR UPDATE`,
    [tx.tenantId, intakeId, askingFlow],
  )
  return found.rows
}

async function dropHeld(context: ApplyContext, { id, intakeId, ...item }: Held & { intakeId: string }): Promise<void> {
  const why = { resolution: 'drop', reason: 'data-corrected' } as const
  const version = await endByItself(context, id, why)
  await tellResolved(context.tx, { id, intakeId, ...item }, { ...why, userId: null, version }, context)
}
