import { createHash, randomUUID } from 'node:crypto'
import { type EligibilityRecordV2, type InquiryState, personCheckOf, type ReceivedItem, traceOf } from '@heliox/core/billing'
import type { Envelope, ValueOf } from '@heliox/core/kit'
import { drainAll, submittedIntake, type TestHub } from '../fixtures.ts'

/** For the tests of this folder: what happened so far is told through the applies, as the flows do. */
export type Item = ValueOf<typeof ReceivedItem>
export type AnswerItem = Extract<Item, { kind: 'answer' }>
const hash = (text: string): string => createHash('sha256').update(text).digest('hex')

let numbers = 0
/** A source of the payer's that was never used before. */
export function freshSource(): AnswerItem['source'] {
  numbers += 1
  return {
    senderId: 'CLEARSIM',
    receiverId: 'HELIOXHUB',
    isa13: String(numbers).padStart(9, '0'),
    gs06: String(numbers),
    st02: '0001',
    sha256: hash(`st ${numbers}`),
  }
}
export const otherBytes = (source: AnswerItem['source']): AnswerItem['source'] => ({ ...source, sha256: hash(randomUUID()) })

/** Of `submittedIntake`, as a payer gives them back. */
export const ourPatient = { memberId: 'HX99871', givenName: 'Ruth', familyName: 'Okafor', birthDate: '1981-04-09', corrected: false }
/** What a payer that answers about another birth date says of the person; one date of 256 would agree with ours by chance. */
export function anotherBirthDate(reference: string): ReturnType<typeof personCheckOf> {
  const ours = personCheckOf(reference, ourPatient)
  const others = ['1979-01-31', '1979-02-28', '1979-03-31'].map((birthDate) => personCheckOf(reference, { ...ourPatient, birthDate }))
  const differs = others.find((other) => other.birthDate !== ours.birthDate)
  if (!differs) throw new Error('three dates agree with ours in their eight bits')
  return differs
}

export const answerFor = (requestId: string, over: Partial<AnswerItem> = {}): AnswerItem => ({
  days: [{ from: null, to: null, verdict: over.verdict ?? 'active', rule: over.rule ?? 'plan-active' }],
  ...{ kind: 'answer', source: freshSource(), patient: 0, patients: 1, traces: [traceOf(requestId)], bht03: null, patientAccount: null },
  person: personCheckOf(traceOf(requestId), ourPatient),
  ...{ answeredAt: null, serviceDate: null, verdict: 'active', rule: 'plan-active', reasonCodes: [], notNow: false, copayCents: 2500, state: 'whole' },
  ...over,
})
type Ta1 = Extract<Item, { kind: 'interchange-ack' }>
export const ta1 = (isa13: number | null, outcome: Ta1['outcome'], note = '000'): Item => ({
  kind: 'interchange-ack',
  source: freshSource(),
  isa13,
  outcome,
  note,
})
type GroupAck = Extract<Item, { kind: 'group-ack' }>
export const ack999 = (gs06: number | null, over: Partial<GroupAck> = {}): Item => ({
  ...{ kind: 'group-ack', source: freshSource(), gs06, functionalId: 'HS', outcome: 'accepted', unnamed: 'accepted', sets: [] },
  ...over,
})

type AnswerRecord = ValueOf<typeof EligibilityRecordV2>
export interface Bench {
  hub: TestHub
  /** Forgets what the test before it left; a database for each would cost a second each. */
  clear(): Promise<void>
  at(minutes: number): Date
  /** `version`: of what the event is about. */
  apply(name: string, input: unknown, now?: Date, askedAt?: Date, version?: number): Promise<'applied' | 'again'>
  /** One item of a file; the file may be named, to let several be of one. */
  receive(item: Item, options?: { fileId?: string; now?: Date }): Promise<void>
  request(payerId?: string): Promise<string>
  /** What the payer's real-time door said. `askedAt`: when the question was asked. */
  answer(requestId: string, over?: Partial<AnswerRecord>, options?: { now?: Date; askedAt?: Date }): Promise<void>
  /** When it is asked again and why, and what was told of it last. */
  asking(requestId: string): Promise<{ status: string; recheckAt: string | null; why: string | null; doubts: number; told: string | null; coverage: string }>
  /** Events since the last look, with what they say, in the order of their versions. */
  told(now?: Date): Promise<{ type: string; payload: Record<string, unknown>; version: number }[]>
  /** Requests that wait, closed into one batch; in the order of its members. */
  batchOf(count: number, options?: { payerId?: string; now?: Date }): Promise<{ batchId: string; requestIds: string[] }>
  sent(batch: { batchId: string; requestIds: string[] }, number: number, now?: Date): Promise<void>
  states(requestId: string): Promise<InquiryState[]>
  current(requestId: string): Promise<{ status: string; verdict: string | null; version: number }>
  incidents(kind?: string): Promise<{ kind: string; about: string; count: number }[]>
  events(): Promise<string[]>
}

export function makeBench(hub: TestHub): Bench {
  const at = (minutes: number): Date => new Date(hub.now.getTime() + minutes * 60_000)
  const envelopeOf = (askedAt: Date, aggregateVersion: number): Envelope => {
    const id = randomUUID()
    return {
      ...{ id, rootId: id, type: 'x', contract: 'x', tenantId: hub.tenantId, region: 'us-east', aggregateType: 'x', aggregateId: id, aggregateVersion },
      ...{ intakeId: null, occurredAt: askedAt.toISOString(), process: 'engine-1', traceparent: null, attempt: 1, payload: {} },
    }
  }
  const apply: Bench['apply'] = (name, input, now = hub.now, askedAt = hub.now, version = 1) =>
    hub.engine.stores.applies.apply(name, input, { envelope: envelopeOf(askedAt, version), flow: 'f', version: 1, step: name, process: 'engine-1', now })
  const bench: Bench = {
    hub,
    async clear() {
      await hub.owner.query(`TRUNCATE billing.received_keys, billing.received_items, billing.inquiries, billing.batches, billing.eligibility_answers, billing.canaries,
        billing.outbox, messaging.incidents, catalog.payer_health, catalog.payer_settings CASCADE`)
      await hub.owner.query('UPDATE billing.eligibility_requests SET recheck_at = NULL, recheck_why = NULL, asked_again_at = NULL')
    },
    at,
    apply,
    async receive(item, { fileId = randomUUID(), now = hub.now } = {}) {
      await apply('billing.record-item', { itemId: randomUUID(), fileId, index: 0, receivedAt: now.toISOString(), item }, now)
    },
    async request(payerId = 'SLOWB4') {
      const { envelope } = await submittedIntake(hub)
      await drainAll(hub, 'billing')
      await apply('billing.open-eligibility', { ...(envelope.payload as object), payerId, payerName: payerId })
      const [opened] = await drainAll(hub, 'billing')
      if (!opened) throw new Error('no request was opened')
      return (opened.envelope.payload as { requestId: string }).requestId
    },
    async answer(requestId, over = {}, { now = hub.now, askedAt = hub.now } = {}) {
      const record = { requestId, verdict: 'active', rule: 'plan-active', reasonCodes: [], copayCents: 2500, manual: false, suspicions: [], ...over }
      await apply('billing.record-answer', record, now, askedAt)
    },
    async asking(requestId) {
      const found = await hub.owner.query(
        `SELECT r.status::text AS status, r.recheck_at AS "recheckAt", r.recheck_why::text AS why, r.doubts, r.told_verdict::text AS told, c.status::text AS coverage
         FROM billing.eligibility_requests r JOIN billing.coverages c ON c.id = r.coverage_id WHERE r.id = $1`,
        [requestId],
      )
      const row = found.rows[0]
      return { ...row, recheckAt: row.recheckAt?.toISOString() ?? null }
    },
    told: async (now = at(100_000)) =>
      (await drainAll(hub, 'billing', now))
        .map(({ envelope }) => ({ type: envelope.type, payload: envelope.payload as Record<string, unknown>, version: envelope.aggregateVersion }))
        .sort((a, b) => a.version - b.version),
    async batchOf(count, { payerId, now = hub.now } = {}) {
      for (let i = 0; i < count; i += 1) await apply('billing.queue-inquiry', { requestId: await bench.request(payerId), why: 'payer-setting' }, now)
      const batchId = await hub.engine.stores.batches.closeBatch(hub.tenantId, { everyMs: 0, inquiriesMax: 500 }, { process: 'engine-1', now })
      if (!batchId) throw new Error('no batch was closed')
      const members = await hub.engine.stores.phi.readBatch(hub.tenantId, batchId, ['familyName'], 'eligibility', 'service:engine-1', now)
      return { batchId, requestIds: members.map((member) => member.requestId) }
    },
    async sent({ batchId, requestIds }, number, now = hub.now) {
      const sets = requestIds.map((requestId, i) => ({ requestId, st02: String(i + 1).padStart(4, '0') }))
      await apply('billing.record-batch-sent', { batchId, isa13: number, gs06: number, sha256: hash(batchId), sets }, now)
    },
    async states(requestId) {
      const found = await hub.owner.query<{ state: InquiryState }>('SELECT state FROM billing.inquiries WHERE request_id = $1 ORDER BY round', [requestId])
      return found.rows.map((row) => row.state)
    },
    async current(requestId) {
      const found = await hub.owner.query<{ status: string; verdict: string | null; version: number }>(
        `SELECT r.status::text AS status, a.verdict::text AS verdict, r.version FROM billing.eligibility_requests r
         LEFT JOIN billing.eligibility_answers a ON a.tenant_id = r.tenant_id AND a.id = r.current_answer_id WHERE r.id = $1`,
        [requestId],
      )
      const row = found.rows[0]
      if (!row) throw new Error('no request')
      return row
    },
    async incidents(kind) {
      const found = await hub.owner.query<{ kind: string; about: string; count: number }>(
        `SELECT kind::text AS kind, about || ' ' || about_id AS about, count FROM messaging.incidents
         WHERE status = 'open' AND ($1::text IS NULL OR kind::text = $1) ORDER BY opened_at, kind, about_id`,
        [kind ?? null],
      )
      return found.rows
    },
    events: async () => (await drainAll(hub, 'billing', at(100_000))).map((row) => row.envelope.type),
  }
  return bench
}
