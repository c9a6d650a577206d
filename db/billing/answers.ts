import { randomUUID } from 'node:crypto'
import { type AnswerFact, type AnswerState, contradicting, currentAnswer, type Suspicion, saysCover, type Verdict } from '@heliox/core/billing'
import { raiseIncident } from '../messaging/incidents.ts'
import type { Tx } from '../tenancy.ts'
import { doubtedByNow, isAskedAgain } from './doubted-payer.ts'
import { nextAsking } from './next-asking.ts'
import { partner } from './received-items.ts'
import type { RequestRow } from './requests.ts'
import { type Telling, tellOutcome, tellProvisional, tellRenewed } from './telling.ts'

interface NewAnswer {
  verdict: Verdict
  rule: string
  reasonCodes: readonly string[]
  copayCents: number | null
  manual: boolean
  saidAt: Date | null
  receivedAt: Date
  state: AnswerState
  notNow: boolean
  contested: boolean
  /** Rules that do not believe it; empty for a person's. */
  suspicions: readonly Suspicion[]
  /** When it was judged, where that was before it is recorded and somebody knows. */
  judgedAt?: Date | null
  /** Its question was asked with data that were corrected since. */
  outdated: boolean
  /** The question is not over with it: another round is under way, or it is not what was asked. */
  goesOn?: boolean
  itemId: string | null
  /** Items whose answers to this request came under the same numbers with other bytes: they are contested with it. */
  rivalItems?: readonly string[]
}
type AnswerRow = AnswerFact & { rule: string; reasonCodes: string[]; copayCents: number | null; manual: boolean }
type AnswerFate = 'current' | 'history' | 'contested' | 'provisional'

/** More than anybody answers about one visit; the oldest of more could not be current anyway. */
const historyMax = 500

/**
 * Keeps an answer and asks the rule which one is current: an older one never writes over a newer one, whatever door it came by and
 * whenever it came. What is not believed never counts: it is asked for again, and what counted before stays. Where a conflict leaves none,
 * the verdict is unknown and our team has it. An event says so only where something changed that somebody can see; a question that ends
 * without a newer answer ends seen, too. The request must be locked. Returns what became of the answer.
 */
export async function recordAnswer(tx: Tx, request: RequestRow, judged: NewAnswer, at: Telling): Promise<AnswerFate> {
  const id = randomUUID()
  const answer = await doubtedByNow(tx, request.payerId, judged, at.now)
  // What does not verify says nothing: whatever could be made out of it stays in the sealed file.
  const told = answer.state === 'damaged' ? { verdict: 'unknown' as const, rule: 'damaged', reasonCodes: [], copayCents: null } : answer
  await tx.query(
    `INSERT INTO billing.eligibility_answers (tenant_id, id, request_id, verdict, rule, reason_codes, copay_cents, manual, answered_at, said_at, state,
       not_now, contested, item_id, suspicions, outdated) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`,
    [
      ...[tx.tenantId, id, request.id, told.verdict, told.rule, told.reasonCodes, told.copayCents, answer.manual, answer.receivedAt, answer.saidAt],
      ...[answer.state, answer.notNow, answer.contested, answer.itemId, answer.suspicions, answer.outdated],
    ],
  )
  const contested = await contestTogether(tx, request.id, answer.rivalItems ?? [], at.now)
  const answers = await answersOf(tx, request.id)
  const before = answers.find((one) => one.id === request.currentAnswerId)
  const current = currentAnswer(answers)
  const fate = contested.has(id) || answer.contested ? 'contested' : current?.id === id ? 'current' : 'history'
  if (fate === 'history' && isDoubted(answer)) return recordDoubt(tx, request, answer, current, at)
  const ends = request.status === 'requested' && fate === 'history' && !goesOn(answer)
  // Nothing counts yet, and nothing is in dispute: the request goes on waiting.
  if (!current && fate !== 'contested' && !ends) return fate
  if (current?.id === before?.id && (request.status === 'answered' || fate === 'history')) {
    if (ends) await endWithout(tx, request, current, at)
    return fate
  }
  const next = current ? await nextAsking(tx, request, current, at.now) : null
  await tx.query(
    `UPDATE billing.eligibility_requests SET status = 'answered', answered_at = $3, current_answer_id = $4, doubts = 0, recheck_at = $5, recheck_why = $6
     WHERE tenant_id = $1 AND id = $2`,
    [tx.tenantId, request.id, at.now, current?.id ?? null, next, next && 'ageing'],
  )
  if (before && current && visible(before) === visible(current) && isTold(request, current)) {
    // Only somebody who was asked again can say the same anew; a copy of an old answer makes nothing fresher.
    if (request.status === 'requested' && fate === 'current') await tellRenewed(tx, request, current, at)
    return fate
  }
  await tellOutcome(tx, standing(request, before), current ?? { ...nothingToTell, disputed: true }, at)
  return fate
}

/** Whole, about this question, and not believed. A damaged one or a "not now" says nothing that could be doubted. */
const isDoubted = ({ suspicions, state, notNow, outdated }: NewAnswer): boolean => suspicions.length > 0 && state === 'whole' && !notNow && !outdated

const goesOn = ({ goesOn: said, outdated, state, contested, notNow }: NewAnswer): boolean =>
  said ?? (outdated || contested || notNow || state === 'in-damaged-file')

/** What stands is what was told last: not in doubt, and not "our team has it" after the last doubt. */
const isTold = ({ toldVerdict, doubts }: RequestRow, current: AnswerRow): boolean =>
  (toldVerdict ?? current.verdict) === current.verdict && (doubts === 0 || saysCover(current.verdict))

/** Where nothing about the cover stood, whatever was told of it was told in doubt: that it cannot be told any more is no change. */
const standing = (request: RequestRow, before: AnswerRow | undefined): RequestRow =>
  before && !saysCover(before.verdict) ? { ...request, currentAnswerId: null } : request

/** The payer was asked again and said nothing that counts: what stood before stands, and where that leaves it open, our team has it. */
async function endWithout(tx: Tx, request: RequestRow, current: AnswerRow | undefined, at: Telling): Promise<void> {
  // From now on: the day for which it was just asked is over.
  const next = current ? await nextAsking(tx, request, { ...current, receivedAt: at.now }, at.now) : null
  await tx.query(
    `UPDATE billing.eligibility_requests SET status = 'answered', answered_at = $3, current_answer_id = $4, recheck_at = $5, recheck_why = $6
     WHERE tenant_id = $1 AND id = $2`,
    [tx.tenantId, request.id, at.now, current?.id ?? null, next, next && 'ageing'],
  )
  if (!current) await tellOutcome(tx, request, { ...nothingToTell, disputed: true }, at)
  else if (!saysCover(current.verdict)) await tellOutcome(tx, standing(request, current), current, at)
  else if (!isTold(request, current)) await tellOutcome(tx, request, nothingToTell, at)
}

/**
 * An earlier answer about the cover stays what was told, and so does any that nobody asked to have again. Doubted once too often, our team
 * has it, whatever was told before: nobody else would ever look at it again.
 */
async function recordDoubt(tx: Tx, request: RequestRow, answer: NewAnswer, current: AnswerRow | undefined, at: Telling): Promise<AnswerFate> {
  const doubts = request.doubts + 1
  const next = (await isAskedAgain(tx, at)) ? await nextAsking(tx, request, { ...answer, doubts }, at.now) : null
  const nobodyAsked = request.status === 'answered' && (request.doubts === 0 || request.toldVerdict === 'unknown')
  if (next === null && nobodyAsked) return 'provisional'
  const stands = current !== undefined && (saysCover(current.verdict) || request.status === 'answered')
  const over = next === null || stands
  await tx.query(
    `UPDATE billing.eligibility_requests SET doubts = $3, recheck_at = $4, recheck_why = $5, status = $6, answered_at = $7 WHERE tenant_id = $1 AND id = $2`,
    [tx.tenantId, request.id, doubts, next, next && 'suspicious', over ? 'answered' : 'requested', over ? at.now : null],
  )
  if (next === null) await tellOutcome(tx, standing(request, current), nothingToTell, at)
  else if (!stands) await tellProvisional(tx, request, answer, next, at)
  return 'provisional'
}

/** What is told of a request whose answers contradict each other, or are not to be believed. */
const nothingToTell = { verdict: 'unknown' as const, reasonCodes: [], manual: false, saidAt: null, receivedAt: null }

/** Marks the rivals of a new answer, and every answer that another contradicts; tells a person of what is contradicted anew. */
async function contestTogether(tx: Tx, requestId: string, rivalItems: readonly string[], now: Date): Promise<Set<string>> {
  if (rivalItems.length > 0) {
    await tx.query('UPDATE billing.eligibility_answers SET contested = true WHERE tenant_id = $1 AND request_id = $2 AND item_id = ANY ($3::uuid[])', [
      ...[tx.tenantId, requestId, rivalItems],
    ])
  }
  const answers = await answersOf(tx, requestId)
  const contested = contradicting(answers)
  const fresh = answers.filter((answer) => !answer.contested && contested.has(answer.id)).map((answer) => answer.id)
  if (fresh.length === 0) return contested
  await tx.query('UPDATE billing.eligibility_answers SET contested = true WHERE tenant_id = $1 AND id = ANY ($2::uuid[])', [tx.tenantId, fresh])
  await raiseIncident(tx, { kind: 'conflicting-answer', partner, payerId: null, about: { is: 'request', id: requestId }, count: 1 }, now)
  return contested
}

const visible = ({ verdict, rule, reasonCodes, copayCents, manual }: AnswerRow): string => JSON.stringify([verdict, rule, reasonCodes, copayCents, manual])

async function answersOf(tx: Tx, requestId: string): Promise<AnswerRow[]> {
  const found = await tx.query<AnswerRow>(
    `SELECT a.id, a.verdict::text AS verdict, a.rule, a.reason_codes AS "reasonCodes", a.copay_cents AS "copayCents", a.manual,
       a.answered_at AS "receivedAt", a.said_at AS "saidAt", a.state::text AS state, a.not_now AS "notNow", a.contested, a.outdated,
       cardinality(a.suspicions) > 0 AS suspicious, i.file_id AS "fileId"
     FROM billing.eligibility_answers a LEFT JOIN billing.received_items i ON i.tenant_id = a.tenant_id AND i.id = a.item_id
     WHERE a.tenant_id = $1 AND a.request_id = $2 ORDER BY a.answered_at DESC LIMIT ${historyMax}`,
    [tx.tenantId, requestId],
  )
  return found.rows
}
