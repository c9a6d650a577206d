import { localTime } from '@heliox/core/catalog'
import { type AppointmentState, type appointmentStatuses, type CancelReason, type VisitChanger, VisitCreated } from '@heliox/core/clinical'
import type { VisitFacts } from '@heliox/core/kit'
import { tenantFacts } from '../identity/tenants.ts'
import { type Emission, emit } from '../outbox.ts'
import type { Tx } from '../tenancy.ts'

export type VisitStatus = (typeof appointmentStatuses)[number]
export interface VisitRow {
  id: string
  intakeId: string
  /** Null until the patient sent the form. */
  patientId: string | null
  status: VisitStatus
  startsAt: Date
  endsAt: Date
  practitioner: string
  /** Counts what the desk sees of a visit; `version` counts every write. */
  revision: number
  version: number
  cancelReason: CancelReason | null
  changedAt: Date | null
  changedBy: VisitChanger | null
  agreedStatus: VisitStatus | null
  agreedStartsAt: Date | null
  agreedEndsAt: Date | null
  ehrVersion: string | null
  ehrUpdatedAt: Date | null
  /** Whom the chart's appointment named when both last agreed, as a keyed hash. */
  ehrPatientKey: string | null
  cover: unknown
  coverVersion: number
  searches: number
}
const columns = `id, intake_id AS "intakeId", patient_id AS "patientId", status::text AS status, starts_at AS "startsAt", ends_at AS "endsAt", practitioner,
  revision, version, cancel_reason::text AS "cancelReason", changed_at AS "changedAt", changed_by::text AS "changedBy",
  agreed_status::text AS "agreedStatus", agreed_starts_at AS "agreedStartsAt", agreed_ends_at AS "agreedEndsAt",
  ehr_version AS "ehrVersion", ehr_updated_at AS "ehrUpdatedAt", ehr_patient_key AS "ehrPatientKey", cover, cover_version AS "coverVersion", searches`

export async function findVisit(tx: Tx, visitId: string): Promise<VisitRow | undefined> {
  return (await tx.query<VisitRow>(`SELECT ${columns} FROM clinical.appointments WHERE tenant_id = $1 AND id = $2`, [tx.tenantId, visitId])).rows[0]
}
/** Of two who change it at one moment, the second sees what the first made of it. */
export async function lockVisit(tx: Tx, visitId: string): Promise<VisitRow | undefined> {
  return (await tx.query<VisitRow>(`SELECT ${columns} FROM clinical.appointments WHERE tenant_id = $1 AND id = $2 FOR UPDATE`, [tx.tenantId, visitId])).rows[0]
}

/** A visit whose id its asker chose. One asker at a time: the second sees what the first made. */
export async function isBooked(tx: Tx, visitId: string): Promise<boolean> {
  await tx.query(`SELECT pg_advisory_xact_lock(hashtextextended('clinical.appointments ' || $1 || ' ' || $2, 0))`, [tx.tenantId, visitId])
  return (await tx.query('SELECT 1 FROM clinical.appointments WHERE tenant_id = $1 AND id = $2', [tx.tenantId, visitId])).rows.length > 0
}

/** Nobody comes to it: called off, or not come to. */
const off: readonly VisitStatus[] = ['cancelled', 'noshow']
export const isOff = ({ status }: Pick<VisitRow, 'status'>): boolean => off.includes(status)
export async function visitsOff(tx: Tx, visitIds: readonly string[]): Promise<Set<string>> {
  if (visitIds.length === 0) return new Set()
  const found = await tx.query<{ id: string }>(
    'SELECT id FROM clinical.appointments WHERE tenant_id = $1 AND id = ANY ($2::uuid[]) AND status::text = ANY ($3::text[])',
    [tx.tenantId, visitIds, off],
  )
  return new Set(found.rows.map(({ id }) => id))
}

/** By its history: what changes a visit that is off already is no other end of it. */
const wentOff = `EXISTS (SELECT 1 FROM clinical.visit_changes c WHERE c.tenant_id = a.tenant_id AND c.visit_id = a.id AND c.changed_at >= $4
  AND c.status::text = ANY ($3::text[]) AND c.from_status::text <> ALL ($3::text[]))`
/** Called off, or not come to, at or after this moment. What a person asks for after that is another matter: they saw that it is off. */
export async function wentOffSince(tx: Tx, visitId: string, since: Date): Promise<boolean> {
  const found = await tx.query(
    `SELECT 1 FROM clinical.appointments a WHERE a.tenant_id = $1 AND a.id = $2 AND a.status::text = ANY ($3::text[]) AND ${wentOff}`,
    [...[tx.tenantId, visitId, off, since]],
  )
  return found.rowCount === 1
}

export async function intakesOff(tx: Tx, intakeIds: readonly string[]): Promise<Set<string>> {
  if (intakeIds.length === 0) return new Set()
  const found = await tx.query<{ intakeId: string }>(
    `SELECT intake_id AS "intakeId" FROM clinical.appointments WHERE tenant_id = $1 AND intake_id = ANY ($2::uuid[])
     GROUP BY intake_id HAVING bool_and(status::text = ANY ($3::text[]))`,
    [tx.tenantId, intakeIds, off],
  )
  return new Set(found.rows.map(({ intakeId }) => intakeId))
}

/** As `wentOffSince`, of the visits of a form. */
export async function intakeWentOffSince(tx: Tx, intakeId: string, since: Date): Promise<boolean> {
  const found = await tx.query<{ wentOff: boolean | null }>(
    `SELECT bool_and(a.status::text = ANY ($3::text[])) AND bool_or(${wentOff}) AS "wentOff" FROM clinical.appointments a WHERE a.tenant_id = $1 AND a.intake_id = $2`,
    [tx.tenantId, intakeId, off, since],
  )
  return found.rows[0]?.wentOff ?? false
}

/** Its date in the clinic's zone: an evening there is no next day. */
export const dayOfVisit = async (tx: Tx, startsAt: Date): Promise<string> => localTime(startsAt, (await tenantFacts(tx)).timeZone).date

export function agreedOf({ agreedStatus, agreedStartsAt, agreedEndsAt }: VisitRow): AppointmentState | null {
  if (!agreedStatus || !agreedStartsAt || !agreedEndsAt) return null
  return { status: agreedStatus, startsAt: agreedStartsAt.toISOString(), endsAt: agreedEndsAt.toISOString() }
}

export async function visitFacts(tx: Tx, visitId: string): Promise<VisitFacts> {
  const visit = await findVisit(tx, visitId)
  if (!visit) throw new Error('the visit is not there')
  const { startsAt, endsAt, practitioner, status } = visit
  return { startsAt: startsAt.toISOString(), endsAt: endsAt.toISOString(), practitioner, status, agreed: agreedOf(visit), patientKey: visit.ehrPatientKey }
}

interface NewVisit {
  visitId: string
  intakeId: string
  startsAt: Date
  endsAt: Date
  practitioner: string
  /** Default: booked. */
  status?: VisitStatus
  /** Where the EHR's id of the patient lies sealed (`sealChart`). */
  chartDocumentId?: string | null
}

export async function insertVisit(tx: Tx, visit: NewVisit, at: Emission): Promise<void> {
  await tx.query(
    `INSERT INTO clinical.appointments (tenant_id, id, intake_id, starts_at, ends_at, practitioner, status, chart_document_id, created_at, updated_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9)`,
    [
      ...[tx.tenantId, visit.visitId, visit.intakeId, visit.startsAt, visit.endsAt, visit.practitioner],
      ...[visit.status ?? 'booked', visit.chartDocumentId ?? null, at.now],
    ],
  )
  await emit(
    tx,
    {
      type: 'visit.created.v1',
      contract: VisitCreated,
      payload: {
        visitId: visit.visitId,
        intakeId: visit.intakeId,
        startsAt: visit.startsAt.toISOString(),
        endsAt: visit.endsAt.toISOString(),
        practitioner: visit.practitioner,
      },
      aggregateType: 'visit',
      aggregateId: visit.visitId,
      aggregateVersion: 1,
      intakeId: visit.intakeId,
    },
    at,
  )
}
