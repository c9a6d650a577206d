import { randomUUID } from 'node:crypto'
import { expect } from 'chai'
import { clinicDeadLetters, type DeadLetterBus } from './dead-letters.ts'
import { hillside, lakeside, now } from './testing/fakes.ts'

const envelope = (tenantId: string) => {
  const id = randomUUID()
  return {
    id,
    rootId: id,
    type: 'eligibility.requested.v1',
    contract: 'EligibilityRequested.v1',
    tenantId,
    region: 'us-east',
    aggregateType: 'eligibility-request',
    aggregateId: randomUUID(),
    aggregateVersion: 1,
    intakeId: randomUUID(),
    occurredAt: now.toISOString(),
    process: 'api-1',
    traceparent: null,
    attempt: 1,
    payload: {},
  }
}

describe('dead letters of a clinic', () => {
  const requeued: string[] = []
  const bus: DeadLetterBus = {
    deadLetters: async (queue, limit, wanted) => (queue === 'flow.eligibility' ? dead(queue) : []).filter(wanted).slice(0, limit),
    requeue: async (_queue, id) => {
      requeued.push(id)
      return true
    },
  }
  const dead = (queue: string) => [
    ...Array.from({ length: 600 }, (_, n) => ({ id: `before-${n}`, queue, body: envelope(hillside), reason: 'handed out 20 times', diedAt: null })),
    { id: 'ours', queue, body: envelope(lakeside), reason: 'handed out 20 times', diedAt: null },
    { id: 'theirs', queue, body: envelope(hillside), reason: 'handed out 20 times', diedAt: null },
    { id: 'garbage', queue, body: { tenantId: lakeside }, reason: 'not an envelope', diedAt: null },
    { id: 'also-ours', queue, body: envelope(lakeside), reason: 'handed out 20 times', diedAt: null },
  ]
  const letters = clinicDeadLetters(async () => bus, ['flow.intake', 'flow.eligibility'])

  it("lists its own only, as many as asked for, however many of another's come first", async () => {
    const list = await letters.list(lakeside, 50)
    expect(list.map((letter) => [letter.id, letter.queue, letter.type])).to.deep.equal([
      ['ours', 'flow.eligibility', 'eligibility.requested.v1'],
      ['also-ours', 'flow.eligibility', 'eligibility.requested.v1'],
    ])
    expect((await letters.list(lakeside, 1)).map((letter) => letter.id)).to.deep.equal(['ours'])
    const twice = clinicDeadLetters(async () => bus, ['flow.eligibility', 'flow.eligibility'])
    expect(await twice.list(lakeside, 3), 'over all queues together').to.have.lengthOf(3)
  })

  it('gives back its own only, and only from queues that exist', async () => {
    expect(await letters.requeue(lakeside, 'flow.eligibility', 'theirs')).to.equal(false)
    expect(await letters.requeue(lakeside, 'flow.eligibility', 'garbage')).to.equal(false)
    expect(await letters.requeue(lakeside, 'flow.made-up', 'ours')).to.equal(false)
    expect(requeued).to.deep.equal([])
    expect(await letters.requeue(lakeside, 'flow.eligibility', 'ours')).to.equal(true)
    expect(requeued).to.deep.equal(['ours'])
  })

  it('says that the bus is away, in place of a fault of ours', async () => {
    const away = clinicDeadLetters(() => Promise.reject(new Error('ECONNREFUSED')), ['flow.intake'])
    const refusal = await away.list(lakeside, 10).catch((error: unknown) => error)
    expect(refusal).to.include({ code: 'bus-away', status: 503 })
  })

  it('says so too when the bus goes away later, or does not confirm that a letter went back', async () => {
    const gone = async () => Promise.reject(new Error('the message broker is not connected'))
    const later = clinicDeadLetters(async () => ({ deadLetters: gone, requeue: gone }), ['flow.eligibility'])
    const unconfirmed = clinicDeadLetters(async () => ({ ...bus, requeue: gone }), ['flow.eligibility'])
    for (const asked of [
      later.list(lakeside, 10),
      later.requeue(lakeside, 'flow.eligibility', 'ours'),
      unconfirmed.requeue(lakeside, 'flow.eligibility', 'ours'),
    ]) {
      expect(await asked.catch((error: unknown) => error)).to.include({ code: 'bus-away', status: 503 })
    }
  })
})
