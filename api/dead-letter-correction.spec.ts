import { randomUUID } from 'node:crypto'
import type { Envelope } from '@heliox/core/kit'
import { eventByType, events } from '@heliox/core/registry'
import { expect } from 'chai'
import { z } from 'zod'
import { correctable, correctableIn, corrected } from './dead-letter-correction.ts'
import { lakeside, now } from './testing/fakes.ts'

const intakeId = randomUUID()
const ids = { intakeId, patientId: randomUUID(), visitId: randomUUID(), requestId: randomUUID(), coverageId: randomUUID() }
const payer = { payerId: 'AETNA', payerName: 'Aetna' }
const patientInText = 'Jane Q Patient, born 1980-02-03'

function letter(type: string, payload: unknown): Envelope {
  const id = randomUUID()
  const whose = { tenantId: lakeside, region: 'us-east', aggregateType: 'intake', aggregateId: intakeId, aggregateVersion: 1, intakeId }
  const told = { occurredAt: now.toISOString(), process: 'api-1', traceparent: null, attempt: 1 }
  return { id, rootId: id, type, contract: eventByType.get(type)?.contract.id ?? 'none', ...whose, ...told, payload }
}

/** Each of these, done with a letter, would be something that the hub promises never to happen. */
const misuses: { what: string; type: string; payload: Record<string, unknown>; to: Record<string, unknown>; alsoWrong: Record<string, unknown> }[] = [
  {
    what: "another clinic's photo",
    type: 'upload.completed.v1',
    payload: { uploadId: randomUUID(), intakeId, kind: 'card-front', quarantineKey: `${lakeside}/${intakeId}/x` },
    to: { quarantineKey: `${randomUUID()}/${randomUUID()}/y` },
    alsoWrong: { kind: 'card-side' },
  },
  {
    what: "a card on another patient's account",
    type: 'payment.requested.v1',
    payload: { intakeId, patientId: ids.patientId, paymentId: randomUUID(), confirmationTokenId: 'ctoken_1', currency: 'usd' },
    to: { patientId: randomUUID(), paymentId: randomUUID() },
    alsoWrong: { currency: 'dollars' },
  },
  {
    what: 'another verdict in the payer’s name',
    type: 'eligibility.failed.v1',
    payload: { ...ids, ...payer, verdict: 'inactive', reasonCodes: [], manual: false, staleAt: now.toISOString() },
    to: { verdict: 'active' },
    alsoWrong: { staleAt: 'tomorrow' },
  },
  {
    what: 'another verdict that is not believed yet',
    type: 'eligibility.provisional.v1',
    payload: { ...ids, ...payer, verdict: 'inactive', reasonCodes: [], suspicions: ['test-marks'], recheckAt: now.toISOString() },
    to: { verdict: 'active', suspicions: ['closed-calendar'] },
    alsoWrong: { recheckAt: 'tomorrow' },
  },
  {
    what: "a decision in a colleague's name",
    type: 'case.decided.v1',
    payload: {
      overrideId: randomUUID(),
      decisionId: randomUUID(),
      requestId: ids.requestId,
      intakeId,
      decision: 'leave',
      decidedAt: now.toISOString(),
      userId: randomUUID(),
    },
    to: { decision: 'confirm', userId: randomUUID() },
    alsoWrong: { decidedAt: 'yesterday' },
  },
  {
    what: "a patient's name in a text",
    type: 'eligibility.requested.v1',
    payload: { ...ids, ...payer, serviceDate: '2026-03-04' },
    to: { payerName: patientInText },
    alsoWrong: { serviceDate: 'the fourth' },
  },
]

const refused = (work: () => unknown): void => {
  expect(work).to.throw().with.property('code', 'correction-refused')
}

describe('a correction of a dead letter', () => {
  const broken = letter('eligibility.requested.v1', { ...ids, ...payer, serviceDate: 'the fourth' })
  const right = { ...ids, ...payer, serviceDate: '2026-03-04' }

  it('puts right what its contract finds wrong, leaves everything else as it was, and says which fields', () => {
    expect(correctableIn(broken)).to.deep.equal(['serviceDate'])
    expect(corrected(broken, right)).to.deep.equal({ envelope: { ...broken, payload: right }, fields: ['serviceDate'] })
  })

  it('fills in what is missing, and takes away what may be missing', () => {
    const without = letter('eligibility.requested.v1', { ...ids, ...payer })
    expect(corrected(without, right).fields).to.deep.equal(['serviceDate'])
    const step = { rootId: randomUUID(), flow: 'f', version: 1, step: 's', outcome: 'failed', generation: 1, durationMs: 7 }
    const soon = letter('step.finished.v1', { ...step, nextTryAt: 'soon' })
    expect(corrected(soon, step)).to.deep.equal({ envelope: { ...soon, payload: step }, fields: ['nextTryAt'] })
  })

  for (const { what, type, payload, to, alsoWrong } of misuses) {
    it(`never makes this: ${what}`, () => {
      const schema = eventByType.get(type)?.contract.schema
      expect(schema?.safeParse({ ...payload, ...to }).success, 'the contract alone would take it').to.equal(true)
      const whole = letter(type, payload)
      expect(correctableIn(whole), 'what is right is only given back').to.deep.equal([])
      refused(() => corrected(whole, { ...payload, ...to }))
      refused(() => corrected(whole, payload))

      const elsewhere = letter(type, { ...payload, ...alsoWrong })
      refused(() => corrected(elsewhere, { ...payload, ...to }))
      const mayBeMended = Object.keys(alsoWrong).every((name) => correctable.has(name))
      if (mayBeMended) expect(corrected(elsewhere, payload).fields).to.deep.equal(Object.keys(alsoWrong))
      else refused(() => corrected(elsewhere, payload))

      const itself = letter(type, { ...payload, ...Object.fromEntries(Object.keys(to).map((name) => [name, 7])) })
      expect(correctableIn(itself), 'not even where it is what is wrong').to.deep.equal([])
      refused(() => corrected(itself, { ...payload, ...to }))
      refused(() => corrected(itself, payload))
    })
  }

  it('is none of an answer that stands in a file of the clearinghouse', () => {
    const source = { senderId: 's', receiverId: 'r', isa13: '1', gs06: '1', st02: '1', sha256: 'a'.repeat(64) }
    const item = { kind: 'claim-ack', source, outcome: 'accepted' }
    const received = { itemId: randomUUID(), fileId: randomUUID(), index: 0, receivedAt: now.toISOString(), item }
    const damaged = letter('clearinghouse.item-received.v1', { ...received, item: { ...item, outcome: 'perhaps' } })
    expect(correctableIn(damaged)).to.deep.equal([])
    refused(() => corrected(damaged, received))
  })

  it('is refused when it is still wrong, adds or takes away something, changes nothing, or is no payload', () => {
    const { payerName: _, ...less } = right
    for (const payload of [broken.payload, { ...right, note: patientInText }, less, { ...right, intakeId: randomUUID() }, null, [], 'text', undefined]) {
      refused(() => corrected(broken, payload))
    }
    const odd = letter('eligibility.requested.v1', { ...right, note: 'x' })
    refused(() => corrected(odd, right))
    refused(() => corrected({ ...broken, payload: null }, right))
  })

  it('is refused of an event that nobody declared, and under another contract’s name', () => {
    for (const envelope of [
      { ...broken, type: 'made.up.v1' },
      { ...broken, contract: 'Made.v1' },
    ]) {
      expect(correctableIn(envelope)).to.deep.equal([])
      refused(() => corrected(envelope, right))
    }
  })

  it('is refused when it is larger than an event may be', () => {
    const large = letter('eligibility.requested.v1', { ...right, serviceDate: 'the fourth', note: 'x'.repeat(33_000) })
    refused(() => corrected(large, { ...right, note: 'x'.repeat(33_000) }))
  })

  it('cannot write a patient into any event: no contract holds PHI, and no field that may be corrected takes words', () => {
    const used = new Set<string>()
    for (const { type, contract } of events) {
      expect(contract.phi, type).to.equal(false)
      for (const [name, field] of fieldsOf(contract.schema)) {
        if (!correctable.has(name)) continue
        used.add(name)
        for (const words of [patientInText, { name: patientInText }, [patientInText]]) {
          expect(field.safeParse(words).success, `${type} ${name}`).to.equal(false)
        }
      }
    }
    expect([...used].sort(), 'each is some event’s').to.deep.equal([...correctable].sort())
  })
})

/** Of a union, those of each of its kinds. */
const fieldsOf = (schema: z.ZodType): [string, z.ZodType][] =>
  schema instanceof z.ZodObject
    ? Object.entries(schema.shape as Record<string, z.ZodType>)
    : schema instanceof z.ZodDiscriminatedUnion
      ? schema.options.flatMap((option) => fieldsOf(option as z.ZodType))
      : []
