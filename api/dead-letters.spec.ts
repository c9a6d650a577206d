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
    deadLetters: async (queue) =>
      queue === 'flow.eligibility'
        ? [
            { id: 'ours', queue, body: envelope(lakeside), reason: 'handed out 20 times', diedAt: null },
            { id: 'theirs', queue, body: envelope(hillside), reason: 'handed out 20 times', diedAt: null },
            { id: 'garbage', queue, body: { tenantId: lakeside }, reason: 'not an envelope', diedAt: null },
          ]
        : [],
    requeue: async (_queue, id) => {
      requeued.push(id)
      return true
    },
  }
  const letters = clinicDeadLetters(async () => bus, ['flow.intake', 'flow.eligibility'])

  it('lists its own only', async () => {
    const list = await letters.list(lakeside, 50)
    expect(list.map((letter) => [letter.id, letter.queue, letter.type])).to.deep.equal([['ours', 'flow.eligibility', 'eligibility.requested.v1']])
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
})
