import { randomUUID } from 'node:crypto'
import { type Envelope, limits } from '@heliox/core/kit'
import type { EffectLedger, LedgerEnd, LedgerStart, StepRef } from '@heliox/core/ports'

/** For tests of the rules around it: the effect ledger's contract in memory, one process, no encryption. */
export interface MemoryLedger extends EffectLedger {
  /** Every end that was recorded, in order. */
  readonly ends: LedgerEnd[]
  /** A person asks for another try. */
  release(ref: StepRef): void
  /** A person gives the answer. */
  answer(ref: StepRef, port: 'ok' | 'rejected', value: unknown): void
  /** The lease of a killed process runs out. */
  expire(ref: StepRef): void
  /** Nobody may have it any more. */
  unwant(ref: StepRef): void
}

interface Row {
  input: string
  attempt: number
  fencing: number
  firstSentAt: string
  triesMax: number | null
  retryUntilMs: number | null
  retryUntilMaxMs: number
  lastSentAt: string | null
  startedMs: number
  leaseUntilMs: number | null
  unknown: boolean
  unwanted: boolean
  held: boolean
  done: Extract<LedgerStart, { is: 'done' }> | null
}

const newRow = (input: string, now: Date): Row => ({
  input,
  attempt: 0,
  fencing: 0,
  firstSentAt: now.toISOString(),
  triesMax: null,
  retryUntilMs: null,
  retryUntilMaxMs: 0,
  lastSentAt: null,
  startedMs: 0,
  leaseUntilMs: null,
  unknown: false,
  unwanted: false,
  held: false,
  done: null,
})

export function memoryLedger(): MemoryLedger {
  const rows = new Map<string, Row>()
  const ends: LedgerEnd[] = []
  const keyOf = (ref: StepRef): string => `${ref.tenantId}/${ref.rootId}/${ref.flow}/${ref.step}`
  const rowOf = (ref: StepRef): Row => {
    const row = rows.get(keyOf(ref))
    if (!row) throw new Error('no such effect')
    return row
  }
  return {
    ends,
    async start(ref, _target, input, { now, leaseMs, replay, keyedForMs, triesMax }) {
      const known = rows.get(keyOf(ref))
      const row = known ?? newRow(input, now)
      rows.set(keyOf(ref), row)
      if (row.done) return row.done
      if (row.held) return { is: 'held' }
      if (row.leaseUntilMs !== null && row.leaseUntilMs > now.getTime()) return { is: 'busy', retryAfterMs: row.leaseUntilMs - now.getTime() }
      if (row.leaseUntilMs !== null) {
        row.unknown = true
        row.lastSentAt = new Date(row.leaseUntilMs).toISOString()
      }
      if (row.unwanted && !row.unknown) return { is: 'busy', retryAfterMs: 0 }
      row.attempt += 1
      row.fencing += 1
      row.startedMs = now.getTime()
      row.leaseUntilMs = row.startedMs + leaseMs
      if (row.retryUntilMs === null) {
        row.retryUntilMs = now.getTime() + limits.attemptAgeMsMax
        row.retryUntilMaxMs = row.retryUntilMs + limits.waitDaysMax * 24 * 3_600_000
      }
      row.triesMax ??= triesMax
      const overdue = now.getTime() > row.retryUntilMs
      const forgotten = replay === 'never' || (replay === 'keyed' && (overdue || row.leaseUntilMs - Date.parse(row.firstSentAt) >= (keyedForMs ?? 0)))
      const mode = row.unknown && (forgotten || row.unwanted) ? 'reconcile' : known ? 'again' : 'first'
      return {
        is: 'go',
        effectId: keyOf(ref),
        fencing: row.fencing,
        generation: 1,
        attempt: row.attempt,
        firstSentAt: row.firstSentAt,
        lastSentAt: row.lastSentAt,
        triesMax: row.triesMax,
        retryUntil: new Date(row.retryUntilMs).toISOString(),
        retryUntilMax: new Date(row.retryUntilMaxMs).toISOString(),
        overdue,
        unwanted: row.unwanted,
        leaseUntil: new Date(row.leaseUntilMs).toISOString(),
        input: row.input,
        mode,
      }
    },
    async end(ref, _effectId, fencing, end, now) {
      const row = rowOf(ref)
      if (row.fencing !== fencing) return 'late'
      ends.push(end)
      row.leaseUntilMs = null
      if (end.effectSent ?? !end.nothingSent) row.lastSentAt = now.toISOString()
      if (end.is === 'answered') row.done = { is: 'done', port: end.port, value: end.value, manual: false, suspicions: end.suspicions }
      else if (end.is !== 'choice') row.unknown = (row.unknown && !end.earlierNotDone) || end.outcome === 'unknown'
      row.held = end.is === 'held' || end.is === 'choice'
      if (end.is !== 'retry' || !end.waits) return 'recorded'
      row.attempt -= 1
      if (end.waits === 'hours') row.retryUntilMs = Math.min((row.retryUntilMs ?? 0) + end.at.getTime() - now.getTime(), row.retryUntilMaxMs)
      return 'recorded'
    },
    release(ref) {
      Object.assign(rowOf(ref), { held: false, attempt: 0, triesMax: null, retryUntilMs: null })
    },
    answer(ref, port, value) {
      rowOf(ref).done = { is: 'done', port, value, manual: true, suspicions: [] }
    },
    unwant(ref) {
      rowOf(ref).unwanted = true
    },
    expire(ref) {
      const row = rowOf(ref)
      row.leaseUntilMs = row.startedMs
    },
  }
}

/** An envelope of the given type for tests. */
export function testEnvelope(type: string, contract: string, payload: unknown, changes: Partial<Envelope> = {}): Envelope {
  const id = randomUUID()
  return {
    id,
    rootId: id,
    type,
    contract,
    tenantId: '0198f2a0-0000-7000-8000-000000000001',
    region: 'us-east',
    aggregateType: 'test',
    aggregateId: randomUUID(),
    aggregateVersion: 1,
    intakeId: null,
    occurredAt: '2026-01-05T15:00:00.000Z',
    process: 'test',
    traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    attempt: 1,
    payload,
    ...changes,
  }
}
