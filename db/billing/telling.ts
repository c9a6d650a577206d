import { randomUUID } from 'node:crypto'
import {
  EligibilityChanged,
  EligibilityOutcome,
  EligibilityProvisional,
  expiresAt,
  type Suspicion,
  saysCover,
  staleAt,
  type Verdict,
} from '@heliox/core/billing'
import { knownPayerOf } from '../catalog/payers.ts'
import { type Emission, emit } from '../outbox.ts'
import type { Tx } from '../tenancy.ts'
import type { RequestRow } from './requests.ts'

/** `outcomesOnly`: for releases that declare no other events. A doubt then stays "checking", and a change is a new outcome. */
export interface Telling extends Emission {
  outcomesOnly?: boolean
}
interface Outcome {
  verdict: Verdict
  reasonCodes: readonly string[]
  manual: boolean
  saidAt: Date | null
  /** Null: nobody said it. */
  receivedAt: Date | null
  disputed?: boolean
}

/** FHIR Coverage.status from the verdict: only a clear answer moves it; everything else stays a draft. */
const coverageStatusOf = { active: 'active', inactive: 'cancelled', mixed: 'draft', rejected: 'draft', unknown: 'draft' } as const

/** The verdict for everybody: coverage, event, and that it is not what was told before. The request is locked. */
export async function tellOutcome(tx: Tx, request: RequestRow, outcome: Outcome, at: Telling): Promise<void> {
  const { verdict } = outcome
  const changed = at.outcomesOnly ? null : changedFrom(request, verdict)
  await told(tx, request, verdict, changed === null ? 1 : 2)
  await tx.query('UPDATE billing.coverages SET status = $3, updated_at = $4 WHERE tenant_id = $1 AND id = $2', [
    ...[tx.tenantId, request.coverageId, coverageStatusOf[verdict], at.now],
  ])
  const type = verdict === 'rejected' || verdict === 'unknown' ? 'eligibility.failed.v1' : 'eligibility.succeeded.v1'
  await emit(tx, { ...about(request, 1), type, contract: EligibilityOutcome, payload: await outcomePayload(tx, request, outcome) }, at)
  if (changed === null) return
  const { intakeId, patientId, visitId, payerId, payerName, id: requestId } = request
  const payload = { intakeId, patientId, visitId, requestId, payerId, payerName, changeId: randomUUID(), from: changed, to: verdict }
  await emit(tx, { ...about(request, 2), type: 'eligibility.changed.v1', contract: EligibilityChanged, payload }, at)
}

/** What was told before, where it is no longer so. What was told in doubt and cannot be told at all now is no news: nobody went by it. */
function changedFrom({ toldVerdict, currentAnswerId }: RequestRow, verdict: Verdict): Verdict | null {
  if (toldVerdict === null || !saysCover(toldVerdict) || toldVerdict === verdict) return null
  return currentAnswerId !== null || saysCover(verdict) ? toldVerdict : null
}

/** The same, asked for anew: how old it is counts from now on. */
export async function tellRenewed(tx: Tx, request: RequestRow, outcome: Outcome, at: Telling): Promise<void> {
  if (at.outcomesOnly) return
  await told(tx, request, outcome.verdict, 1)
  const payload = await outcomePayload(tx, request, outcome)
  await emit(tx, { ...about(request, 1), type: 'eligibility.renewed.v1', contract: EligibilityOutcome, payload }, at)
}

/** What the payer says and why we doubt it. Coverage is not touched. */
export async function tellProvisional(
  tx: Tx,
  request: RequestRow,
  answer: { verdict: Verdict; reasonCodes: readonly string[]; suspicions: readonly Suspicion[] },
  recheckAt: Date,
  at: Telling,
): Promise<void> {
  if (at.outcomesOnly) return
  await told(tx, request, answer.verdict, 1)
  const { id: requestId, intakeId, patientId, visitId, coverageId, payerId, payerName } = request
  const payload = {
    ...{ intakeId, patientId, visitId, requestId, coverageId, payerId, payerName, verdict: answer.verdict, reasonCodes: [...answer.reasonCodes] },
    ...{ suspicions: [...answer.suspicions], recheckAt: recheckAt.toISOString() },
  }
  await emit(tx, { ...about(request, 1), type: 'eligibility.provisional.v1', contract: EligibilityProvisional, payload }, at)
}

const told = (tx: Tx, request: RequestRow, verdict: Verdict, events: number) =>
  tx.query('UPDATE billing.eligibility_requests SET version = version + $3, told_verdict = $4 WHERE tenant_id = $1 AND id = $2', [
    ...[tx.tenantId, request.id, events, verdict],
  ])

const about = ({ id, intakeId, version }: RequestRow, nth: number) => ({
  ...{ aggregateType: 'eligibility-request', aggregateId: id, aggregateVersion: version + nth, intakeId },
})

/** How old it is counts from the payer's own time, unless that lies ahead of ours. */
async function outcomePayload(tx: Tx, request: RequestRow, { verdict, reasonCodes, manual, saidAt, receivedAt, disputed }: Outcome) {
  const { id: requestId, intakeId, patientId, visitId, coverageId, payerId, payerName } = request
  const payload = { intakeId, patientId, visitId, requestId, coverageId, payerId, payerName, verdict, reasonCodes: [...reasonCodes], manual }
  if (!receivedAt) return disputed ? { ...payload, disputed } : payload
  const answeredAt = saidAt && saidAt < receivedAt ? saidAt : receivedAt
  if (!saysCover(verdict)) return { ...payload, answeredAt: answeredAt.toISOString() }
  const { ages } = (await knownPayerOf(tx, payerId)).rules
  return {
    ...payload,
    ...{ answeredAt: answeredAt.toISOString(), staleAt: staleAt(answeredAt, ages).toISOString(), expiresAt: expiresAt(answeredAt, ages).toISOString() },
  }
}
