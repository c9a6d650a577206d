import {
  EligibilityChanged,
  EligibilityOutcome,
  EligibilityProvisional,
  EligibilityQueued,
  type EligibilityState,
  EligibilityWithdrawn,
  type MethodKind,
  PaymentOutcome,
  patientCanPutRight,
  type Verdict,
} from '@heliox/core/billing'
import { VisitChanged, VisitCreated, WritebackOutcome } from '@heliox/core/clinical'
import { IntakeSubmitted } from '@heliox/core/identity'
import type { Contract, Envelope, ValueOf } from '@heliox/core/kit'
import { UploadCompleted, UploadOutcome } from '@heliox/core/media'
import { askingFlow, CaseClosed, CaseDecided, CaseOpened, caseFlow, OverrideOpened, OverrideResolved, StepFinished } from '@heliox/core/messaging'
import type { Tx } from '../tenancy.ts'

export type IntakeEvent = Envelope & { intakeId: string }
/** What the timeline says of an event beyond its type. */
export interface Told {
  step?: string
  outcome?: string
  durationMs?: number
}
type Facet = (tx: Tx, event: IntakeEvent) => Promise<Told>

const facet =
  <C extends Contract>(contract: C, fn: (tx: Tx, payload: ValueOf<C>, event: IntakeEvent) => Promise<Told>): Facet =>
  (tx, event) =>
    fn(tx, contract.schema.parse(event.payload) as ValueOf<C>, event)

/** $1 and $2 are the tenant and the intake. */
async function update(tx: Tx, event: IntakeEvent, set: string, values: readonly unknown[], where = 'true'): Promise<void> {
  await tx.query(`UPDATE reporting.journeys SET ${set} WHERE tenant_id = $1 AND intake_id = $2 AND ${where}`, [tx.tenantId, event.intakeId, ...values])
}

/** `greatest` follows the order in which the states are declared, so a late event cannot move an intake back. */
async function intake(tx: Tx, event: IntakeEvent, state: 'opened' | 'submitted'): Promise<Told> {
  await update(tx, event, 'intake = greatest(intake, $3::reporting.intake_state)', [state])
  return {}
}
async function eligibility(tx: Tx, event: IntakeEvent, state: EligibilityState): Promise<void> {
  await update(tx, event, 'eligibility = $3, eligibility_version = $4', [state, event.aggregateVersion], 'eligibility_version < $4')
}
async function payment(tx: Tx, event: IntakeEvent, state: 'requested' | 'stored' | 'needs-you' | 'declined', method: MethodKind | null = null): Promise<void> {
  const set = 'payment = $3, payment_version = $4, payment_method = coalesce($5, payment_method)'
  await update(tx, event, set, [state, event.aggregateVersion, method], 'payment_version < $4')
}
async function writeback(tx: Tx, event: IntakeEvent, state: 'written' | 'refused'): Promise<void> {
  await update(tx, event, 'writeback = $3, writeback_version = $4', [state, event.aggregateVersion], 'writeback_version < $4')
}

async function photo(tx: Tx, event: IntakeEvent, uploadId: string, state: 'waiting' | 'clean' | 'rejected', submitted: boolean): Promise<void> {
  await tx.query(
    `INSERT INTO reporting.journey_photos AS p (tenant_id, intake_id, upload_id, state, submitted) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (tenant_id, intake_id, upload_id) DO UPDATE SET state = greatest(p.state, excluded.state), submitted = p.submitted OR excluded.submitted`,
    [tx.tenantId, event.intakeId, uploadId, state, submitted],
  )
}
async function hold(tx: Tx, event: IntakeEvent, overrideId: string, flow: string, state: 'open' | 'resolved' | 'dropped'): Promise<void> {
  await tx.query(
    `INSERT INTO reporting.journey_holds AS h (tenant_id, intake_id, override_id, flow, state) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (tenant_id, intake_id, override_id) DO UPDATE SET state = greatest(h.state, excluded.state)`,
    [tx.tenantId, event.intakeId, overrideId, flow, state],
  )
}

/** Told again whenever somebody else must act: what only the patient can do is told by the state, and does not count as held by us. */
async function caseOwner(tx: Tx, event: IntakeEvent, overrideId: string, withPatient: boolean): Promise<void> {
  await tx.query(
    `UPDATE reporting.journey_holds SET with_patient = $4, owner_version = $5
     WHERE tenant_id = $1 AND intake_id = $2 AND override_id = $3 AND owner_version < $5`,
    [tx.tenantId, event.intakeId, overrideId, withPatient, event.aggregateVersion],
  )
}

/** The newest attempt of this flow says whether, when and why it is tried again; attempts are told in any order. */
async function nextTry(tx: Tx, event: IntakeEvent, { nextTryAt, cause }: ValueOf<typeof StepFinished>): Promise<void> {
  await update(
    tx,
    event,
    'next_try_at = $3, next_try_why = $4, next_try_from = $5',
    [nextTryAt ?? null, nextTryAt ? (cause ?? null) : null, event.occurredAt],
    '(next_try_from IS NULL OR next_try_from <= $5)',
  )
}

/** A rejection is the patient's to put right only where the rule says so; the notice they get asks the same rule. */
const eligibilityOf: Record<Verdict, (reasonCodes: readonly string[], manual: boolean) => EligibilityState> = {
  // A person vouches for it, not the payer.
  active: (_reasonCodes, manual) => (manual ? 'corrected' : 'confirmed'),
  inactive: () => 'inactive',
  mixed: () => 'with-our-team',
  unknown: () => 'with-our-team',
  rejected: (reasonCodes) => (patientCanPutRight(reasonCodes) ? 'needs-you' : 'with-our-team'),
}
const eligibilityOutcome = facet(EligibilityOutcome, async (tx, payload, event) => {
  const { verdict, reasonCodes, manual, answeredAt, staleAt, expiresAt } = payload
  await update(
    tx,
    event,
    `eligibility = $3, eligibility_version = $4, answered_at = $5, stale_at = $6, expires_at = $7, told_at = $8,
     provisional_verdict = NULL, doubts = '{}', recheck_at = NULL`,
    [
      ...[eligibilityOf[verdict](reasonCodes, manual), event.aggregateVersion],
      ...[answeredAt ?? event.occurredAt, staleAt ?? null, expiresAt ?? null, event.occurredAt],
    ],
    'eligibility_version < $4',
  )
  return { outcome: verdict }
})
const provisional = facet(EligibilityProvisional, async (tx, { verdict, suspicions, recheckAt }, event) => {
  await update(
    tx,
    event,
    `eligibility = 'provisional', eligibility_version = $3, provisional_verdict = $4, doubts = $5, recheck_at = $6, told_at = $7,
     answered_at = NULL, stale_at = NULL, expires_at = NULL`,
    [event.aggregateVersion, verdict, suspicions, recheckAt, event.occurredAt],
    'eligibility_version < $3',
  )
  return { outcome: verdict }
})
const changed = facet(EligibilityChanged, async (tx, { from, to }, event) => {
  await update(tx, event, 'changed_at = $3, changed_from = $4', [event.occurredAt, from], '(changed_at IS NULL OR changed_at < $3)')
  return { outcome: to }
})
const paymentOutcome = facet(PaymentOutcome, async (tx, payload, event) => {
  await payment(tx, event, payload.outcome, payload.method)
  return { outcome: payload.outcome }
})
const writebackOutcome = facet(WritebackOutcome, async (tx, payload, event) => {
  await writeback(tx, event, payload.outcome)
  return { outcome: payload.outcome }
})
const uploadOutcome = facet(UploadOutcome, async (tx, payload, event) => {
  await photo(tx, event, payload.uploadId, payload.outcome, false)
  return { outcome: payload.outcome }
})

/** By event type; an event that is not here only adds its line to the timeline. */
export const facets: ReadonlyMap<string, Facet> = new Map<string, Facet>([
  [
    'visit.created.v1',
    facet(VisitCreated, async (tx, visit, event) => {
      await update(tx, event, 'visit_id = $3, practitioner = coalesce(practitioner, $4)', [visit.visitId, visit.practitioner])
      // Told after it was moved: that newer word stays.
      await update(tx, event, 'starts_at = $3, visit_version = $4', [visit.startsAt, event.aggregateVersion], 'visit_version < $4')
      return {}
    }),
  ],
  [
    'visit.changed.v1',
    facet(VisitChanged, async (tx, visit, event) => {
      await update(
        tx,
        event,
        'visit_id = $3, starts_at = $4, visit_status = $5, visit_change = $6, visit_changed_by = $7, visit_changed_at = $8, visit_version = $9, practitioner = coalesce($10, practitioner)',
        [visit.visitId, visit.startsAt, visit.status, visit.change, visit.by, event.occurredAt, event.aggregateVersion, visit.practitioner ?? null],
        'visit_version < $9',
      )
      return { outcome: visit.change }
    }),
  ],
  ['intake.opened.v1', (tx, event) => intake(tx, event, 'opened')],
  [
    'intake.submitted.v1',
    facet(IntakeSubmitted, async (tx, submitted, event) => {
      await update(tx, event, 'submitted_at = $3', [submitted.submittedAt])
      for (const uploadId of submitted.uploadIds) await photo(tx, event, uploadId, 'waiting', true)
      return intake(tx, event, 'submitted')
    }),
  ],
  [
    'intake.corrected.v1',
    async (tx, event) => {
      await update(tx, event, 'corrected_at = greatest(corrected_at, $3::timestamptz)', [event.occurredAt])
      return {}
    },
  ],
  [
    'eligibility.requested.v1',
    async (tx, event) => {
      await eligibility(tx, event, 'checking')
      return {}
    },
  ],
  [
    'eligibility.queued.v1',
    facet(EligibilityQueued, async (tx, queued, event) => {
      await eligibility(tx, event, 'checking')
      return { outcome: queued.why }
    }),
  ],
  [
    'eligibility.withdrawn.v1',
    facet(EligibilityWithdrawn, async (tx, { why }, event) => {
      await update(tx, event, 'next_try_at = NULL, next_try_why = NULL', [])
      return { outcome: why }
    }),
  ],
  ['eligibility.succeeded.v1', eligibilityOutcome],
  ['eligibility.failed.v1', eligibilityOutcome],
  ['eligibility.provisional.v1', provisional],
  ['eligibility.changed.v1', changed],
  ['eligibility.renewed.v1', eligibilityOutcome],
  [
    'payment.requested.v1',
    async (tx, event) => {
      await payment(tx, event, 'requested')
      return {}
    },
  ],
  ['payment.succeeded.v1', paymentOutcome],
  ['payment.failed.v1', paymentOutcome],
  ['ehr.writeback.completed.v1', writebackOutcome],
  ['ehr.writeback.failed.v1', writebackOutcome],
  [
    'upload.completed.v1',
    facet(UploadCompleted, async (tx, upload, event) => {
      await photo(tx, event, upload.uploadId, 'waiting', false)
      return {}
    }),
  ],
  ['upload.cleared.v1', uploadOutcome],
  ['upload.rejected.v1', uploadOutcome],
  [
    'step.finished.v1',
    facet(StepFinished, async (tx, step, event) => {
      if (step.flow === askingFlow) await nextTry(tx, event, step)
      return { step: `${step.flow}/${step.step}`, outcome: step.outcome, durationMs: step.durationMs }
    }),
  ],
  [
    'override.opened.v1',
    facet(OverrideOpened, async (tx, opened, event) => {
      await hold(tx, event, opened.overrideId, opened.flow, 'open')
      // Who waits for a person is not tried again by itself.
      if (opened.flow === askingFlow) await update(tx, event, 'next_try_at = NULL, next_try_why = NULL', [])
      return { outcome: opened.cause }
    }),
  ],
  [
    'case.opened.v1',
    facet(CaseOpened, async (tx, opened, event) => {
      await hold(tx, event, opened.overrideId, caseFlow, 'open')
      await caseOwner(tx, event, opened.overrideId, opened.owner === 'patient')
      return { outcome: opened.cause }
    }),
  ],
  [
    'case.closed.v1',
    facet(CaseClosed, async (tx, closed, event) => {
      await hold(tx, event, closed.overrideId, caseFlow, 'resolved')
      return { outcome: closed.why }
    }),
  ],
  [
    'case.decided.v1',
    facet(CaseDecided, async (tx, decided, event) => {
      await hold(tx, event, decided.overrideId, caseFlow, 'resolved')
      return { outcome: decided.decision }
    }),
  ],
  [
    'override.resolved.v1',
    facet(OverrideResolved, async (tx, resolved, event) => {
      await hold(tx, event, resolved.overrideId, resolved.flow, resolved.resolution === 'drop' ? 'dropped' : 'resolved')
      return { outcome: resolved.resolution }
    }),
  ],
])
