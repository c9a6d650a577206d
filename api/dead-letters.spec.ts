import { randomUUID } from 'node:crypto'
import { expect } from 'chai'
import { clinicDeadLetters, type DeadLetterBus, giveBack } from './dead-letters.ts'
import type { ApiDeps } from './deps.ts'
import { Refusal } from './kit/errors.ts'
import { hillside, lakeside, now } from './testing/fakes.ts'

const written = async (): Promise<void> => undefined
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
  const corrected: unknown[] = []
  const bus: DeadLetterBus = {
    deadLetters: async (queue, limit, wanted) => (queue === 'flow.eligibility' ? dead(queue) : []).filter(wanted).slice(0, limit),
    depths: async () => [
      { queue: 'flow.intake', dead: 0 },
      { queue: 'flow.eligibility', dead: 604 },
      { queue: 'flow.of-somebody-else', dead: 7 },
    ],
    requeue: async (_queue, id, body) => {
      requeued.push(id)
      if (body) corrected.push(body)
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

  it('lists one queue when asked for one', async () => {
    expect(await letters.list(lakeside, 50, 'flow.intake')).to.deep.equal([])
    expect(await letters.list(lakeside, 50, 'flow.eligibility')).to.have.lengthOf(2)
    expect(await letters.list(lakeside, 50, 'flow.made-up')).to.deep.equal([])
  })

  it('counts for every clinic in one walk, passes queues that are empty, and asks again only after a while', async () => {
    let elapsedMs = 0
    const walked: string[] = []
    const watched: DeadLetterBus = {
      ...bus,
      deadLetters: async (queue, limit, wanted) => {
        walked.push(queue)
        return bus.deadLetters(queue, limit, wanted)
      },
    }
    const counting = clinicDeadLetters(
      async () => watched,
      ['flow.intake', 'flow.eligibility'],
      () => elapsedMs,
    )
    expect([...(await counting.counts(lakeside))]).to.deep.equal([['flow.eligibility', 2]])
    expect([...(await counting.counts(hillside))]).to.deep.equal([['flow.eligibility', 601]])
    expect([...(await counting.counts(randomUUID()))]).to.deep.equal([])
    expect(walked).to.deep.equal(['flow.eligibility'])
    elapsedMs = 16_000
    await counting.counts(lakeside)
    expect(walked).to.have.lengthOf(2)
  })

  it('counts anew after a letter went back, and after the bus was away', async () => {
    let away = false
    let walks = 0
    const flaky: DeadLetterBus = {
      ...bus,
      depths: async () => {
        walks += 1
        if (away) throw new Error('gone')
        return bus.depths()
      },
    }
    const counting = clinicDeadLetters(async () => flaky, ['flow.eligibility'])
    await counting.counts(lakeside)
    await counting.requeue(lakeside, 'flow.eligibility', 'ours', written)
    away = true
    expect(await counting.counts(lakeside).catch((error: unknown) => error)).to.include({ code: 'bus-away' })
    away = false
    expect((await counting.counts(lakeside)).size).to.equal(1)
    expect(walks).to.equal(3)
    requeued.length = 0
  })

  it('gives back its own only, and only from queues that exist', async () => {
    expect(await letters.requeue(lakeside, 'flow.eligibility', 'theirs', written)).to.equal(false)
    expect(await letters.requeue(lakeside, 'flow.eligibility', 'garbage', written)).to.equal(false)
    expect(await letters.requeue(lakeside, 'flow.made-up', 'ours', written)).to.equal(false)
    expect(requeued).to.deep.equal([])
    expect(await letters.requeue(lakeside, 'flow.eligibility', 'ours', written)).to.equal(true)
    expect(requeued).to.deep.equal(['ours'])
  })

  describe('when a person corrects one', () => {
    const sent = envelope(lakeside)
    const ids = { intakeId: sent.intakeId, patientId: randomUUID(), visitId: randomUUID(), requestId: randomUUID(), coverageId: randomUUID() }
    const payload = { ...ids, payerId: 'AETNA', payerName: 'Aetna', serviceDate: '2026-03-04' }
    const broken = { ...sent, payload: { ...payload, serviceDate: 'the fourth' } }
    const holding = (body: object): DeadLetterBus => ({
      ...bus,
      deadLetters: async (queue, limit, wanted) => [{ id: 'ours', queue, body, reason: 'poison', diedAt: null }].filter(wanted).slice(0, limit),
    })
    const correct = (body: object, tenantId: string, to: unknown, queue = 'flow.eligibility') =>
      clinicDeadLetters(async () => holding(body), ['flow.eligibility']).correct(tenantId, queue, 'ours', to, written)
    beforeEach(() => {
      corrected.length = 0
      requeued.length = 0
    })

    it('shows the payload, and puts it back with another and everything else as it was', async () => {
      const [listed] = await clinicDeadLetters(async () => holding(broken), ['flow.eligibility']).list(lakeside, 10)
      expect(listed).to.deep.include({ payload: broken.payload, correctable: ['serviceDate'] })
      expect(await correct(broken, lakeside, payload)).to.equal(true)
      expect(corrected).to.deep.equal([{ ...broken, payload }])
      expect(requeued).to.deep.equal(['ours'])
    })

    it('refuses what is no correction, and moves nothing', async () => {
      const whole = { ...sent, payload }
      for (const refusal of [correct(broken, lakeside, broken.payload), correct(whole, lakeside, { ...payload, payerName: 'Another' })]) {
        expect(await refusal.catch((error: unknown) => error)).to.include({ code: 'correction-refused' })
      }
      expect(requeued).to.deep.equal([])
    })

    it("leaves another clinic's alone, and a queue that is none", async () => {
      expect(await correct(broken, hillside, payload)).to.equal(false)
      expect(await correct(broken, lakeside, payload, 'flow.made-up')).to.equal(false)
      expect(requeued).to.deep.equal([])
    })
  })

  describe('when a person gives one back', () => {
    const sent = envelope(lakeside)
    const ids = { intakeId: sent.intakeId, patientId: randomUUID(), visitId: randomUUID(), requestId: randomUUID(), coverageId: randomUUID() }
    const payload = { ...ids, payerId: 'AETNA', payerName: 'Aetna', serviceDate: '2026-03-04' }
    const stored = { ...sent, payload: { ...payload, serviceDate: 'the fourth' } }
    const caller = { tenantId: lakeside, actor: 'user:1', now, correlationId: 'c-1' }
    const correction = { payload, reason: 'data-corrected' }
    const corrects = { action: 'dead-letter.correct', resource: 'ours fields:serviceDate', purpose: 'data-corrected' }
    const requeues = { action: 'dead-letter.requeue', resource: 'ours' }
    let told: object[] = []
    let auditFails: Refusal | undefined
    const deps = (moves: () => Promise<boolean>): Pick<ApiDeps, 'deadLetters' | 'audit'> => ({
      deadLetters: clinicDeadLetters(
        async () => ({
          ...bus,
          deadLetters: async (queue, _limit, wanted) => [{ id: 'ours', queue, body: stored, reason: 'poison', diedAt: null }].filter(wanted),
          requeue: async () => {
            told.push({ is: 'asked to move' })
            return moves()
          },
        }),
        ['flow.eligibility'],
      ),
      audit: {
        audit: async (tenantId, { correlationId, actor, ...row }) => {
          if (auditFails) throw auditFails
          expect([tenantId, correlationId, actor]).to.deep.equal([lakeside, 'c-1', 'user:1'])
          told.push(row)
        },
      },
    })
    const give = (moves: () => Promise<boolean>, more: { correction?: typeof correction; id?: string } = {}): Promise<unknown> =>
      giveBack(deps(moves), caller, { queue: 'flow.eligibility', id: 'ours', ...more }).catch((error: unknown) => error)
    beforeEach(() => {
      told = []
      auditFails = undefined
    })

    it('is written before it moves: who, why, and which fields, never what is in them', async () => {
      expect(await give(async () => true)).to.equal(undefined)
      expect(await give(async () => true, { correction })).to.equal(undefined)
      expect(told).to.deep.equal([{ ...requeues, outcome: 'ok' }, { is: 'asked to move' }, { ...corrects, outcome: 'ok' }, { is: 'asked to move' }])
      expect(JSON.stringify(told)).to.not.match(/2026-03-04|the fourth|AETNA/)
    })

    it('stays where it is when nobody can write that it moves', async () => {
      auditFails = new Refusal('storage-away')
      for (const answer of [await give(async () => true), await give(async () => true, { correction })]) expect(answer).to.equal(auditFails)
      expect(told).to.deep.equal([])
    })

    it('is written again when it did not move, or nobody can say', async () => {
      const gone = (): Promise<boolean> => Promise.reject(new Error('no confirm'))
      for (const [moves, code] of [
        [gone, 'bus-away'],
        [async () => false, 'not-found'],
      ] as const) {
        told = []
        expect(await give(moves, { correction })).to.include({ code })
        expect(told).to.deep.equal([{ ...corrects, outcome: 'ok' }, { is: 'asked to move' }, { ...corrects, outcome: 'error' }])
        told = []
        expect(await give(moves)).to.include({ code })
        expect(told).to.deep.equal([{ ...requeues, outcome: 'ok' }, { is: 'asked to move' }, { ...requeues, outcome: 'error' }])
      }
    })

    it('is not written when there is none, or the correction is refused', async () => {
      expect(await give(async () => true, { id: 'made-up' })).to.include({ code: 'not-found' })
      expect(await give(async () => true, { correction: { ...correction, payload: { ...payload, payerName: 'Jane Q Patient' } } })).to.include({
        code: 'correction-refused',
      })
      expect(told).to.deep.equal([])
    })
  })

  it('says that the bus is away, in place of a fault of ours', async () => {
    const away = clinicDeadLetters(() => Promise.reject(new Error('ECONNREFUSED')), ['flow.intake'])
    const refusal = await away.list(lakeside, 10).catch((error: unknown) => error)
    expect(refusal).to.include({ code: 'bus-away', status: 503 })
  })

  it('says so too when the bus goes away later, or does not confirm that a letter went back', async () => {
    const gone = async () => Promise.reject(new Error('the message broker is not connected'))
    const later = clinicDeadLetters(async () => ({ deadLetters: gone, depths: gone, requeue: gone }), ['flow.eligibility'])
    const unconfirmed = clinicDeadLetters(async () => ({ ...bus, requeue: gone }), ['flow.eligibility'])
    for (const asked of [
      later.list(lakeside, 10),
      later.requeue(lakeside, 'flow.eligibility', 'ours', written),
      unconfirmed.requeue(lakeside, 'flow.eligibility', 'ours', written),
    ]) {
      expect(await asked.catch((error: unknown) => error)).to.include({ code: 'bus-away', status: 503 })
    }
  })
})
