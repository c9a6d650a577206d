import { randomUUID } from 'node:crypto'
import { CanaryDue, type CanaryRecord, learnCanary, type Verdict } from '@heliox/core/billing'
import { type CanaryKind, isOpen, localTime, nextOpen, type PayerCalendar, type PayerRules } from '@heliox/core/catalog'
import type { ValueOf } from '@heliox/core/kit'
import type { CanaryResult } from '@heliox/core/ports'
import { healthNow, lockHealth, saveCanary } from '../catalog/payer-health.ts'
import { knownPayerOf, knownPayers } from '../catalog/payers.ts'
import { type Emission, emit } from '../outbox.ts'
import type { Tx } from '../tenancy.ts'
import { doubtBelieved, hastenDoubted } from './doubted-payer.ts'

/** After a false answer, and after none: asked again this soon, so that a payer that is right again is not doubted for longer than it must be. */
const soonMinutes = 10
const duePerCommitMax = 50
/** Never answered before, it says nothing of how long the payer has been lying: so long, at least. */
const believedMinutes = 24 * 60
const after = (now: Date, minutes: number): Date => new Date(now.getTime() + minutes * 60_000)

const withoutOpeningMinutes = 60
/** When a payer that is closed is tried next. Closed for longer than anybody plans ahead, its hours are looked at again in a while. */
export function openingAfter(calendar: PayerCalendar, now: Date): Date {
  const at = nextOpen(calendar, now)
  return at > now ? at : after(now, withoutOpeningMinutes)
}

/** Canaries of a payer of which somebody has just been told. `atOnce`: it is doubted since now. */
export async function wantCanaries(tx: Tx, payerId: string, rules: PayerRules, { atOnce }: { atOnce: boolean }, now: Date): Promise<void> {
  if (rules.canaries.length === 0 || rules.route === 'batch') return
  const dueAt = atOnce ? now : after(now, rules.canaryEveryMinutes)
  // Read first: the usual case writes nothing, and every answer comes by here.
  const found = await tx.query<{ known: CanaryKind; dueAt: Date | null }>(
    'SELECT known::text AS known, due_at AS "dueAt" FROM billing.canaries WHERE tenant_id = $1 AND payer_id = $2',
    [tx.tenantId, payerId],
  )
  for (const { known } of rules.canaries) {
    const row = found.rows.find((one) => one.known === known)
    if (row?.dueAt && row.dueAt <= dueAt) continue
    await tx.query(
      `INSERT INTO billing.canaries (tenant_id, payer_id, known, due_at) VALUES ($1, $2, $3, $4)
       ON CONFLICT (tenant_id, payer_id, known) DO UPDATE SET due_at = least(billing.canaries.due_at, excluded.due_at)`,
      // One that was never asked about is asked about at once: nothing is known of it.
      [tx.tenantId, payerId, known, row ? dueAt : now],
    )
  }
}

/** Writes an event for each canary that is due. One that nobody wants any more, or that cannot be asked about at once, is put aside. */
export async function askCanaries(tx: Tx, at: Emission): Promise<number> {
  const due = await tx.query<{ payerId: string; known: CanaryKind; rounds: number }>(
    `SELECT payer_id AS "payerId", known::text AS known, rounds FROM billing.canaries WHERE tenant_id = $1 AND due_at <= $2
     ORDER BY due_at LIMIT ${duePerCommitMax} FOR NO KEY UPDATE SKIP LOCKED`,
    [tx.tenantId, at.now],
  )
  const payers = await knownPayers(tx, [...new Set(due.rows.map((row) => row.payerId))])
  let asked = 0
  for (const { payerId, known, rounds } of due.rows) {
    const payer = payers.get(payerId)
    if (payer?.unreadable) {
      await putOff(tx, payerId, known, after(at.now, soonMinutes))
      continue
    }
    const wanted = payer && payer.rules.route !== 'batch' && payer.rules.canaries.some((canary) => canary.known === known)
    if (!wanted) {
      await putOff(tx, payerId, known, null)
      continue
    }
    const { calendar, canaryEveryMinutes } = payer.rules
    if (!isOpen(calendar, at.now)) {
      await putOff(tx, payerId, known, openingAfter(calendar, at.now))
      continue
    }
    const requestId = randomUUID()
    await tx.query(
      `UPDATE billing.canaries SET request_id = $4, asked_at = $5, due_at = $6, rounds = rounds + 1 WHERE tenant_id = $1 AND payer_id = $2 AND known = $3`,
      [tx.tenantId, payerId, known, requestId, at.now, after(at.now, canaryEveryMinutes)],
    )
    const payload = { requestId, payerId, payerName: payer.name, known, serviceDate: localTime(at.now, calendar.timeZone).date }
    const aggregate = { aggregateType: 'canary', aggregateId: requestId, aggregateVersion: rounds + 1, intakeId: null }
    await emit(tx, { type: 'payer.canary-due.v1', contract: CanaryDue, payload, ...aggregate }, at)
    asked += 1
  }
  return asked
}

/** What came of each kind, for people. */
export async function canaryResults(tx: Tx, payerId: string): Promise<CanaryResult[]> {
  const found = await tx.query<{ known: CanaryKind; askedAt: Date | null; answeredAt: Date | null; verdict: Verdict | null; dueAt: Date | null }>(
    `SELECT known::text AS known, asked_at AS "askedAt", answered_at AS "answeredAt", verdict::text AS verdict, due_at AS "dueAt"
     FROM billing.canaries WHERE tenant_id = $1 AND payer_id = $2 ORDER BY known`,
    [tx.tenantId, payerId],
  )
  const text = (at: Date | null): string | null => at?.toISOString() ?? null
  return found.rows.map((row) => ({
    known: row.known,
    verdict: row.verdict,
    askedAt: text(row.askedAt),
    answeredAt: text(row.answeredAt),
    dueAt: text(row.dueAt),
  }))
}

const putOff = (tx: Tx, payerId: string, known: CanaryKind, dueAt: Date | null) =>
  tx.query('UPDATE billing.canaries SET due_at = $4 WHERE tenant_id = $1 AND payer_id = $2 AND known = $3', [tx.tenantId, payerId, known, dueAt])
/** No later than that. */
const hasten = (tx: Tx, payerId: string, known: CanaryKind, dueAt: Date) =>
  tx.query('UPDATE billing.canaries SET due_at = least(due_at, $4) WHERE tenant_id = $1 AND payer_id = $2 AND known = $3', [tx.tenantId, payerId, known, dueAt])

/**
 * What the payer said of it. A false answer is the strongest sign there is: from now on nothing of this payer is believed, and what was
 * believed since its last right one is asked about again. A right one ends that. An answer to an older question changes nothing.
 */
export async function recordCanary(tx: Tx, record: ValueOf<typeof CanaryRecord>, now: Date): Promise<void> {
  const { payerId, known, verdict, requestId } = record
  const { rules } = await knownPayerOf(tx, payerId)
  const health = healthNow(await lockHealth(tx, payerId), rules, now)
  const before = await tx.query<{ answeredAt: Date | null; askedAt: Date }>(
    `SELECT answered_at AS "answeredAt", asked_at AS "askedAt" FROM billing.canaries WHERE tenant_id = $1 AND payer_id = $2 AND known = $3 AND request_id = $4 FOR NO KEY UPDATE`,
    [tx.tenantId, payerId, known, requestId],
  )
  const row = before.rows[0]
  if (!row) return
  if (verdict === 'unknown') {
    await hasten(tx, payerId, known, after(now, soonMinutes))
    return
  }
  const lastRightAt = row.answeredAt ?? after(now, -believedMinutes)
  const learned = learnCanary(known, verdict, health, now, lastRightAt, row.askedAt)
  const doubts = learned.canary?.doubts ?? []
  const [was, is] = [(health.canary?.doubts.length ?? 0) > 0, doubts.length > 0]
  await saveCanary(tx, payerId, learned, doubts, now)
  await tx.query('UPDATE billing.canaries SET answered_at = $4, verdict = $5 WHERE tenant_id = $1 AND payer_id = $2 AND known = $3', [
    ...[tx.tenantId, payerId, known, now, verdict],
  ])
  if (is) await hasten(tx, payerId, known, after(now, soonMinutes))
  // With each false answer: who was in another hand at the first is found by the next.
  const { from } = learned.canary ?? {}
  if (is) await doubtBelieved(tx, payerId, { since: from ? new Date(from) : lastRightAt, calendar: rules.calendar }, now)
  const rateCleared = health.run?.since !== undefined && learned.run?.since === undefined
  if ((was || rateCleared) && !is) await hastenDoubted(tx, payerId, { calendar: rules.calendar }, now)
}
