import { askingFlow } from '@heliox/core/messaging'
import type { ItemAttempt } from '@heliox/core/ports'
import type { Tx } from '../tenancy.ts'

/** What is about one item: a delivery's own step; for a case, whatever was asked for the intake's cover. */
interface AttemptsOf {
  rootId: string
  flow: string
  step: string
  /** Of a delivery. */
  ledgerMonth: string | null
  /** Of a case. */
  intakeId: string | null
}

interface Row {
  effectId: string
  fencing: number
  flow: string
  step: string
  partner: string | null
  operation: string | null
  generation: number
  number: number
  startedAt: Date
  endedAt: Date | null
  outcome: Exclude<ItemAttempt['outcome'], 'running'> | null
  cause: ItemAttempt['cause']
  late: boolean
  nothingSent: boolean
  manual: boolean
  suspicions: ItemAttempt['suspicions']
  port: 'ok' | 'rejected' | null
  inputDocumentId: string | null
  /** The partner's own answer of this attempt. */
  answerDocumentId: string | null
  /** The answer is what there is to choose from. */
  choice: boolean
}

/** The newest; what was tried more often tells nothing new. */
const attemptsMax = 100

const columns = `a.effect_id AS "effectId", a.fencing, e.flow, e.step, e.partner, e.operation, e.generation,
  row_number() OVER (PARTITION BY a.effect_id ORDER BY a.fencing)::int AS number, a.started_at AS "startedAt", a.ended_at AS "endedAt",
  a.outcome::text AS outcome, a.cause::text AS cause, a.late_at IS NOT NULL AS late, a.nothing_sent AS "nothingSent", e.manual, e.suspicions, e.port::text AS port,
  e.input_document_id AS "inputDocumentId",
  a.options_document_id IS NOT NULL AS choice,
  CASE WHEN a.late_document_id IS NOT NULL THEN a.late_document_id
       WHEN a.options_document_id IS NOT NULL THEN a.options_document_id
       WHEN NOT e.manual AND a.outcome IN ('succeeded', 'rejected', 'reconciled') THEN e.answer_document_id END AS "answerDocumentId"`
const joined =
  'FROM messaging.effect_attempts a JOIN messaging.effects e ON e.tenant_id = a.tenant_id AND e.ledger_month = a.ledger_month AND e.id = a.effect_id'

async function rows(tx: Tx, of: AttemptsOf): Promise<Row[]> {
  const found = of.intakeId
    ? await tx.query<Row>(
        `SELECT ${columns} ${joined} WHERE e.tenant_id = $1 AND e.intake_id = $2 AND e.flow = '${askingFlow}' ORDER BY a.started_at DESC, a.fencing DESC LIMIT ${attemptsMax}`,
        [tx.tenantId, of.intakeId],
      )
    : await tx.query<Row>(
        `SELECT ${columns} ${joined} WHERE e.tenant_id = $1 AND e.ledger_month = $2 AND a.ledger_month = $2 AND e.root_id = $3 AND e.flow = $4 AND e.step = $5
         ORDER BY a.started_at DESC, a.fencing DESC LIMIT ${attemptsMax}`,
        [tx.tenantId, of.ledgerMonth, of.rootId, of.flow, of.step],
      )
  return found.rows
}

/** What an item's attempts are found by. */
export async function attemptsKey(tx: Tx, overrideId: string): Promise<AttemptsOf | undefined> {
  const found = await tx.query<AttemptsOf>(
    `SELECT root_id AS "rootId", flow, step, ledger_month::text AS "ledgerMonth", CASE WHEN kind = 'case' THEN intake_id END AS "intakeId" FROM messaging.overrides WHERE tenant_id = $1 AND id = $2`,
    [tx.tenantId, overrideId],
  )
  return found.rows[0]
}

/** In the order in which they were made. */
export async function listAttempts(tx: Tx, of: AttemptsOf): Promise<ItemAttempt[]> {
  return (await rows(tx, of)).reverse().map((row) => ({
    id: `${row.effectId}.${row.fencing}`,
    flow: row.flow,
    step: row.step,
    operation: row.operation,
    generation: row.generation,
    number: row.number,
    at: row.startedAt.toISOString(),
    latencyMs: row.endedAt ? Math.max(0, row.endedAt.getTime() - row.startedAt.getTime()) : null,
    outcome: row.outcome ?? 'running',
    cause: row.cause,
    nothingSent: row.nothingSent,
    sentOpenable: row.inputDocumentId !== null && !row.nothingSent,
    answerOpenable: row.answerDocumentId !== null,
    late: row.late,
    manual: row.manual,
    suspicions: row.suspicions,
  }))
}

/** Only an attempt of this very item: an id from elsewhere finds nothing. */
export async function findAttempt(tx: Tx, of: AttemptsOf, attemptId: string): Promise<Row | undefined> {
  return (await rows(tx, of)).find((row) => `${row.effectId}.${row.fencing}` === attemptId)
}
