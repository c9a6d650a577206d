import pg from 'pg'
import type { Stack } from '../../docker/local/stack.ts'
import { type PartnerFacts, readPartners } from './partners.ts'

/** What the hub says of one intake in its journey, and who has it in hand. */
export interface JourneyFacts {
  intakeId: string
  /** The form is kept. */
  submitted: boolean
  eligibility: string | null
  payment: string | null
  writeback: string | null
  /** Of those that came with the form. */
  photos: { clean: number; other: number }
  /** Flows of which an item about this intake waits for a person. */
  held: string[]
}

/** One event, in whichever outbox. */
export interface EventFacts {
  id: string
  intakeId: string | null
  type: string
  /** A row of it (its own or a redelivery's) has not left. */
  pending: boolean
  /** In its intake's journey. */
  recorded: boolean
  /** How far the delivery to each flow is. */
  pins: Record<string, string>
}

/** What is about effects in the database, of every intake and of none. */
export interface HubFacts {
  journeys: JourneyFacts[]
  events: EventFacts[]
  visits: { visitId: string; intakeId: string; patientId: string | null }[]
  /** Patients that no submitted form names. */
  strayPatients: string[]
  /** `asked`: how often there was reason to ask; `rounds`: how often the question went into a batch. */
  requests: { requestId: string; intakeId: string; asked: number; rounds: number; answers: number }[]
  canaries: string[]
  payments: { paymentId: string; intakeId: string; methods: number }[]
  /** What webhooks told, by the partner's id of each; `about`: of the payment, where it is one of ours. */
  facts: { eventId: string; type: string; about: string | null }[]
  notices: { intakeId: string; template: string; times: number }[]
  /** Deliveries that are under way, of whatever intake. */
  openPins: { flow: string; state: string; intakeId: string | null }[]
}
export interface Facts {
  hub: HubFacts
  partners: PartnerFacts
}

const schemas = ['identity', 'compliance', 'clinical', 'media', 'billing', 'messaging', 'catalog', 'reporting'] as const
/** The rows of all outboxes, as one query. */
export const everyOutbox = (columns: string): string => schemas.map((schema) => `SELECT ${columns} FROM ${schema}.outbox`).join(' UNION ALL ')

const journeysSql = `
SELECT s.id AS "intakeId", s.status = 'submitted' AS submitted, j.eligibility::text AS eligibility, j.payment::text AS payment, j.writeback::text AS writeback,
  json_build_object('clean', (SELECT count(*) FROM reporting.journey_photos p WHERE p.tenant_id = s.tenant_id AND p.intake_id = s.id AND p.submitted AND p.state = 'clean'),
    'other', (SELECT count(*) FROM reporting.journey_photos p WHERE p.tenant_id = s.tenant_id AND p.intake_id = s.id AND p.submitted AND p.state <> 'clean')) AS photos,
  coalesce((SELECT json_agg(DISTINCT o.flow) FROM messaging.overrides o WHERE o.tenant_id = s.tenant_id AND o.intake_id = s.id AND o.status = 'open'), '[]') AS held
FROM identity.intake_sessions s LEFT JOIN reporting.journeys j ON j.tenant_id = s.tenant_id AND j.intake_id = s.id`

/** Behind the hub, as the database's owner; every line about every clinic. */
export function openFacts(stack: Pick<Stack, 'ownerUrl' | 'urls'>): {
  journeys(intakeIds: readonly string[]): Promise<JourneyFacts[]>
  all(): Promise<Facts>
  close(): Promise<void>
} {
  const pool = new pg.Pool({ connectionString: stack.ownerUrl, max: 2 })
  // The database is killed under us: the next question opens a new connection.
  pool.on('error', () => undefined)
  const rows = async <T extends object>(sql: string, values: unknown[] = []): Promise<T[]> => (await pool.query<T>(sql, values)).rows

  return {
    journeys: (intakeIds) =>
      rows<JourneyFacts>(`${journeysSql} WHERE s.tenant_id IN (SELECT tenant_id FROM identity.tenants) AND s.id = ANY($1::uuid[])`, [intakeIds]),
    async all() {
      const [hub, partners] = await Promise.all([readHub(rows), readPartners(stack.urls)])
      return { hub, partners }
    },
    close: () => pool.end(),
  }
}

type Rows = <T extends object>(sql: string) => Promise<T[]>

async function readHub(rows: Rows): Promise<HubFacts> {
  return {
    journeys: await rows(journeysSql),
    events: await rows(eventsSql),
    visits: await rows(`SELECT v.id AS "visitId", v.intake_id AS "intakeId", v.patient_id AS "patientId" FROM clinical.appointments v`),
    strayPatients: (
      await rows<{ id: string }>(`SELECT p.id FROM identity.patients p
        WHERE NOT EXISTS (SELECT 1 FROM identity.intake_sessions s WHERE s.tenant_id = p.tenant_id AND s.patient_id = p.id AND s.status = 'submitted')`)
    ).map(({ id }) => id),
    requests: await rows(requestsSql),
    canaries: (await rows<{ id: string }>(`SELECT DISTINCT aggregate_id AS id FROM billing.outbox WHERE event_type = 'payer.canary-due.v1'`)).map(
      ({ id }) => id,
    ),
    payments: await rows(`SELECT p.id AS "paymentId", p.intake_id AS "intakeId",
      (SELECT count(*)::integer FROM billing.payment_methods m WHERE m.tenant_id = p.tenant_id AND m.payment_id = p.id) AS methods FROM billing.payments p`),
    facts: await rows('SELECT event_id AS "eventId", type, about_id AS about FROM billing.payment_facts'),
    notices: await rows(`SELECT intake_id AS "intakeId", template::text AS template, count(*)::integer AS times FROM messaging.notifications GROUP BY 1, 2`),
    openPins: await rows(`SELECT flow, state::text AS state, intake_id AS "intakeId" FROM messaging.pins WHERE state IN ('open', 'retrying')`),
  }
}

/** An event that is delivered again has several rows and one id. */
const eventsSql = `
WITH rows AS (${everyOutbox(`tenant_id, envelope_id, intake_id, event_type, status = 'pending' AS pending`)}),
events AS (SELECT tenant_id, envelope_id, intake_id, event_type, bool_or(pending) AS pending FROM rows GROUP BY 1, 2, 3, 4)
SELECT e.envelope_id AS id, e.intake_id AS "intakeId", e.event_type AS type, e.pending,
  EXISTS (SELECT 1 FROM reporting.journey_steps s WHERE s.tenant_id = e.tenant_id AND s.event_id = e.envelope_id) AS recorded,
  coalesce((SELECT json_object_agg(p.flow, p.state) FROM messaging.pins p WHERE p.tenant_id = e.tenant_id AND p.root_id = e.envelope_id), '{}') AS pins
FROM events e`

const requestsSql = `
SELECT r.id AS "requestId", r.intake_id AS "intakeId",
  (SELECT count(DISTINCT o.envelope_id)::integer FROM billing.outbox o WHERE o.tenant_id = r.tenant_id AND o.intake_id = r.intake_id
    AND o.event_type IN ('eligibility.requested.v1', 'eligibility.recheck.v1')) AS asked,
  (SELECT count(*)::integer FROM billing.inquiries i WHERE i.tenant_id = r.tenant_id AND i.request_id = r.id) AS rounds,
  (SELECT count(*)::integer FROM billing.eligibility_answers a WHERE a.tenant_id = r.tenant_id AND a.request_id = r.id) AS answers
FROM billing.eligibility_requests r`
