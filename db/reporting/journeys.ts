import type { MethodKind, Suspicion, Verdict } from '@heliox/core/billing'
import type { HoldCause } from '@heliox/core/messaging'
import { type Journey, type JourneyStep, referenceOf } from '@heliox/core/reporting'
import { pageAfter, readCursor, totalMax } from '../page.ts'
import type { Tx } from '../tenancy.ts'

interface Row {
  intakeId: string
  visitId: string | null
  startsAt: Date | null
  practitioner: string | null
  visitStatus: Journey['visitStatus']
  visitChange: NonNullable<Journey['visitChange']>['change'] | null
  visitChangedBy: NonNullable<Journey['visitChange']>['by'] | null
  visitChangedAt: Date | null
  intake: Journey['intake']
  eligibility: Journey['eligibility']
  askedByFile: boolean
  provisionalVerdict: Verdict | null
  doubts: Suspicion[]
  recheckAt: Date | null
  toldAt: Date | null
  correctedAt: Date | null
  answeredAt: Date | null
  staleAt: Date | null
  expiresAt: Date | null
  changedAt: Date | null
  changedFrom: Verdict | null
  nextTryAt: Date | null
  nextTryWhy: HoldCause | null
  payment: Journey['payment']
  paymentMethod: MethodKind | null
  writeback: Journey['writeback']
  photosExpected: number
  photosClean: number
  photosRejected: number
  /** `flow:state` of every item that was ever held, but for those with the patient. */
  holds: string[]
  firstAt: Date
  updatedAt: Date
}

/** Before the submit every photo counts; after it, those that were submitted. */
const photos = (condition: string): string =>
  `(SELECT count(*)::int FROM reporting.journey_photos p WHERE p.tenant_id = j.tenant_id AND p.intake_id = j.intake_id
     AND (j.submitted_at IS NULL OR p.submitted) AND ${condition})`
/** Whether an event of this type is on the timeline. */
const told = (type: string): string =>
  `EXISTS (SELECT 1 FROM reporting.journey_steps s WHERE s.tenant_id = j.tenant_id AND s.intake_id = j.intake_id AND s.step = '${type}')`
const columns = `j.intake_id AS "intakeId", j.visit_id AS "visitId", j.starts_at AS "startsAt", j.practitioner, j.intake::text AS intake,
  j.visit_status::text AS "visitStatus", j.visit_change::text AS "visitChange", j.visit_changed_by::text AS "visitChangedBy", j.visit_changed_at AS "visitChangedAt",
  j.eligibility::text AS eligibility, ${told('eligibility.queued.v1')} AS "askedByFile", j.provisional_verdict::text AS "provisionalVerdict", j.doubts,
  j.recheck_at AS "recheckAt", j.told_at AS "toldAt", j.corrected_at AS "correctedAt", j.answered_at AS "answeredAt", j.stale_at AS "staleAt", j.expires_at AS "expiresAt", j.changed_at AS "changedAt",
  j.changed_from::text AS "changedFrom", j.next_try_at AS "nextTryAt", j.next_try_why AS "nextTryWhy", j.payment::text AS payment, j.payment_method AS "paymentMethod", j.writeback::text AS writeback, ${photos('true')} AS "photosExpected",
  ${photos(`p.state = 'clean'`)} AS "photosClean", ${photos(`p.state = 'rejected'`)} AS "photosRejected",
  ARRAY(SELECT h.flow || ':' || h.state FROM reporting.journey_holds h WHERE h.tenant_id = j.tenant_id AND h.intake_id = j.intake_id AND NOT h.with_patient) AS holds,
  j.first_at AS "firstAt", j.updated_at AS "updatedAt"`

export async function findJourney(tx: Tx, intakeId: string): Promise<{ journey: Journey; steps: JourneyStep[] } | undefined> {
  const found = await tx.query<Row>(`SELECT ${columns} FROM reporting.journeys j WHERE j.tenant_id = $1 AND j.intake_id = $2`, [tx.tenantId, intakeId])
  const row = found.rows[0]
  return row && { journey: toJourney(row), steps: await steps(tx, intakeId) }
}

export async function listJourneys(
  tx: Tx,
  filter: { cursor?: string; limit: number },
): Promise<{ items: Journey[]; total: number; nextCursor: string | null }> {
  const after = readCursor(filter.cursor)
  // Said only where there is a cursor: behind an OR no index serves it, and a later page would read all the pages before it.
  const found = await tx.query<Row>(
    `SELECT ${columns} FROM reporting.journeys j WHERE j.tenant_id = $1 ${after ? 'AND (j.first_at, j.intake_id) < ($3, $4::uuid)' : ''}
     ORDER BY j.first_at DESC, j.intake_id DESC LIMIT $2`,
    after ? [tx.tenantId, filter.limit + 1, after.at, after.id] : [tx.tenantId, filter.limit + 1],
  )
  const total = await tx.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM (SELECT 1 FROM reporting.journeys WHERE tenant_id = $1 LIMIT ${totalMax}) AS capped`,
    [tx.tenantId],
  )
  const page = pageAfter(found.rows, filter.limit, (row) => ({ at: row.firstAt, id: row.intakeId }))
  return { items: page.items.map(toJourney), total: total.rows[0]?.n ?? 0, nextCursor: page.nextCursor }
}

/** Journeys of visits that begin in `[from, to)`, by time. */
export async function journeysBetween(tx: Tx, from: Date, to: Date, limit: number): Promise<Journey[]> {
  const found = await tx.query<Row>(
    `SELECT ${columns} FROM reporting.journeys j WHERE j.tenant_id = $1 AND j.starts_at >= $2 AND j.starts_at < $3 ORDER BY j.starts_at, j.intake_id LIMIT $4`,
    [tx.tenantId, from, to, limit],
  )
  return found.rows.map(toJourney)
}

/** When the visits of these intakes are: ops sorts by it. */
export async function visitTimes(tx: Tx, intakeIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const found = await tx.query<{ intakeId: string; startsAt: Date | null }>(
    'SELECT intake_id AS "intakeId", starts_at AS "startsAt" FROM reporting.journeys WHERE tenant_id = $1 AND intake_id = ANY ($2)',
    [tx.tenantId, intakeIds],
  )
  return new Map(found.rows.flatMap((row) => (row.startsAt ? [[row.intakeId, row.startsAt.toISOString()] as const] : [])))
}

/** The newest, in the order they happened. */
const stepsMax = 500
async function steps(tx: Tx, intakeId: string): Promise<JourneyStep[]> {
  const found = await tx.query<{ at: Date; step: string; process: string; outcome: string | null; durationMs: number | null; submittedAt: Date | null }>(
    `SELECT s.at, s.step, s.process, s.outcome, s.duration_ms AS "durationMs", j.submitted_at AS "submittedAt"
     FROM reporting.journey_steps s JOIN reporting.journeys j ON j.tenant_id = s.tenant_id AND j.intake_id = s.intake_id
     WHERE s.tenant_id = $1 AND s.intake_id = $2 ORDER BY s.at DESC, s.recorded_order DESC LIMIT ${stepsMax}`,
    [tx.tenantId, intakeId],
  )
  return found.rows.reverse().map(({ at, submittedAt, ...row }) => {
    const since = submittedAt ? at.getTime() - submittedAt.getTime() : -1
    return { ...row, at: at.toISOString(), sinceSubmitMs: since < 0 ? null : since }
  })
}

function toJourney(row: Row): Journey {
  const open = row.holds.filter((hold) => hold.endsWith(':open'))
  // An item that was dropped leaves its flow without an answer of its own: our team told the patient, or will.
  // What was told of the details before they were put right says nothing about them now.
  const outdated = row.toldAt !== null && row.correctedAt !== null && row.correctedAt > row.toldAt
  const eligibility = outdated ? 'checking' : row.eligibility
  const withUs = (flow: string): boolean => row.holds.includes(`${flow}:open`) || row.holds.includes(`${flow}:dropped`)
  return {
    intakeId: row.intakeId,
    visitId: row.visitId,
    reference: referenceOf(row.intakeId),
    startsAt: row.startsAt?.toISOString() ?? null,
    practitioner: row.practitioner,
    visitStatus: row.visitStatus,
    visitChange:
      row.visitChange && row.visitChangedBy && row.visitChangedAt
        ? { change: row.visitChange, by: row.visitChangedBy, at: row.visitChangedAt.toISOString() }
        : null,
    intake: row.intake,
    eligibility: eligibility === 'checking' && withUs('eligibility') ? 'with-our-team' : eligibility,
    askedByFile: row.askedByFile,
    provisional:
      eligibility === 'provisional' && row.provisionalVerdict && row.recheckAt
        ? { verdict: row.provisionalVerdict, doubts: row.doubts, recheckAt: row.recheckAt.toISOString() }
        : null,
    answer:
      row.answeredAt && !outdated
        ? { at: row.answeredAt.toISOString(), staleAt: row.staleAt?.toISOString() ?? null, expiresAt: row.expiresAt?.toISOString() ?? null }
        : null,
    changed: row.changedAt && row.changedFrom ? { at: row.changedAt.toISOString(), from: row.changedFrom } : null,
    nextTry: row.nextTryAt && row.nextTryWhy ? { at: row.nextTryAt.toISOString(), why: row.nextTryWhy } : null,
    payment: row.payment === 'requested' && withUs('payment') ? 'with-our-team' : row.payment,
    paymentMethod: row.paymentMethod,
    writeback: row.writeback === 'none' && withUs('ehr-writeback') ? 'with-our-team' : row.writeback,
    photosExpected: row.photosExpected,
    photosClean: row.photosClean,
    photosRejected: row.photosRejected,
    held: open.length,
    updatedAt: row.updatedAt.toISOString(),
  }
}
